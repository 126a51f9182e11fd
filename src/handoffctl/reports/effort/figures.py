"""The seconds that answering took, in real runs and in drills, and what that makes a week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import TypeVar

from handoffctl.stats.percentiles import percentile_of

Key = TypeVar("Key")


@dataclass(frozen=True)
class Timings:
    """The seconds that each of several runs took, in ascending order."""

    seconds: Sequence[float] = ()

    @property
    def count(self) -> int:
        """The number of runs."""
        return len(self.seconds)

    @property
    def total(self) -> float:
        """The seconds in all, rounded to milliseconds because the parts are tenths of a second."""
        return round(fsum(self.seconds), 3)

    def percentile(self, share: float) -> float | None:
        """Returns the seconds that `share` (0 to 1) of the runs took at most; None if there were no runs."""
        return percentile_of(self.seconds, share)


@dataclass(frozen=True)
class Effort:
    """The timings of real runs and of drills, which are never added up: in a drill nobody waits for an answer."""

    real: Timings = Timings()
    drills: Timings = Timings()


def efforts(timed: Iterable[tuple[Key, float, bool]]) -> dict[Key, Effort]:
    """Groups (key, seconds, is drill) by key, in the order in which the keys first appear."""
    seconds: dict[Key, tuple[list[float], list[float]]] = {}
    for key, took, is_drill in timed:
        seconds.setdefault(key, ([], []))[is_drill].append(took)
    return {key: Effort(Timings(sorted(real)), Timings(sorted(drills))) for key, (real, drills) in seconds.items()}


def weeks(days: float) -> float:
    """Returns a span of days in weeks, at least one: the first run of a day must not be scaled up to a whole week."""
    return max(days / 7, 1.0)


def minutes_a_week(seconds: float, weeks: float) -> float:
    """Returns seconds spent within so many weeks as minutes a week."""
    return seconds / 60 / weeks
