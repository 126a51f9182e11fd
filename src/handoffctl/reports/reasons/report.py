"""The report on reasons: how often each was given, of which deals, as of a moment."""

from typing import NamedTuple

from handoffctl.playbook.reasons import OCCASIONS, reason_title, reasons_for
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.reasons import query as reasons_query
from handoffctl.reports.reasons.figures import ReasonLine, count_reasons


class ReasonsReport(NamedTuple):
    """The reasons of the returns and endings that happened in the window.

    `test` and `undated` count what is left out: on test accounts, and where the day is not known. `listed` is True if
    the playbook has a list of reasons.
    """

    head: ReportHead
    reasons: list[ReasonLine]
    test: int
    undated: int
    listed: bool


def build(context: ReportContext) -> ReasonsReport:
    """Computes the report."""
    every = list(reasons_query.given_reasons(context.query, context.playbook.playbook))
    real = [one for one in every if not one.test]
    titles = {
        (one.occasion, one.name): reason_title(one.occasion, one.name, [context.playbook]) for one in real if one.name
    }
    return ReasonsReport(
        context.head,
        count_reasons((one for one in real if context.window.contains(one.at)), titles, OCCASIONS, context.clock),
        sum(bool(one.test) and context.window.contains(one.at) for one in every),
        sum(one.at is None for one in real),
        any(reasons_for(occasion, [context.playbook]) for occasion in OCCASIONS),
    )
