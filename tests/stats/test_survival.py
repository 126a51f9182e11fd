"""Survival: a table of the literature, cases worked by hand, any data held against the definition taken literally."""

import math
import os
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.stats.constants import Z95
from handoffctl.stats.survival import Survival

EXAMPLES = int(os.environ.get("HANDOFFCTL_FUZZ", "200"))

# Weeks of remission under 6-mercaptopurine: Freireich and others 1963. The second list: still in remission.
ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
GOING_ON = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
TABLE = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def test_the_best_known_table_of_all():
    survival = Survival(ENDED, GOING_ON)
    assert {week: round(survival.survival_at(week), 3) for week in TABLE} == TABLE
    assert (survival.quantile(0.75), survival.median, survival.quantile(0.25)) == (13, 23, None)
    assert survival.interval() == (13, None)


@pytest.mark.parametrize(
    ("lengths", "ages", "median"),
    [
        ([], [], None),
        ([], [5, 9], None),
        ([4], [], 4),
        ([0, 0, 0], [], 0),
        ([1, 2, 3, 4], [], 2),  # one half exactly is enough, which a plain product of shares misses
        ([1, 2, 3, 4, 5, 6], [], 3),
        ([3], [1, 2], 3),  # the only one left when it happened
        ([3], [3], 3),  # who was last seen then still counted
        ([3], [4], 3),
        ([3], [4, 4], None),
        ([7, 9], [1, 1, 1], 7),
    ],
)
def test_cases_worked_by_hand(lengths, ages, median):
    assert Survival(lengths, ages).median == median


def literally(lengths, ages):
    """Each time with S as a fraction and Greenwood's sum."""
    share, spread, told = Fraction(1), 0.0, []
    for days in sorted(set(lengths)):
        waiting = sum(one >= days for one in [*lengths, *ages])
        happened = lengths.count(days)
        share *= Fraction(waiting - happened, waiting)
        spread += happened / (waiting * (waiting - happened)) if waiting > happened else math.inf
        told.append((days, share, spread))
    return told


def bounds(told, z):
    """The first times at which the lower and the upper bound of S are no more than one half."""
    found = {}
    for days, share, spread in told:
        if 0 < share < 1:
            hazard = -math.log(share)
            for end, sign in (("low", 1), ("high", -1)):
                bound = math.exp(-hazard * math.exp(sign * z * math.sqrt(spread) / hazard))
                if bound <= 0.5 + 1e-9:
                    found.setdefault(end, days)
    return found.get("low"), found.get("high")


few = st.lists(st.integers(0, 12), max_size=25)
many = st.lists(st.integers(0, 100), max_size=60)


@settings(max_examples=EXAMPLES)
@given(st.one_of(few, many), st.one_of(few, many), st.sampled_from([0.75, 0.5, 0.25, 0.15]))
def test_any_data_give_what_the_definition_gives(lengths, ages, share):
    survival, told = Survival(sorted(lengths), sorted(ages)), literally(lengths, ages)
    exact = Fraction(share).limit_denominator(100)
    assert survival.quantile(share) == next((days for days, left, _ in told if left <= exact), None)
    assert survival.interval() == bounds(told, Z95)
    for days, left, _ in told:
        assert survival.survival_at(days) == pytest.approx(float(left))


@settings(max_examples=EXAMPLES)
@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["won", "lost", "back"]))), few, st.integers(0, 35))
def test_the_shares_gone_each_way_and_the_share_still_there_are_one(ended, ages, days):
    ways = {way: sorted(length for length, other in ended if other == way) for way in ("won", "lost", "back")}
    survival = Survival(sorted(length for length, _ in ended), sorted(ages))
    gone = survival.incidence(ways, days)
    assert sum(gone.values()) + survival.survival_at(days) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in gone.values())
    later = survival.incidence(ways, days + 5)
    assert all(later[way] >= gone[way] for way in ways)


def test_who_waits_makes_the_median_longer_never_shorter():
    plain = Survival([1, 2, 3, 4]).median
    assert plain <= Survival([1, 2, 3, 4], [5]).median
    assert Survival([1, 2, 3, 4], [5] * 10).median is None


def test_the_curve_begins_at_one_and_only_falls():
    points = Survival(list(range(1000)), [5.5] * 100).curve(50)
    assert points[0] == (0.0, 1.0)
    assert len(points) < 60
    assert all(a[0] <= b[0] and a[1] >= b[1] for a, b in pairwise(points))
    assert Survival([], []).curve() == [(0.0, 1.0)]
    assert Survival([], [9]).curve() == [(0.0, 1.0), (9, 1.0)]


def test_a_small_curve_has_every_time_at_which_it_falls():
    assert Survival([1, 2, 2, 3, 5], [4]).curve() == [
        (0.0, 1.0), (1, pytest.approx(5 / 6)), (2, 0.5), (3, pytest.approx(1 / 3)), (5, 0.0), (5, 0.0)
    ]  # fmt: skip
