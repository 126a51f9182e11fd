"""The calendar periods in which goals are counted, and the plain arithmetic of the pace in them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from handoffctl.core.business_time import WorkCalendar, count_working_days
from handoffctl.core.moments import Clock
from handoffctl.core.screen_dates import MONTHS
from handoffctl.core.windows import Window

USUAL_DAYS = 60  # working days before today from which the usual number a day is taken
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")


class Period(NamedTuple):
    """A calendar period, from `begins` to `ends`, both included."""

    begins: date
    ends: date

    def window(self, clock: Clock) -> Window:
        """Returns the window of this period, up to the clock's moment."""
        return Window(clock, self.begins.isoformat(), self.ends.isoformat())

    def months(self) -> list[str]:
        """Returns the months that begin in the period, such as `2026-03`; a week has that in which it begins."""
        months, day = [f"{self.begins:%Y-%m}"], next_month(self.begins)
        while day <= self.ends:
            if (self.ends - self.begins).days > 7:
                months.append(f"{day:%Y-%m}")
            day = next_month(day)
        return months

    @property
    def title(self) -> str:
        """Returns what people call it: `March 2026` is `Mar 2026`, a week is named by its first day."""
        days = (self.ends - self.begins).days + 1
        if days == 7:
            return f"the week from {self.begins.day} {MONTHS[self.begins.month - 1]}"
        month = f"{MONTHS[self.begins.month - 1]} {self.begins.year}"
        quarter = f"quarter {(self.begins.month + 2) // 3} of {self.begins.year}"
        return month if days < 32 else quarter if days < 100 else f"{self.begins.year}"


def next_month(day: date) -> date:
    """Returns the first day of the next month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def period_of(day: date, per: str) -> Period:
    """Returns the week (from Monday), month, quarter or year in which a day lies."""
    if per == "week":
        begins = day - timedelta(days=day.weekday())
        return Period(begins, begins + timedelta(days=6))
    first = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[per]
    months = {"month": 1, "quarter": 3, "year": 12}[per]
    begins = ends = day.replace(month=first, day=1)
    for _ in range(months):
        ends = next_month(ends)
    return Period(begins, ends - timedelta(days=1))


def parse_month(text: str) -> Period | None:
    """Returns the month written like `2026-03`, or None."""
    match = _MONTH.match(text.strip())
    return period_of(date(int(match[1]), int(match[2]), 1), "month") if match and match[1] >= "1900" else None


class WorkingDays(NamedTuple):
    """The working days of a period: those before today, and those left, today included."""

    passed: int
    left: int

    @property
    def all(self) -> int:
        return self.passed + self.left


def working_days(period: Period, today: date, week: WorkCalendar) -> WorkingDays:
    """Counts the working days of a period before today, and from today on."""
    before, day = period.begins - timedelta(days=1), timedelta(days=1)
    last_passed = min(today - day, period.ends)
    passed = count_working_days(before, last_passed, week)
    return WorkingDays(passed, count_working_days(before, period.ends, week) - passed)


class Pace(NamedTuple):
    """How a count stands against its aim: what is left to do, and how much that is a working day.

    `due` is what would be reached by now at an even pace. `usual` is what was done a working day lately; None if it is
    not known. `a_day` is None once nothing is left to do, or no day to do it.
    """

    to_go: float
    days_left: int
    a_day: float | None
    usual: float | None
    due: float


def pace_of(reached: float, aim: float, days: WorkingDays, usual: float | None) -> Pace:
    """Returns the pace that the aim asks for."""
    to_go = max(aim - reached, 0.0)
    a_day = to_go / days.left if to_go and days.left else None
    return Pace(to_go, days.left, a_day, usual, aim * days.passed / days.all if days.all else aim)


def usual_a_day(amounts: Sequence[tuple[date, float]], begun: date, today: date, week: WorkCalendar) -> float | None:
    """Returns what was reached a working day, in the last 60 working days before today, or since work was `begun`.

    None if nothing was reached before today.
    """
    earlier = [(day, amount) for day, amount in amounts if day < today]
    if not earlier:
        return None
    yesterday = today - timedelta(days=1)
    first = max(begun, _days_before(today, week))
    days = count_working_days(first - timedelta(days=1), yesterday, week)
    return sum(amount for day, amount in earlier if day >= first) / max(days, 1)


def _days_before(today: date, week: WorkCalendar) -> date:
    """Returns the first day of the last 60 working days before today."""
    first = today - timedelta(days=USUAL_DAYS)
    while count_working_days(first - timedelta(days=1), today - timedelta(days=1), week) < USUAL_DAYS:
        first -= timedelta(days=1)
        if (today - first).days > 7 * USUAL_DAYS:
            break
    return first
