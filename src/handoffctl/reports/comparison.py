"""Computes a report twice: of what began before a moment or a revision of the playbook, and of what began since."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Table
from handoffctl.core.json_record import JoinedRecords
from handoffctl.core.moments import format_local
from handoffctl.reports.context import ReportContext, ReportHead, ReportResult, report_json
from handoffctl.reports.registry import ReportDefinition
from handoffctl.reports.throughput.figures import ComparedAt
from handoffctl.reports.throughput.stay_counts import comparison_moment


class ComparedBody(NamedTuple):
    """The keys of the JSON of a comparison that follow its head: the figures of both sides, without their heads."""

    compare: ComparedAt
    before: dict[str, Any]
    after: dict[str, Any]


class ComparedReport(NamedTuple):
    """A report of what began before a moment, and of what began since."""

    head: ReportHead
    compare: ComparedAt
    before: ReportResult
    after: ReportResult

    def as_json(self) -> JoinedRecords:
        before, after = (_body(result) for result in (self.before, self.after))
        return JoinedRecords(self.head, ComparedBody(self.compare, before, after))


def _body(result: ReportResult) -> dict[str, Any]:
    keys = report_json(result)
    return {key: value for key, value in keys.items() if key not in ReportHead._fields}


def build_compared(definition: ReportDefinition, context: ReportContext, compare: str) -> ComparedReport:
    """Computes both sides. Raises NotFound for an unknown revision and Refused for a moment that cannot be read."""
    at = ComparedAt(*comparison_moment(context, compare))
    window, clock = context.window, context.clock
    since = window.since if window.since and clock.is_before(at.at, window.since) else at.at
    before = definition.build(replace(context, window=replace(window, before=at.at)))
    after = definition.build(replace(context, window=replace(window, since=since)))
    return ComparedReport(context.head, at, before, after)


def render_compared(render: Callable[[Any], Report], result: ComparedReport, context: ReportContext) -> Report:
    """Returns both sides, one below the other, each with its sentences; the figures have a column for the side."""
    when = format_local(result.compare.at, context.clock.zone)
    when += f" (revision {result.compare.revision})" if result.compare.revision else ""
    sides = [(f"Before {when}", render(result.before)), (f"Since {when}", render(result.after))]
    says = [f"{side}: {sentence}" for side, report in sides for sentence in report.says]
    parts = [
        Part(part.table, f"{side}: {part.heading}" if part.heading else side)
        for side, report in sides
        for part in report.parts
    ]
    return Report(sides[0][1].title, parts, _figures(sides[0][1], sides[1][1]), says)


def _figures(before: Report, after: Report) -> Table:
    columns = max((before.figures.columns, after.figures.columns), key=len)
    rows = [[side, *row] for side, report in (("before", before), ("after", after)) for row in report.figures.rows]
    return Table(["side", *columns], rows)
