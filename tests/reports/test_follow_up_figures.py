"""How guidelines for following up are judged: first responses, spacing, given up too early or too late."""

from datetime import UTC
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.march import day

from handoffctl.core.business_time import parse_work_calendar
from handoffctl.core.json_record import json_object
from handoffctl.core.moments import Clock, sort_key
from handoffctl.follow_up.query import FollowUpTouch
from handoffctl.follow_up.rules import count_attempts, follow_up_status
from handoffctl.playbook.sections import FollowUp
from handoffctl.reports.follow_up.assessment import FollowedStay, assess
from handoffctl.reports.follow_up.figures import summarize

WEEK = parse_work_calendar(("mon", "tue", "wed", "thu", "fri"), ())
RULE = FollowUp(first_within=1, attempts=2, most=3, within=10, every=2)
CALL, ANSWER, WROTE = ("call", "out", ""), ("call", "out", "answered"), ("email", "in", "")


BEGUN, LATE = day(2), day(31)


def stay(*touches, begun=BEGUN, left=None, **more):
    return FollowedStay(begun, left, tuple(FollowUpTouch(*kind, at) for kind, at in touches), **more)


def judge(one, now=LATE, rule=RULE):
    return assess(rule, one, Clock(now, UTC), WEEK)


def test_a_first_response_is_in_time_late_or_still_to_come():
    assert judge(stay((CALL, day(3)))).in_time is True
    assert judge(stay((CALL, day(4)))).in_time is False
    assert judge(stay(), now=day(3)).in_time is None
    assert judge(stay(), now=day(4)).in_time is False
    assert judge(stay(left=day(2, 10))).in_time is None
    assert judge(stay(left=day(5))).in_time is False
    assert judge(stay((WROTE, day(2))), now=day(4)).in_time is False  # nobody wrote back
    assert judge(stay((("call", "in", ""), day(2))), now=day(4)).in_time is True


def test_attempts_come_in_time_until_the_answer():
    kept = judge(stay((CALL, day(2)), (CALL, day(4)), (CALL, day(6))))
    assert (kept.gaps, kept.gaps_kept) == (2, 2)
    late = judge(stay((CALL, day(2)), (CALL, day(5)), (ANSWER, day(6)), (CALL, day(20))))
    assert (late.gaps, late.gaps_kept, late.answer) == (2, 1, 3)
    waiting = judge(stay((CALL, day(2))), now=day(5))
    assert (waiting.gaps, waiting.gaps_kept) == (1, 0)
    assert judge(stay((CALL, day(2))), now=day(4)).gaps == 0
    noted = judge(stay((CALL, day(2)), (("note", "out", ""), day(5)), (CALL, day(9))), now=day(10))
    assert (noted.gaps, noted.gaps_kept) == (1, 1)


def test_given_up_too_early():
    lost = {"left": day(5), "lost": True}
    assert judge(stay((CALL, day(2)), **lost)).too_early
    assert not judge(stay((CALL, day(2)), waived=True, **lost)).too_early
    assert not judge(stay((CALL, day(2)), (CALL, day(4)), **lost)).too_early
    assert not judge(stay((WROTE, day(2)), **lost)).given_up
    assert not judge(stay((CALL, day(2)), left=day(5))).given_up


@pytest.mark.parametrize(("touches", "left", "now", "late"), [
    ((2, 4, 6), None, 10, False),  # three are the most; then there are two days to decide
    ((2, 4, 6), None, 11, True),
    ((2, 4, 6), 10, 31, False),
    ((2, 4, 6), 12, 31, True),
    ((2, 4), None, 12, None),  # there is still time to try
    ((2, 4), None, 17, False),  # the tenth day was the 13th, a Friday
    ((2, 4), None, 18, True),
    ((2,), None, 31, None),  # too few to decide; that is told by the spacing
])  # fmt: skip
def test_decided_too_late(touches, left, now, late):
    one = stay(*((CALL, day(number)) for number in touches), left=day(left) if left else None)
    assert judge(one, now=day(now)).too_late is late


def test_who_answered_needs_no_decision():
    assert judge(stay((CALL, day(2)), (CALL, day(4)), (ANSWER, day(6)))).too_late is None


def test_the_figures_add_up():
    stays = [
        stay((CALL, day(2)), (ANSWER, day(4))), stay((ANSWER, day(2))), stay((WROTE, day(2)), (CALL, day(3))),
        stay((CALL, day(2)), left=day(3), lost=True), stay(), stay((CALL, day(2)), (CALL, day(4)), (CALL, day(6))),
    ]  # fmt: skip
    found = json_object(summarize([judge(one) for one in stays]))
    assert (found["stays"], found["told"], found["kept"], found["compliance"]) == (6, 6, 3, 0.5)
    assert found["first_response"] | {"median_days": 0, "median_days_low": 0, "median_days_high": 0} == {
        "told": 6, "in_time": 5, "share": 5 / 6, "responded": 5, "waiting": 1,
        "median_days": 0, "median_days_low": 0, "median_days_high": 0,
    }  # fmt: skip
    assert found["given_up"] == {"stays": 1, "enough": 0, "waived": 0, "too_early": 1}
    assert found["decided"] == {"told": 1, "too_late": 1, "still_open": 1}
    answer = found["answer"]
    assert (answer["answered"], answer["by_themselves"], answer["unanswered"], answer["median"]) == (2, 1, 2, 2)
    assert [(one["made"], one["answered"]) for one in answer["by_attempt"]] == [(4, 1), (2, 1), (1, 0)]


def test_nothing_gives_nothing():
    found = json_object(summarize([]))
    assert (found["compliance"], found["first_response"]["median_days"], found["answer"]["median"]) == (
        None,
        None,
        None,
    )
    assert found["answer"]["by_attempt"] == []


MOMENTS = st.builds(day, st.integers(2, 25), st.integers(0, 23))
KINDS = st.sampled_from([CALL, CALL, ANSWER, WROTE, ("note", "out", "")])


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    st.lists(st.tuples(KINDS, MOMENTS), max_size=8), st.integers(2, 28), st.sampled_from([RULE, FollowUp(attempts=2)])
)
def test_it_agrees_with_what_the_seller_was_told(touches, now, rule):
    at = Clock(day(now, 23), UTC)
    happened = sorted((one for one in touches if one[1] <= at.now), key=lambda one: sort_key(one[1], UTC))
    told = follow_up_status(
        rule, count_attempts(day(2, 0), [(*kind, moment) for kind, moment in happened], at), at, WEEK
    )
    found = assess(rule, stay(*happened, begun=day(2, 0)), at, WEEK)
    assert (found.attempts, found.answer is not None) == (told.attempts, told.answered)
    assert (found.too_late is not None) == bool(told.decide)
    if told.first and told.overdue(at):
        assert found.in_time is (False if rule.first_within else None)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(st.lists(st.tuples(KINDS, MOMENTS), max_size=5), max_size=6), st.integers(0, 6))
def test_counts_of_two_halves_add_up(several, cut):
    every = [judge(stay(*sorted(one, key=lambda each: each[1]))) for one in several]
    halves, whole = [json_object(summarize(part)) for part in (every[:cut], every[cut:])], json_object(summarize(every))
    for name in ("stays", "told", "kept"):
        assert sum(half[name] for half in halves) == whole[name]
    made = [one["made"] for one in whole["answer"]["by_attempt"]]
    assert all(later <= earlier for earlier, later in pairwise(made))
