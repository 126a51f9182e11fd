"""The throughput report as a table: the columns that say something, in a hundred places."""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.reports.table import Cell, Table

_OUT = ("advanced", "returned", "won", "lost", "nurture", "moved")
_SHORT = {"advanced": "on", "returned": "back", "nurture": "later", "won": "won", "lost": "lost", "moved": "moved"}


def throughput_table(stages: Sequence[Mapping[str, Any]]) -> Table:
    """One row a stage. Ways out that nobody took have no column."""
    ways = [way for way in _OUT if any(stage[way] for stage in stages)]
    with_target = any(stage["target_days"] is not None for stage in stages)
    columns = ["stage", "in", *(_SHORT[way] for way in ways), "now", "further", "median", "p85", "oldest"]
    columns += ["target", "in time"] if with_target else []
    rows: list[list[Cell]] = [
        [
            stage["title"], stage["entered"], *(stage[way] for way in ways), stage["now"], _share(stage["conversion"]),
            stage["median_days_completed"], stage["p85_days_completed"], stage["oldest_now_days"],
            *((stage["target_days"], _share(stage["within_target"])) if with_target else ()),
        ]
        for stage in stages
    ]  # fmt: skip
    notes = [
        "in: stays begun. on, back: left for a later, an earlier stage. now: still there.",
        "further: share of deals that got to a later stage or won. oldest: days of the longest one there.",
        "median, p85: days in stage of finished stays only; those still there are not in them.",
    ]
    return Table(columns, rows, notes)


def figures_table(stages: Sequence[Mapping[str, Any]]) -> Table:
    """Every figure under its own name; for CSV."""
    columns = list(stages[0]) if stages else ["stage"]
    return Table(columns, [[stage[name] for name in columns] for stage in stages])


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
