"""The commands `deal add` and `deal list`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account, Json, Playbook
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo, echo_err, echo_json, echo_table
from handoffctl.console.table import Cell, Table
from handoffctl.core.names import Abbreviation
from handoffctl.deals.accounts import add_deal
from handoffctl.overview.show import account_view


def register(app: typer.Typer) -> None:
    deal = group(app, "deal", "Further deals of an account: add, list.")
    command(deal, "add", 'handoffctl deal add acme-corp "Renewal 2027"')(add)
    command(deal, "list", "handoffctl deal list acme-corp")(list_)


def add(account: Account, name: Annotated[str, typer.Argument(metavar="NAME")], playbook: Playbook = "") -> None:
    """Open a further deal with an account. Prints how commands name it."""
    deal = add_deal(context.home(), context.reference(account), name, playbook or None)
    echo(deal.full_ref)
    echo_err(f"Opened {deal.name} with {deal.account.name}, in {deal.stage}.")


def list_(account: Account, json: Json = False) -> None:
    """List the deals of an account, open and closed."""
    view = account_view(context.home(), Abbreviation(account))
    if json:
        echo_json({"account": view.account, "deals": view.deals})
        return
    rows: list[list[Cell]] = [
        [deal.ref, deal.name or "", deal.playbook, deal.stage, deal.kind, deal.owner, deal.days] for deal in view.deals
    ]
    echo_table(Table(("deal", "name", "playbook", "stage", "kind", "owner", "days"), rows))
