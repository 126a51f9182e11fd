"""The time that a figure is about: a calendar period, or the window that was asked for."""

from datetime import date, timedelta
from typing import NamedTuple

from handoffctl.core.moments import Clock, is_date
from handoffctl.core.windows import Window
from handoffctl.reports.context import ReportContext
from handoffctl.reports.goals.periods import Period, WorkingDays, period_of, working_days


class Span(NamedTuple):
    """The time an objective is looked at: a calendar period, or the window that was asked for (then without a pace)."""

    window: Window
    period: Period
    paced: bool

    def days(self, context: ReportContext) -> WorkingDays | None:
        """Returns the working days of a calendar period, None for a window."""
        return working_days(self.period, context.clock.today, context.home.week) if self.paced else None

    def is_over(self, context: ReportContext) -> bool:
        """Returns True if the last day is past."""
        return self.period.ends < context.clock.today

    @property
    def title(self) -> str:
        """Returns what people call it."""
        return self.period.title if self.paced else "the time asked for"


def span_of(context: ReportContext, anchor: date, per: str, first: date) -> Span:
    """Returns the period in which the anchor lies, or the window that was asked for, from the first day on record."""
    window, clock = context.window, context.clock
    if window.is_unbounded:
        period = period_of(anchor, per)
        return Span(period.window(clock), period, True)
    begins = clock.day_of(window.since) if window.since else first
    ends = [min(clock.day_of(window.until), clock.today) if window.until else clock.today]
    ends += [_last_day_before(window.before, clock)] if window.before else []
    return Span(window, Period(begins, max(min(ends), begins)), False)


def _last_day_before(moment: str, clock: Clock) -> date:
    return clock.day_of(moment) - timedelta(days=1 if is_date(moment) else 0)
