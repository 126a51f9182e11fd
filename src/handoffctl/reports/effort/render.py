"""The effort report on paper: what the process costs a week, then seconds per handoff and per item."""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, format_cell

_FIGURES = ("median_seconds", "p85_seconds", "total_seconds")
_HOW = (
    "To get data, run handoffctl handoff on a terminal. Or make a drill of it, with a test account: "
    'handoffctl add "Test Inc" --test'
)
_NOTES = (
    "median, p85: half of the times, and 85 % of them, took no longer. total: all of them added up.",
    "Blocked runs count too. Drills are handoffs of test accounts, and in no other report.",
)
_ITEM_NOTES = (
    "The most expensive item stands first. The next step is in the handoffs only.",
    "How often each is missing, and what follows: handoffctl report fields",
)


def paper(found: Mapping[str, Any]) -> Report:
    """What was found, with a sentence on what it costs a week, or on how to get data."""
    parts = []
    if found["handoffs"]:
        ways = [(_way(one), one) for one in found["handoffs"]]
        parts.append(Part(_table("handoff", "runs", ways, _NOTES), "Seconds per handoff"))
    if found["items"]:
        items = [(one["label"], one) for one in found["items"]]
        parts.append(Part(_table("item", "answers", items, _ITEM_NOTES), "Seconds per item"))
    return Report("Effort", parts, _figures(found), _says(found))


def _says(found: Mapping[str, Any]) -> list[str]:
    if found["minutes_a_week"] is not None:
        span = "1 week" if found["weeks"] == 1 else f"{format_cell(float(found['weeks']))} weeks"
        runs = _counted(found["runs"], "timed run")
        others = _counted(found["untimed"], "more try") if found["untimed"] == 1 else f"{found['untimed']:,} more tries"
        untimed = f" {others} asked nothing, so there was nothing to time." if found["untimed"] else ""
        return [f"This process costs you {_minutes(found['minutes_a_week'])} a week: {runs} in {span}.{untimed}"]
    then = "in this time" if "since" in found or "until" in found else "yet"
    if found["drills"]:
        drills = _counted(found["drills"], "drill")
        return [
            f"No real run was timed {then}, only {drills}. Real ones are those of handoffctl handoff on a terminal."
        ]
    if found["items"]:
        return [f"No run was timed to its end {then}, only answers. {_HOW}"]
    return [f"Nothing was timed {then}. {_HOW}"]


def _minutes(minutes: float) -> str:
    text = format_cell(float(minutes))
    return f"{text} minute{'' if text == '1.0' else 's'}"


def _counted(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def _way(one: Mapping[str, Any]) -> str:
    """`lead -> qualified`; a handoff with a name of its own is called by it, too."""
    way = f"{one['from']} -> {one['to']}"
    if one["from"] == one["to"]:
        return f"{one['from']}: {one['handoff']}"
    return way if one["handoff"] == one["to"] else f"{way} ({one['handoff']})"


def _table(first: str, counted: str, named: Sequence[tuple[str, Mapping[str, Any]]], notes: Sequence[str]) -> Table:
    """Real runs, then drills; those of which there are none have no columns."""
    kinds = [kind for kind in ("real", "drills") if any(one[kind][counted] for _, one in named)]
    columns = [first]
    for kind in kinds:
        columns += [counted, "median", "p85", "total"] if kind == "real" else ["drills", "median", "p85", "total"]
    rows: list[list[Cell]] = [
        [name, *(cell for kind in kinds for cell in _cells(one[kind], counted))] for name, one in named
    ]
    return Table(columns, rows, notes, give_way=("p85", "total"))


def _cells(taken: Mapping[str, Any], counted: str) -> list[Cell]:
    return [taken[counted], *(taken[figure] if taken[counted] else None for figure in _FIGURES)]


def _figures(found: Mapping[str, Any]) -> Table:
    """Every figure in one table: the process, its handoffs, its items."""
    columns = ["about", "name", "from", "to", "label", "minutes_a_week", "weeks"]
    columns += [f"{kind}_{figure}" for kind in ("real", "drills") for figure in ("count", *_FIGURES)]
    process = [found["runs"], None, None, None, found["drills"], None, None, None]
    head: list[Cell] = ["process", found["playbook"], None, None, None, found["minutes_a_week"], found["weeks"]]
    rows: list[list[Cell]] = [[*head, *process]]
    for one in found["handoffs"]:
        rows.append(["handoff", one["handoff"], one["from"], one["to"], None, None, None, *_all(one, "runs")])
    for one in found["items"]:
        rows.append(["item", one["item"], None, None, one["label"], None, None, *_all(one, "answers")])
    return Table(columns, rows)


def _all(one: Mapping[str, Any], counted: str) -> list[Cell]:
    return [one[kind][figure] for kind in ("real", "drills") for figure in (counted, *_FIGURES)]
