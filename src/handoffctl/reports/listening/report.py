"""The report on listening: corrections by head, and answers in time, announced against not announced."""

from typing import NamedTuple

from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.listening import query as listening_query
from handoffctl.reports.listening.figures import (
    AnswerCounts,
    HeadCorrections,
    answer_by,
    count_answers,
    count_corrections,
)


class ListeningReport(NamedTuple):
    """The summaries sent in the window, by whether they were announced, and the corrections by head."""

    head: ReportHead
    total: AnswerCounts
    announced: AnswerCounts
    not_announced: AnswerCounts
    unknown: AnswerCounts
    corrections: list[HeadCorrections]


def build(context: ReportContext) -> ListeningReport:
    """Computes the report."""
    name, clock, week = context.playbook.playbook, context.clock, context.home.week
    every_sent = listening_query.sent_summaries(context.query, name)
    sent = [summary for summary in every_sent if context.window.contains(summary.sent_at)]
    yes, no, unknown = (
        count_answers((summary for summary in sent if summary.announced == said), clock, week) for said in (1, 0, None)
    )
    answered = [summary.id for summary in sent if answer_by(summary, clock)]
    heads = {field_name: field.head for field_name, field in context.playbook.fields.items() if field.head}
    corrected = listening_query.corrected_fields(context.query, name)
    return ListeningReport(
        context.head, count_answers(sent, clock, week), yes, no, unknown, count_corrections(corrected, answered, heads)
    )
