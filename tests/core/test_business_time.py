"""Working time: whole days against python-dateutil, hours by hand over weekends, holidays, changes of the clock."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, rrule, rruleset
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handoffctl.core.business_time import (
    WorkCalendar,
    due_after,
    numbered_working_day,
    parse_work_calendar,
    working_day_number,
    working_hours,
)
from handoffctl.core.moments import as_datetime, is_before, is_date, local_date, to_instant

EXAMPLES = int(os.environ.get("HANDOFFCTL_FUZZ", "200"))
HOUR, MINUTE = 1 / 24, 1 / 1440
OFFICE = WorkCalendar(frozenset(range(5)), frozenset(), (540, 1020))  # 09:00-17:00
ALL_DAY = WorkCalendar(frozenset(range(5)), frozenset())
ALWAYS = WorkCalendar(frozenset(range(7)), frozenset())
BERLIN, NEW_YORK, LORD_HOWE = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"))

starts = st.builds(
    lambda edge, minutes: datetime(*edge, tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from([(2024, 2, 28), (2026, 3, 6), (2026, 3, 27), (2026, 12, 30), (2100, 2, 27)]),
    st.integers(-5_000, 9_000),
)
weeks = st.builds(
    lambda days, off, hours: WorkCalendar(days, frozenset(date(2026, 3, 1) + timedelta(days=n) for n in off), hours),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.lists(st.integers(-10, 40)),
    st.sampled_from([None, (540, 1020), (0, 1440), (480, 1300), (600, 601)]),
)
lengths = st.builds(lambda days, minutes: days + minutes / 1440, st.integers(0, 12), st.integers(0, 1439))
zones = st.sampled_from([UTC, BERLIN, NEW_YORK, LORD_HOWE])


def at(text, zone=UTC):
    """An instant from the clock on the wall."""
    return to_instant(datetime.fromisoformat(text).replace(tzinfo=zone))


def by_dateutil(start, count, week):
    """The count-th working day after this one, by walking."""
    walk = rruleset()
    first = datetime.combine(start + timedelta(days=1), datetime.min.time())
    walk.rrule(rrule(DAILY, dtstart=first, count=20 * count + 100, byweekday=sorted(week.workdays)))
    for day in week.holidays:
        walk.exdate(datetime.combine(day, datetime.min.time()))
    return walk[count - 1].date()


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(starts, st.integers(1, 60), weeks, zones)
def test_whole_days_are_the_working_days_that_dateutil_walks(start, count, week, zone):
    there = start.astimezone(zone).date()
    assert due_after(to_instant(start), count, week, zone) == by_dateutil(there, count, week).isoformat()
    assert due_after(there.isoformat(), count, week, zone) == by_dateutil(there, count, week).isoformat()


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(starts, st.integers(1, 30), st.integers(1, 30), weeks)
def test_whole_days_one_after_the_other_are_as_long_as_both_together(start, one, other, week):
    assert due_after(due_after(to_instant(start), one, week, UTC), other, week, UTC) == due_after(
        to_instant(start), one + other, week, UTC
    )


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(starts, lengths, weeks, zones)
def test_nothing_is_due_before_it_begins_or_when_nobody_works(start, length, week, zone):
    moment = due_after(to_instant(start), length, week, zone)
    assert not is_before(moment, to_instant(start), zone)
    if is_date(moment):
        assert week.works_on(date.fromisoformat(moment))
    else:
        day = local_date(to_instant(as_datetime(moment) - timedelta(seconds=1)), zone)  # midnight ends the day before
        opens, closes = working_hours(day, week, zone)
        assert week.works_on(day)
        assert opens < as_datetime(moment) <= closes


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(starts, lengths, lengths, weeks, zones)
def test_what_takes_longer_is_never_due_sooner(start, one, other, week, zone):
    opens, closes = week.hours or (0, 1440)
    shortest_day = (closes - opens if closes - opens < 1380 else 1380) / 1440 + 1e-9  # the clocks may go forward
    assume(all(length % 1 <= shortest_day for length in (one, other)))
    short, long = sorted((one, other))
    assert not is_before(
        due_after(to_instant(start), long, week, zone), due_after(to_instant(start), short, week, zone), zone
    )


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(starts, st.integers(0, 5_000), lengths, weeks, zones)
def test_what_begins_later_is_never_due_sooner(start, later, length, week, zone):
    other = start + timedelta(minutes=later)
    walls = [moment.astimezone(zone).replace(tzinfo=None) for moment in (start, other)]
    assume(walls[0] <= walls[1] and (week.hours not in (None, (0, 1440)) or zone is UTC))  # no hour that comes twice
    assert not is_before(
        due_after(to_instant(other), length, week, zone), due_after(to_instant(start), length, week, zone), zone
    )


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(starts, st.integers(1, 60), st.integers(1, 60))
def test_hours_within_one_day_add_up(start, one, other):
    both = due_after(to_instant(start), (one + other) * MINUTE, OFFICE, UTC)
    assert due_after(due_after(to_instant(start), one * MINUTE, OFFICE, UTC), other * MINUTE, OFFICE, UTC) == both


@pytest.mark.parametrize(("start", "length", "ends"), [
    ("2026-03-02T09:00", 4 * HOUR, "2026-03-02T13:00"),  # a Monday
    ("2026-03-02T07:00", 4 * HOUR, "2026-03-02T13:00"),  # before work begins
    ("2026-03-02T13:00", 4 * HOUR, "2026-03-02T17:00"),  # at its end, not at the next beginning
    ("2026-03-02T13:01", 4 * HOUR, "2026-03-03T09:01"),
    ("2026-03-02T20:00", 4 * HOUR, "2026-03-03T13:00"),  # after it
    ("2026-03-06T16:00", 4 * HOUR, "2026-03-09T12:00"),  # over a weekend
    ("2026-03-07T11:00", 1 * HOUR, "2026-03-09T10:00"),  # on a Saturday
    ("2026-03-02T10:00", 8 * HOUR, "2026-03-03T10:00"),
    ("2026-03-02T10:00", 1 + 2 * HOUR, "2026-03-03T12:00"),
    ("2026-03-06T16:00", 1 + 4 * HOUR, "2026-03-10T12:00"),
    ("2026-03-07T11:00", 1 + 4 * HOUR, "2026-03-10T13:00"),  # as if it had begun on Monday morning
    ("2026-03-02T10:00", 23 * HOUR, "2026-03-03T17:00"),  # no more than a working day
    ("2024-02-28T16:00", 2 * HOUR, "2024-02-29T10:00"),  # a leap day
    ("2026-12-31T16:00", 2 * HOUR, "2027-01-01T10:00"),  # a year's end
])  # fmt: skip
def test_hours_are_those_in_which_somebody_works(start, length, ends):
    assert due_after(at(start), length, OFFICE, UTC) == at(ends)


def test_holidays_do_not_count_even_where_one_begins_there():
    week = WorkCalendar(OFFICE.workdays, frozenset([date(2026, 4, 3), date(2026, 4, 6)]), OFFICE.hours)  # Easter
    assert due_after(at("2026-04-02T15:00"), 4 * HOUR, week, UTC) == at("2026-04-07T11:00")
    assert due_after(at("2026-04-03T15:00"), 4 * HOUR, week, UTC) == at("2026-04-07T13:00")
    assert due_after(at("2026-04-03T15:00"), 1, week, UTC) == "2026-04-07"
    assert due_after("2026-04-03", 4 * HOUR, week, UTC) == "2026-04-07"


@pytest.mark.parametrize(("zone", "week", "start", "length", "ends"), [
    # The clocks change while nobody works: it makes no difference.
    (BERLIN, OFFICE, "2026-03-27T15:00", 4 * HOUR, "2026-03-30T11:00"),
    (BERLIN, OFFICE, "2026-10-23T15:00", 4 * HOUR, "2026-10-26T11:00"),
    (NEW_YORK, OFFICE, "2026-03-06T15:00", 4 * HOUR, "2026-03-09T11:00"),
    (LORD_HOWE, OFFICE, "2026-04-03T15:00", 4 * HOUR, "2026-04-06T11:00"),
    # Where the whole day counts it has an hour less, or one more; half an hour on Lord Howe Island.
    (BERLIN, ALWAYS, "2026-03-29T01:00", 4 * HOUR, "2026-03-29T06:00"),
    (BERLIN, ALWAYS, "2026-10-25T01:00", 4 * HOUR, "2026-10-25T04:00"),
    (NEW_YORK, ALWAYS, "2026-11-01T00:30", 4 * HOUR, "2026-11-01T03:30"),
    (LORD_HOWE, ALWAYS, "2026-04-05T01:00", 4 * HOUR, "2026-04-05T04:30"),
    (LORD_HOWE, ALWAYS, "2026-10-04T01:00", 4 * HOUR, "2026-10-04T05:30"),
    # A day on leads to the same time on the wall.
    (BERLIN, ALWAYS, "2026-03-28T10:00", 1 + 2 * HOUR, "2026-03-29T12:00"),
    (NEW_YORK, ALWAYS, "2026-10-31T10:00", 1 + 2 * HOUR, "2026-11-01T12:00"),
])  # fmt: skip
def test_the_clocks_may_change_meanwhile(zone, week, start, length, ends):
    assert due_after(at(start, zone), length, week, zone) == at(ends, zone)


def test_hours_that_a_change_of_the_clock_swallows_are_not_worked():
    night = WorkCalendar(frozenset(range(7)), frozenset(), (120, 180))  # 02:00-03:00
    assert due_after(at("2026-03-28T02:30", BERLIN), 1 * HOUR, night, BERLIN) == at("2026-03-29T03:00", BERLIN)
    assert due_after(at("2026-03-28T02:30", BERLIN), 40 * MINUTE, night, BERLIN) == at("2026-03-29T03:00", BERLIN)


def test_the_day_is_that_of_the_place_where_somebody_works():
    late = "2026-03-06T23:30:00Z"  # Friday in London, Saturday in Berlin
    assert due_after(late, 1, ALL_DAY, UTC) == "2026-03-09"
    assert working_day_number(local_date(late, BERLIN), date(2026, 3, 9), ALL_DAY) == 1
    assert working_day_number(local_date(late, UTC), date(2026, 3, 9), ALL_DAY) == 2


def test_who_has_no_working_days_works_on_all_of_them():
    nobody = WorkCalendar(frozenset(), frozenset([date(2026, 3, 7)]), (540, 1020))
    assert due_after("2026-03-06", 1, nobody, UTC) == "2026-03-07"
    assert due_after(at("2026-03-06T16:00"), 4 * HOUR, nobody, UTC) == at("2026-03-07T12:00")
    assert working_day_number(date(2026, 3, 6), date(2026, 3, 8), nobody) == 3


def test_what_takes_for_ever_is_due_at_the_end_of_the_years_we_know():
    for week in (OFFICE, WorkCalendar(frozenset([2]), frozenset())):
        assert due_after("2026-03-06", 699_993.0, week, UTC) == "2199-12-31"
        assert due_after(at("2026-03-06T09:00"), 699_993.0 + HOUR, week, UTC) == "2199-12-31"


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(starts, st.integers(1, 60), weeks)
def test_the_last_day_is_the_last_one_with_its_number(start, count, week):
    day = start.date()
    last = numbered_working_day(day, count, week)
    assert working_day_number(day, last, week) == count
    assert week.works_on(last)
    following = date.fromisoformat(due_after(last.isoformat(), 1, week, UTC))
    assert working_day_number(day, following, week) == count + 1


def test_what_is_due_at_the_end_of_a_day_is_due_on_that_day():
    berlin = ZoneInfo("Europe/Berlin")
    late = parse_work_calendar(["mon", "tue", "wed", "thu", "fri"], [], (18 * 60, 1440))
    assert due_after("2026-03-02T17:00:00Z", 6 / 24, late, berlin) == "2026-03-02T22:59:59Z"
    assert due_after("2026-03-02T17:00:00Z", 23 / 24, late, berlin) == "2026-03-03T22:59:59Z"
    assert due_after("2026-03-02T17:00:00Z", 1, late, berlin) == "2026-03-03"
    all_day = parse_work_calendar(["mon", "tue", "wed", "thu", "fri"], [])
    assert due_after("2026-03-02T09:00:00Z", 14 / 24, all_day, berlin) == "2026-03-02T22:59:59Z"
    assert due_after("2026-03-02T21:00:00Z", 4 / 24, all_day, berlin) == "2026-03-03T01:00:00Z"
