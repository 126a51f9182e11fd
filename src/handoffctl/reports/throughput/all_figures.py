"""Every figure of the throughput report in one table for programs, whose columns do not depend on the data."""

from collections.abc import Mapping
from typing import Any

from handoffctl.console.table import Cell, Table

OUT = ("advanced", "returned", "won", "lost", "nurture", "moved")

_PLAIN = (
    "deals", "entered", *OUT, "now", "conversion", "win_rate", "median_days", "median_days_low", "median_days_high",
    "mean_days_completed", "median_days_completed", "p85_days_completed", "oldest_now_days", "target_days",
    "within_target", "past_target", "days_over_target",
)  # fmt: skip
_OF_WAY = ("count", "mean_days", "median_days", "p85_days")
_DAYS = ("7", "30", "60", "90", "180", "365")
_NAMES = ("row", "began", "stage", "title", "kind", "group", *_PLAIN)
COLUMNS = (
    *_NAMES, "quarter_gone_days", "three_quarters_gone_days",
    *(f"{way}_{name}" for way in OUT for name in _OF_WAY), *(f"{way}_by_day_{n}" for n in _DAYS for way in OUT),
    "period_entered", "period_left", "period_there",
)  # fmt: skip

Figures = Mapping[str, Any]


def figures_table(found: Figures) -> Table:
    """One row a stage (`row` is stage), then those of its groups (group) and of its periods (period), if any."""
    rows: list[dict[str, Cell]] = []
    for side in ("before", "after"):
        for stage in found.get(side, {}).get("stages", ()):
            rows.append(_named("stage", stage) | {"began": side} | _flat(stage))
    for stage in found.get("stages", ()):
        rows.append(_named("stage", stage) | _flat(stage))
        rows += [_named("group", stage) | {"group": name} | _flat(one) for name, one in stage.get("by", {}).items()]
        rows += [
            _named("period", stage) | {"group": one["period"]} | {f"period_{name}": one[name] for name in
                                                                  ("entered", "left", "there")}
            for one in stage.get("flow", ())
        ]  # fmt: skip
    return Table(COLUMNS, [[row.get(name) for name in COLUMNS] for row in rows])


def _named(row: str, stage: Figures) -> dict[str, Cell]:
    return {"row": row, "stage": stage["stage"], "title": stage["title"], "kind": stage["kind"]}


def _flat(one: Figures) -> dict[str, Cell]:
    """The figures without folds: `won_median_days`, `lost_by_day_90`."""
    told: dict[str, Cell] = {name: one[name] for name in _PLAIN}
    told["quarter_gone_days"], _, told["three_quarters_gone_days"] = one["quartile_days"]
    told |= {f"{way}_{name}": figures[name] for way, figures in one["ways"].items() for name in _OF_WAY}
    return told | {
        f"{way}_by_day_{n}": share for n, gone in one["incidence"].items() for way, share in (gone or {}).items()
    }
