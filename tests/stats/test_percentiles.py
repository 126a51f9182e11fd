"""Percentiles, against tables worked by hand."""

from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.stats.percentiles import percentile, percentile_of


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([7.0], 0.5, 7.0),
        ([7.0], 0.85, 7.0),
        ([1.0, 2.0], 0.5, 1.5),
        ([1.0, 2.0, 10.0], 0.5, 2.0),
        ([1.0, 2.0, 4.0, 10.0], 0.5, 3.0),
        # place = 0.85 * (n - 1): 0.85 * 3 = 2.55, so 4 + 0.55 * 6
        ([1.0, 2.0, 4.0, 10.0], 0.85, 7.3),
        # 0.85 * 10 = 8.5, so halfway between the ninth and the tenth
        ([float(n) for n in range(11)], 0.85, 8.5),
        # 0.85 * 20 = 17 exactly
        ([float(n) for n in range(0, 42, 2)], 0.85, 34.0),
        ([0.0, 0.0, 0.0, 5.0], 0.85, 2.75),
        ([3.0, 3.0, 3.0], 0.85, 3.0),
        ([1.0, 2.0, 3.0], 0.0, 1.0),
        ([1.0, 2.0, 3.0], 1.0, 3.0),
    ],
)
def test_percentiles_lie_between_the_nearest_ranks(values, share, expected):
    assert percentile(share, len(values), values.__getitem__) == (None if expected is None else pytest.approx(expected))


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=60))
def test_they_agree_with_the_standard_library(values):
    values.sort()
    at = values.__getitem__
    assert percentile(0.5, len(values), at) == pytest.approx(median(values))
    twentieths = quantiles(values, n=20, method="inclusive")
    assert percentile(0.85, len(values), at) == pytest.approx(twentieths[16])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_share_never_gives_less(values, one, other):
    values.sort()
    low, high = sorted((one, other))
    at = values.__getitem__
    assert values[0] <= percentile(low, len(values), at) <= percentile(high, len(values), at) * (1 + 1e-12) + 1e-12


def test_no_more_values_are_looked_at_than_the_nearest_two():
    seen = []

    def at(number):
        seen.append(number)
        return float(number)

    assert percentile(0.85, 1_000_000, at) == pytest.approx(849_999.15)
    assert sorted(seen) == [849_999, 850_000]


def test_a_sorted_sequence_gives_the_same():
    assert percentile_of([1.0, 2.0, 10.0], 0.5) == 2.0
    assert percentile_of([], 0.5) is None
