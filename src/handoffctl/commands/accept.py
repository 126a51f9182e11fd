"""The command `accept`."""

import typer

from handoffctl.commands.shared.options import Account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.handoffs import accept_return


def register(app: typer.Typer) -> None:
    command(app, "accept", "handoffctl accept acme-corp")(accept)


def accept(account: Account) -> None:
    """Accept a deal that was handed to you."""
    answered = accept_return.accept(context.home(), context.reference(account))
    echo_err(f"{answered.handoff.to_owner} accepted {answered.deal.called}.")
