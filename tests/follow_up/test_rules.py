"""How a stage is being followed up: attempts, when the next is due, what is owed, and when to decide."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.march import day

from handoffctl.core.business_time import parse_work_calendar
from handoffctl.core.moments import Clock
from handoffctl.follow_up.rules import (
    StayAttempts,
    count_attempts,
    follow_up_status,
    is_answer,
    is_attempt,
    waiving_word,
)
from handoffctl.playbook.sections import FollowUp

WEEK = parse_work_calendar(("mon", "tue", "wed", "thu", "fri"), ())
OFFICE = parse_work_calendar(("mon", "tue", "wed", "thu", "fri"), (), (540, 1020))
RULE = FollowUp(first_within=4 / 24, attempts=5, within=14, every=3)
MOST = FollowUp(attempts=2, most=3, within=10, every=1)
MONDAY = "2026-03-02T09:00:00Z"
CALL, MAIL, ANSWER = ("call", "out", "no-answer"), ("email", "out", "sent"), ("call", "out", "answered")
WROTE, CALLED, NOTE = ("email", "in", ""), ("call", "in", ""), ("note", "out", "")


def clock(now):
    return Clock(now, UTC)


def stands(touches, now, rule=RULE, since=MONDAY, week=WEEK):
    """Where it stands after these touches, each with its moment."""
    return follow_up_status(
        rule, count_attempts(since, [(*one, at) for one, at in touches], clock(now)), clock(now), week
    )


def test_it_is_said_as_a_seller_would_say_it():
    done = [(CALL, day(2)), (MAIL, day(2, 10))]
    assert stands(done, day(4)).describe(clock(day(4))) == ("2 of 5 attempts, day 3 of 14, next tomorrow (2026-03-05)")
    assert stands(done, day(3)).describe(clock(day(3))) == (
        "2 of 5 attempts, day 2 of 14, next on Thursday (2026-03-05)"
    )
    assert stands(done, day(5)).describe(clock(day(5))).endswith("next today")
    assert stands(done, day(6)).describe(clock(day(6))).endswith("next was due 2026-03-05")
    assert stands([], day(2, 10)).describe(clock(day(2, 10))) == "0 of 5 attempts, day 1 of 14, first today by 13:00"
    assert stands([], day(2, 14)).describe(clock(day(2, 14))).endswith("first was due 2026-03-02 13:00")
    loose = FollowUp(every=1)
    assert stands([(CALL, day(2))], day(2), loose).describe(clock(day(2))) == "1 attempt, next tomorrow (2026-03-03)"


def test_hours_at_which_nobody_works_do_not_count():
    where = stands([], "2026-03-06T18:00:00Z", since="2026-03-06T16:00:00Z", week=OFFICE)
    assert where.next_due == "2026-03-09T12:00:00Z"
    assert not where.overdue(clock("2026-03-09T11:59:00Z"))
    assert where.overdue(clock("2026-03-09T12:01:00Z"))
    assert where.hot


def test_the_interval_runs_from_the_last_touch_of_any_kind():
    assert stands([(CALL, day(2))], day(4)).next_due == "2026-03-05"
    for other in (NOTE, WROTE):
        assert stands([(CALL, day(2)), (other, day(4))], day(4)).next_due == "2026-03-09"
    assert stands([(NOTE, day(4)), (CALL, day(2))], day(4)).next_due == "2026-03-09"  # in whatever order they are read


def test_a_note_is_no_attempt():
    where = stands([(NOTE, day(2)), (CALL, day(2))], day(3))
    assert (where.attempts, where.owed, where.first) == (1, 4, False)
    assert stands([(NOTE, day(2))], day(3)).first


def test_once_they_answered_nothing_is_owed():
    for answer in (
        WROTE,
        CALLED,
        ANSWER,
        ("meeting", "out", "held"),
        ("email", "out", "replied"),
        ("call", "out", "booked"),
    ):
        where = stands([(CALL, day(2)), (answer, day(3))], day(4))
        assert (where.answered, where.owed, where.decide) == (True, 0, ""), answer
        assert where.next_due == "2026-03-06"
    assert stands([(CALL, day(2)), (WROTE, day(19))], day(31)).describe(clock(day(31))).endswith("answered")
    # What was due within the time there was stays due.
    assert stands([(CALL, day(2)), (WROTE, day(3))], day(31)).describe(clock(day(31))).endswith("was due 2026-03-06")


def test_who_writes_before_we_do_waits_for_our_first_response():
    where = stands([(WROTE, day(2, 10))], day(2, 11))
    assert (where.answered, where.owed, where.first, where.next_due) == (True, 0, True, day(2, 13))
    assert where.hot
    assert not stands([(CALLED, day(2, 10))], day(2, 11)).first  # who called was spoken with
    assert not stands([(WROTE, day(2, 10)), (MAIL, day(2, 11))], day(2, 12)).first


def test_after_the_most_attempts_somebody_must_decide():
    tried = [(CALL, day(number)) for number in (2, 3, 4)]
    where = stands(tried, day(4), MOST)
    assert (where.decide, where.next_due) == ("3 attempts without an answer", None)
    assert where.describe(clock(day(4))) == "3 of 3 attempts, day 3 of 10, time to decide"
    assert stands(tried[:2], day(4), MOST).decide == ""
    assert stands(tried[:2], day(4), MOST).next_due == "2026-03-04"
    assert stands([*tried, (WROTE, day(5))], day(6), MOST).decide == ""


def test_after_the_time_there_was_somebody_must_decide_once_the_least_was_tried():
    five = [(CALL, day(number)) for number in (2, 5, 9, 12, 17)]
    assert stands(five, day(19)).decide == ""
    assert stands(five, day(19)).day == 14
    assert stands(five, day(20)).decide == "5 attempts in the time there was, without an answer"
    behind = stands(five[:4], day(20))
    assert (behind.decide, behind.owed, behind.next_due) == ("", 1, "2026-03-17")
    assert behind.overdue(clock(day(20)))


def test_without_a_time_frame_the_least_is_enough_to_decide():
    rule = FollowUp(attempts=2, every=1)
    assert stands([(CALL, day(2))], day(3), rule).decide == ""
    assert stands([(CALL, day(2)), (CALL, day(3))], day(3), rule).decide == "2 attempts without an answer"


def test_no_shows_ask_for_a_decision_though_they_answered():
    rule = FollowUp(attempts=5, no_shows=2)
    missed = ("meeting", "out", "no-show")
    assert not is_answer("meeting", "in", "no-show")
    booked = [(("call", "out", "booked"), day(2)), (missed, day(3))]
    assert stands(booked, day(4), rule).decide == ""
    assert stands([*booked, (missed, day(4))], day(4), rule).decide == "2 no-shows"


def test_touches_belong_to_the_stay_they_fell_into():
    since = "2026-03-04T12:00:00Z"
    found = count_attempts(
        since, [(*CALL, at) for at in (day(4, 11), "2026-03-04", "2026-03-03", day(4, 12), day(5))], clock(day(28))
    )
    assert (found.total, found.first_at, found.last_at) == (3, "2026-03-04", day(5))
    on_a_day = count_attempts(
        "2026-03-04", [(*CALL, at) for at in (day(4, 8), "2026-03-04", day(3, 23))], clock(day(28))
    )
    assert on_a_day.total == 2
    berlin = ZoneInfo("Europe/Berlin")  # where it is the 5th already
    assert count_attempts("2026-03-05", [(*CALL, "2026-03-04T23:30:00Z")], Clock(day(28), berlin)).total == 1


def test_a_stay_that_begins_on_a_day_has_days():
    where = stands([], "2026-03-02", since="2026-03-02")
    assert (where.next_due, where.day, where.overdue(clock("2026-03-02"))) == ("2026-03-02", 1, False)
    assert where.overdue(clock("2026-03-03"))


def test_what_begins_on_a_weekend_has_its_first_day_on_monday():
    for now, number in (("2026-03-07", 1), ("2026-03-09", 1), ("2026-03-10", 2)):
        assert stands([], now, since="2026-03-07T10:00:00Z").day == number


def test_a_clock_before_the_stay_does_no_harm():
    where = stands([], "2026-02-20T09:00:00Z")
    assert (where.day, where.overdue(clock("2026-02-20T09:00:00Z")), where.owed) == (1, False, 5)
    assert where.describe(clock("2026-02-20T09:00:00Z")).endswith("first on Monday (2026-03-02 13:00)")


def test_who_works_on_no_day_of_the_week_is_reminded_all_the_same():
    nobody = parse_work_calendar((), ())
    where = stands([(CALL, day(2))], day(6), week=nobody)
    assert (where.next_due, where.day) == ("2026-03-05", 5)


def test_a_guideline_that_asks_little_says_little():
    where = stands([], day(2), FollowUp(waived=("bought",)))
    assert (where.next_due, where.owed, where.decide, where.frame_days) == (None, 0, "", None)
    assert where.describe(clock(day(2))) == "0 attempts"


@pytest.mark.parametrize(("because", "word"), [
    ("Wrong  Person there", "wrong person"), ("he is a STUDENT.", "student"), ("two students", "student"),
    ("the non-student", "student"), ("no budget", ""), ("", ""), ("wrong, person?", "wrong person"),
    ("they overbought", ""), ("Bought elsewhere", "bought"),
])  # fmt: skip
def test_reasons_for_which_nothing_is_owed(because, word):
    rule = FollowUp(waived=("wrong person", "student", "bought"))
    assert waiving_word(rule, because) == word


KINDS = st.sampled_from(["call", "email", "meeting", "message", "note"])
OUTCOMES = st.sampled_from(["", "held", "no-show", "booked", "answered", "no-answer", "sent", "replied"])
MOMENTS = st.builds(
    lambda number, hour: day(number, hour) if hour else day(number)[:10], st.integers(1, 28), st.integers(0, 23)
)
TOUCHES = st.lists(st.tuples(KINDS, st.sampled_from(["in", "out"]), OUTCOMES, MOMENTS), max_size=12)
RULES = st.sampled_from([RULE, MOST, FollowUp(attempts=3), FollowUp(every=2, no_shows=1), FollowUp(most=2, within=3)])


@settings(max_examples=200, derandomize=True, deadline=None)
@given(TOUCHES, RULES, st.randoms())
def test_the_order_in_which_touches_are_read_does_not_matter(touches, rule, chance):
    shuffled = list(touches)
    chance.shuffle(shuffled)
    assert count_attempts(MONDAY, shuffled, clock(day(28))) == count_attempts(MONDAY, touches, clock(day(28)))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(TOUCHES, st.tuples(KINDS, st.sampled_from(["in", "out"]), OUTCOMES, MOMENTS), RULES)
def test_a_further_touch_never_adds_to_what_is_owed(touches, one, rule):
    before, after = (
        follow_up_status(rule, count_attempts(MONDAY, seen, clock(day(28))), clock(day(28)), WEEK)
        for seen in (touches, [*touches, one])
    )
    assert after.owed <= before.owed
    assert after.attempts - before.attempts in (0, 1)
    assert after.attempts == before.attempts or is_attempt(*one[:2])


@settings(max_examples=200, derandomize=True, deadline=None)
@given(TOUCHES, RULES, st.integers(2, 27), st.integers(0, 20))
def test_what_is_overdue_stays_overdue_until_somebody_acts_or_decides(touches, rule, now, later):
    early, late = (clock(day(number)) for number in (now, min(now + later, 28)))
    done = count_attempts(MONDAY, touches, early)
    one, other = (follow_up_status(rule, done, at, WEEK) for at in (early, late))
    if one.overdue(early):
        assert other.overdue(late) or other.decide
    assert one.attempts == other.attempts


def test_tries_need_no_moment_of_the_first():
    assert not follow_up_status(RULE, StayAttempts(MONDAY, total=1, last_at=MONDAY), clock(day(3)), WEEK).first
