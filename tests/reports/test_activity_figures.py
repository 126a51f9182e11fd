"""Whose turn it was, and how many of those who agreed to meet do not come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.json_record import json_object
from handoffctl.reports.activity.figures import (
    FEWEST_MEETINGS,
    Activity,
    MeetingMark,
    NoShowRate,
    OwnerActivity,
    OwnerPeriod,
    by_criterion,
    by_source,
    no_show_rate,
    period_of_event,
)

TURNS = [
    OwnerPeriod(None, "sdr", "team"),
    OwnerPeriod(RecordedEvent("2026-03-05", 10), "ae", "team"),
    OwnerPeriod(RecordedEvent("2026-03-09T09:00:00Z", 20), "builder", "service"),
]


@pytest.mark.parametrize(
    ("at", "command", "owner"),
    [
        ("2026-03-01", 30, "sdr"),  # told later, of an earlier day
        ("2026-03-05", 9, "sdr"),  # on the day of the handoff, before it
        ("2026-03-05", 10, "ae"),  # by the very command
        ("2026-03-05", 11, "ae"),
        ("2026-03-05T23:00:00Z", 9, "sdr"),
        ("2026-03-09T08:59:59Z", 30, "ae"),
        ("2026-03-09T09:00:00Z", 19, "ae"),
        ("2026-03-09T09:00:00Z", 21, "builder"),
    ],
)
def test_what_happened_on_the_day_of_a_handoff_is_told_apart_by_what_was_written_first(at, command, owner):
    assert period_of_event(TURNS, RecordedEvent(at, command), None).owner == owner


def test_what_came_before_the_first_turn_belongs_to_it_and_without_turns_to_nobody():
    assert period_of_event(TURNS[1:], RecordedEvent("2026-01-01", 1), None).owner == "ae"
    assert period_of_event([], RecordedEvent("2026-01-01", 1), None) is None


def test_touches_are_counted_by_kind_and_direction_and_those_that_reached_somebody_apart():
    done = Activity()
    done.add_touch("call", "out", False)
    done.add_touch("call", "out", True)
    done.add_touch("email", "in", True)
    told = json_object(OwnerActivity("me", done).as_json())
    assert (told["out"], told["in"], told["conversations"]) == (2, 1, 2)
    assert told["touches"]["call"] == {"out": 2, "in": 0}


def shown(no_shows, held, source="", **criteria):
    return [MeetingMark(missed, source, criteria) for missed in [True] * no_shows + [False] * held]


def test_the_rate_is_of_those_marked_and_comes_with_its_interval():
    told = no_show_rate(shown(3, 7))
    assert (told.meetings, told.no_shows, told.rate) == (10, 3, 0.3)
    # Wilson 1927, as R's prop.test(3, 10, correct = FALSE) has it
    assert (told.low, told.high) == pytest.approx((0.1077913, 0.6032219), abs=1e-6)


def test_of_a_few_no_rate_is_told():
    told = no_show_rate(shown(1, FEWEST_MEETINGS - 2))
    assert told == NoShowRate(FEWEST_MEETINGS - 1, 1, None, None, None, False)
    assert no_show_rate([]).meetings == 0
    assert no_show_rate(shown(0, FEWEST_MEETINGS)).rate == 0.0


def test_sources_stand_apart_those_of_most_meetings_first():
    told = by_source([*shown(1, 1, "web"), *shown(2, 4, "event"), *shown(1, 1)])
    assert [one.source for one in told] == ["event", None, "web"]
    assert told[0].no_shows.rate == pytest.approx(1 / 3)


def test_a_criterion_tells_only_where_the_interval_of_the_difference_leaves_out_zero():
    clear = by_criterion([*shown(1, 19, known=True), *shown(12, 8, known=False)], {})[0]
    assert clear.tells
    assert clear.difference.high < 0  # fewer no-shows where it was met
    close = by_criterion([*shown(3, 7, known=True), *shown(4, 6, known=False)], {})[0]
    assert not close.tells
    few = by_criterion([*shown(0, 2, known=True), *shown(12, 8, known=False)], {})[0]
    assert (few.difference, few.tells) == (None, False)


def test_a_criterion_that_came_later_is_not_held_against_earlier_meetings():
    told = by_criterion([*shown(1, 1), *shown(1, 2, new=False)], {})[0]
    assert (told.met.meetings, told.not_met.meetings) == (0, 3)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["", "web", "event"]), st.booleans())))
def test_the_parts_add_up_to_the_whole(marks):
    meetings = [MeetingMark(missed, source, {"known": known}) for missed, source, known in marks]
    whole = no_show_rate(meetings)
    sources = [one.no_shows for one in by_source(meetings)]
    sides = [side for one in by_criterion(meetings, {}) for side in (one.met, one.not_met)]
    for parts in (sources, sides):
        for count in ("meetings", "no_shows"):
            assert sum(getattr(part, count) for part in parts) == getattr(whole, count)
