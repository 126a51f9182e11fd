"""The verdicts on surges at the ends of periods."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.stats.day_scores import more_than_chance_p
from handoffctl.stats.day_sets import last_days_p
from handoffctl.stats.surge_verdict import BadBeside, DayCounts, OwnerDays, judge_signs, surge_p

SURGE_COUNTS = (*(0, 1) * 10, 4, 5, 4)


def days(counts):
    return [DayCounts(count) for count in counts]


QUIET = days((1, 0) * 10)
SURGE = days(SURGE_COUNTS)
TWO_MEETING_DAYS = days((*(0,) * 5, 6, *(0,) * 15, 6, 0))


@settings(max_examples=60)
@given(st.lists(st.integers(0, 4), min_size=4, max_size=11), st.integers(1, 3))
def test_it_is_the_share_of_all_sets_of_days(counts, last):
    sets = [sum(chosen) for chosen in combinations(counts, last)]
    assert last_days_p(counts, last) == pytest.approx(sum(total >= sum(counts[-last:]) for total in sets) / len(sets))


def test_one_of_1771_sets_of_three_of_23_days():
    assert last_days_p(SURGE_COUNTS) == pytest.approx(1 / 1771)


def test_a_period_of_three_days_shows_nothing():
    assert last_days_p([0, 5, 5]) == 1


def test_two_periods_of_three_must_show_it():
    assert surge_p([SURGE, QUIET, SURGE]) == pytest.approx(1 / 1771)
    assert surge_p([SURGE, QUIET, QUIET]) > 0.1
    assert surge_p([SURGE] * 5 + [QUIET] * 3) > 0.1
    assert surge_p([SURGE, QUIET]) > 0.1
    assert surge_p([SURGE]) is None


def test_a_surge_in_every_period_stands_out():
    owner = judge_signs([OwnerDays([SURGE] * 3)])[0]
    assert owner.surge.stands_out
    assert not owner.late.sign.stands_out
    assert owner.bare == (BadBeside(0, 0, 0, 69), None, (None, None, False))


def test_two_meeting_days_are_no_surge():
    assert not judge_signs([OwnerDays([TWO_MEETING_DAYS] * 3)])[0].surge.stands_out


def test_the_report_is_silent_about_few_handoffs():
    owner = judge_signs([OwnerDays([days((0,) * 20 + (1, 1, 1))] * 3)])[0]
    assert owner.silent
    assert owner.surge == owner.late.sign == (None, None, False)


WORSE_AT_THE_END = [DayCounts(1)] * 17 + [DayCounts(2, bad=1)] + [DayCounts(2, bad=2)] * 3


def test_only_worse_handoffs_are_a_sign():
    worse = judge_signs([OwnerDays([WORSE_AT_THE_END] * 3)])[0].late
    assert worse.counts == (18, 18, 3, 57)
    assert worse.interval[0] > 0
    assert worse.sign.stands_out
    better = judge_signs([OwnerDays([WORSE_AT_THE_END[::-1]] * 3)])[0].late
    assert better.counts.bad == 0
    assert not better.sign.stands_out
    assert better.sign.p > 0.9


def test_handoffs_with_nothing_to_spare():
    period = [DayCounts(2, bad=1, bare=1, bare_bad=1), DayCounts(2)] * 10
    bare = judge_signs([OwnerDays([period] * 3)])[0].bare
    assert bare.counts == (30, 30, 0, 90)
    assert bare.sign.stands_out


def test_what_passed_a_gate_without_anything_to_spare_is_on_neither_side():
    period = [DayCounts(2, bad=1, bare=1, bare_bad=1), DayCounts(2)] * 10
    with_fixed = [day._replace(handoffs=5, bad=day.bad + 2, fixed=3, fixed_bad=2) for day in period]
    bare, other = (judge_signs([OwnerDays([days] * 3)])[0].bare for days in (period, with_fixed))
    assert (other.counts, other.sign.p) == (bare.counts, pytest.approx(bare.sign.p))


def test_one_bad_day_is_one_piece_of_evidence():
    one_day = [DayCounts(1, bad=number % 10 == 0) for number in range(20)] + [DayCounts(12, bad=12)]
    late = judge_signs([OwnerDays([one_day, QUIET, QUIET])])[0].late
    assert late.interval[0] > 0
    assert not late.sign.stands_out
    assert more_than_chance_p([5.0]) == pytest.approx(0.159, abs=5e-4)
    assert more_than_chance_p([]) == 1


def test_all_owners_share_the_chance_of_a_false_claim():
    alone = judge_signs([OwnerDays([WORSE_AT_THE_END] * 3)])[0]
    among = judge_signs([OwnerDays([WORSE_AT_THE_END] * 3), *[OwnerDays([TWO_MEETING_DAYS] * 3)] * 9])[0]
    assert alone.late.sign.p == among.late.sign.p
    assert alone.late.sign.q < among.late.sign.q
