"""The command `who`."""

from typing import Any

import typer

from handoffctl.commands.shared.options import Account, Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_heading, echo_json, echo_table
from handoffctl.console.table import Table
from handoffctl.core.moments import shown
from handoffctl.meetings.model import describe_booking
from handoffctl.overview.who import drives


def register(app: typer.Typer) -> None:
    command(app, "who", "handoffctl who acme-corp")(who)


def who(account: Account, json: Json = False) -> None:
    """Show who drives a deal now and since when, what their next step is, and who drove it before."""
    found = drives(context.home(), account, allow_prefix=True)
    if json:
        echo_json(found)
        return

    driver = found["driver"]
    echo_heading(f"{found['called']}: {driver['name']}{_described(driver)}, since {_when(driver['since'])}.")
    echo(f"Stage: {found['title']}, since {_when(found['in_stage_since'])}.")
    echo(f"Next step: {_step(found['step'])}.")
    for one in found["meetings"]:
        echo(f"Meeting: {describe_booking(one, context.home().clock)}")
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
    """Returns `(seller, mia@we.example)` for a person, or the playbook's description of a role."""
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
