"""When something is due that is to be done within so much working time.

Whole days are working days and give a date: what is due on Thursday may be done at any time of it. Hours are those
in which somebody works, and give an instant; where no hours are set a working day has all of its own, 23 or 25 of them
when the clocks change. More of them than a working day has go on into the next, and no further: 23h are never due
later than 1d.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from handoffctl.core.moments import LAST_YEAR, Moment, Zone, as_datetime, at_local, instant, is_date, local_date
from handoffctl.core.working_days import Working, after_working_days, working_days

MINUTES_A_DAY = 1440
MOST_DAYS = 110_000  # with one working day a week still before the year 9999, where Python's calendar ends
EVERY_DAY = Working(frozenset(range(7)), frozenset())


def working_at_all(week: Working) -> Working:
    """The week; who has no working days at all works on all of them, for something must be due at some time."""
    return week if week.workdays else Working(EVERY_DAY.workdays, frozenset(), week.hours)


def due(start: Moment, length: float, week: Working, zone: Zone, began: date | None = None) -> Moment:
    """The moment by which `length` (in days) of working time has passed since `start`.

    A start that is only a date gives a date. Nothing is due after the year 2199. `began` is the local day of the start,
    where the caller knows it.
    """
    week = working_at_all(week)
    days, minutes = divmod(round(length * MINUTES_A_DAY), MINUTES_A_DAY)
    days, first = min(days, MOST_DAYS), began or local_date(start, zone)
    count = days + bool(minutes and (days or not is_date(start)))
    latest = _day_after(first, count, week)
    if not minutes or is_date(start) or latest.year > LAST_YEAR:
        return _written(latest)
    begin = _when_at_work(as_datetime(start), first, week, zone)
    by = _within_hours(begin, days, minutes, latest, week, zone)
    # Midnight at the end of a day belongs to the next one, on which nobody may work.
    return instant(by if by.astimezone(zone).time() != time.min else by - timedelta(seconds=1))


@lru_cache(maxsize=4096)
def _written(day: date) -> Moment:
    return min(day, date(LAST_YEAR, 12, 31)).isoformat()


@lru_cache(maxsize=4096)
def day_of(start: date, today: date, week: Working) -> int:
    """Which working day of something today is, from 1 on: what begins on a Saturday has its first one on Monday."""
    week = working_at_all(week)
    return max(1, working_days(start, today, week) + week.works_on(start))


@lru_cache(maxsize=4096)
def last_day_of(start: date, count: int, week: Working) -> date:
    """The working day that is the `count`-th of something, as `day_of` counts them."""
    week = working_at_all(week)
    return _day_after(start, max(count, 1) - week.works_on(start), week)


@lru_cache(maxsize=4096)  # thousands of deals are asked about a few dozen days
def _day_after(first: date, count: int, week: Working) -> date:
    """The working day that many after `first`; for none the first one from there on."""
    if count:
        return after_working_days(first, count, week)
    return first if week.works_on(first) else after_working_days(first, 1, week)


def _when_at_work(start: datetime, day: date, week: Working, zone: Zone) -> datetime:
    """The first moment from `start` on at which somebody works."""
    if week.works_on(day):
        opens, closes = hours_of(day, week, zone)
        if start < closes:
            return max(opens, start)
    return hours_of(after_working_days(day, 1, week), week, zone)[0]


def _within_hours(begin: datetime, days: int, minutes: int, latest: date, week: Working, zone: Zone) -> datetime:
    """So many working days and minutes of working hours on, by the end of the latest day at the most.

    A working day leads to the same time of the next one.
    """
    there = begin.astimezone(zone)
    day, at = there.date(), begin
    if days:
        day = after_working_days(day, days, week)
        at = _at(day, there.hour * 60 + there.minute, zone) + timedelta(seconds=there.second)
    left = timedelta(minutes=minutes)
    while day <= latest:
        opens, closes = hours_of(day, week, zone)
        begins = max(opens, at)
        if closes > begins:
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
        day = after_working_days(day, 1, week)
    return hours_of(latest, week, zone)[1]


def hours_of(day: date, week: Working, zone: Zone) -> tuple[datetime, datetime]:
    """When work begins and ends on this day, in UTC."""
    opens, closes = week.hours or (0, MINUTES_A_DAY)
    return _at(day, opens, zone), _at(day, closes, zone)


def _at(day: date, minute: int, zone: Zone) -> datetime:
    """The instant of a minute of this day on the wall; midnight at its end is that of the next day."""
    return as_datetime(at_local(datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute), zone))
