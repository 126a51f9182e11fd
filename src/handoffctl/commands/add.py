"""The command `add`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import (
    Playbook,
)
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err
from handoffctl.deals import accounts


def register(app: typer.Typer) -> None:
    command(
        app, "add",
        'handoffctl add "Acme Corp" --contact "Jane Doe <jane@acme.example>"\nhandoffctl add "Test Inc" --test',
    )(add)  # fmt: skip


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")],
    playbook: Playbook = "",
    contact: Annotated[str, typer.Option(metavar='"NAME <ADDRESS>"', help="Somebody who works there.")] = "",
    no_deal: Annotated[bool, typer.Option("--no-deal", help="Open no deal yet.")] = False,
    test: Annotated[bool, typer.Option("--test", help="A test account: its handoffs are drills.")] = False,
) -> None:
    """Add an account, and open a deal with it in the first stage. Prints its slug."""
    account = accounts.add(context.home(), name, playbook or None, contact or None, not no_deal, test)
    echo(account.slug)
    echo_err(f"Added {account.name}" + (f", in {account.stage}." if account.stage else "."))
    if test:
        echo_err("It is a test account: its handoffs are drills, and it is in no figure but handoffctl report effort.")
