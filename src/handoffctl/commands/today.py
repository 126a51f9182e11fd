"""The day: today."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from handoffctl.commands.shared.options import Json, complete_account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json, echo_prose, echo_table, fits
from handoffctl.console.table import Cell, Table
from handoffctl.core.moments import Moment, format_local, is_date, local_date
from handoffctl.errors import MISSING
from handoffctl.today.ranking import RULES, WITHIN, rank

if TYPE_CHECKING:
    from handoffctl.today.ranking import Item
    from handoffctl.today.today import TodayList

ONE_SCREEN = 20


def register(app: typer.Typer) -> None:
    command(
        app, "today",
        "handoffctl today\nhandoffctl today acme-corp --why\nhandoffctl today --role sales --ics today.ics\n"
        "handoffctl today --fail --limit 5",
    )(today)  # fmt: skip


def today(
    account: Annotated[
        str, typer.Argument(metavar="[ACCOUNT]", help="Only of this account.", autocompletion=complete_account)
    ] = "",
    owner: Annotated[str, typer.Option(metavar="NAME", help="Only deals of this person or role.")] = "",
    role: Annotated[str, typer.Option(metavar="ROLE", help="Only deals of this role and of whoever has it.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many lines at the most.")] = ONE_SCREEN,
    why: Annotated[bool, typer.Option("--why", help="Also say why the order is as it is.")] = False,
    fail: Annotated[bool, typer.Option("--fail", help="Exit code 3 when something is overdue; for scripts.")] = False,
    ics: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="Write these lines as a calendar file, too.")
    ] = None,
    json: Json = False,
) -> None:
    """What would slip if nobody looked: everything that waits today, most urgent first, with the command to act."""
    from handoffctl.today import ics as calendar_file
    from handoffctl.today import today as today_list

    found = today_list.today(context.home(), limit, account, owner, role, brief=not json)
    if ics:
        written = calendar_file.write(context.home(), ics, found)
    if json:
        echo_json(today_list.as_json(found, context.home()) | ({"rules": _rules(range(1, 1000))} if why else {}))
    elif found.items:
        _tell(found, why, today_list.rules_met(item for item, _ in found.items) if why else ())
    else:
        _tell_of_nothing(account or owner or role)
    for remark in found.remarks:
        echo_err(remark)
    if ics:
        echo_err(f"Wrote {counted(written, 'entries')} to {ics}.")
    if fail and found.overdue:
        raise typer.Exit(MISSING)


def _tell(found: "TodayList", why: bool, rules_met: Sequence[int]) -> None:
    day = context.home().clock.today
    overdue = f", {found.overdue:,} overdue" if found.overdue else ""
    echo_heading(f"{day:%A} {day.isoformat()}: {counted(found.total, 'things')} to do{overdue}")
    columns = {name: cells for name, cells in _columns(found, why).items() if cells}
    table = Table([*columns], list(zip(*columns.values(), strict=True)), typed=["command"])
    if fits(table):
        echo_table(table)
    else:
        _say_in_two_lines(columns)
    if len(found.items) < found.lines:
        echo_err(f"{len(found.items):,} of {found.lines:,} lines; all with --limit {found.lines}.")
    if why:
        echo()
        for rule in _rules(rules_met):
            echo_prose(f"{rule['rule']:>3}  {rule['says']}")


def _columns(found: "TodayList", why: bool) -> dict[str, list[Cell]]:
    """What is shown of each item. Whose it is only where they are not all the same one's."""
    owners = [f"{place.owner} (away)" if place.owner in found.away else place.owner for _, place in found.items]
    return {
        "account": [item.ref for item, _ in found.items],
        "what": [item.what for item, _ in found.items],
        "when": [_when(item) for item, _ in found.items],
        "owner": [*owners] if len(set(owners)) > 1 or found.away else [],
        "command": [item.command for item, _ in found.items],
        "why": [rank(item) for item, _ in found.items] if why else [],
    }


def _say_in_two_lines(columns: "Mapping[str, Sequence[Cell]]") -> None:
    """Where a terminal is too narrow for a table: what there is to do, and below it the command, whole."""
    for cells in zip(*columns.values(), strict=True):
        line = dict(zip(columns, cells, strict=True))
        beside = ", ".join(str(line[name]) for name in ("owner", "why") if name in line)
        echo_prose(f"{line['when']:<10}  {line['account']}: {line['what']}" + (f" ({beside})" if beside else ""), 12)
        echo(f"{'':<12}{line['command']}")


def _rules(numbers: "Sequence[int]") -> list[dict[str, object]]:
    said = [{"rule": number, "kind": kind, "says": says} for number, (kind, _, says) in enumerate(RULES, 1)]
    return [*(rule for rule in said if rule["rule"] in numbers), {"rule": "", "kind": "", "says": WITHIN}]


def _when(item: "Item") -> str:
    """By when it was or is to be done, else since when it waits; of today only the hour."""
    clock = context.home().clock
    moment: Moment | None = item.due or item.since
    if moment is None:
        return "unknown"
    if local_date(moment, clock.zone) != clock.today:
        return format_local(moment, clock.zone)[:10]
    return "today" if is_date(moment) else format_local(moment, clock.zone)[11:]


def _tell_of_nothing(chosen: str) -> None:
    echo(f"Nothing waits today{' there' if chosen else ''}.")
    echo_err('See all deals with: handoffctl list. Add an account with: handoffctl add "Acme Corp"')
