"""A window: what lies in it, dates and instants alike, and nothing that comes after its moment."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from handoffctl.core.moments import Clock, is_before, to_instant_us
from handoffctl.core.windows import Window

ZONES = st.sampled_from([ZoneInfo("UTC"), ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Niue")])
BEGIN = Clock("2026-03-01T12:00:00Z")
instants = st.integers(-500, 500).map(lambda hours: to_instant_us(_begin() + timedelta(hours=hours / 2)))
moments = st.one_of(instants, instants.map(lambda moment: moment[:10]))


def _begin():
    from handoffctl.core.moments import as_datetime

    return as_datetime(BEGIN.now)


@given(moments, moments, moments, moments, ZONES)
def test_what_is_in_it_is_neither_before_nor_after_its_ends(moment, now, since, until, zone):
    window = Window(Clock(now, zone), since, until)
    assert window.occurred(moment) == (not is_before(now, moment, zone))
    outside = is_before(now, moment, zone) or is_before(moment, since, zone) or is_before(until, moment, zone)
    assert window.contains(moment) == (not outside)


def test_an_unknown_moment_is_only_in_a_window_without_ends():
    clock = Clock("2026-03-01")
    assert Window(clock).contains(None)
    assert not Window(clock, since="2026-01-01").contains(None)
    assert not Window(clock, until="2026-01-01").contains(None)
    assert not Window(clock).occurred(None)


def test_a_day_is_in_it_as_a_whole():
    window = Window(Clock("2026-03-10", ZoneInfo("Europe/Berlin")), "2026-03-01", "2026-03-02")
    assert window.contains("2026-02-28T23:30:00Z")  # the first of March in Berlin
    assert window.contains("2026-03-02T22:59:59Z")
    assert not window.contains("2026-03-02T23:00:00Z")
