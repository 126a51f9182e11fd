"""The throughput report as a table: the columns that say something, in a hundred places."""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.reports.table import Cell, Table

_OUT = ("advanced", "returned", "won", "lost", "nurture", "moved")


def throughput_table(stages: Sequence[Mapping[str, Any]]) -> Table:
    """One row a stage. Ways out that nobody took have no column."""
    ways = [way for way in _OUT if any(stage[way] for stage in stages)]
    columns = ["stage", "entered", *ways, "now", "further", "median", "p85", "oldest", "target", "in time"]
    rows: list[list[Cell]] = [
        [
            stage["title"], stage["entered"], *(stage[way] for way in ways), stage["now"], _share(stage["conversion"]),
            stage["median_days_completed"], stage["p85_days_completed"], stage["oldest_now_days"],
            stage["target_days"], _share(stage["within_target"]),
        ]
        for stage in stages
    ]  # fmt: skip
    notes = [
        "now: still there. further: share of deals that got to a later stage or won.",
        "median, p85: days in stage of finished stays only. oldest: days of the longest one still there.",
    ]
    return Table(columns, rows, notes)


def figures_table(stages: Sequence[Mapping[str, Any]]) -> Table:
    """Every figure under its own name; for CSV."""
    columns = list(stages[0]) if stages else ["stage"]
    return Table(columns, [[stage[name] for name in columns] for stage in stages])


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
