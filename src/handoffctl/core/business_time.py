"""Business time: counts working days, and computes when something is due after a length of working time.

Whole days are working days and give a date: a step due on Thursday may be done at any time of that day. Hours are
working hours and give an instant; without set hours a working day has all of its hours, 23 or 25 of them when the
clocks change. More hours than a working day has go on into the next day, but no further: 23h are never due later
than 1d.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache

from handoffctl.core.moments import (
    LAST_YEAR,
    WEEKDAYS,
    Moment,
    Zone,
    as_datetime,
    is_date,
    local_date,
    to_instant,
)

MINUTES_A_DAY = 1440
MOST_DAYS = 110_000  # with one working day a week still before the year 9999, where Python's calendar ends


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of the week, 0 for Monday, the holidays, and the working hours.

    `hours` are the minutes of the day at which work begins and ends; without them it lasts the whole day.
    """

    workdays: frozenset[int]
    holidays: frozenset[date]
    hours: tuple[int, int] | None = None

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """The hash, computed once: the days of thousands of deals are looked up in caches by their calendar."""
        return hash((self.workdays, self.holidays, self.hours))

    def works_on(self, day: date) -> bool:
        """Returns True for a working day."""
        return day.weekday() in self.workdays and day not in self.holidays


EVERY_DAY = WorkCalendar(frozenset(range(7)), frozenset())


def parse_work_calendar(
    workdays: Sequence[str], holidays: Sequence[str], hours: tuple[int, int] | None = None
) -> WorkCalendar:
    """Parses names of weekdays, at least three letters each (`mon`), and ISO dates.

    Raises ValueError with a sentence.
    """
    return WorkCalendar(frozenset(map(_weekday, workdays)), frozenset(map(_holiday, holidays)), hours)


def _weekday(name: str) -> int:
    word = name.strip().casefold()
    for number, day in enumerate(WEEKDAYS):
        if len(word) >= 3 and day.startswith(word):
            return number
    raise ValueError(f'"{name}" is not a day of the week; write mon, tue, wed, thu, fri, sat or sun')


def _holiday(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f'"{text}" is not a date; write one like 2026-03-01') from None


@lru_cache(maxsize=4096)  # thousands of deals are asked about a few dozen days
def count_working_days(start: date, end: date, week: WorkCalendar) -> int:
    """Counts the working days after `start`, up to and including `end`: from Friday to Monday it is 1.

    Returns 0 if `end` is not after `start`. Days are local calendar days, so daylight saving does not matter.
    """
    first, last = start.toordinal(), end.toordinal()
    if last <= first:
        return 0
    weeks, rest = divmod(last - first, 7)
    begun = sum((start.weekday() + ahead) % 7 in week.workdays for ahead in range(1, rest + 1))
    return weeks * len(week.workdays) + begun - _days_off(first, last, week)


def add_working_days(start: date, count: int, week: WorkCalendar) -> date:
    """Returns the `count`-th working day after `start`; `start` itself for 0.

    Raises ValueError for a week without working days, a count below 0, or a day after the year 9999.
    """
    if not week.workdays:
        raise ValueError("a week without working days never gets there")
    if count < 0:
        raise ValueError(f"{count} is not a number of working days; write 0 or more")
    first = start.toordinal()
    reached = first
    while (later := _by_weekdays(start, count + _days_off(first, reached, week), week)) != reached:
        reached = later
        if reached > date.max.toordinal():
            raise ValueError(f"{count:,} working days after {start:%Y-%m-%d} is after the year 9999")
    return date.fromordinal(reached) if count else start


def _by_weekdays(start: date, count: int, week: WorkCalendar) -> int:
    """Returns the ordinal of the `count`-th working day after `start`, ignoring holidays."""
    if not count:
        return start.toordinal()
    weeks, rest = divmod(count - 1, len(week.workdays))
    ahead = sorted((day - start.weekday() - 1) % 7 + 1 for day in week.workdays)
    return start.toordinal() + weeks * 7 + ahead[rest]


def _days_off(after: int, last: int, week: WorkCalendar) -> int:
    """Counts the holidays on weekdays of work after one ordinal, up to and including the other."""
    days = _holidays_on_workdays(week)
    return bisect_right(days, last) - bisect_right(days, after)


