"""The log: what happened."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Json, Limit, complete_account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err, echo_json, echo_prose
from handoffctl.core.json_record import json_object
from handoffctl.core.names import Abbreviation
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
    entries = events_of(context.home(), Abbreviation(account) if account else None, limit)
    if json:
        echo_json(json_object(entries))
        return
    for event in entries.events:
        echo_prose(event.line(context.home().clock.zone))
    if len(entries.events) < entries.total:
        echo_err(f"The last {len(entries.events)} of {entries.total:,}; more with --limit {entries.total}.")
    if not entries.events:
        echo_err('Nothing happened yet. Begin with: handoffctl add "Acme Corp"')
