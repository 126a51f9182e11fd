"""Exact binomial probabilities, the limits of a promise and the upper limit of a share."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.stats.binomial import (
    binomial_at_most,
    binomial_probabilities,
    most_successes_within,
    share_at_most,
)

SHARES = st.floats(0.01, 0.99)


@pytest.mark.parametrize(("promised", "most"), [(0.9, [2, 6, 15, 23]), (0.95, [3, 7, 16, 25]), (0.5, [0, 1, 5, 10])])
def test_so_many_kept_at_most_break_a_promise(promised, most):
    assert [most_successes_within(0.05, due, promised) for due in (5, 10, 20, 30)] == most


def test_a_promise_of_two_handoffs_cannot_be_broken():
    assert most_successes_within(0.05, 2, 0.5) == -1


def test_so_few_kept_by_chance():
    assert binomial_at_most(17, 20, 0.9) == pytest.approx(0.323, abs=5e-4)
    assert binomial_at_most(14, 20, 0.9) == pytest.approx(0.011, abs=5e-4)
    assert binomial_at_most(20, 20, 0.9) == 1
    assert binomial_at_most(-1, 20, 0.9) == 0


@pytest.mark.parametrize(("count", "limit"), [(0, 0.139), (1, 0.216), (2, 0.283)])
def test_the_upper_limit_of_few_among_twenty(count, limit):
    assert share_at_most(count, 20) == pytest.approx(limit, abs=5e-4)


def test_the_upper_limit_where_all_or_none_of_none_are_successes():
    assert share_at_most(5, 5) == 1
    assert share_at_most(0, 0) == 1


def test_a_certain_share():
    assert binomial_probabilities(3, 0) == [1, 0, 0, 0]
    assert binomial_probabilities(3, 1) == [0, 0, 0, 1]
    assert binomial_probabilities(0, 0.5) == [1]


@given(st.integers(0, 40), SHARES)
def test_the_probabilities_are_those_of_the_formula(total, share):
    wanted = [comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)]
    assert binomial_probabilities(total, share) == pytest.approx(wanted, rel=1e-9)


@given(st.data(), st.integers(1, 200))
def test_at_its_upper_limit_a_share_gives_so_few_in_one_of_twenty_cases(data, total):
    count = data.draw(st.integers(0, total - 1))
    assert binomial_at_most(count, total, share_at_most(count, total)) == pytest.approx(0.05, rel=1e-6)
