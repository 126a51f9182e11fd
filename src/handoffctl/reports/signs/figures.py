"""Counts the handoffs of one owner by working day: all, those that ended badly, those with nothing to spare."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from handoffctl.core.moments import Moment, Zone, days_between
from handoffctl.playbook.criteria.score import Score
from handoffctl.playbook.criteria.several import AllOf
from handoffctl.playbook.requirements import Requirements
from handoffctl.reports.signs.periods import SOON, Period
from handoffctl.stats.constants import LAST_DAYS
from handoffctl.stats.surge_verdict import DayCounts


class HandedOff(NamedTuple):
    """A completed handoff with what followed within 14 days: `end` is returned, lost, or empty.

    `bare` is True if it passed with nothing to spare, None if its gate leaves nothing to spare. `day` is its local day.
    """

    deal: int
    owner: str
    day: date
    end: str
    bare: bool | None


class PeriodCounts(NamedTuple):
    """The handoffs of one period by working day, and how many fell on its last three working days."""

    period: Period
    days: tuple[DayCounts, ...]

    @property
    def handoffs(self) -> int:
        return sum(day.handoffs for day in self.days)

    @property
    def late(self) -> int:
        return sum(day.handoffs for day in self.days[-LAST_DAYS:])

    @property
    def evenly(self) -> float:
        """The handoffs that would fall on the last three working days if all working days were alike."""
        return self.handoffs * min(LAST_DAYS / len(self.days), 1.0)


def end_within(at: Moment, returned_at: Moment | None, lost_at: Moment | None, zone: Zone) -> str:
    """Returns what became of a handoff within 14 days: `returned`, `lost`, or empty."""
    ends = (("returned", returned_at), ("lost", lost_at))
    return next((end for end, moment in ends if moment and days_between(at, moment, zone) <= SOON), "")


def nothing_to_spare(
    requirements: Requirements, score: int | None, missing: set[str], not_asked: set[str]
) -> bool | None:
    """Returns True if a handoff passed with exactly the points its gate asks for, and without any nice-to-have item.

    `missing` are the nice-to-have items that were not known, `not_asked` those that a trial left out. Where the gate
    asks for points only, or has nice-to-have items only, that alone decides. Returns None if it has neither.
    """
    points = points_required(requirements)
    items = [name for name in requirements.nice_to_have if name not in not_asked]
    spare = [score > points] if points is not None and score is not None else []
    spare += [not missing.issuperset(items)] if items else []
    return not any(spare) if spare else None


def points_required(requirements: Requirements) -> int | None:
    """Returns the most points that the required criteria ask for, or None if none asks for points."""
    criteria = [requirements.playbook.criteria.get(name) for name in requirements.required]
    points: list[int] = []
    while criteria:
        criterion = criteria.pop()
        if isinstance(criterion, Score):
            points.append(criterion.score)
        elif isinstance(criterion, AllOf):
            criteria += criterion.all_of
    return max(points, default=None)


def count_by_day(handoffs: Iterable[HandedOff], periods: Sequence[Period]) -> list[PeriodCounts]:
    """Returns the handoffs of one owner in each period. One on a day off counts on the working day before it."""
    known = list(handoffs)
    return [PeriodCounts(period, _days([one for one in known if _is_in(one, period)], period)) for period in periods]


def is_late(handoff: HandedOff, periods: Sequence[Period]) -> bool:
    """Returns True if the handoff fell on the last three working days of a period."""
    period = next((period for period in periods if _is_in(handoff, period)), None)
    return period is not None and period.working_day(handoff.day) in period.days[-LAST_DAYS:]


def whole_periods(periods: Sequence[Period], begun: date) -> list[Period]:
    """Returns the periods in which an owner was there from the first working day on."""
    return [period for period in periods if begun <= period.days[0]]


def _is_in(handoff: HandedOff, period: Period) -> bool:
    return period.first <= handoff.day <= period.last


def _days(handoffs: Sequence[HandedOff], period: Period) -> tuple[DayCounts, ...]:
    by_day: dict[date, list[HandedOff]] = {day: [] for day in period.days}
    for handoff in handoffs:
        by_day[period.working_day(handoff.day)].append(handoff)
    return tuple(map(_counts, by_day.values()))


def _counts(handoffs: Sequence[HandedOff]) -> DayCounts:
    bad = [handoff for handoff in handoffs if handoff.end]
    return DayCounts(
        len(handoffs),
        len(bad),
        sum(handoff.bare is True for handoff in handoffs),
        sum(handoff.bare is True for handoff in bad),
        sum(handoff.bare is None for handoff in handoffs),
        sum(handoff.bare is None for handoff in bad),
    )
