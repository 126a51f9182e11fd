"""How many have had an event of one cause by a time, where other causes compete: with its standard error.

`Survival.incidence` gives the same shares from an index of a million stays, for every cause at once and without an
error; a test holds both to one result. This one keeps a step for each time, because a forecast asks for many ages.

Sources: Aalen and Johansen 1978 (the estimate); its variance is the Greenwood type by the delta method, as in Marubini
and Valsecchi 1995, section 10.3, and in Stata's `stcompet` and lifelines; Kalbfleisch and Prentice 1980 (the interval).
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

from handoffctl.stats.constants import FEWEST_AT_RISK, ROUNDING, Z95


class EndsAt(NamedTuple):
    """How many were observed up to `days`: with the event of the cause, of another cause, or with none (censored)."""

    days: float
    cause: int
    other: int
    censored: int


class IncidenceStep(NamedTuple):
    """The estimates from `days` to the next step: the incidence F, the share S without any event, the variance of F."""

    days: float
    incidence: float
    survival: float
    variance: float


@dataclass(frozen=True, slots=True)
class IncidenceCurve:
    """The Aalen-Johansen incidence of one cause. Times are in days.

    `steps` has one entry for each time with an event, in order. `ended` counts the events of any cause. `tau` is the
    last time with at least five at risk, or None if there were never so many; beyond it there is no history to tell
    from.
    """

    steps: tuple[IncidenceStep, ...]
    ended: int
    tau: float | None

    def at(self, days: float) -> IncidenceStep:
        """Returns the estimates after so many days."""
        number = bisect_right(self.steps, days + ROUNDING, key=lambda step: step.days)
        return self.steps[number - 1] if number else IncidenceStep(0.0, 0.0, 1.0, 0.0)

    def interval(self, days: float, z: float = Z95) -> tuple[float, float]:
        """Returns the ends of the 95 % interval of the incidence after so many days: F^exp(+-z se / (F ln F)).

        An incidence of 0 has no such interval and gives (0, 1); an incidence of 1 gives (1, 1).
        """
        step = self.at(days)
        if step.incidence <= ROUNDING:
            return 0.0, 1.0
        if step.incidence >= 1 - ROUNDING:
            return 1.0, 1.0
        logarithm = log(step.incidence)
        power = z * sqrt(step.variance) / (step.incidence * logarithm)  # below 0
        return exp(logarithm * exp(-power)), exp(logarithm * exp(power))

    def probability_from(self, age: float, until: float | None = None) -> float | None:
        """Returns the probability of the event by the time `until`, given none so far at the age of `age` days.

        `until` is `tau` if it is left out, and never beyond it. Returns None if the age is beyond `tau` (no history).
        """
        if self.tau is None or age > self.tau + ROUNDING:
            return None
        now = self.at(age)
        later = self.at(self.tau if until is None else max(min(until, self.tau), age))
        return min((later.incidence - now.incidence) / now.survival, 1.0) if now.survival > ROUNDING else 0.0


def incidence_curve(ends: Iterable[EndsAt], fewest_at_risk: int = FEWEST_AT_RISK) -> IncidenceCurve:
    """Returns the incidence curve of these observations. Entries with the same `days` may come apart, in any order.

    An observation that is censored at the time of an event counts as still at risk at that event.
    """
    rows = _by_time(ends)
    at_risk = sum(row.cause + row.other + row.censored for row in rows)
    steps: list[IncidenceStep] = []
    sums = _Sums()
    tau: float | None = None
    for row in rows:
        tau = row.days if at_risk >= fewest_at_risk else tau
        if row.cause + row.other:
            steps.append(sums.add(row, at_risk))
        at_risk -= row.cause + row.other + row.censored
    return IncidenceCurve(tuple(steps), sum(row.cause + row.other for row in rows), tau)


def _by_time(ends: Iterable[EndsAt]) -> list[EndsAt]:
    """Returns one entry for each time, in order."""
    rows: list[EndsAt] = []
    for end in sorted(ends):
        if rows and rows[-1].days == end.days:
            last = rows[-1]
            end = EndsAt(end.days, last.cause + end.cause, last.other + end.other, last.censored + end.censored)
            rows[-1] = end
        else:
            rows.append(end)
    return rows


class _Sums:
    """The running sums of the estimate and of its variance.

    With F_i and S_i the values after the i-th time, g_i = d_i / (n_i (n_i - d_i)) and h_i = S_(i-1) c_i / n_i^2 (d_i
    events, c_i of the cause, n_i at risk), the variance of F at t is the sum over all times up to t of

        (F - F_i)^2 g_i + S_(i-1)^2 c_i (n_i - c_i) / n_i^3 - 2 (F - F_i) h_i

    Multiplied out, F at t stands outside the sums, so that one pass gives the variance at every time.
    """

    def __init__(self) -> None:
        self.incidence, self.survival = 0.0, 1.0
        self.g, self.g_f, self.g_f2 = 0.0, 0.0, 0.0
        self.h, self.h_f = 0.0, 0.0
        self.own = 0.0

    def add(self, row: EndsAt, at_risk: int) -> IncidenceStep:
        """Adds the events of one time, at which so many were at risk, and returns the estimates after it."""
        events, before = row.cause + row.other, self.survival
        self.incidence += before * row.cause / at_risk
        self.survival = before * (at_risk - events) / at_risk
        # Once nobody is left F no longer changes, and the infinite g would be multiplied by 0.
        g = events / (at_risk * (at_risk - events)) if at_risk > events else 0.0
        h = before * row.cause / at_risk**2
        value = self.incidence
        self.g, self.g_f, self.g_f2 = self.g + g, self.g_f + g * value, self.g_f2 + g * value**2
        self.h, self.h_f = self.h + h, self.h_f + h * value
        self.own += before**2 * row.cause * (at_risk - row.cause) / at_risk**3
        spread = value**2 * self.g - 2 * value * self.g_f + self.g_f2
        variance = spread + self.own - 2 * (value * self.h - self.h_f)
        return IncidenceStep(row.days, value, self.survival, max(variance, 0.0))
