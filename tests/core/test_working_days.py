"""Working days, held against python-dateutil, which walks from day to day."""

import os
from datetime import date, timedelta
from itertools import combinations

import pytest
from dateutil.rrule import DAILY, rrule, rruleset
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.processor_time import processor_seconds

from handoffctl.core.business_time import WorkCalendar, add_working_days, count_working_days, parse_work_calendar

EXAMPLES = int(os.environ.get("HANDOFFCTL_FUZZ", "200"))
OFFICE = parse_work_calendar(("mon", "tue", "wed", "thu", "fri"), ())
EVERY_SET = [frozenset(some) for size in range(8) for some in combinations(range(7), size)]
FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)

# Around the ends of years and leap days (2000 has one, 2100 none), so that spans are short and full of edges.
edges = st.sampled_from(
    [date(1999, 12, 31), date(2000, 2, 29), date(2024, 2, 29), date(2026, 12, 31), date(2100, 2, 28)]
)
days = st.builds(lambda edge, shift: edge + timedelta(days=shift), edges, st.integers(-40, 40))
near = st.builds(lambda edge, shifts: [edge + timedelta(days=n) for n in shifts], edges, st.lists(st.integers(-40, 40)))
weeks = st.builds(lambda some, off: WorkCalendar(some, frozenset(off)), st.sampled_from(EVERY_SET), near)
spans = st.builds(lambda start, length: (start, start + timedelta(days=length)), days, st.integers(-10, 800))


def by_dateutil(start, end, week):
    """All working days after start up to end, one by one. rrule takes no byweekday as every day of the week."""
    if not week.workdays or end <= start:
        return []
    rules = rruleset()
    first = start + timedelta(days=1)
    rules.rrule(rrule(DAILY, dtstart=as_datetime(first), until=as_datetime(end), byweekday=sorted(week.workdays)))
    for day in week.holidays:
        rules.exdate(as_datetime(day))
    return [at.date() for at in rules]


def as_datetime(day):
    from datetime import datetime

    return datetime(day.year, day.month, day.day)


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(spans, weeks)
def test_they_are_those_that_dateutil_walks_through(span, week):
    start, end = span
    assert count_working_days(start, end, week) == len(by_dateutil(start, end, week))


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(spans, weeks, st.data())
def test_two_spans_are_as_long_as_both_together(span, week, data):
    start, end = span
    between = data.draw(st.dates(min(start, end), max(start, end)))
    parts = count_working_days(start, between, week) + count_working_days(between, end, week)
    assert count_working_days(start, end, week) == (parts if start <= end else 0)


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(days, st.integers(0, 300), weeks.filter(lambda week: week.workdays))
def test_the_day_reached_is_the_first_with_that_many(start, count, week):
    reached = add_working_days(start, count, week)
    assert count_working_days(start, reached, week) == count
    if count:
        assert count_working_days(start, reached - timedelta(days=1), week) == count - 1
    else:
        assert reached == start


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(spans, weeks.filter(lambda week: week.workdays))
def test_every_working_day_is_reached_by_its_number(span, week):
    start, end = span
    for number, day in enumerate(by_dateutil(start, min(end, start + timedelta(days=60)), week), 1):
        assert add_working_days(start, number, week) == day


@pytest.mark.parametrize("workdays", EVERY_SET, ids=lambda some: "".join(map(str, some)) or "none")
def test_every_set_of_workdays_from_every_day_of_the_week(workdays):
    week = WorkCalendar(workdays, frozenset([date(2026, 3, 11), date(2026, 3, 14), date(2026, 3, 15)]))
    for start in (MONDAY + timedelta(days=n) for n in range(7)):
        walked = by_dateutil(start, start + timedelta(days=16), week)
        for length in range(17):
            end = start + timedelta(days=length)
            assert count_working_days(start, end, week) == sum(day <= end for day in walked)


@pytest.mark.parametrize(("start", "end", "count"), [
    (FRIDAY, MONDAY, 1), (FRIDAY, FRIDAY, 0), (MONDAY, FRIDAY, 0), (FRIDAY, date(2026, 3, 8), 0),
    (MONDAY, date(2026, 3, 10), 1),
    (date(2024, 2, 28), date(2024, 3, 1), 2), (date(2026, 12, 31), date(2027, 1, 4), 2), (date(2026, 3, 7), MONDAY, 1),
])  # fmt: skip
def test_a_weekend_does_not_count(start, end, count):
    assert count_working_days(start, end, OFFICE) == count


def test_a_holiday_counts_once_and_not_at_all_on_a_weekend():
    week = parse_work_calendar(("mon", "tue", "wed", "thu", "fri"), ("2026-03-09", "2026-03-07", "2026-03-09"))
    assert count_working_days(FRIDAY, date(2026, 3, 10), week) == 1
    assert add_working_days(FRIDAY, 1, week) == date(2026, 3, 10)
    assert add_working_days(FRIDAY, 0, week) == FRIDAY
    assert add_working_days(MONDAY, 0, week) == MONDAY


def test_a_week_without_working_days_never_gets_there():
    nobody = parse_work_calendar((), ())
    assert count_working_days(FRIDAY, date(2036, 1, 1), nobody) == 0
    for count in (0, 1):
        with pytest.raises(ValueError, match="without working days"):
            add_working_days(FRIDAY, count, nobody)


def test_what_cannot_be_reached_is_said():
    with pytest.raises(ValueError, match="-1 is not a number of working days"):
        add_working_days(FRIDAY, -1, OFFICE)
    for count in (3_000_000, 10**30):
        with pytest.raises(ValueError, match="after the year 9999"):
            add_working_days(FRIDAY, count, OFFICE)
    assert add_working_days(date(9999, 12, 30), 1, OFFICE) == date.max


def test_days_of_the_week_are_known_by_their_beginning():
    assert parse_work_calendar(("mon", "Tues", " SUNDAY "), ("2026-03-01",)) == WorkCalendar(
        frozenset({0, 1, 6}), frozenset({date(2026, 3, 1)})
    )


@pytest.mark.parametrize(("workdays", "holidays", "said"), [
    (("mo",), (), '"mo" is not a day of the week'), (("",), (), '"" is not a day'),
    (("mondays",), (), '"mondays" is not'),
    ((), ("2026-02-30",), '"2026-02-30" is not a date'), ((), ("1.3.2026",), '"1.3.2026" is not a date'),
])  # fmt: skip
def test_a_word_that_is_no_day_is_named(workdays, holidays, said):
    with pytest.raises(ValueError, match=said):
        parse_work_calendar(workdays, holidays)


def test_two_hundred_years_take_no_time():
    week = WorkCalendar(OFFICE.workdays, frozenset(date(year, 12, 25) for year in range(1900, 2200)))
    with processor_seconds(10):  # walking through the days takes minutes
        for _ in range(2_000):
            count = count_working_days(date(1950, 1, 1), date(2150, 1, 1), week)
            assert add_working_days(date(1950, 1, 1), count, week) == date(2150, 1, 1)
    assert count == len(by_dateutil(date(1950, 1, 1), date(2150, 1, 1), week))
