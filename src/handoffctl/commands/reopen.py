"""The command `reopen`."""

import typer

from handoffctl.commands.shared.options import Account, To
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.handoffs.close import reopen as reopen_deal


def register(app: typer.Typer) -> None:
    command(app, "reopen", "handoffctl reopen acme-corp")(reopen)


def reopen(account: Account, to: To = "") -> None:
    """Take a closed deal up again, in the open stage it was last in."""
    reopened = reopen_deal(context.home(), context.reference(account), to or None)
    echo_err(f"{reopened.deal.called} is open again, in {reopened.title}.")
