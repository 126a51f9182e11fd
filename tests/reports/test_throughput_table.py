"""The table of the throughput report: for people only what there is, for programs always the same columns."""

from collections import Counter

from handoffctl.console.table import as_text, width
from handoffctl.core.json_record import json_value
from handoffctl.reports.context import ReportHead
from handoffctl.reports.throughput.csv_table import csv_table
from handoffctl.reports.throughput.durations import CompletedFigures, KaplanMeierFigures, TargetFigures
from handoffctl.reports.throughput.figures import PastTarget, StageFigures, StageThroughput, ThroughputReport
from handoffctl.reports.throughput.flows import Flow
from handoffctl.reports.throughput.render import throughput_table

FIGURES = StageFigures(
    Flow(entered=5, deals=4, now=1, converted=3, outcomes=Counter(advanced=3, lost=1)),
    KaplanMeierFigures(2.5, 1.0, None, (1.0, 2.5, None), {}),
    CompletedFigures(2.5, 2.0, 4.0),
    {},
    9.0,
    TargetFigures(3.0, 0.8, 1, 6.0),
)
LEAD = StageThroughput("lead", "Lead", "open", FIGURES)


def test_ways_out_that_nobody_took_have_no_column_for_people_but_one_for_programs():
    table = throughput_table([LEAD])
    assert "on" in table.columns
    assert "lost" in table.columns
    assert "returned" not in table.columns
    assert "moved" not in table.columns
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert (row["stage"], row["in"], row["now"]) == ("Lead", 5, 1)
    report = ThroughputReport(ReportHead("solo", "2026-03-02"), [LEAD], None, PastTarget(0, []))
    assert set(json_value(LEAD)) - {"quartile_days", "ways", "incidence"} <= set(csv_table(report).columns)
    assert all(width(line) <= 100 for line in as_text(table).splitlines())
