"""The command `rename`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import (
    OnlyAccount,
)
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err
from handoffctl.deals.rename import rename_account


def register(app: typer.Typer) -> None:
    command(app, "rename", 'handoffctl rename acme-corp "Acme Group"')(rename)


def rename(account: OnlyAccount, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Give an account another name, and the slug that goes with it. Prints the slug."""
    before, slug = rename_account(context.home(), context.reference(account), name)
    echo(slug)
    echo_err(f"{before} is now called {name}.")
