"""Fisher's exact test against whole numbers."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.stats.fisher import fisher_exact


@st.composite
def tables(draw):
    total, other_total = draw(st.integers(0, 30)), draw(st.integers(0, 30))
    return draw(st.integers(0, total)), total, draw(st.integers(0, other_total)), other_total


def by_whole_numbers(count, total, other_count, other_total):
    """The same p as a fraction: the number of ways of each table with these margins."""
    successes = count + other_count
    possible = range(max(0, successes - other_total), min(total, successes) + 1)
    ways = {number: comb(total, number) * comb(other_total, successes - number) for number in possible}
    return Fraction(sum(way for way in ways.values() if way <= ways[count]), sum(ways.values()))


@given(tables())
def test_it_is_the_share_of_the_ways_that_are_at_most_as_probable(table):
    assert fisher_exact(*table) == pytest.approx(float(by_whole_numbers(*table)), rel=1e-9)


@given(tables())
def test_the_order_of_the_two_sides_does_not_matter(table):
    assert fisher_exact(*table) == pytest.approx(fisher_exact(*table[2:], *table[:2]), rel=1e-9)


@pytest.mark.parametrize(("each", "p"), [(3, 0.10), (4, 0.029), (5, 0.008)])
def test_two_sides_that_are_wholly_apart(each, p):
    assert fisher_exact(each, each, 0, each) == pytest.approx(p, abs=5e-4)


def test_an_empty_side_shows_nothing():
    assert fisher_exact(0, 0, 3, 5) == 1


def test_a_large_table():
    assert 0 < fisher_exact(3000, 6000, 2600, 6000) < 1e-10
