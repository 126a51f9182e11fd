"""Times until an event, and their median: those without the event count with the time observed so far."""

from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.stats.survival import Survival


class TimeToEvent(NamedTuple):
    """The days until an event if it `occurred`, otherwise the days observed without it (right-censored)."""

    days: float
    occurred: bool


class MedianEstimate(NamedTuple):
    """A Kaplan-Meier median in days and the ends of its 95 % interval; None where the data do not bound it."""

    median: float | None
    low: float | None
    high: float | None


def survival_of(times: Iterable[TimeToEvent]) -> Survival:
    """Returns the Kaplan-Meier estimate of these times."""
    completed: list[float] = []
    censored: list[float] = []
    for time in times:
        (completed if time.occurred else censored).append(time.days)
    return Survival(sorted(completed), sorted(censored))


def median_estimate(survival: Survival) -> MedianEstimate:
    """Returns the median of an estimate with its 95 % interval."""
    return MedianEstimate(survival.median, *survival.interval())
