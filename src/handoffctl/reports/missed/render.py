"""The report on what was missed on paper: what still waits, with the command, then what is past, then the waits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, format_cell, width

MOST_ROWS = 20
PLACES = 100
WIDEST_COMMAND = 56

_FIGURES = (
    "kind", "account", "deal", "ref", "stage", "handoff", "trigger", "seen_at", "days", "command", "ended",
    "outside_stage", "outside_at", "from_owner", "to_owner", "at", "returned_at", "because", "missing", "from", "to",
    "seen", "handed_off", "still_waiting", "median_days", "median_days_low", "median_days_high", "p85_days_completed",
)  # fmt: skip
_KINDS = {"waiting": "waiting", "missed": "missed", "outside": "outside", "returns": "return", "waits": "waits"}

Line = Mapping[str, Any]


def paper(found: Mapping[str, Any]) -> Report:
    """What was found as tables; a part that has nothing to tell is left out."""
    parts = [
        _part(found, "waiting", "Triggers seen, not handed off", _waiting),
        _part(found, "missed", "Triggers seen, never handed off", _missed),
        _part(found, "outside", "Moved outside", _outside),
        _part(found, "returns", "Returned", _returns),
        _part(found, "waits", "From trigger to handoff", _waits)
        if any(one["seen"] for one in found["waits"])
        else None,
    ]
    return Report("What was missed", [part for part in parts if part], _figures(found), _says(found))


def _says(found: Mapping[str, Any]) -> list[str]:
    says = []
    if not found["triggers_with_criteria"]:
        says.append(
            f'No trigger of {found["playbook"]} has "when:" with criteria, so none is noticed by itself: '
            "add it, or use touch --trigger."
        )
    if not any(found[part] for part in ("waiting", "missed", "outside", "returns")):
        says.append("Nothing was missed: no trigger waits, nothing was moved outside, nothing was returned.")
    return says


def _part(found: Mapping[str, Any], name: str, heading: str, table: Callable[[Sequence[Line]], Table]) -> Part | None:
    lines = found[name]
    if not lines:
        return None
    shown = table(lines[:MOST_ROWS])
    more = len(lines) - MOST_ROWS
    notes = [f"{more:,} more: see --csv or --json."] if more > 0 else []
    return Part(replace(shown, notes=[*shown.notes, *notes]), f"{heading} ({len(lines):,})")


def _waiting(lines: Sequence[Line]) -> Table:
    """The command stands whole, as it is to be typed; only a very long one is cut."""
    notes = ["days: since the trigger was seen."]
    if any(line["seen_at"] is None for line in lines):
        notes = ["days: since the trigger was seen; - where since when is not known, as after an import."]
    rows: list[list[Cell]] = [
        [line["days"], cut_short(line["command"], WIDEST_COMMAND), cut_short(line["stage_title"], 16), line["trigger"]]
        for line in lines
    ]
    columns = ["days", "hand off with", "stage", "trigger"]
    return _fitted(Table(columns, rows, notes, give_way=("trigger", "stage"), typed=["hand off with"]))


def _missed(lines: Sequence[Line]) -> Table:
    rows: list[list[Cell]] = [
        [
            cut_short(line["ref"], 30),
            line["day"],
            cut_short(line["handoff"], 18),
            cut_short(line["ended"], 24),
            line["trigger"],
        ]
        for line in lines
    ]
    return _fitted(Table(["deal", "seen", "handoff", "ended", "trigger"], rows, give_way=("trigger", "ended")))


def _outside(lines: Sequence[Line]) -> Table:
    rows: list[list[Cell]] = [
        [
            cut_short(line["ref"], 40),
            cut_short(line["stage_title"], 20),
            cut_short(line["outside_stage_title"], 20),
            line["day"],
        ]
        for line in lines
    ]
    notes = ["there: the stage that the newest export has it in."]
    return Table(["deal", "here", "there", "since"], rows, notes, give_way=("here",))


def _returns(lines: Sequence[Line]) -> Table:
    rows: list[list[Cell]] = [
        [
            cut_short(line["ref"], 24), cut_short(line["handoff"], 16), cut_short(line["from_owner"], 10),
            cut_short(line["to_owner"], 10), line["days"],
            cut_short(", ".join(line["missing"]) or "-", 16),
            line["because"] or "",
        ]
        for line in lines
    ]  # fmt: skip
    notes = ["days: from the handoff to its return."]
    columns = ["deal", "handoff", "from", "to", "days", "missing", "because"]
    return _fitted(Table(columns, rows, notes, give_way=("from", "to", "days")))


def _waits(lines: Sequence[Line]) -> Table:
    rows: list[list[Cell]] = [
        [
            cut_short(line["handoff"], 20), cut_short(line["from"], 16), line["seen"], line["handed_off"],
            line["still_waiting"], line["median_days"], line["median_days_low"], line["median_days_high"],
            line["p85_days_completed"],
        ]
        for line in lines
    ]  # fmt: skip
    columns = ["handoff", "from", "seen", "done", "waiting", "median", "at least", "at most", "p85"]
    notes = [
        "median: days until half are handed off, counting those still waiting; then its 95 % interval.",
        "p85: days within which 85 of 100 handoffs were made; only those that were.",
    ]
    return Table(columns, rows, notes, give_way=("p85", "from"))


def _fitted(table: Table) -> Table:
    """The last column takes what room the others leave."""
    others = [
        max(width(format_cell(cell)) for cell in (name, *(row[place] for row in table.rows)))
        for place, name in enumerate(table.columns[:-1])
    ]
    room = PLACES - sum(others) - 2 * len(others)
    return replace(table, rows=[[*row[:-1], cut_short(str(row[-1]), room)] for row in table.rows])


def _figures(found: Mapping[str, Any]) -> Table:
    """Every line of every part, with a column that says which part it is of."""
    rows = [
        [kind, *(_plain(line.get(name)) for name in _FIGURES[1:])]
        for part, kind in _KINDS.items()
        for line in found[part]
    ]
    return Table(_FIGURES, rows)


def _plain(value: Any) -> Cell:
    return ", ".join(value) if isinstance(value, list) else value
