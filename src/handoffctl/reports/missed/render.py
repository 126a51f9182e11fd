"""Renders the missed report: what still waits, with the command, then what is past, then the waiting times."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, format_cell, width
from handoffctl.core.json_record import NamedRecord, json_object
from handoffctl.reports.missed.lines import MissedLine, OutsideLine, ReturnLine, WaitingLine, WaitLine
from handoffctl.reports.missed.report import MissedReport

MAX_ROWS = 20
MAX_TABLE_WIDTH = 100
MAX_COMMAND_WIDTH = 56

_CSV_COLUMNS = (
    "kind", "account", "deal", "ref", "stage", "handoff", "trigger", "seen_at", "days", "command", "ended",
    "outside_stage", "outside_at", "from_owner", "to_owner", "at", "returned_at", "because", "missing", "from", "to",
    "seen", "handed_off", "still_waiting", "median_days", "median_days_low", "median_days_high", "p85_days_completed",
    "reason",
)  # fmt: skip

Line = TypeVar("Line")


def render(result: MissedReport) -> Report:
    """Returns the report as tables; a part without lines is left out."""
    waits = result.waits if any(line.seen for line in result.waits) else []
    parts = [
        _part(result.waiting, "Triggers seen, not handed off", _waiting_table),
        _part(result.missed, "Triggers seen, never handed off", _missed_table),
        _part(result.outside, "Moved outside", _outside_table),
        _part(result.returns, "Returned", _returns_table),
        _part(waits, "From trigger to handoff", _waits_table),
    ]
    return Report("What was missed", [part for part in parts if part], _csv_table(result), _intro(result))


def _intro(result: MissedReport) -> list[str]:
    sentences = []
    if not result.triggers_with_criteria:
        sentences.append(
            f'No trigger of {result.head.playbook} has "when:" with criteria, so none is noticed by itself: '
            "add it, or use touch --trigger."
        )
    if not (result.waiting or result.missed or result.outside or result.returns):
        sentences.append("Nothing was missed: no trigger waits, nothing was moved outside, nothing was returned.")
    return sentences


def _part(lines: Sequence[Line], heading: str, table_of: Callable[[Sequence[Line]], Table]) -> Part | None:
    if not lines:
        return None
    table = table_of(lines[:MAX_ROWS])
    more = len(lines) - MAX_ROWS
    notes = [f"{more:,} more: see --csv or --json."] if more > 0 else []
    return Part(replace(table, notes=[*table.notes, *notes]), f"{heading} ({len(lines):,})")


def _waiting_table(lines: Sequence[WaitingLine]) -> Table:
    """Returns a table in which the command can be copied whole; only a very long one is cut short."""
    notes = ["days: since the trigger was seen."]
    if any(line.seen_at is None for line in lines):
        notes = ["days: since the trigger was seen; - where since when is not known, as after an import."]
    rows: list[list[Cell]] = [
        [line.days, cut_short(line.command, MAX_COMMAND_WIDTH), cut_short(line.stage_title, 16), line.trigger]
        for line in lines
    ]
    columns = ["days", "hand off with", "stage", "trigger"]
    return _with_fitted_last_column(Table(columns, rows, notes, give_way=("trigger", "stage"), typed=["hand off with"]))


def _missed_table(lines: Sequence[MissedLine]) -> Table:
    rows: list[list[Cell]] = [
        [
            cut_short(line.ref, 30), line.day, cut_short(line.handoff, 18), cut_short(line.ended, 24),
            line.trigger,
        ]
        for line in lines
    ]  # fmt: skip
    columns = ["deal", "seen", "handoff", "ended", "trigger"]
    return _with_fitted_last_column(Table(columns, rows, give_way=("trigger", "ended")))


def _outside_table(lines: Sequence[OutsideLine]) -> Table:
    rows: list[list[Cell]] = [
        [
            cut_short(line.ref, 40), cut_short(line.stage_title, 20), cut_short(line.outside_stage_title, 20),
            line.day,
        ]
        for line in lines
    ]  # fmt: skip
    notes = ["there: the stage that the newest export has it in."]
    return Table(["deal", "here", "there", "since"], rows, notes, give_way=("here",))


def _returns_table(lines: Sequence[ReturnLine]) -> Table:
    rows: list[list[Cell]] = [
        [
            cut_short(line.ref, 24), cut_short(line.handoff, 16), cut_short(line.from_owner, 10),
            cut_short(line.to_owner, 10), line.days, cut_short(", ".join(line.missing) or "-", 16),
            line.because or "",
        ]
        for line in lines
    ]  # fmt: skip
    notes = ["days: from the handoff to its return."]
    columns = ["deal", "handoff", "from", "to", "days", "missing", "because"]
    return _with_fitted_last_column(Table(columns, rows, notes, give_way=("from", "to", "days")))


def _waits_table(lines: Sequence[WaitLine]) -> Table:
    rows: list[list[Cell]] = [
        [
            cut_short(line.handoff, 20), cut_short(line.from_, 16), line.seen, line.handed_off, line.still_waiting,
            line.median_days, line.median_days_low, line.median_days_high, line.p85_days_completed,
        ]
        for line in lines
    ]  # fmt: skip
    columns = ["handoff", "from", "seen", "done", "waiting", "median", "at least", "at most", "p85"]
    notes = [
        "median: days until half are handed off, counting those still waiting; then its 95 % interval.",
        "p85: days within which 85 of 100 handoffs were made; only those that were.",
    ]
    return Table(columns, rows, notes, give_way=("p85", "from"))


def _with_fitted_last_column(table: Table) -> Table:
    """Returns the table with its last column cut to the room that the others leave."""
    others = [
        max(width(format_cell(cell)) for cell in (name, *(row[number] for row in table.rows)))
        for number, name in enumerate(table.columns[:-1])
    ]
    room = MAX_TABLE_WIDTH - sum(others) - 2 * len(others)
    return replace(table, rows=[[*row[:-1], cut_short(str(row[-1]), room)] for row in table.rows])


def _csv_table(result: MissedReport) -> Table:
    """Returns every line of every part; the column `kind` says of which part it is."""
    parts: list[tuple[str, Sequence[NamedRecord]]] = [
        ("waiting", result.waiting),
        ("missed", result.missed),
        ("outside", result.outside),
        ("return", result.returns),
        ("waits", result.waits),
    ]
    return Table(_CSV_COLUMNS, [_csv_row(kind, line) for kind, lines in parts for line in lines])


def _csv_row(kind: str, line: NamedRecord) -> list[Cell]:
    values = json_object(line)
    row: list[Cell] = [kind]
    for name in _CSV_COLUMNS[1:]:
        value = values.get(name)
        row.append(", ".join(value) if isinstance(value, list) else value)
    return row
