"""Effort: what answering took, in seconds, of real runs and of drills; and what that is a week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import TypeVar

from handoffctl.stats.percentiles import percentile

Of = TypeVar("Of")


@dataclass(frozen=True)
class Taken:
    """How long something took, each time that it was timed: seconds, shortest first."""

    seconds: Sequence[float] = ()

    @property
    def count(self) -> int:
        return len(self.seconds)

    @property
    def total(self) -> float:
        """Seconds in all, to the millisecond: what was added up from tenths is not to look like more."""
        return round(fsum(self.seconds), 3)

    def at(self, share: float) -> float | None:
        """The seconds that `share` of the times took at the most, interpolated; 0.5 is the median."""
        return percentile(share, self.count, self.seconds.__getitem__)


@dataclass(frozen=True)
class Effort:
    """Real runs and drills, which are never added up: nobody waits for an answer in a drill."""

    real: Taken = Taken()
    drills: Taken = Taken()


def efforts(timed: Iterable[tuple[Of, float, bool]]) -> dict[Of, Effort]:
    """What each thing took, from (thing, seconds, drill) of each time; things in the order in which they first came."""
    taken: dict[Of, tuple[list[float], list[float]]] = {}
    for thing, seconds, drill in timed:
        taken.setdefault(thing, ([], []))[drill].append(seconds)
    return {thing: Effort(Taken(sorted(real)), Taken(sorted(drills))) for thing, (real, drills) in taken.items()}


def weeks(days: float) -> float:
    """A span of days in weeks; one at the least, for the first run of a day is no week's work seven times over."""
    return max(days / 7, 1.0)


def minutes_a_week(seconds: float, weeks: float) -> float:
    """Seconds that were spent within so many weeks, as minutes in each."""
    return seconds / 60 / weeks
