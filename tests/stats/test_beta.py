"""The beta distribution and its inverse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.stats.beta import beta_cdf, beta_quantile

PARAMETERS = st.floats(0.5, 300)


def test_the_ends():
    assert beta_cdf(0, 2, 3) == 0
    assert beta_cdf(1, 2, 3) == 1
    assert beta_quantile(0, 2, 3) == 0
    assert beta_quantile(1, 2, 3) == 1


def test_polynomials():
    assert beta_cdf(0.3, 1, 1) == pytest.approx(0.3)
    assert beta_cdf(0.3, 2, 1) == pytest.approx(0.09)
    assert beta_cdf(0.3, 1, 2) == pytest.approx(1 - 0.49)


@given(st.floats(0.001, 0.999), PARAMETERS, PARAMETERS)
def test_a_quantile_leads_back(probability, alpha, beta):
    assert beta_cdf(beta_quantile(probability, alpha, beta), alpha, beta) == pytest.approx(probability, abs=1e-9)


@given(st.floats(0, 1), PARAMETERS, PARAMETERS)
def test_the_mirror_image(share, alpha, beta):
    assert beta_cdf(share, alpha, beta) + beta_cdf(1 - share, beta, alpha) == pytest.approx(1, abs=1e-9)
