"""Working hours and days held against those of pandas."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.core.business_time import WorkCalendar, due_after
from handoffctl.core.moments import as_datetime, to_instant

WHY = "pandas is not installed; it comes with the extra: bench"
pandas = pytest.importorskip("pandas", reason=WHY)
offsets = pytest.importorskip("pandas.tseries.offsets", reason=WHY)

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")]

# Around leap days, year's ends and the days on which clocks change in these places. pandas knows walls only; ours go
# there and back by UTC. So both agree as long as nobody works while the clocks change.
walls = st.builds(
    lambda edge, minutes: datetime(*edge) + timedelta(minutes=minutes),
    st.sampled_from([(2024, 2, 28), (2026, 3, 7), (2026, 3, 28), (2026, 4, 4), (2026, 10, 3), (2026, 10, 24),
                     (2026, 11, 1), (2026, 12, 31)]),
    st.integers(-6_000, 9_000),
).filter(lambda wall: not 0 <= wall.hour < 4)  # fmt: skip
days = st.frozensets(st.integers(0, 6), min_size=1)
holidays = st.builds(
    lambda edge, shifts: [edge + timedelta(days=n) for n in shifts],
    st.sampled_from([date(2024, 2, 28), date(2026, 3, 28), date(2026, 10, 24), date(2026, 12, 31)]),
    st.lists(st.integers(-5, 12), max_size=4),
)
hours = st.sampled_from([(540, 1020), (480, 750), (300, 1380), (615, 616)])


@settings(max_examples=300, derandomize=True, deadline=None)
@given(walls, days, holidays, hours, st.integers(1, 1439), st.sampled_from(ZONES))
def test_hours_are_those_of_pandas_up_to_a_working_day(wall, workdays, off, between, minutes, zone):
    opens, closes = between
    week = WorkCalendar(workdays, frozenset(off), between)
    minutes = 1 + minutes % (closes - opens)  # more than a day's hours are no more than a day
    theirs = offsets.CustomBusinessHour(
        start=time(*divmod(opens, 60)), end=time(*divmod(closes, 60)), holidays=off,
        weekmask=" ".join(NAMES[n] for n in sorted(workdays)),
    )  # fmt: skip
    begin = theirs.rollforward(pandas.Timestamp(wall))
    # Whole hours by pandas, the rest by hand: CustomBusinessHour counts in hours.
    count, rest = divmod(minutes, 60)
    reached = begin + theirs * count if count else begin
    wanted = (reached + pandas.Timedelta(minutes=rest)).to_pydatetime()
    closing = reached.normalize() + pandas.Timedelta(minutes=closes)
    if wanted > closing.to_pydatetime():
        over = wanted - closing.to_pydatetime()
        wanted = (theirs.rollforward(closing + pandas.Timedelta(seconds=1)) + over).to_pydatetime()
    if wanted == datetime.combine(wanted.date(), theirs.start[0]):
        # Where the hours end with the day, pandas goes on to the next beginning; ours may be done until the end.
        wanted = theirs.rollback(pandas.Timestamp(wanted) - pandas.Timedelta(seconds=1)).to_pydatetime()
    found = as_datetime(due_after(to_instant(wall.replace(tzinfo=zone)), minutes / 1440, week, zone))
    assert found == wanted.replace(tzinfo=zone).astimezone(UTC)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(walls, days, holidays, st.integers(1, 90), st.sampled_from(ZONES))
def test_days_are_those_of_pandas(wall, workdays, off, count, zone):
    week = WorkCalendar(workdays, frozenset(off), (540, 1020))
    theirs = offsets.CustomBusinessDay(weekmask=" ".join(NAMES[n] for n in sorted(workdays)), holidays=off)
    day = pandas.Timestamp(wall.date())
    # From a day off, pandas first rolls to a working day and counts that one, too, as ours does.
    wanted = day + theirs * count
    assert due_after(to_instant(wall.replace(tzinfo=zone)), count, week, zone) == wanted.date().isoformat()
