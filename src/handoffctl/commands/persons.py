"""Who drives a deal: who; and the people of one's own side: person add, list, remove."""

from typing import Annotated, Any

import typer

from handoffctl.commands.shared.options import Account, Json
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json, echo_table
from handoffctl.core.moments import shown
from handoffctl.meetings.model import described

Name = Annotated[str, typer.Argument(metavar="NAME", help="The person's name.")]


def register(app: typer.Typer) -> None:
    command(app, "who", "handoffctl who acme-corp")(who)
    person = group(app, "person", "People of your own side, who can own deals: add, list, remove.")
    command(
        person, "add",
        'handoffctl person add "Mia Berg" --role seller --email mia@we.example\n'
        'handoffctl person add "Mia Berg" --away 2026-12-20..2027-01-06\n'
        'handoffctl person add "Mia Berg" --back',
    )(add)  # fmt: skip
    command(person, "list", "handoffctl person list")(list_)
    command(person, "remove", 'handoffctl person remove "Mia Berg"')(remove)


def who(account: Account, json: Json = False) -> None:
    """Show who drives a deal now and since when, what their next step is, and who drove it before."""
    from handoffctl.overview.who import drives

    found = drives(context.home(), account, allow_prefix=True)
    if json:
        echo_json(found)
        return
    from handoffctl.console.table import Table

    driver = found["driver"]
    echo_heading(f"{found['called']}: {driver['name']}{_described(driver)}, since {_when(driver['since'])}.")
    echo(f"Stage: {found['title']}, since {_when(found['in_stage_since'])}.")
    echo(f"Next step: {_step(found['step'])}.")
    for one in found["meetings"]:
        echo(f"Meeting: {described(one, context.home().clock)}")
    if found["waiting"]:
        one = found["waiting"]
        echo(f"Handed to {one['to']} by {one['from']} on {_when(one['since'])}, not yet accepted.")
    if driver["away_now"]:
        echo(f"{driver['name']} is away until {driver['away']['to']}.")
    rows = [
        [one["owner"], one["title"], _when(one["from"]), "now" if one is found["now"] else _when(one["until"])]
        for one in (*found["before"], found["now"])
    ]
    echo()
    echo_table(Table(["who", "stage", "from", "until"], rows))


def _described(driver: dict[str, Any]) -> str:
    """`(seller, mia@we.example)`, or what the playbook says of a role."""
    told = [*driver["roles"], driver["email"]] if driver["kind"] == "person" else [driver.get("says")]
    known = [one for one in told if one]
    return f" ({', '.join(known)})" if known else ""


def _step(step: dict[str, Any] | None) -> str:
    if step is None:
        return "none"
    due = f" (by {_when(step['due'])}{', overdue' if step['overdue'] else ''})" if step["due"] else ""
    return f"{step['text']}{due}"


def _when(moment: str | None) -> str:
    return shown(moment, context.home().clock.zone) if moment else "a time that is not known"


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
) -> None:
    """Add a person of your own side, or change the one of that name. Roles that are given replace those they had."""
    from handoffctl.people.members import add as record
    from handoffctl.people.members import namesakes

    person, new = record(context.home(), name, role, email, away, back)
    absent = f", away {person.away_from} to {person.away_to}" if person.away_from else ""
    echo_err(f"{'Added' if new else 'Changed'} {person.name} ({', '.join(person.roles)}){absent}.")
    for remark in namesakes(context.home()):
        echo_err(remark)


def list_(json: Json = False) -> None:
    """List the people of your own side: their roles, when they are away, how many open deals they drive."""
    from handoffctl.people.members import listed, namesakes

    found = listed(context.home())
    if json:
        echo_json({"persons": found, "total": len(found)})
        return
    if not found:
        echo_err("Nobody yet; deals are owned by roles. Add somebody with: handoffctl person add NAME --role ROLE")
        return
    from handoffctl.console.table import Table

    rows = [[one["name"], ", ".join(one["roles"]), one["email"] or "", _away(one), one["open_deals"]] for one in found]
    echo_table(Table(["name", "roles", "e-mail", "away", "open deals"], rows))
    gone = [one for one in found if one["away_now"] and one["open_deals"]]
    for one in gone:
        deals = counted(one["open_deals"], "open deals")
        echo_err(f'{one["name"]} is away and drives {deals}. See: handoffctl list --owner "{one["name"]}"')
    for remark in namesakes(context.home()):
        echo_err(remark)


def _away(one: dict[str, Any]) -> str:
    if one["away"] is None:
        return ""
    return f"until {one['away']['to']}" if one["away_now"] else f"{one['away']['from']} to {one['away']['to']}"


def remove(name: Name) -> None:
    """Remove a person who owns no open deal. What they did stays on record."""
    from handoffctl.people.members import remove as forget

    person = forget(context.home(), name)
    echo_err(f"Removed {person.name}.")
