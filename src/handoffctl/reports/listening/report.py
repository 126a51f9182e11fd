"""The report on listening: answers in time and corrections, what receivers felt, and what was asked twice."""

from typing import NamedTuple

from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.listening import query as listening_query
from handoffctl.reports.listening.felt import FeltReadiness, FieldAskedTwice, count_asked_again, count_felt
from handoffctl.reports.listening.figures import (
    AnswerCounts,
    HeadCorrections,
    answer_by,
    count_answers,
    count_corrections,
)


class ListeningReport(NamedTuple):
    """The summaries sent in the window, by whether they were announced, and the corrections by head.

    `felt` is what receivers said of the handoffs made in it, `asked_twice` what was reported in it.
    """

    head: ReportHead
    total: AnswerCounts
    announced: AnswerCounts
    not_announced: AnswerCounts
    unknown: AnswerCounts
    corrections: list[HeadCorrections]
    felt: FeltReadiness
    asked_twice: list[FieldAskedTwice]
    asked_twice_test: int


def build(context: ReportContext) -> ListeningReport:
    """Computes the report."""
    name, clock, week = context.playbook.playbook, context.clock, context.home.week
    every_sent = listening_query.sent_summaries(context.query, name)
    sent = [summary for summary in every_sent if context.window.contains(summary.sent_at)]
    yes, no, unknown = (
        count_answers((summary for summary in sent if summary.announced == said), clock, week) for said in (1, 0, None)
    )
    answered = {summary.id: summary.ref for summary in sent if answer_by(summary, clock)}
    heads = {field_name: field.head for field_name, field in context.playbook.fields.items() if field.head}
    corrected = listening_query.corrected_fields(context.query, name)
    reported = [one for one in listening_query.asked_again(context.query, name) if context.window.contains(one.at)]
    labels = {one.field: context.playbook.label_of(one.field) for one in reported}
    return ListeningReport(
        context.head,
        count_answers(sent, clock, week),
        yes,
        no,
        unknown,
        count_corrections(corrected, answered, heads),
        count_felt(listening_query.answered_handoffs(context.query, name), context.window),
        count_asked_again((one for one in reported if not one.test), labels),
        sum(one.test for one in reported),
    )
