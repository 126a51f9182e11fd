"""Intervals, tests and incidences held against scipy, statsmodels and lifelines: 1,000 random tables each."""

import gc
import random
import warnings

import pytest

from handoffctl.stats.beta import beta_cdf, beta_quantile
from handoffctl.stats.beta_binomial import ShrunkShare, probability_better
from handoffctl.stats.binomial import binomial_at_most, share_at_most
from handoffctl.stats.constants import Z90
from handoffctl.stats.day_sets import last_days_p
from handoffctl.stats.fisher import fisher_exact
from handoffctl.stats.incidence import EndsAt, incidence_curve
from handoffctl.stats.intervals import newcombe_interval, wilson_interval
from handoffctl.stats.multiple_tests import benjamini_hochberg, holm

WHY = "it comes with the extra: bench"
np = pytest.importorskip("numpy", reason=WHY)
stats = pytest.importorskip("scipy.stats", reason=WHY)
proportion = pytest.importorskip("statsmodels.stats.proportion", reason=WHY)
multitest = pytest.importorskip("statsmodels.stats.multitest", reason=WHY)
survfunc = pytest.importorskip("statsmodels.duration.survfunc", reason=WHY)
lifelines = pytest.importorskip("lifelines", reason=WHY)

TABLES = 1000


def tables(seed, least=1):
    """Random two-by-two tables of small and large sides, with shares over the whole range."""
    chance = random.Random(seed)
    for _ in range(TABLES):
        total, other_total = (chance.choice([chance.randint(least, 12), chance.randint(least, 200)]) for _ in range(2))
        yield chance.randint(0, total), total, chance.randint(0, other_total), other_total


def test_fisher_against_scipy():
    for count, total, other_count, other_total in tables(1):
        theirs = stats.fisher_exact([[count, total - count], [other_count, other_total - other_count]]).pvalue
        assert fisher_exact(count, total, other_count, other_total) == pytest.approx(theirs, rel=1e-8, abs=1e-300)


def test_wilson_against_statsmodels():
    for count, total, _, _ in tables(2):
        theirs = proportion.proportion_confint(count, total, method="wilson")
        assert wilson_interval(count, total) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("alpha", "z"), [(0.05, None), (0.1, Z90)])
def test_newcombe_against_statsmodels(alpha, z):
    for table in tables(3):
        theirs = proportion.confint_proportions_2indep(*table, method="newcomb", compare="diff", alpha=alpha)
        ours = newcombe_interval(*table) if z is None else newcombe_interval(*table, z)
        assert ours == pytest.approx(theirs, abs=1e-12)


def test_the_binomial_tail_against_scipy():
    chance = random.Random(4)
    for count, total, _, _ in tables(4):
        share = chance.uniform(0.01, 0.99)
        assert binomial_at_most(count, total, share) == pytest.approx(stats.binom.cdf(count, total, share), rel=1e-9)


def test_the_upper_limit_of_a_share_against_scipy():
    for count, total, _, _ in tables(5):
        theirs = stats.binomtest(count, total, alternative="less").proportion_ci(0.95, "exact").high
        assert share_at_most(count, total) == pytest.approx(theirs, abs=1e-10)


def test_the_beta_distribution_against_scipy():
    chance = random.Random(6)
    for _ in range(TABLES):
        alpha, beta, share = chance.uniform(0.2, 80), chance.uniform(0.2, 80), chance.random()
        assert beta_cdf(share, alpha, beta) == pytest.approx(stats.beta.cdf(share, alpha, beta), abs=1e-12)
        assert beta_quantile(share, alpha, beta) == pytest.approx(stats.beta.ppf(share, alpha, beta), abs=1e-9)


def test_who_is_better_against_a_sum_over_scipys_quantiles():
    chance = random.Random(7)
    middles = (np.arange(4_000) + 0.5) / 4_000
    for _ in range(TABLES):
        a, b, c, d = (chance.uniform(1, 40) for _ in range(4))
        theirs = stats.beta.cdf(stats.beta.ppf(middles, a, b), c, d).mean()
        assert probability_better(ShrunkShare(a, b), ShrunkShare(c, d)) == pytest.approx(theirs, abs=3e-5)


@pytest.fixture
def _few_objects_to_collect():
    """Hides all objects so far from the collector, which statsmodels runs for each of Holm's procedures."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_few_objects_to_collect")
def test_adjusted_p_values_against_statsmodels():
    chance = random.Random(8)
    for _ in range(TABLES):
        p_values = [chance.random() ** chance.choice([1, 4]) for _ in range(chance.randint(1, 20))]
        for ours, method in ((holm, "holm"), (benjamini_hochberg, "fdr_bh")):
            assert ours(p_values) == pytest.approx(multitest.multipletests(p_values, method=method)[1], rel=1e-12)


def test_days_against_scipys_permutations():
    chance = random.Random(9)
    for _ in range(40):
        counts = [chance.choice([0, 0, 1, 2, 3]) for _ in range(chance.randint(5, 9))]
        theirs = stats.permutation_test(
            (np.array(counts[-3:]), np.array(counts[:-3])),
            lambda last, others: np.sum(last),
            alternative="greater",
            n_resamples=np.inf,
        )
        assert last_days_p(counts) == pytest.approx(theirs.pvalue)


def observed(chance):
    """The days and the causes (1 won, 2 lost, 0 open) of a few or many deals, with ties."""
    size = chance.choice([chance.randint(2, 12), chance.randint(12, 120)])
    days = [chance.randint(1, 40) / 2 for _ in range(size)]
    return days, [1, 2, *(chance.choice([0, 1, 2, 2]) for _ in range(size - 2))]


def test_the_incidence_and_its_variance_against_statsmodels():
    chance = random.Random(10)
    for _ in range(TABLES):
        days, causes = observed(chance)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it divides by zero once nobody is left
            theirs = survfunc.CumIncidenceRight(np.array(days), np.array(causes))
        curve = curve_of(days, causes)
        for day, incidence, error in zip(theirs.times, theirs.cinc[0], theirs.cinc_se[0], strict=True):
            assert curve.at(day).incidence == pytest.approx(incidence, abs=1e-12)
            if not np.isnan(error):
                assert curve.at(day).variance == pytest.approx(error**2, abs=1e-12)


def test_the_incidence_and_its_interval_against_lifelines():
    chance = random.Random(11)
    for _ in range(TABLES):
        # lifelines moves tied times apart at random, so here no two are the same.
        causes = [1, 2, *(chance.choice([0, 1, 2]) for _ in range(chance.randint(3, 30)))]
        days = [float(day) for day in chance.sample(range(1, 400), len(causes))]
        theirs = lifelines.AalenJohansenFitter(calculate_variance=True).fit(days, causes, event_of_interest=1)
        curve = curve_of(days, causes)
        incidences, ends = theirs.cumulative_density_["CIF_1"], theirs.confidence_interval_
        for day in days:
            assert curve.at(day).incidence == pytest.approx(incidences[day], abs=1e-9)
            interval = sorted(ends.loc[day])
            if 1e-9 < curve.at(day).incidence < 1 - 1e-9 and not np.isnan(interval).any():
                assert curve.interval(day) == pytest.approx(interval, abs=1e-6)


def curve_of(days, causes):
    counts = {1: (1, 0, 0), 2: (0, 1, 0), 0: (0, 0, 1)}
    rows = (EndsAt(day, *counts[cause]) for day, cause in zip(days, causes, strict=True))
    return incidence_curve(rows, fewest_at_risk=1)
