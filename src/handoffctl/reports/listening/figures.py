"""Counts the answers to summaries, and the corrections by the head of the summary that they concern."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from handoffctl.core.business_time import WorkCalendar, count_working_days
from handoffctl.core.moments import Clock, Moment, is_before, local_date

ANSWERED_WITHIN = 5  # working days


class MeasuredSummary(NamedTuple):
    """A summary with when it was sent and answered; `announced`: the client agreed to answer it, None if unknown.

    `ref` is the name of its deal for commands.
    """

    id: int
    sent_at: Moment
    answered_at: Moment | None
    announced: int | None
    ref: str = ""


class CorrectedField(NamedTuple):
    """A field that the client corrected in a summary."""

    summary_id: int
    field: str


class AnswerCounts(NamedTuple):
    """How many summaries were sent, answered, and answered within five working days.

    `due` counts those that were answered or sent more than five working days ago; `share` is the part of them that was
    answered in time, None if none is due.
    """

    sent: int
    answered: int
    within_five_days: int
    due: int
    share: float | None


class HeadCorrections(NamedTuple):
    """How many of the answered summaries were corrected under this head; `share` is None if none was answered.

    `deals` are those of the corrected summaries, the newest first.
    """

    head: str
    corrected: int
    share: float | None
    deals: list[str]


def count_answers(summaries: Iterable[MeasuredSummary], clock: Clock, week: WorkCalendar) -> AnswerCounts:
    """Counts the answers as of the clock's moment; an answer later than that has not come yet."""
    sent = answered = in_time = due = 0
    for summary in summaries:
        answered_at = answer_by(summary, clock)
        last_day = local_date(answered_at, clock.zone) if answered_at else clock.today
        days = count_working_days(local_date(summary.sent_at, clock.zone), last_day, week)
        sent += 1
        answered += bool(answered_at)
        in_time += bool(answered_at) and days <= ANSWERED_WITHIN
        due += bool(answered_at) or days > ANSWERED_WITHIN
    return AnswerCounts(sent, answered, in_time, due, in_time / due if due else None)


def answer_by(summary: MeasuredSummary, clock: Clock) -> Moment | None:
    """Returns when the summary was answered, or None if that had not happened by the clock's moment."""
    at = summary.answered_at
    return None if at is None or is_before(clock.now, at, clock.zone) else at


def count_corrections(
    corrected: Iterable[CorrectedField], answered: Mapping[int, str], heads: Mapping[str, str]
) -> list[HeadCorrections]:
    """Counts the summaries that were corrected under each head, most often corrected first.

    `answered` are the summaries that count: the name of the deal of each by its id. `heads` are the heads by the fields
    that feed them.
    """
    counted = {(one.summary_id, heads[one.field]) for one in corrected if one.field in heads}
    by_head: dict[str, list[int]] = {head: [] for head in heads.values()}
    for summary_id, head in sorted(counted, reverse=True):
        if summary_id in answered:
            by_head[head].append(summary_id)
    return [
        HeadCorrections(
            head,
            len(ids),
            len(ids) / len(answered) if answered else None,
            list(dict.fromkeys(answered[id] for id in ids)),
        )
        for head, ids in sorted(by_head.items(), key=lambda item: -len(item[1]))
    ]
