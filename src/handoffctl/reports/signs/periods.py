"""Cuts the time into months or quarters, each with its working days, and finds those that can be judged."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from handoffctl.core.business_time import WorkCalendar, with_workdays
from handoffctl.core.moments import is_date, local_date
from handoffctl.core.windows import Window
from handoffctl.playbook.model import Playbook
from handoffctl.stats.constants import RECENT_PERIODS

SOON = 14  # days within which a return or a loss counts, so a period is judged so many days after its end
COUNTED = ("handoffs", "accepted", "pipeline")  # the objectives that a handoff helps to hit

PeriodLength = Literal["month", "quarter"]


class Period(NamedTuple):
    """A month or a quarter, from its first to its last day, with its working days in order."""

    first: date
    last: date
    days: tuple[date, ...]

    def working_day(self, day: date) -> date:
        """Returns the working day to which a day belongs: itself, the last one before it, or else the first one."""
        return max((each for each in self.days if each <= day), default=self.days[0])


def period_length(playbook: Playbook) -> PeriodLength:
    """Returns the period for which handoffs are counted: a quarter if only objectives for a quarter count them."""
    lengths = {objective.per for objective in playbook.objectives.values() if objective.measure in COUNTED}
    return "quarter" if "quarter" in lengths and "month" not in lengths else "month"


def judged_periods(window: Window, length: PeriodLength, week: WorkCalendar) -> list[Period]:
    """Returns the last three whole periods within the window that ended long enough ago, in order."""
    earliest, latest = _first_day(window), _last_day(window)
    found: list[Period] = []
    for first, last in _backwards(latest, length):
        if len(found) == RECENT_PERIODS or first < earliest:
            break
        if last <= latest and (days := _working_days(first, last, week)):
            found.append(Period(first, last, days))
    return found[::-1]


def _first_day(window: Window) -> date:
    """Returns the first day that is wholly within the window."""
    if window.since is None:
        return date.min
    return local_date(window.since, window.clock.zone) + timedelta(days=not is_date(window.since))


def _last_day(window: Window) -> date:
    """Returns the last day wholly within the window whose handoffs have had the time to be returned or lost."""
    zone = window.clock.zone
    days = [window.clock.today - timedelta(days=SOON + 1)]
    if window.until:
        days.append(local_date(window.until, zone) - timedelta(days=not is_date(window.until)))
    if window.before:
        days.append(local_date(window.before, zone) - timedelta(days=1))
    return min(days)


def _backwards(until: date, length: PeriodLength) -> Iterator[tuple[date, date]]:
    """Yields the first and last days of periods, from the one in which `until` lies back to the year 1900."""
    months = 3 if length == "quarter" else 1
    year, month = until.year, (until.month - 1) // months * months + 1
    while year >= 1900:
        end_year, end_month = year, month + months - 1
        yield date(year, month, 1), date(end_year, end_month, monthrange(end_year, end_month)[1])
        year, month = (year, month - months) if month > months else (year - 1, 13 - months)


def _working_days(first: date, last: date, week: WorkCalendar) -> tuple[date, ...]:
    week = with_workdays(week)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(day for day in days if week.works_on(day))
