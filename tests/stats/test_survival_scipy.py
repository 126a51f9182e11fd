"""Survival held against scipy's, on random stays: with ties, of no length, none finished, all finished."""

import random
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.stats.survival import Survival

WHY = "scipy is not installed; it comes with the extra: bench"
stats = pytest.importorskip("scipy.stats", reason=WHY)

CLOSE = 1e-9
# Few different lengths make many ties, nought among them; quarters of a day are exact in a float.
DAYS = st.integers(0, 12).map(lambda quarters: quarters / 4)
STAYS = st.tuples(st.lists(DAYS, min_size=1, max_size=60), st.lists(DAYS, max_size=60))


def theirs(lengths, ages):
    """scipy's estimate of the share that stays longer."""
    return stats.ecdf(stats.CensoredData(uncensored=list(lengths), right=list(ages))).sf


def crossing(days, shares, share):
    """The first time at which a curve is at or below a share. Where it is not known (nan) it is not."""
    return next((float(day) for day, at in zip(days, shares, strict=True) if at <= share + CLOSE), None)


def bounds(lengths, ages):
    """Where scipy's log(-log) band of 95 % crosses one half: the interval of the median."""
    curve = theirs(lengths, ages)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the band is not known where all or nobody is there
        band = curve.confidence_interval(confidence_level=0.95, method="log-log")
    return tuple(crossing(side.quantiles, side.probabilities, 0.5) for side in (band.low, band.high))


def many(seed):
    """Thousands of stays: some seeds of whole days, with ties throughout, some of instants, with none."""
    chance = random.Random(seed)
    whole = seed % 2 == 0
    stays = [chance.lognormvariate(2, 1.2) for _ in range(chance.randrange(500, 3000))]
    stays = [float(int(days)) if whole else days for days in stays]
    share = chance.uniform(0.1, 0.95)
    finished = [chance.random() < share for _ in stays]
    lengths = sorted(days for days, ended in zip(stays, finished, strict=True) if ended)
    return lengths, sorted(days for days, ended in zip(stays, finished, strict=True) if not ended)


def agrees(lengths, ages):
    ours, curve = Survival(sorted(lengths), sorted(ages)), theirs(lengths, ages)
    for share in (0.75, 0.5, 0.25, 0.15):
        assert ours.quantile(share) == crossing(curve.quantiles, curve.probabilities, share), share
    wanted = bounds(lengths, ages)
    assert ours.interval() == wanted, wanted


@settings(max_examples=500, deadline=None)
@given(STAYS)
def test_median_quartiles_and_interval_with_ties_and_stays_of_no_length(stays):
    agrees(*stays)


@settings(max_examples=100, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=80))
def test_with_nobody_there_any_more(lengths):
    agrees(lengths, [])


@settings(max_examples=50, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=80))
def test_with_everybody_still_there_nothing_is_reached(ages):
    curve = theirs([], ages)
    assert crossing(curve.quantiles, curve.probabilities, 0.75) is None
    ours = Survival([], sorted(ages))
    assert [ours.quantile(share) for share in (0.75, 0.5, 0.25)] == [None, None, None]
    assert ours.interval() == (None, None)


@pytest.mark.parametrize("seed", range(60))
def test_thousands_of_stays(seed):
    agrees(*many(seed))


@pytest.mark.parametrize("seed", range(10))
def test_the_share_still_there_at_any_time(seed):
    lengths, ages = many(seed)
    ours, curve = Survival(lengths, ages), theirs(lengths, ages)
    days = sorted(random.Random(seed).choices([*lengths, *ages], k=50))
    assert [ours.survival_at(one) for one in days] == pytest.approx(list(curve.evaluate(days)), abs=CLOSE)
