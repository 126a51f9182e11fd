"""The log: what happened."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Json, Limit, complete_account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err, echo_json, echo_prose
from handoffctl.core.moments import format_local
from handoffctl.overview.log import log as events_of


def register(app: typer.Typer) -> None:
    command(app, "log", "handoffctl log\nhandoffctl log acme-corp")(log)


def log(
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="Only this account.", autocompletion=complete_account)
    ] = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """What happened, one line each, the newest last."""
    found = events_of(context.home(), account or None, limit, allow_prefix=True)
    if json:
        echo_json(found)
        return
    zone = context.home().clock.zone
    for event in found["events"]:
        when = format_local(event["at"], zone) if event["at"] else "unknown"
        mark = " (taken back)" if event["undone"] else ""
        echo_prose(f"{when.ljust(16)}  {event['says']}{mark}".replace("\n", " "))
    if len(found["events"]) < found["total"]:
        echo_err(f"The last {len(found['events'])} of {found['total']:,}; more with --limit {found['total']}.")
    if not found["events"]:
        echo_err('Nothing happened yet. Begin with: handoffctl add "Acme Corp"')
