"""The verdicts on surges at the ends of periods."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.stats.day_sets import last_days_p
from handoffctl.stats.surge_verdict import BadAmong, OwnerCounts, judge_signs, surge_p

NOTHING = BadAmong(0, 0, 0, 0)
QUIET = (1, 0) * 10
SURGE = (*(0, 1) * 10, 4, 5, 4)
TWO_MEETING_DAYS = (*(0,) * 5, 6, *(0,) * 15, 6, 0)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 4), min_size=4, max_size=11), st.integers(1, 3))
def test_it_is_the_share_of_all_sets_of_days(counts, last):
    sets = [sum(days) for days in combinations(counts, last)]
    assert last_days_p(counts, last) == pytest.approx(sum(total >= sum(counts[-last:]) for total in sets) / len(sets))


def test_one_of_1771_sets_of_three_of_23_days():
    assert last_days_p(SURGE) == pytest.approx(1 / 1771)


def test_a_period_of_three_days_shows_nothing():
    assert last_days_p([0, 5, 5]) == 1


def test_two_periods_of_three_must_show_it():
    assert surge_p([SURGE, QUIET, SURGE]) == pytest.approx(1 / 1771)
    assert surge_p([SURGE, QUIET, QUIET]) > 0.1
    assert surge_p([SURGE] * 5 + [QUIET] * 3) > 0.1
    assert surge_p([SURGE, QUIET]) > 0.1
    assert surge_p([SURGE]) is None


def test_a_surge_in_every_period_stands_out():
    owner = judge_signs([OwnerCounts([SURGE] * 3, NOTHING, NOTHING)])[0]
    assert owner.surge.stands_out
    assert owner.late == owner.bare == (None, None, False)


def test_two_meeting_days_are_no_surge():
    assert not judge_signs([OwnerCounts([TWO_MEETING_DAYS] * 3, NOTHING, NOTHING)])[0].surge.stands_out


def test_the_report_is_silent_about_few_handoffs():
    owner = judge_signs([OwnerCounts([(0,) * 20 + (1, 1, 1)] * 3, BadAmong(9, 9, 0, 9), NOTHING)])[0]
    assert owner.silent
    assert owner.surge == owner.late == (None, None, False)


def test_only_worse_handoffs_are_a_sign():
    worse, better = BadAmong(9, 12, 2, 30), BadAmong(2, 30, 9, 12)
    owner = judge_signs([OwnerCounts([QUIET] * 3, worse, better)])[0]
    assert owner.late.stands_out
    assert owner.bare.p == pytest.approx(owner.late.p)
    assert not owner.bare.stands_out
    assert owner.late_interval[0] > 0


def test_all_owners_share_the_chance_of_a_false_claim():
    worse, same = BadAmong(6, 12, 3, 24), BadAmong(4, 20, 4, 20)
    alone = judge_signs([OwnerCounts([QUIET] * 3, worse, NOTHING)])[0]
    among = judge_signs([OwnerCounts([QUIET] * 3, worse, NOTHING), *[OwnerCounts([QUIET] * 3, same, same)] * 9])[0]
    assert alone.late.p == among.late.p
    assert alone.late.q < among.late.q
