"""Counts working days between two days, by whole weeks.

The days are those of a calendar on the wall, in local time: none has an hour, so the clocks going forward or back make
no difference here. Who has instants asks `moments.local_date` for their days first.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from handoffctl.core.moments import WEEKDAYS


@dataclass(frozen=True)
class Working:
    """When somebody works: days of the week, 0 for Monday, and the days on which they do not work all the same.

    `hours` are the minutes of the day from which and until which they work; without them the whole day.
    """

    workdays: frozenset[int]
    holidays: frozenset[date]
    hours: tuple[int, int] | None = None

    def works_on(self, day: date) -> bool:
        """Whether this is a working day."""
        return day.weekday() in self.workdays and day not in self.holidays


def working(workdays: Sequence[str], holidays: Sequence[str], hours: tuple[int, int] | None = None) -> Working:
    """From names of days, at least three letters of each (`mon`), and ISO dates. Raises ValueError with a sentence."""
    return Working(frozenset(map(_weekday, workdays)), frozenset(map(_holiday, holidays)), hours)


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
def working_days(start: date, end: date, week: Working) -> int:
    """The working days after `start`, up to and including `end`: sent on Friday and seen on Monday is 1.

    0 where `end` is not after `start`. Local calendar days, so daylight saving does not matter.
    """
    first, last = start.toordinal(), end.toordinal()
    if last <= first:
        return 0
    weeks, rest = divmod(last - first, 7)
    begun = sum((start.weekday() + ahead) % 7 in week.workdays for ahead in range(1, rest + 1))
    return weeks * len(week.workdays) + begun - _days_off(first, last, week)


def after_working_days(start: date, count: int, week: Working) -> date:
    """The day on which the `count`-th working day after `start` is reached; `start` itself for 0.

    Raises ValueError for a week without working days, a count below 0, and a day after the year 9999.
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


def _by_weekdays(start: date, count: int, week: Working) -> int:
    """The ordinal of the `count`-th working day after `start`, as if there were no holidays."""
    if not count:
        return start.toordinal()
    weeks, rest = divmod(count - 1, len(week.workdays))
    ahead = sorted((day - start.weekday() - 1) % 7 + 1 for day in week.workdays)
    return start.toordinal() + weeks * 7 + ahead[rest]


def _days_off(after: int, last: int, week: Working) -> int:
    """How many days after the one ordinal, up to the other, somebody would work if they were no holidays."""
    days = _holidays_on_workdays(week)
    return bisect_right(days, last) - bisect_right(days, after)


@lru_cache(maxsize=16)
def _holidays_on_workdays(week: Working) -> tuple[int, ...]:
    return tuple(sorted(day.toordinal() for day in week.holidays if day.weekday() in week.workdays))
