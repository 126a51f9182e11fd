"""The `goals` command: numbers that cannot be counted here, for objectives that are typed."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Json, Playbook
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo_err, echo_json, echo_table
from handoffctl.console.table import Cell, Table
from handoffctl.core.json_record import json_object
from handoffctl.core.moments import format_local
from handoffctl.errors import Refused
from handoffctl.playbook.typed_numbers import numbers_that_count, record_number
from handoffctl.reports.context import usual_playbook
from handoffctl.reports.goals.periods import parse_month


def register(app: typer.Typer) -> None:
    goals = group(app, "goals", "Numbers for goals that cannot be counted here: set, list.")
    command(
        goals, "set", "handoffctl goals set sign-ups 42 --month 2026-03\nhandoffctl goals set sign-ups 42",
    )(set_)  # fmt: skip
    command(goals, "list", "handoffctl goals list\nhandoffctl goals list --playbook marketing-to-sales")(list_)


def set_(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The objective, as the playbook calls it.")],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="How many, or how much.")],
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="As in 2026-03; by default this month.")] = "",
    playbook: Playbook = "",
    json: Json = False,
) -> None:
    """Record a number that cannot be counted here, for an objective and a month. The newest counts."""
    home = context.home()
    period = parse_month(month or f"{home.clock.today:%Y-%m}")
    if period is None:
        raise Refused(f'"{month[:20]}" is not a month.', "Write one like: --month 2026-03")
    if period.begins > home.clock.today:
        raise Refused(f"{month} is still to come.", "Nothing was recorded.")
    found = record_number(home, playbook or usual_playbook(home).playbook, name, number, f"{period.begins:%Y-%m}")
    if json:
        echo_json(found)
        return
    was = f" (was {found.was:,.10g})" if found.was is not None else ""
    echo_err(f"{found.objective}: {found.number:,.10g} for {found.month}{was}. See: handoffctl report goals")


def list_(playbook: Playbook = "", json: Json = False) -> None:
    """List the newest number that was typed for each objective and month; only that one counts."""
    home = context.home()
    numbers = numbers_that_count(home, playbook)
    if json:
        echo_json({"numbers": [json_object(each) for each in numbers], "total": len(numbers)})
        return
    if not numbers:
        echo_err("No number was typed yet. As in: handoffctl goals set sign-ups 42 --month 2026-03")
        return
    rows: list[list[Cell]] = [
        [each.objective, each.month, f"{each.number:,.10g}", format_local(each.at, home.clock.zone)[:10], each.playbook]
        for each in numbers
    ]
    echo_table(Table(["objective", "month", "number", "typed", "playbook"], rows))