@lru_cache(maxsize=16)
def _holidays_on_workdays(week: WorkCalendar) -> tuple[int, ...]:
    return tuple(sorted(day.toordinal() for day in week.holidays if day.weekday() in week.workdays))


def with_workdays(week: WorkCalendar) -> WorkCalendar:
    """Returns the week, or one of seven working days if it has none, so that everything is due at some time."""
    return week if week.workdays else WorkCalendar(EVERY_DAY.workdays, frozenset(), week.hours)


def due_after(start: Moment, length: float, week: WorkCalendar, zone: Zone, began: date | None = None) -> Moment:
    """Returns the moment by which `length` (in days) of working time has passed since `start`.

    A start that is only a date gives a date. Nothing is due after the year 2199. `began` is the local day of the start,
    if the caller has computed it already.
    """
    week = with_workdays(week)
    days, minutes = divmod(round(length * MINUTES_A_DAY), MINUTES_A_DAY)
    days, first = min(days, MOST_DAYS), began or local_date(start, zone)
    count = days + bool(minutes and (days or not is_date(start)))
    latest = _day_after(first, count, week)
    if not minutes or is_date(start) or latest.year > LAST_YEAR:
        return _written(latest)
    begin = _first_working_moment(as_datetime(start), first, week, zone)
    end = _after_hours(begin, days, minutes, latest, week, zone)
    # Midnight at the end of a day belongs to the next one, which may not be a working day.
    return to_instant(end if end.astimezone(zone).time() != time.min else end - timedelta(seconds=1))


@lru_cache(maxsize=4096)
def _written(day: date) -> Moment:
    return min(day, date(LAST_YEAR, 12, 31)).isoformat()


@lru_cache(maxsize=4096)
def working_day_number(start: date, today: date, week: WorkCalendar) -> int:
    """Numbers the working days of something that began on `start`, from 1: after a Saturday start Monday is 1."""
    week = with_workdays(week)
    return max(1, count_working_days(start, today, week) + week.works_on(start))


@lru_cache(maxsize=4096)
def numbered_working_day(start: date, count: int, week: WorkCalendar) -> date:
    """Returns the working day with the number `count`, as `working_day_number` numbers them."""
    week = with_workdays(week)
    return _day_after(start, max(count, 1) - week.works_on(start), week)


@lru_cache(maxsize=4096)  # thousands of deals share a few dozen days
def _day_after(first: date, count: int, week: WorkCalendar) -> date:
    """Returns the `count`-th working day after `first`; for 0 the first one from `first` on."""
    if count:
        return add_working_days(first, count, week)
    return first if week.works_on(first) else add_working_days(first, 1, week)


def _first_working_moment(start: datetime, day: date, week: WorkCalendar, zone: Zone) -> datetime:
    """Returns the first moment of working time from `start` on."""
    if week.works_on(day):
        opens, closes = working_hours(day, week, zone)
        if start < closes:
            return max(opens, start)
    return working_hours(add_working_days(day, 1, week), week, zone)[0]


def _after_hours(begin: datetime, days: int, minutes: int, latest: date, week: WorkCalendar, zone: Zone) -> datetime:
    """Returns the moment after so many working days and minutes, no later than the end of the latest day.

    A working day leads to the same time of the next one.
    """
    local = begin.astimezone(zone)
    day, at = local.date(), begin
    if days:
        day = add_working_days(day, days, week)
        at = _at(day, local.hour * 60 + local.minute, zone) + timedelta(seconds=local.second)
    left = timedelta(minutes=minutes)
    while day <= latest:
        opens, closes = working_hours(day, week, zone)
        begins = max(opens, at)
        if closes > begins:
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
        day = add_working_days(day, 1, week)
    return working_hours(latest, week, zone)[1]


def working_hours(day: date, week: WorkCalendar, zone: Zone) -> tuple[datetime, datetime]:
    """Returns the UTC datetimes at which work begins and ends on this day."""
    opens, closes = week.hours or (0, MINUTES_A_DAY)
    return _at(day, opens, zone), _at(day, closes, zone)


def _at(day: date, minute: int, zone: Zone) -> datetime:
    """Returns the instant of a local minute of this day; minute 1440 is midnight at its end."""
    naive = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    return (naive.replace(tzinfo=zone) if zone else naive).astimezone(UTC)
