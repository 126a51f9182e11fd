"""Weeks and months: ISO weeks, months without a gap, and who was there at the end of each."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from handoffctl.core.moments import Clock
from handoffctl.reports.throughput.periods import flows_by_period, period_of, periods_between


@pytest.mark.parametrize(("day", "week"), [
    ("2026-01-01", "2026-W01"), ("2027-01-01", "2026-W53"), ("2024-12-30", "2025-W01"), ("2026-03-01", "2026-W09"),
])  # fmt: skip
def test_weeks_are_those_of_iso_8601(day, week):
    assert period_of(date.fromisoformat(day), "week") == week


def test_no_period_between_is_left_out():
    assert periods_between(date(2025, 11, 30), date(2026, 2, 1), "month") == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert periods_between(date(2026, 12, 27), date(2027, 1, 4), "week") == ["2026-W52", "2026-W53", "2027-W01"]
    assert periods_between(date(2026, 1, 31), date(2026, 1, 31), "month") == ["2026-01"]
    years = periods_between(date(2020, 1, 1), date(2026, 12, 31), "month")
    assert len(years) == 7 * 12


def test_who_came_before_is_counted_as_there():
    clock = Clock("2026-03-20", ZoneInfo("Europe/Berlin"))
    stays = [
        ("lead", "2026-01-31", "2026-03-01"),
        ("lead", "2026-01-31T23:30:00Z", None),  # the first of February in Berlin
        ("lead", "2026-03-02", None),
        ("won", "2026-03-01", None),
    ]
    told = flows_by_period(stays, "month", clock)
    assert [(one.period, one.entered, one.left, one.there) for one in told["lead"]] == [
        ("2026-01", 1, 0, 1), ("2026-02", 1, 0, 2), ("2026-03", 1, 1, 2),
    ]  # fmt: skip
    assert [one.period for one in told["won"]] == ["2026-03"]
    later = flows_by_period(stays, "month", clock, first=date(2026, 3, 5))
    assert [(one.period, one.entered, one.left, one.there) for one in later["lead"]] == [("2026-03", 1, 1, 2)]
    assert flows_by_period([], "week", clock) == {}
