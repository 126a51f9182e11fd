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
from handoffctl.today.ranking import Item, rank, rules_numbered

if TYPE_CHECKING:
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
    from handoffctl.today import today as day

    today_list = day.today(context.home(), limit, account, owner, role, brief=not json)
    if ics:
        written = calendar_file.write(context.home(), ics, today_list)
    if json:
        echo_json(day.shown_today(today_list, context.home(), why))
    elif today_list.items:
        _tell(today_list, why, day.rules_met(item for item, _ in today_list.items) if why else ())
    else:
        _tell_of_nothing(account or owner or role)
    for remark in today_list.remarks:
        echo_err(remark)
    if ics:
        echo_err(f"Wrote {counted(written, 'entries')} to {ics}.")
    if fail and today_list.overdue:
        raise typer.Exit(MISSING)


def _tell(today_list: "TodayList", why: bool, rules_met: Sequence[int]) -> None:
    day = context.home().clock.today
    overdue = f", {today_list.overdue:,} overdue" if today_list.overdue else ""
    echo_heading(f"{day:%A} {day.isoformat()}: {counted(today_list.total, 'things')} to do{overdue}")
    columns = {name: cells for name, cells in _columns(today_list, why).items() if cells}
    table = Table([*columns], list(zip(*columns.values(), strict=True)), typed=["command"])
    if fits(table):
        echo_table(table)
    else:
        _say_in_two_lines(columns)
    if len(today_list.items) < today_list.lines:
        echo_err(f"{len(today_list.items):,} of {today_list.lines:,} lines; all with --limit {today_list.lines}.")
    if why:
        echo()
        for rule in rules_numbered(rules_met):
            echo_prose(f"{rule.rule:>3}  {rule.says}")


def _columns(today_list: "TodayList", why: bool) -> dict[str, list[Cell]]:
    """What is shown of each item. Whose it is only where they are not all the same one's."""
    owners = [f"{deal.owner} (away)" if deal.owner in today_list.away else deal.owner for _, deal in today_list.items]
    return {
        "account": [item.ref for item, _ in today_list.items],
        "what": [item.what for item, _ in today_list.items],
        "when": [_when(item) for item, _ in today_list.items],
        "owner": [*owners] if len(set(owners)) > 1 or today_list.away else [],
        "command": [item.command for item, _ in today_list.items],
        "why": [rank(item) for item, _ in today_list.items] if why else [],
    }


def _say_in_two_lines(columns: "Mapping[str, Sequence[Cell]]") -> None:
    """Where a terminal is too narrow for a table: what there is to do, and below it the command, whole."""
    for cells in zip(*columns.values(), strict=True):
        line = dict(zip(columns, cells, strict=True))
        beside = ", ".join(str(line[name]) for name in ("owner", "why") if name in line)
        echo_prose(f"{line['when']:<10}  {line['account']}: {line['what']}" + (f" ({beside})" if beside else ""), 12)
        echo(f"{'':<12}{line['command']}")


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
