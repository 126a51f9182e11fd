"""Renders the effort report: what the process costs a week, then the seconds per handoff and per item."""

from collections.abc import Sequence

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, format_cell
from handoffctl.reports.effort.figures import Effort, Timings
from handoffctl.reports.effort.report import EffortReport
from handoffctl.reports.handoff_path import HandoffPath

_FIGURES = ("median_seconds", "p85_seconds", "total_seconds")
_GET_DATA = (
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


def render(result: EffortReport) -> Report:
    """Returns the report as tables, with a sentence on the weekly cost or on how to get data."""
    parts = []
    if result.handoffs:
        handoffs = [(_path_text(each.path), each.effort) for each in result.handoffs]
        parts.append(Part(_effort_table("handoff", "runs", handoffs, _NOTES), "Seconds per handoff"))
    if result.items:
        items = [(each.label, each.effort) for each in result.items]
        parts.append(Part(_effort_table("item", "answers", items, _ITEM_NOTES), "Seconds per item"))
    return Report("Effort", parts, _csv_table(result), [_intro(result)])


def _intro(result: EffortReport) -> str:
    if result.minutes_a_week is not None and result.weeks is not None:
        span = "1 week" if result.weeks == 1 else f"{format_cell(float(result.weeks))} weeks"
        runs = _count(result.runs, "timed run")
        more = _count(result.untimed, "more try") if result.untimed == 1 else f"{result.untimed:,} more tries"
        untimed = f" {more} asked nothing, so there was nothing to time." if result.untimed else ""
        return f"This process costs you {_minutes(result.minutes_a_week)} a week: {runs} in {span}.{untimed}"
    when = "in this time" if result.head.limited else "yet"
    if result.drills:
        drills = _count(result.drills, "drill")
        return f"No real run was timed {when}, only {drills}. Real ones are those of handoffctl handoff on a terminal."
    if result.items:
        return f"No run was timed to its end {when}, only answers. {_GET_DATA}"
    return f"Nothing was timed {when}. {_GET_DATA}"


def _minutes(minutes: float) -> str:
    text = format_cell(float(minutes))
    return f"{text} minute{'' if text == '1.0' else 's'}"


def _count(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def _path_text(path: HandoffPath) -> str:
    """Returns `lead -> qualified`, with the name of the handoff if it has one of its own."""
    if path.from_stage == path.to_stage:
        return f"{path.from_stage}: {path.name}"
    text = f"{path.from_stage} -> {path.to_stage}"
    return text if path.name == path.to_stage else f"{text} ({path.name})"


def _effort_table(first: str, count: str, rows: Sequence[tuple[str, Effort]], notes: Sequence[str]) -> Table:
    """Returns real runs and drills side by side; a side without any has no columns."""
    has_real = any(effort.real.count for _, effort in rows)
    has_drills = any(effort.drills.count for _, effort in rows)
    columns = [first]
    columns += [count, "median", "p85", "total"] if has_real else []
    columns += ["drills", "median", "p85", "total"] if has_drills else []
    cells: list[list[Cell]] = [
        [name, *(_cells(effort.real) if has_real else ()), *(_cells(effort.drills) if has_drills else ())]
        for name, effort in rows
    ]
    return Table(columns, cells, notes, give_way=("p85", "total"))


def _cells(timings: Timings) -> list[Cell]:
    """Returns the count and the figures, which are blank for no runs."""
    return _all_cells(timings) if timings.count else [0, None, None, None]


def _all_cells(timings: Timings) -> list[Cell]:
    return [timings.count, timings.percentile(0.5), timings.percentile(0.85), timings.total]


def _csv_table(result: EffortReport) -> Table:
    """Returns every figure in one table: the process, its handoffs, its items."""
    columns = ["about", "name", "from", "to", "label", "minutes_a_week", "weeks"]
    columns += [f"{side}_{figure}" for side in ("real", "drills") for figure in ("count", *_FIGURES)]
    process = [result.runs, None, None, None, result.drills, None, None, None]
    rows: list[list[Cell]] = [
        ["process", result.head.playbook, None, None, None, result.minutes_a_week, result.weeks, *process]
    ]
    for handoff in result.handoffs:
        name, from_stage, to_stage = handoff.path
        both = [*_all_cells(handoff.effort.real), *_all_cells(handoff.effort.drills)]
        rows.append(["handoff", name, from_stage, to_stage, None, None, None, *both])
    for item in result.items:
        both = [*_all_cells(item.effort.real), *_all_cells(item.effort.drills)]
        rows.append(["item", item.item, None, None, item.label, None, None, *both])
    return Table(columns, rows)
