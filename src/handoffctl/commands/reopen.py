"""The command `reopen`."""

import typer

from handoffctl.commands.shared.options import Account, To
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.handoffs import close


def register(app: typer.Typer) -> None:
    command(app, "reopen", "handoffctl reopen acme-corp")(reopen)


def reopen(account: Account, to: To = "") -> None:
    """Take a closed deal up again, in the open stage it was last in."""
    done = close.reopen(context.home(), account, to or None, context.prompting())
    echo_err(f"{done.deal.called} is open again, in {done.title}.")
