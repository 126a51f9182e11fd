"""The commands `contact add`, `contact set` and `contact list`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account, Json
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo_err, echo_json, echo_table
from handoffctl.console.table import Table
from handoffctl.core.names import Abbreviation
from handoffctl.deals.contacts import add_contact, set_contact
from handoffctl.deals.facts_query import CONTACT_PARTS
from handoffctl.overview.show import account_view

Phone = Annotated[str, typer.Option(metavar="NUMBER")]
Title = Annotated[str, typer.Option(metavar="TEXT", help="The job title.")]
Level = Annotated[str, typer.Option(metavar="LEVEL", help="How senior: user, manager, director, vp or c-suite.")]


def register(app: typer.Typer) -> None:
    contact = group(app, "contact", "People at an account: add, set, list.")
    command(contact, "add", 'handoffctl contact add acme-corp "Jane Doe <jane@acme.example>" --title CFO')(add)
    command(contact, "set", 'handoffctl contact set acme-corp "Jane Doe" --phone "+49 30 1234567"')(set_)
    command(contact, "list", "handoffctl contact list acme-corp")(list_)


def add(
    account: Account,
    person: Annotated[str, typer.Argument(metavar='"NAME <ADDRESS>"')],
    phone: Phone = "",
    title: Title = "",
    level: Level = "",
) -> None:
    """Add a person to an account. The first one is the main contact, whom contact.email and the like mean."""
    recorded_for, called = add_contact(
        context.home(), context.reference(account), person, phone=phone, title=title, level=level
    )
    echo_err(f"Added {called} to {recorded_for.name}.")


def set_(
    account: Account,
    who: Annotated[str, typer.Argument(metavar="NAME|ADDRESS", help="The contact as recorded.")],
    name: Annotated[str, typer.Option(metavar="TEXT")] = "",
    email: Annotated[str, typer.Option(metavar="ADDRESS")] = "",
    phone: Phone = "",
    title: Title = "",
    level: Level = "",
    main: Annotated[bool, typer.Option("--main", help="Make this the main contact.")] = False,
) -> None:
    """Change what is known of a contact."""
    recorded_for, called = set_contact(
        context.home(), context.reference(account), who, main,
        name=name, email=email, phone=phone, title=title, level=level,
    )  # fmt: skip
    echo_err(f"Changed {called} of {recorded_for.name}.")


def list_(account: Account, json: Json = False) -> None:
    """List the contacts of an account, the main one first."""
    view = account_view(context.home(), Abbreviation(account))
    if json:
        echo_json({"account": view.account, "contacts": view.contacts})
        return
    rows = [[getattr(contact, part) or "" for part in CONTACT_PARTS] for contact in view.contacts]
    if rows:
        echo_table(Table(CONTACT_PARTS, rows))
    else:
        echo_err(f'No contact yet. Add one with: handoffctl contact add {view.account} "Jane Doe <jane@acme.example>"')
