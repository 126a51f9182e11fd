"""Adjusted p values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.stats.multiple_tests import benjamini_hochberg, holm

P_VALUES = st.lists(st.floats(0, 1), max_size=12)


def test_holm_multiplies_by_the_tests_that_are_left():
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])


def test_benjamini_and_hochberg_multiply_by_the_tests_over_the_rank():
    assert benjamini_hochberg([0.008, 0.024, 0.045, 0.9]) == pytest.approx([0.032, 0.048, 0.06, 0.9])


@given(P_VALUES)
def test_each_is_between_its_p_and_all_tests_times_its_p(p_values):
    for p, holms, q in zip(p_values, holm(p_values), benjamini_hochberg(p_values), strict=True):
        assert p <= q * (1 + 1e-12)
        assert q <= holms * (1 + 1e-12)
        assert holms <= min(p * len(p_values), 1) * (1 + 1e-12)


@given(P_VALUES, st.randoms())
def test_the_order_of_the_tests_does_not_matter(p_values, chance):
    shuffled = chance.sample(p_values, len(p_values))
    for adjust in (holm, benjamini_hochberg):
        assert sorted(adjust(shuffled)) == pytest.approx(sorted(adjust(p_values)))


def test_without_tests_there_is_nothing_to_adjust():
    assert holm([]) == benjamini_hochberg([]) == []
