"""The command `set`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import (
    Account,
    complete_field,
)
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err
from handoffctl.deals.fields import pairs, set_values
from handoffctl.trials.missed import filled_in_remarks


def register(app: typer.Typer) -> None:
    command(app, "set", 'handoffctl set acme-corp budget=12,500 situation="Their tool broke in May"')(set_)


def set_(
    account: Account,
    values: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE", help="What is known now.", autocompletion=complete_field),
    ],
) -> None:
    """Record what is known of a deal or its account. All of it, or nothing where one value is bad."""
    home, ref, given = context.home(), context.reference(account), pairs(values)
    for line in set_values(home, ref, given):
        echo(line)
    for remark in filled_in_remarks(home, ref, given):
        echo_err(remark)
