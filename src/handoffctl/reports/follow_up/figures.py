"""The figures of follow-up: how many stays kept to the guideline, and in what the others did not. In days."""

from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.reports.follow_up.assessment import StayAssessment
from handoffctl.stats.durations import median_estimate, survival_of
from handoffctl.stats.survival import Survival


class FirstResponseFigures(NamedTuple):
    """How many first responses were in time, of those of which it can be told; and the median time to it in days.

    The median is a Kaplan-Meier estimate: those that still wait count with the time waited so far.
    """

    told: int
    in_time: int
    share: float | None
    responded: int
    waiting: int
    median_days: float | None
    median_days_low: float | None
    median_days_high: float | None


class SpacingFigures(NamedTuple):
    """How many attempts came no later after the last touch than agreed."""

    told: int
    kept: int
    share: float | None


class GivenUpFigures(NamedTuple):
    """How many stays were closed as lost without an answer: after enough attempts, waived, or too early."""

    stays: int
    enough: int
    waived: int
    too_early: int


class DecidedFigures(NamedTuple):
    """How many decisions were due, how many came too late, and how many of those are still open."""

    told: int
    too_late: int
    still_open: int


class AttemptFigures(NamedTuple):
    """How many stays had an attempt of this number, and the share (0 to 1) that answered after it."""

    attempt: int
    made: int
    answered: int
    share: float | None


class AnswerFigures(NamedTuple):
    """The number of attempts until the answer, a Kaplan-Meier median with its 95 % interval.

    `by_themselves` counts stays in which they wrote before any attempt.
    """

    answered: int
    by_themselves: int
    unanswered: int
    median: int | None
    low: int | None
    high: int | None
    by_attempt: list[AttemptFigures]


class FollowUpFigures(NamedTuple):
    """The figures of several stays. `told` counts those of which anything can be said, `kept` those without a fault."""

    stays: int
    told: int
    kept: int
    compliance: float | None
    first_response: FirstResponseFigures
    spacing: SpacingFigures
    given_up: GivenUpFigures
    decided: DecidedFigures
    answer: AnswerFigures


def summarize(stays: Sequence[StayAssessment]) -> FollowUpFigures:
    """Returns the figures of these stays: counts, shares (0 to 1), medians with their 95 % interval."""
    assessable = [stay for stay in stays if stay.assessable]
    kept = sum(stay.kept for stay in assessable)
    gaps, gaps_kept = sum(stay.gaps for stay in stays), sum(stay.gaps_kept for stay in stays)
    return FollowUpFigures(
        stays=len(stays),
        told=len(assessable),
        kept=kept,
        compliance=_share(kept, len(assessable)),
        first_response=_first_response(stays),
        spacing=SpacingFigures(gaps, gaps_kept, _share(gaps_kept, gaps)),
        given_up=_given_up(stays),
        decided=_decided(stays),
        answer=_answer(stays),
    )


def _first_response(stays: Sequence[StayAssessment]) -> FirstResponseFigures:
    in_time = [stay.in_time for stay in stays if stay.in_time is not None]
    estimate = median_estimate(survival_of(stay.response for stay in stays))
    return FirstResponseFigures(
        told=len(in_time),
        in_time=sum(in_time),
        share=_share(sum(in_time), len(in_time)),
        responded=sum(stay.response.occurred for stay in stays),
        waiting=sum(stay.there and not stay.response.occurred for stay in stays),
        median_days=estimate.median,
        median_days_low=estimate.low,
        median_days_high=estimate.high,
    )


def _given_up(stays: Sequence[StayAssessment]) -> GivenUpFigures:
    return GivenUpFigures(
        stays=sum(stay.given_up for stay in stays),
        enough=sum(stay.given_up and not stay.waived and not stay.too_early for stay in stays),
        waived=sum(stay.waived for stay in stays),
        too_early=sum(stay.too_early for stay in stays),
    )


def _decided(stays: Sequence[StayAssessment]) -> DecidedFigures:
    decisions = [stay for stay in stays if stay.too_late is not None]
    return DecidedFigures(
        told=len(decisions),
        too_late=sum(bool(stay.too_late) for stay in decisions),
        still_open=sum(bool(stay.too_late) and stay.there for stay in decisions),
    )


def _answer(stays: Sequence[StayAssessment]) -> AnswerFigures:
    """Returns the attempts until the answer. Stays without one are censored at the attempts made so far."""
    answered = sorted(stay.answer for stay in stays if stay.answer)
    unanswered = sorted(stay.attempts for stay in stays if stay.answer is None and stay.attempts)
    estimate = median_estimate(Survival([float(n) for n in answered], [float(n) for n in unanswered]))
    attempts = [*answered, *unanswered]
    return AnswerFigures(
        answered=len(answered),
        by_themselves=sum(stay.answer == 0 for stay in stays),
        unanswered=len(unanswered),
        median=_whole(estimate.median),
        low=_whole(estimate.low),
        high=_whole(estimate.high),
        by_attempt=[
            _attempt(number, sum(count >= number for count in attempts), answered.count(number))
            for number in range(1, max(attempts, default=0) + 1)
        ],
    )


def _attempt(number: int, made: int, answered: int) -> AttemptFigures:
    return AttemptFigures(number, made, answered, _share(answered, made))


def _share(part: int, total: int) -> float | None:
    return part / total if total else None


def _whole(count: float | None) -> int | None:
    return None if count is None else int(count)
