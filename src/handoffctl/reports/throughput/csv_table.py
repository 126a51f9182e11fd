"""Every figure of the throughput report in one table for programs, whose columns do not depend on the data."""

from handoffctl.console.table import Cell, Table
from handoffctl.core.json_record import json_object, json_value
from handoffctl.reports.throughput.figures import (
    StageFigures,
    StageThroughput,
    ThroughputComparison,
    ThroughputReport,
)
from handoffctl.reports.throughput.flows import OUTCOMES

_PLAIN = (
    "deals", "entered", *OUTCOMES, "now", "conversion", "win_rate", "median_days", "median_days_low",
    "median_days_high", "mean_days_completed", "median_days_completed", "p85_days_completed", "oldest_now_days",
    "target_days", "within_target", "past_target", "days_over_target",
)  # fmt: skip
_OF_OUTCOME = ("count", "mean_days", "median_days", "p85_days")
_DAYS = ("7", "30", "60", "90", "180", "365")
_NAMES = ("row", "began", "stage", "title", "kind", "group", *_PLAIN)
COLUMNS = (
    *_NAMES, "quarter_gone_days", "three_quarters_gone_days",
    *(f"{outcome}_{name}" for outcome in OUTCOMES for name in _OF_OUTCOME),
    *(f"{outcome}_by_day_{n}" for n in _DAYS for outcome in OUTCOMES),
    "period_entered", "period_left", "period_there",
)  # fmt: skip

CsvRow = dict[str, Cell]


def csv_table(result: ThroughputReport | ThroughputComparison) -> Table:
    """Returns one row per stage, then the rows of its groups and of its periods, if it has any.

    The column `row` says which of these a row is: stage, group or period.
    """
    rows: list[CsvRow] = []
    if isinstance(result, ThroughputComparison):
        for side, stages in (("before", result.before.stages), ("after", result.after.stages)):
            rows += [_name_cells("stage", stage) | {"began": side} | _figure_cells(stage.figures) for stage in stages]
    else:
        for stage in result.stages:
            rows += _stage_rows(stage)
    return Table(COLUMNS, [[row.get(name) for name in COLUMNS] for row in rows])


def _stage_rows(stage: StageThroughput) -> list[CsvRow]:
    rows = [_name_cells("stage", stage) | _figure_cells(stage.figures)]
    for group, figures in (stage.by or {}).items():
        rows.append(_name_cells("group", stage) | {"group": group} | _figure_cells(figures))
    for period in stage.flow or ():
        counts: CsvRow = {
            "period_entered": period.entered,
            "period_left": period.left,
            "period_there": period.there,
        }
        rows.append(_name_cells("period", stage) | {"group": period.period} | counts)
    return rows


def _name_cells(row: str, stage: StageThroughput) -> CsvRow:
    return {"row": row, "stage": stage.stage, "title": stage.title, "kind": stage.kind}


def _figure_cells(figures: StageFigures) -> CsvRow:
    """Returns the figures under flat names such as `won_median_days` and `lost_by_day_90`."""
    values = json_value(figures)
    row: CsvRow = {name: values[name] for name in _PLAIN}
    row["quarter_gone_days"], _, row["three_quarters_gone_days"] = figures.lasting.quartile_days
    for outcome, of_outcome in figures.ways.items():
        row |= {f"{outcome}_{name}": value for name, value in json_object(of_outcome).items()}
    for n, shares in figures.lasting.incidence.items():
        row |= {f"{outcome}_by_day_{n}": share for outcome, share in (shares or {}).items()}
    return row
