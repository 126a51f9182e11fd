"""The constants are the exact quantiles they are said to be."""

from statistics import NormalDist

import pytest

from handoffctl.stats import constants


@pytest.mark.parametrize(
    ("value", "probability"), [(constants.Z95, 0.975), (constants.Z90, 0.95), (constants.Z_POWER, constants.POWER)]
)
def test_the_quantiles_of_the_normal_distribution(value, probability):
    assert value == pytest.approx(NormalDist().inv_cdf(probability), abs=1e-12)


def test_the_prior_of_log_odds_has_a_standard_deviation_of_three_quarters():
    assert constants.LOG_ODDS_VARIANCE == 0.75**2
