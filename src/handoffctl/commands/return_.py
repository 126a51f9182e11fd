"""The command `return`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.handoffs.accept_return import hand_back


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
    found, last = hand_back(context.home(), account, because, missing, context.prompting())
    echo_err(f"Returned {found.called} to {last['from_owner']}; it is where it came from again.")
