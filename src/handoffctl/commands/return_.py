"""The command `return`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.handoffs.accept_return import return_deal


def register(app: typer.Typer) -> None:
    command(app, "return", 'handoffctl return acme-corp --because "Nobody knows the budget" --missing budget')(return_)


def return_(
    account: Account,
    because: Annotated[str, typer.Option(metavar="TEXT", help="Why it comes back. Needed.")],
    missing: Annotated[
        list[str], typer.Option(metavar="NAME", help="What was missing; may be given several times.")
    ] = [],  # noqa: B006
) -> None:
    """Return a deal to the stage and owner it came from, with the reason."""
    answered = return_deal(context.home(), context.reference(account), because, missing)
    from_owner = answered.handoff.from_owner
    echo_err(f"Returned {answered.deal.called} to {from_owner}; it is where it came from again.")
