"""Time to an event with censored observations: the Kaplan-Meier estimate, its median and the incidence by cause.

Times are in days. A plain mean or median of completed times ignores everything that is stuck and looks too good.

Sources: Kaplan and Meier 1958 (the estimate), Greenwood 1926 (its variance), Brookmeyer and Crowley 1982 (the interval
of the median) with the log(-log) bounds of Kalbfleisch and Prentice 1980, Aalen and Johansen 1978 (incidence by cause).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, log, sqrt

from handoffctl.stats.constants import Z95

# A product of floating-point shares may end slightly above one half where the exact value is one half.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class RiskInterval:
    """A span of time in which events occur and nobody is censored.

    `begin` and `end` are the numbers of events before and after it, `at_risk` is how many have not had the event when
    it begins, and `survival` and `greenwood_sum` are the values of both sums then. Within it both sums telescope, so
    only its ends need to be stored: S falls in proportion to those left, Greenwood's sum grows by 1/left - 1/at_risk.
    """

    begin: int
    end: int
    at_risk: int
    survival: float
    greenwood_sum: float

    def after(self, events: int) -> tuple[float, float]:
        """Returns S and Greenwood's sum after so many events in all."""
        left = self.at_risk - (events - self.begin)
        survival = self.survival * left / self.at_risk
        return survival, self.greenwood_sum + 1 / left - 1 / self.at_risk if left else self.greenwood_sum


