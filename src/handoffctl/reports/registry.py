"""Every report under its name. The modules of a report are loaded when it is asked for, to keep start-up fast."""

from collections.abc import Callable
from typing import Any, NamedTuple

from handoffctl.console.report import Report
from handoffctl.core.json_record import JoinedRecords
from handoffctl.reports.context import ReportContext, ReportHead, ReportResult, report_json


class ReportDefinition(NamedTuple):
    """The two halves of a report.

    `build` takes a ReportContext, and options if the report has some, and computes the figures. `render` takes what
    `build` returned, and sets it as sentences and tables.
    """

    build: Callable[..., ReportResult]
    render: Callable[..., Report]


class ReportsByName(NamedTuple):
    """The JSON of every report, each with its head."""

    reports: dict[str, dict[str, Any]]


class AllReports(NamedTuple):
    """The figures of every report by name, in the order in which they are read."""

    head: ReportHead
    reports: dict[str, ReportResult]

    def as_json(self) -> JoinedRecords:
        """Returns the figures as `report all --json` prints them."""
        reports = {name: report_json(result) for name, result in self.reports.items()}
        return JoinedRecords(self.head, ReportsByName(reports))


def _throughput() -> ReportDefinition:
    from handoffctl.reports.throughput import render, report

    return ReportDefinition(report.build, render.render)


def _fields() -> ReportDefinition:
    from handoffctl.reports.fields import render, report

    return ReportDefinition(report.build, render.render)


def _effort() -> ReportDefinition:
    from handoffctl.reports.effort import render, report

    return ReportDefinition(report.build, render.render)


def _engagement() -> ReportDefinition:
    from handoffctl.reports.engagement import render, report

    return ReportDefinition(report.build, render.render)


def _missed() -> ReportDefinition:
    from handoffctl.reports.missed import render, report

    return ReportDefinition(report.build, render.render)


def _handoffs() -> ReportDefinition:
    from handoffctl.reports.handoffs import render, report

    return ReportDefinition(report.build, render.render)


def _follow_up() -> ReportDefinition:
    from handoffctl.reports.follow_up import render, report

    return ReportDefinition(report.build, render.render)


def _activity() -> ReportDefinition:
    from handoffctl.reports.activity import render, report

    return ReportDefinition(report.build, render.render)


def _value() -> ReportDefinition:
    from handoffctl.reports.value import render, report

    return ReportDefinition(report.build, render.render)


def _listening() -> ReportDefinition:
    from handoffctl.reports.listening import render, report

    return ReportDefinition(report.build, render.render)


def _trials() -> ReportDefinition:
    from handoffctl.reports.trials import render, report

    return ReportDefinition(report.build, render.render)


def _won() -> ReportDefinition:
    from handoffctl.reports.won import render, report

    return ReportDefinition(report.build, render.render)


def _forecast() -> ReportDefinition:
    from handoffctl.reports.forecast import render, report

    return ReportDefinition(report.build, render.render)


def _sla() -> ReportDefinition:
    from handoffctl.reports.sla import render, report

    return ReportDefinition(report.build, render.render)


def _goals() -> ReportDefinition:
    from handoffctl.reports.goals import render, report

    return ReportDefinition(report.build, render.render)


def _signs() -> ReportDefinition:
    from handoffctl.reports.signs import render, report

    return ReportDefinition(report.build, render.render)


def _reasons() -> ReportDefinition:
    from handoffctl.reports.reasons import render, report

    return ReportDefinition(report.build, render.render)


def _dispositions() -> ReportDefinition:
    from handoffctl.reports.dispositions import render, report

    return ReportDefinition(report.build, render.render)


_LOADERS: dict[str, Callable[[], ReportDefinition]] = {
    "throughput": _throughput,
    "fields": _fields,
    "effort": _effort,
    "engagement": _engagement,
    "missed": _missed,
    "handoffs": _handoffs,
    "follow_up": _follow_up,
    "activity": _activity,
    "value": _value,
    "listening": _listening,
    "trials": _trials,
    "won": _won,
    "forecast": _forecast,
    "sla": _sla,
    "signs": _signs,
    "reasons": _reasons,
    "dispositions": _dispositions,
    "goals": _goals,
}
REPORT_NAMES = tuple(_LOADERS)


def report_named(name: str) -> ReportDefinition:
    """Loads a report by its name in `REPORT_NAMES`."""
    return _LOADERS[name]()


def build_all(context: ReportContext) -> AllReports:
    """Computes every report in turn."""
    return AllReports(context.head, {name: report_named(name).build(context) for name in REPORT_NAMES})
