"""The days on the wall of many moments: the same as asked one by one, also where clocks change at midnight."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.core.moments import LocalDays, local_date, to_instant_us

PLACES = ("UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Beirut", "Asia/Kathmandu",
          "Pacific/Kiritimati", "Pacific/Niue", "Australia/Lord_Howe", "Africa/Monrovia")  # fmt: skip
moments = st.datetimes(datetime(1969, 1, 1), datetime(2030, 1, 1)).map(lambda at: to_instant_us(at.replace(tzinfo=UTC)))


@given(st.lists(st.one_of(moments, moments.map(lambda moment: moment[:10])), max_size=20), st.sampled_from(PLACES))
def test_each_has_the_day_it_has_alone(given_moments, place):
    days = LocalDays(ZoneInfo(place))
    for moment in given_moments:
        assert days.of(moment) == local_date(moment, ZoneInfo(place))


@pytest.mark.parametrize("place", PLACES)
def test_every_quarter_of_an_hour_of_a_year_is_in_its_day(place):
    days, zone = LocalDays(ZoneInfo(place)), ZoneInfo(place)
    at = datetime(2023, 1, 1, tzinfo=UTC)
    for _ in range(366 * 24 * 4):
        moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        if days.of(moment) != (there := at.astimezone(zone).date()):
            raise AssertionError((moment, there))
        at += timedelta(minutes=15)