class Survival:
    """The Kaplan-Meier estimate from completed times and censored times. Both are sorted, in days.

    An observation that is censored at the time of an event counts as still at risk at that event.
    """

    def __init__(self, completed: Sequence[float], censored: Sequence[float] = ()) -> None:
        self.completed = completed
        self.censored = censored
        self.risk_intervals = list(_risk_intervals(completed, censored))

    def survival_at(self, days: float) -> float:
        """Returns S(t): the share (0 to 1) that has not had the event after so many days."""
        return self._state(bisect_right(self.completed, days + TOLERANCE))[0]

    def quantile(self, share: float) -> float | None:
        """Returns the smallest time at which S is at most `share`, or None if S never falls that far."""
        for interval in self.risk_intervals:
            if interval.after(interval.end)[0] <= share + TOLERANCE:
                events = ceil(interval.at_risk * (1 - (share + TOLERANCE) / interval.survival))
                return self.completed[interval.begin + max(events, 1) - 1]
        return None

    @property
    def median(self) -> float | None:
        """The median time in days, or None if more than half have not had the event."""
        return self.quantile(0.5)

    def interval(self, z: float = Z95) -> tuple[float | None, float | None]:
        """Returns the ends of the 95 % interval of the median; an end that the data do not bound is None.

        It runs from the first time at which the lower bound of S is at most one half to the first time at which the
        upper bound is.
        """
        return self._lower_end(z), self._upper_end(z)

    def _lower_end(self, z: float) -> float | None:
        # The lower bound only falls with each further event, so bisection finds where it crosses one half.
        ranks = range(1, len(self.completed) + 1)
        first = bisect_left(ranks, True, key=lambda rank: _is_half(_bound(*self._state(self._ties(rank)), z), True))
        crosses = first < len(ranks) and _bound(*self._state(self._ties(ranks[first])), z) is not None
        return self.completed[first] if crosses else None

    def _upper_end(self, z: float) -> float | None:
        for interval in self.risk_intervals:
            if interval.after(interval.end)[0] <= 0.5 + TOLERANCE:
                events = self._upper_crossing(interval, z)
                if events is not None:
                    return self.completed[events - 1]
        return None

    def _upper_crossing(self, interval: RiskInterval, z: float) -> int | None:
        """Returns the number of events after which the upper bound is first at most one half in this interval.

        While many are at risk the bound falls steadily. With few left it may rise again, so each event is checked.
        """

        def bound(events: int) -> float | None:
            return _bound(*interval.after(self._ties(events)), -z)

        few = ceil(1 / sqrt(interval.greenwood_sum)) if interval.greenwood_sum else 2
        left = interval.at_risk - (interval.end - interval.begin)
        many = interval.end - min(max(few - left, 0), interval.end - interval.begin)
        steady = range(interval.begin + 1, many + 1)
        first = bisect_left(steady, True, key=lambda events: _is_half(bound(events), True))
        if first < len(steady) and bound(steady[first]) is not None:
            return steady[first]
        scanned = range(many + 1, interval.end + 1)
        return next((events for events in scanned if _is_half(bound(events), False)), None)

    def _ties(self, rank: int) -> int:
        """Returns the number of events up to and including the time of the event with this rank."""
        return bisect_right(self.completed, self.completed[rank - 1], rank - 1)

    def incidence(self, causes: Mapping[str, Sequence[float]], days: float) -> dict[str, float]:
        """Returns the share (0 to 1) that has had the event by each cause within so many days (Aalen-Johansen).

        `causes` splits the completed times by cause, sorted. With S(t) the shares add up to one.
        """
        last = bisect_right(self.completed, days + TOLERANCE)
        incidence = dict.fromkeys(causes, 0.0)
        counted = dict.fromkeys(causes, 0)
        for interval in self.risk_intervals:
            if interval.begin >= last:
                break
            until = self.completed[min(interval.end, last) - 1]
            weight = interval.survival / interval.at_risk
            for cause, times in causes.items():
                upto = bisect_right(times, until, counted[cause])
                incidence[cause] += weight * (upto - counted[cause])
                counted[cause] = upto
        return incidence

    def curve(self, points: int = 200) -> list[tuple[float, float]]:
        """Returns (days, S) at (0, 1) and at each fall of S, thinned out to about `points` entries."""
        step = max(len(self.completed) // points, 1)
        ranks = sorted({*range(step, len(self.completed), step), len(self.completed)} - {0})
        times = dict.fromkeys(self.completed[rank - 1] for rank in ranks)
        falls = [(days, self.survival_at(days)) for days in times]
        last_censored = self.censored[-1] if len(self.censored) else 0.0
        end = max(last_censored, self.completed[-1] if len(self.completed) else 0.0)
        return [(0.0, 1.0), *falls, *([(end, falls[-1][1] if falls else 1.0)] if end else [])]

    def _state(self, events: int) -> tuple[float, float]:
        if not events:
            return 1.0, 0.0
        number = bisect_left(self.risk_intervals, events, key=lambda interval: interval.end)
        return self.risk_intervals[number].after(events)


def _risk_intervals(completed: Sequence[float], censored: Sequence[float]) -> Iterator[RiskInterval]:
    """Yields the intervals that contain events, in order."""
    total = len(completed) + len(censored)
    begin, survival, greenwood_sum = 0, 1.0, 0.0
    lost = 0  # how many were censored before the interval
    while begin < len(completed):
        # Nobody is censored up to the first censored time that is less than the next completed one.
        lost = bisect_left(censored, completed[begin], lost)
        end = bisect_right(completed, censored[lost], begin) if lost < len(censored) else len(completed)
        interval = RiskInterval(begin, end, total - begin - lost, survival, greenwood_sum)
        yield interval
        survival, greenwood_sum = interval.after(end)
        begin = end


def _bound(survival: float, greenwood_sum: float, z: float) -> float | None:
    """Returns the log(-log) bound of S: the lower for z > 0, the upper for z < 0. None where S is 0 or 1."""
    if not TOLERANCE < survival < 1 - 1e-15:
        return None
    hazard = -log(survival)
    return exp(-hazard * exp(z * sqrt(greenwood_sum) / hazard))


def _is_half(bound: float | None, if_unknown: bool) -> bool:
    """True if the bound is at most one half."""
    return if_unknown if bound is None else bound <= 0.5 + TOLERANCE
