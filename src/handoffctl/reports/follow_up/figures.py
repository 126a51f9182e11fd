"""How well guidelines for following up are kept: first responses, spacing, given up too early or too late. In days."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from handoffctl.core.business_time import Working, due, last_day_of
from handoffctl.core.moments import Clock, Moment, Zone, before, days_between, local_date
from handoffctl.follow_up.rules import is_answer, is_attempt, is_response
from handoffctl.playbook.sections import FollowUp
from handoffctl.reports.handoffs.figures import Wait, median
from handoffctl.stats.survival import Survival


@dataclass(frozen=True)
class Touch:
    """One touch within a stay."""

    kind: str
    direction: str
    outcome: str
    at: Moment


@dataclass(frozen=True)
class Stay:
    """A stay with its touches, in the order in which they happened. `left_at` is None while the deal is there.

    `lost` says whether it was given up: closed as lost. `waived`: for a reason that needs no further attempts.
    """

    begun_at: Moment
    left_at: Moment | None = None
    touches: Sequence[Touch] = ()
    lost: bool = False
    waived: bool = False


@dataclass(frozen=True)
class Judged:
    """What is to be said of one stay. None where the guideline asks nothing of the kind, or it is too soon to tell.

    `gaps` are the times between a touch and the attempt that was to follow, `gaps_kept` those that were no longer than
    agreed. `answer` is the number of the attempt after which they answered; 0 where they came by themselves.
    """

    attempts: int
    answer: int | None
    response: Wait
    in_time: bool | None
    gaps: int
    gaps_kept: int
    given_up: bool
    waived: bool
    too_early: bool
    too_late: bool | None
    there: bool

    @property
    def told(self) -> bool:
        """Whether anything can be said of it yet."""
        return self.in_time is not None or self.gaps > 0 or self.given_up or self.too_late is not None

    @property
    def kept(self) -> bool:
        """Whether nothing was done against the guideline."""
        return self.in_time is not False and self.gaps == self.gaps_kept and not (self.too_early or self.too_late)


@dataclass
class _Course:
    """A stay walked through, touch by touch."""

    attempts: list[Moment] = field(default_factory=list)
    answer: int | None = None
    response_at: Moment | None = None
    last_at: Moment | None = None
    gaps: int = 0
    gaps_kept: int = 0


def judged(rule: FollowUp, stay: Stay, clock: Clock, week: Working) -> Judged:
    """Holds one stay against the guideline, as things are at the moment of the clock."""
    zone, end = clock.zone, stay.left_at or clock.now
    course = _course(rule, stay, week, zone)
    decision = None if course.answer is not None else _decision_due(rule, stay, course.attempts, end, week, zone)
    if _still_owed(rule, course, decision) and course.last_at and rule.every is not None:
        course.gaps += before(due(course.last_at, rule.every, week, zone), end, zone)
    given_up = stay.lost and course.answer is None
    few = len(course.attempts) < (rule.attempts or 0)
    waited = max(days_between(stay.begun_at, course.response_at or end, zone), 0.0)
    return Judged(
        len(course.attempts), course.answer, Wait(waited, course.response_at is not None),
        _in_time(rule, stay, course.response_at, end, week, zone), course.gaps, course.gaps_kept,
        given_up, given_up and few and stay.waived, given_up and few and not stay.waived,
        None if decision is None else before(due(decision, _grace(rule), week, zone), end, zone), stay.left_at is None,
    )  # fmt: skip


def _course(rule: FollowUp, stay: Stay, week: Working, zone: Zone) -> _Course:
    """Spacing counts until they answer, or until everything was tried."""
    course, limit = _Course(), rule.most or rule.attempts
    for touch in stay.touches:
        if is_attempt(touch.kind, touch.direction):
            asked = course.attempts and (limit is None or len(course.attempts) < limit)
            if asked and course.answer is None and course.last_at and rule.every is not None:
                course.gaps += 1
                course.gaps_kept += not before(due(course.last_at, rule.every, week, zone), touch.at, zone)
            course.attempts.append(touch.at)
        if course.response_at is None and is_response(touch.kind, touch.direction, touch.outcome):
            course.response_at = touch.at
        if course.answer is None and is_answer(touch.kind, touch.direction, touch.outcome):
            course.answer = len(course.attempts)
        course.last_at = touch.at
    return course


def _still_owed(rule: FollowUp, course: _Course, decision: Moment | None) -> bool:
    """Whether after the last touch a further attempt was to be made."""
    limit = rule.most or rule.attempts
    tried = len(course.attempts)
    return course.answer is None and tried > 0 and decision is None and (limit is None or tried < limit)


def _in_time(rule: FollowUp, stay: Stay, at: Moment | None, end: Moment, week: Working, zone: Zone) -> bool | None:
    if rule.first_within is None:
        return None
    limit = due(stay.begun_at, rule.first_within, week, zone)
    if at is None:
        return False if before(limit, end, zone) else None
    return not before(limit, at, zone)


def _decision_due(
    rule: FollowUp, stay: Stay, attempts: Sequence[Moment], end: Moment, week: Working, zone: Zone
) -> Moment | None:
    """When everything had been tried that should be, if that is so by the end: the most attempts, or the least and no
    more time."""
    most = rule.most or (rule.attempts if rule.within is None else None)
    if most and len(attempts) >= most:
        return attempts[most - 1]
    least = rule.attempts or 1
    if rule.within is None or len(attempts) < least:
        return None
    last = last_day_of(local_date(stay.begun_at, zone), ceil(rule.within), week).isoformat()
    if before(last, attempts[least - 1], zone):
        return attempts[least - 1]
    return last if before(last, end, zone) else None  # on the last day there is still time


def _grace(rule: FollowUp) -> float:
    """The working days in which to decide: as many as between two attempts, one at the least."""
    return float(max(ceil(rule.every or 0), 1))


def tally(stays: Sequence[Judged]) -> dict[str, Any]:
    """The figures of these stays: counts, shares (0 to 1), medians with their 95 % interval.

    `first_response` in days, Kaplan and Meier's, so that whoever waits still is counted with the time waited so far.
    """
    told = [one for one in stays if one.told]
    kept = sum(one.kept for one in told)
    response = median(one.response for one in stays)
    timed = [one.in_time for one in stays if one.in_time is not None]
    gaps, gaps_kept = sum(one.gaps for one in stays), sum(one.gaps_kept for one in stays)
    decisions = [one for one in stays if one.too_late is not None]
    return {
        "stays": len(stays),
        "told": len(told),
        "kept": kept,
        "compliance": _share(kept, len(told)),
        "first_response": {
            "told": len(timed),
            "in_time": sum(timed),
            "share": _share(sum(timed), len(timed)),
            "responded": sum(one.response.over for one in stays),
            "waiting": sum(one.there and not one.response.over for one in stays),
            "median_days": response["median"],
            "median_days_low": response["low"],
            "median_days_high": response["high"],
        },
        "spacing": {"told": gaps, "kept": gaps_kept, "share": _share(gaps_kept, gaps)},
        "given_up": {
            "stays": sum(one.given_up for one in stays),
            "enough": sum(one.given_up and not one.waived and not one.too_early for one in stays),
            "waived": sum(one.waived for one in stays),
            "too_early": sum(one.too_early for one in stays),
        },
        "decided": {
            "told": len(decisions),
            "too_late": sum(bool(one.too_late) for one in decisions),
            "still_open": sum(bool(one.too_late) and one.there for one in decisions),
        },
        "answer": _answers(stays),
    }  # fmt: skip


def _answers(stays: Sequence[Judged]) -> dict[str, Any]:
    """Attempts until the answer. Those not answered yet are counted with the attempts made so far."""
    answered = sorted(one.answer for one in stays if one.answer)
    without = sorted(one.attempts for one in stays if one.answer is None and one.attempts)
    estimate = Survival([float(n) for n in answered], [float(n) for n in without])
    low, high = estimate.interval() if answered else (None, None)
    middle = estimate.median if answered else None
    made = [*answered, *without]
    return {
        "answered": len(answered),
        "by_themselves": sum(one.answer == 0 for one in stays),
        "unanswered": len(without),
        "median": _whole(middle),
        "low": _whole(low),
        "high": _whole(high),
        "by_attempt": [
            _attempt(n, sum(one >= n for one in made), answered.count(n)) for n in range(1, max(made, default=0) + 1)
        ],
    }


def _attempt(number: int, made: int, answered: int) -> dict[str, Any]:
    return {"attempt": number, "made": made, "answered": answered, "share": _share(answered, made)}


def _share(some: int, of: int) -> float | None:
    return some / of if of else None


def _whole(count: float | None) -> int | None:
    return None if count is None else int(count)
