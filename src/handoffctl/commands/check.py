"""The command `check`."""

import typer

from handoffctl.commands.shared.options import Account, Json, To
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err, echo_json
from handoffctl.errors import MISSING
from handoffctl.follow_up.status import as_json
from handoffctl.handoffs.attempt import verdict_as_json
from handoffctl.handoffs.check import checked
from handoffctl.handoffs.output import say_verdict


def register(app: typer.Typer) -> None:
    command(app, "check", "handoffctl check acme-corp\nhandoffctl check acme-corp --json")(check)


def check(account: Account, to: To = "", json: Json = False) -> None:
    """Say what is missing for the next handoff, why it is needed, and the command that fixes it. Changes nothing.

    Exit code 0 when nothing required is missing, else 3.
    """
    tried, verdict, where = checked(context.home(), account, to or None, allow_prefix=True)
    follow_up = as_json(context.home(), where)
    if json:
        echo_json(verdict_as_json(tried, verdict) | {"follow_up": follow_up})
    else:
        say_verdict(tried, verdict)
        if follow_up:
            echo(f"Follow-up: {follow_up['says']}")
        if tried.unfinished:
            echo_err(f"{tried.rules.path} is a draft: this handoff is refused until it says its {tried.unfinished}.")
    raise typer.Exit(0 if verdict.clear else MISSING)
