"""The range of a forecast's total: accounts are resampled, the incidence is fitted anew, each open deal is won or not.

2,000 draws with a fixed seed. The number of fits is bounded by the observations, so that 10,000 deals take well under
a second: up to about 150 observations every draw has a fit of its own, beyond that several draws share one, 20 fits at
the least. Above 60 open deals a draw takes the normal distribution with the mean and variance of their sum.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import sqrt
from random import Random
from typing import NamedTuple

from handoffctl.stats.constants import ROUNDING

DRAWS = 2000
SEED = 20260101
FEWEST_FITS = 20
MOST_WORK = 300_000  # observations and open deals of all fits together
MOST_DRAWN_SINGLY = 60


class Observation(NamedTuple):
    """One entry into a stage: the account, by its number from 0, the days observed, and `won`, `other` or `open`."""

    account: int
    days: float
    end: str


class StageToDraw(NamedTuple):
    """A stage's observations, its `tau` in days, and the age in days and the amount of each open deal in it."""

    observations: Sequence[Observation]
    tau: float
    open_deals: Sequence[tuple[float, float]]


class TotalRange(NamedTuple):
    """Between `low` and `high` lie 8 of 10 draws of the total."""

    low: float
    high: float


class _StageFit:
    """The observations of one stage by time, prepared once, so that a fit is one pass over them."""

    def __init__(self, stage: StageToDraw) -> None:
        self._times = sorted({one.days for one in stage.observations})
        place = {days: number for number, days in enumerate(self._times)}
        self._observed = [(place[one.days], one.account, one.end) for one in stage.observations]
        self._tau = self._index(stage.tau)
        self._deals = [(self._index(age), amount) for age, amount in stage.open_deals]

    def _index(self, days: float) -> int:
        return bisect_right(self._times, days + ROUNDING)

    def probabilities(self, weights: Sequence[int]) -> list[tuple[float, float]]:
        """Returns the probability and the amount of each open deal, with each account counted so many times."""
        incidence, survival = self._curves(weights)
        last = incidence[self._tau]
        return [
            (min((last - incidence[at]) / survival[at], 1.0) if survival[at] > ROUNDING else 0.0, amount)
            for at, amount in self._deals
        ]

    def _curves(self, weights: Sequence[int]) -> tuple[list[float], list[float]]:
        """Returns the incidence and the share without any end before the first time and after each time."""
        size = len(self._times)
        won, other, every = [0] * size, [0] * size, [0] * size
        for at, account, end in self._observed:
            weight = weights[account]
            every[at] += weight
            if end == "won":
                won[at] += weight
            elif end == "other":
                other[at] += weight
        incidence, survival, at_risk = [0.0], [1.0], sum(every)
        for number in range(size):
            f, s = incidence[-1], survival[-1]
            if at_risk:
                f, s = f + s * won[number] / at_risk, s * (1 - (won[number] + other[number]) / at_risk)
            incidence.append(f)
            survival.append(s)
            at_risk -= every[number]
        return incidence, survival


def draw_total(stages: Sequence[StageToDraw], draws: int = DRAWS, seed: int = SEED) -> TotalRange | None:
    """Returns the range of the total of all open deals, in the unit of their amounts, or None if there are none.

    The same stages give the same range. The order of the observations does not matter, only the numbers of accounts.
    """
    deals = sum(len(stage.open_deals) for stage in stages)
    if not deals:
        return None
    random = Random(seed)
    fits = [_StageFit(stage) for stage in stages]
    accounts = 1 + max(one.account for stage in stages for one in stage.observations)
    work = deals + sum(len(stage.observations) for stage in stages)
    number_of_fits = max(min(draws, MOST_WORK // work), FEWEST_FITS)
    totals: list[float] = []
    for number in range(number_of_fits):
        weights = [0] * accounts
        for account in random.choices(range(accounts), k=accounts):
            weights[account] += 1
        odds = [pair for fit in fits for pair in fit.probabilities(weights)]
        times = draws // number_of_fits + (number < draws % number_of_fits)
        totals += _totals(odds, times, random)
    totals.sort()
    return TotalRange(totals[len(totals) // 10], totals[-1 - len(totals) // 10])


def _totals(odds: Sequence[tuple[float, float]], times: int, random: Random) -> list[float]:
    if len(odds) <= MOST_DRAWN_SINGLY:
        return [sum(amount for share, amount in odds if random.random() < share) for _ in range(times)]
    mean = sum(share * amount for share, amount in odds)
    spread = sqrt(sum(share * (1 - share) * amount * amount for share, amount in odds))
    return [max(random.gauss(mean, spread), 0.0) for _ in range(times)]
