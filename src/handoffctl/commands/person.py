"""The commands `person add`, `person list` and `person remove`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Json, complete_person
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import counted, echo_err, echo_json, echo_table
from handoffctl.console.table import Table
from handoffctl.handoffs.leave import leave, leaving
from handoffctl.handoffs.leave_interview import ask_successors
from handoffctl.people import members
from handoffctl.people.members import TeamMember, namesakes

Name = Annotated[str, typer.Argument(metavar="NAME", help="The person's name.")]


def register(app: typer.Typer) -> None:
    person = group(app, "person", "People of your own side, who can own deals: add, list, remove.")
    command(
        person, "add",
        'handoffctl person add "Mia Berg" --role seller --email mia@we.example\n'
        'handoffctl person add "Mia Berg" --away 2026-12-20..2027-01-06\n'
        'handoffctl person add "Mia Berg" --back\n'
        'handoffctl person add "Mia Berg" --capacity 12\n'
        'handoffctl person add "Mia Berg" --intro "Mia has set up online ordering for several wholesalers"',
    )(add)  # fmt: skip
    command(person, "list", "handoffctl person list")(list_)
    command(
        person, "remove", 'handoffctl person remove "Mia Berg"\nhandoffctl person remove "Mia Berg" --to "Ben Roe"'
    )(remove)


def add(
    name: Annotated[str, typer.Argument(metavar='NAME|"NAME <ADDRESS>"', help="The person's name.")],
    role: Annotated[
        list[str], typer.Option(metavar="ROLE", help="A role of a playbook in use; may be given several times.")
    ] = [],  # noqa: B006
    email: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Their address; empty to forget it.")] = None,
    away: Annotated[
        str | None, typer.Option(metavar="FROM..TO", help="When they are away, both days included; empty to end it.")
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="They are back.")] = False,
    intro: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="A sentence that tells a client how they help; empty to forget it."),
    ] = None,
    capacity: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER", min=0, max=100_000, help="How many open deals are enough for them; 0 to forget it."
        ),
    ] = None,
) -> None:
    """Add a person of your own side, or change the one of that name. Roles that are given replace those they had."""
    person, new = members.add(context.home(), name, role, email, away, back, intro, capacity)
    absent = f", away {person.away_from} to {person.away_to}" if person.away_from else ""
    echo_err(f"{'Added' if new else 'Changed'} {person.name} ({', '.join(person.roles)}){absent}.")
    for remark in namesakes(context.home()):
        echo_err(remark)


def list_(json: Json = False) -> None:
    """List the people of your own side: their roles, when they are away, how many open deals they drive."""
    team = members.members(context.home())
    if json:
        echo_json({"persons": team, "total": len(team)})
        return
    if not team:
        echo_err("Nobody yet; deals are owned by roles. Add somebody with: handoffctl person add NAME --role ROLE")
        return

    introduced = any(member.intro for member in team)
    limited = any(member.capacity for member in team)
    rows = [
        [*_row(member), *([member.capacity or ""] if limited else []), *([member.intro] if introduced else [])]
        for member in team
    ]
    titles = [
        "name", "roles", "e-mail", "away", "open deals",
        *(["capacity"] if limited else []), *(["introduced to clients as"] if introduced else []),
    ]  # fmt: skip
    echo_table(Table(titles, rows))
    for member in team:
        if member.away_now and member.open_deals:
            name, deals = member.name, counted(member.open_deals, "open deals")
            echo_err(f'{name} is away and drives {deals}. See: handoffctl list --owner "{name}"')
    for remark in namesakes(context.home()):
        echo_err(remark)


def _row(member: TeamMember) -> list[str | int]:
    return [member.name, ", ".join(member.roles), member.email or "", _away(member), member.open_deals]


def _away(member: TeamMember) -> str:
    if member.away is None:
        return ""
    return f"until {member.away.to}" if member.away_now else f"{member.away.from_} to {member.away.to}"


def remove(
    name: Name,
    to: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Who takes over all of their deals, steps, promises and meetings.",
            autocompletion=complete_person,
        ),
    ] = "",
) -> None:  # fmt: skip
    """Remove a person; another one takes over what they have. What they did stays on record.

    On a terminal it asks who takes the open deals over, all at once or deal by deal. A script names somebody with --to;
    without, a person who owns an open deal is not removed. Deals that were put aside go too.
    """
    home = context.home()
    successors: dict[int, str] = {}
    if not to and context.prompting():
        to, successors = ask_successors(leaving(home, name))
    left = leave(home, name, to, successors)
    for taker, count in left.deals_by_successor.items():
        echo_err(f"{taker} has {counted(count, 'deals')} of {left.person.name} now.")
    for remark in left.remarks:
        echo_err(remark)
    echo_err(f"Removed {left.person.name}.")
