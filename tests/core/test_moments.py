"""A moment stays as it was known: a date or an instant, and never one made from the other."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from handoffctl.core.moments import (
    Clock,
    NotAMoment,
    days_between,
    duration_days,
    format_local,
    is_before,
    is_date,
    local_date,
    local_to_instant,
    parse_iso,
    parse_user,
    sort_key,
    to_instant,
)

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = Clock("2026-03-10T12:00:00Z", UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01T09:00", "2026-03-01T09:00:00Z"),
        ("2026-03-01 09:00", "2026-03-01T09:00:00Z"),
        ("2026-03-01T09:00:00+02:00", "2026-03-01T07:00:00Z"),
        ("2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"),
        ("today", "2026-03-10"),
        ("Tomorrow", "2026-03-11"),
        ("yesterday", "2026-03-09"),
        ("now", "2026-03-10T12:00:00Z"),
        ("wed", "2026-03-11"),
        ("tuesday", "2026-03-17"),
        ("+3d", "2026-03-13"),
        ("-2w", "2026-02-24"),
        ("+2h", "2026-03-10T14:00:00Z"),
        ("-30m", "2026-03-10T11:30:00Z"),
        ("14:30", "2026-03-10T14:30:00Z"),
        ("fri 14:30", "2026-03-13T14:30:00Z"),
        ("+3d 9:00", "2026-03-13T09:00:00Z"),
    ],
)
def test_people_write_moments_in_many_ways(text, moment):
    assert parse_user(text, TUESDAY) == moment


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-45", "2026-02-30", "1800-01-01", "9999-01-01", "25:00", "fri 12:75", "+99999w", "12"]
)
def test_what_is_no_moment_is_refused_with_a_sentence(text):
    with pytest.raises(NotAMoment, match=r'" is '):
        parse_user(text, TUESDAY)


def test_a_date_is_never_turned_into_midnight():
    assert parse_user("today", Clock("2026-03-10")) == "2026-03-10"
    assert parse_user("+2h", Clock("2026-03-10")) == "2026-03-10", "a date is not known to the hour"
    assert is_date(parse_iso("2026-03-10"))
    assert not is_date(parse_iso("2026-03-10T00:00Z"))


def test_the_local_day_of_an_instant_follows_the_zone():
    assert local_date("2026-03-01T23:30:00Z", BERLIN) == date(2026, 3, 2)
    assert local_date("2026-03-01", BERLIN) == date(2026, 3, 1)
    assert Clock("2026-03-01T23:30:00Z", BERLIN).today == date(2026, 3, 2)
    assert format_local("2026-03-01T23:30:00Z", BERLIN) == "2026-03-02 00:30"
    assert format_local("2026-03-01", BERLIN) == "2026-03-01"


def test_a_local_time_becomes_an_instant_by_its_zone():
    assert local_to_instant(datetime(2026, 7, 1, 9), BERLIN) == "2026-07-01T07:00:00Z"
    assert to_instant(datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=-5)))) == "2026-07-01T14:00:00Z"


def test_a_date_sorts_before_the_instants_of_its_day():
    moments = ["2026-03-02", "2026-03-01T09:00:00Z", "2026-03-01", "2026-03-01T08:00:00Z"]
    assert sorted(moments, key=lambda moment: sort_key(moment, UTC)) == [
        "2026-03-01", "2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z", "2026-03-02"
    ]  # fmt: skip


def test_before_is_said_only_of_what_is_surely_earlier():
    assert is_before("2026-03-01", "2026-03-02T00:00:00Z", UTC)
    assert not is_before("2026-03-01", "2026-03-01T09:00:00Z", UTC)
    assert not is_before("2026-03-01T09:00:00Z", "2026-03-01", UTC)
    assert is_before("2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z", UTC)


def test_lengths_are_whole_days_where_either_end_is_a_date():
    assert days_between("2026-03-01", "2026-03-04T23:00:00Z", UTC) == 3
    assert days_between("2026-03-01T00:00:00Z", "2026-03-02T12:00:00Z", UTC) == 1.5
    assert days_between("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", BERLIN) == 1, "whatever the clocks do"


@pytest.mark.parametrize(("text", "days"), [("3d", 3), ("2w", 14), ("12h", 0.5), ("36m", 0.025), (" 1D ", 1)])
def test_lengths_of_time_are_in_days(text, days):
    assert duration_days(text) == pytest.approx(days)


@pytest.mark.parametrize("text", ["3 days", "-3d", "", "d", "1.5d", "3"])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(ValueError, match="is not a length of time"):
        duration_days(text)
