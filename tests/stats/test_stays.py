"""The stays of a deal as they were at an earlier moment."""

from datetime import timedelta, timezone

from handoffctl.core.moments import Clock
from handoffctl.core.windows import Window
from handoffctl.stats.stays import Stay, as_of


def stay(number, entered_at, left_at, days=None):
    return Stay(number, 1, "sales", f"s{number}", "open", "me", entered_at, left_at, int(left_at is not None), days, 1)


STAYS = [
    stay(1, None, "2026-03-01"),
    stay(2, "2026-03-01", "2026-04-02T09:00:00Z", 32.0),
    stay(3, "2026-04-02T09:00:00Z", None),
]


def at(moment, hours=0):
    return Window(Clock(moment, timezone(timedelta(hours=hours))))


def test_later_stays_are_left_out_and_the_last_one_goes_on():
    assert as_of(STAYS, at("2026-02-01")) == [STAYS[0]._replace(left_at=None, ended=0)]
    assert as_of(STAYS, at("2026-03-31T09:00:00Z")) == [
        STAYS[0],
        STAYS[1]._replace(left_at=None, ended=0, days=None),
    ]
    assert as_of(STAYS, at("2026-05-01")) == STAYS


def test_a_deal_that_began_later_has_no_stays_yet():
    assert as_of(STAYS[2:], at("2026-03-31")) == []
    assert as_of([], at("2026-03-31")) == []


def test_a_stay_has_begun_on_its_first_day_and_at_its_first_moment():
    assert as_of(STAYS, at("2026-04-02T09:00:00Z")) == STAYS
    assert as_of(STAYS, at("2026-04-02")) == STAYS
    assert as_of(STAYS, at("2026-03-01T23:30:00Z", hours=-5)) == as_of(STAYS, at("2026-03-01"))
