"""Assesses one stay against the follow-up guideline of its stage: response, spacing, given up too early or too late."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from handoffctl.core.business_time import WorkCalendar, due_after, numbered_working_day
from handoffctl.core.moments import Clock, Moment, Zone, days_between, is_before, local_date
from handoffctl.follow_up.query import FollowUpTouch
from handoffctl.follow_up.rules import is_answer, is_attempt, is_response
from handoffctl.playbook.sections import FollowUp
from handoffctl.stats.durations import TimeToEvent


@dataclass(frozen=True)
class FollowedStay:
    """A stay with its touches in order of time. `left_at` is None while the deal is there.

    `lost` is True if it was closed as lost, `waived` if that was for a reason that needs no further attempts.
    """

    begun_at: Moment
    left_at: Moment | None = None
    touches: Sequence[FollowUpTouch] = ()
    lost: bool = False
    waived: bool = False


@dataclass(frozen=True)
class StayAssessment:
    """How one stay kept to the guideline.

    `answer` is the number of the attempt after which they answered, 0 if they wrote on their own, None without an
    answer. `response` is the time to the first response, in days. `in_time` and `too_late` are None if the guideline
    says nothing about it or it is too soon to tell. `gaps` counts the intervals after which an attempt was due,
    `gaps_kept` those that were no longer than agreed.
    """

    attempts: int
    answer: int | None
    response: TimeToEvent
    in_time: bool | None
    gaps: int
    gaps_kept: int
    given_up: bool
    waived: bool
    too_early: bool
    too_late: bool | None
    there: bool

    @property
    def assessable(self) -> bool:
        """True if anything can be said about the stay yet."""
        return self.in_time is not None or self.gaps > 0 or self.given_up or self.too_late is not None

    @property
    def kept(self) -> bool:
        """True if the follow-up guideline was kept."""
        return self.in_time is not False and self.gaps == self.gaps_kept and not (self.too_early or self.too_late)


@dataclass
class _Course:
    """What happened in a stay, collected touch by touch."""

    attempts: list[Moment] = field(default_factory=list)
    answer: int | None = None
    response_at: Moment | None = None
    last_at: Moment | None = None
    gaps: int = 0
    gaps_kept: int = 0


def assess(rule: FollowUp, stay: FollowedStay, clock: Clock, week: WorkCalendar) -> StayAssessment:
    """Assesses a stay at the moment of the clock; `week` has the working days."""
    zone, end = clock.zone, stay.left_at or clock.now
    course = _course(rule, stay, week, zone)
    decision = None if course.answer is not None else _decision_due(rule, stay, course.attempts, end, week, zone)
    if _is_attempt_owed(rule, course, decision) and course.last_at and rule.every is not None:
        course.gaps += is_before(due_after(course.last_at, rule.every, week, zone), end, zone)
    given_up = stay.lost and course.answer is None
    too_few = len(course.attempts) < (rule.attempts or 0)
    waited = max(days_between(stay.begun_at, course.response_at or end, zone), 0.0)
    return StayAssessment(
        len(course.attempts),
        course.answer,
        TimeToEvent(waited, course.response_at is not None),
        _in_time(rule, stay, course.response_at, end, week, zone),
        course.gaps,
        course.gaps_kept,
        given_up,
        given_up and too_few and stay.waived,
        given_up and too_few and not stay.waived,
        None if decision is None else is_before(due_after(decision, _days_to_decide(rule), week, zone), end, zone),
        stay.left_at is None,
    )


def _course(rule: FollowUp, stay: FollowedStay, week: WorkCalendar, zone: Zone) -> _Course:
    """Goes through the touches. Spacing counts until they answer, or until all attempts were made."""
    course, limit = _Course(), rule.most or rule.attempts
    for touch in stay.touches:
        if is_attempt(touch.kind, touch.direction):
            is_due = course.attempts and (limit is None or len(course.attempts) < limit)
            if is_due and course.answer is None and course.last_at and rule.every is not None:
                course.gaps += 1
                course.gaps_kept += not is_before(due_after(course.last_at, rule.every, week, zone), touch.at, zone)
            course.attempts.append(touch.at)
        if course.response_at is None and is_response(touch.kind, touch.direction, touch.outcome):
            course.response_at = touch.at
        if course.answer is None and is_answer(touch.kind, touch.direction, touch.outcome):
            course.answer = len(course.attempts)
        course.last_at = touch.at
    return course


def _is_attempt_owed(rule: FollowUp, course: _Course, decision: Moment | None) -> bool:
    """True if a further attempt was to be made after the last touch."""
    limit = rule.most or rule.attempts
    attempts = len(course.attempts)
    return course.answer is None and attempts > 0 and decision is None and (limit is None or attempts < limit)


def _in_time(
    rule: FollowUp, stay: FollowedStay, response_at: Moment | None, end: Moment, week: WorkCalendar, zone: Zone
) -> bool | None:
    if rule.first_within is None:
        return None
    limit = due_after(stay.begun_at, rule.first_within, week, zone)
    if response_at is None:
        return False if is_before(limit, end, zone) else None
    return not is_before(limit, response_at, zone)


def _decision_due(
    rule: FollowUp, stay: FollowedStay, attempts: Sequence[Moment], end: Moment, week: WorkCalendar, zone: Zone
) -> Moment | None:
    """Returns when all agreed attempts had been made, or None if that is not the case by the end.

    That is at the last of the most attempts, or when the least have been made and the time is over.
    """
    most = rule.most or (rule.attempts if rule.within is None else None)
    if most and len(attempts) >= most:
        return attempts[most - 1]
    least = rule.attempts or 1
    if rule.within is None or len(attempts) < least:
        return None
    last = numbered_working_day(local_date(stay.begun_at, zone), ceil(rule.within), week).isoformat()
    if is_before(last, attempts[least - 1], zone):
        return attempts[least - 1]
    return last if is_before(last, end, zone) else None  # on the last day there is still time


def _days_to_decide(rule: FollowUp) -> float:
    """Returns the working days in which to decide: as many as between two attempts, at least one."""
    return float(max(ceil(rule.every or 0), 1))
