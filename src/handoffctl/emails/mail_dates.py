"""Days and moments as templates get them: printed as the mail's language writes them."""

from datetime import date, datetime
from functools import total_ordering

from handoffctl.core.moments import Clock, Moment, as_datetime, is_date, local_date
from handoffctl.emails.phrases import Phrases


@total_ordering
class MailDay:
    """A day. Printed it is `Thursday, March 5`; it compares with other days, and with text such as `2026-03-05`."""

    def __init__(self, day: date, today: date, phrases: Phrases) -> None:
        self._day, self._today, self._phrases = day, today, phrases

    def __str__(self) -> str:
        return self._phrases.day(self._day, self._today)

    def __repr__(self) -> str:
        return str(self)

    @property
    def short(self) -> str:
        """`March 5`."""
        return self._phrases.short_day(self._day, self._today)

    @property
    def past(self) -> str:
        """`last Thursday` for up to six days back, else `March 5`."""
        return self._phrases.past_day(self._day, self._today)

    @property
    def is_recent(self) -> bool:
        """True for one to six days back, for which `past` names the weekday."""
        return 1 <= (self._today - self._day).days <= 6

    @property
    def is_soon(self) -> bool:
        """True for one to six days ahead, for which the weekday is enough."""
        return 1 <= (self._day - self._today).days <= 6

    @property
    def weekday(self) -> str:
        """`Thursday`."""
        return self._phrases.weekdays[self._day.weekday()]

    @property
    def iso(self) -> str:
        """`2026-03-05`."""
        return self._day.isoformat()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MailDay | str) and self.iso == _iso(other)

    def __lt__(self, other: "MailDay | str") -> bool:
        return self.iso < _iso(other)

    def __hash__(self) -> int:
        return hash(self.iso)


class MailMoment(MailDay):
    """A day with a time, or only a day. Printed it is `Thursday, March 5, at 10:00 a.m.`."""

    def __init__(self, at: datetime | None, day: date, today: date, phrases: Phrases) -> None:
        super().__init__(day, today, phrases)
        self._at = at

    def __str__(self) -> str:
        return self._phrases.moment(self._at, self._today) if self._at else super().__str__()

    @property
    def day(self) -> MailDay:
        """The day alone."""
        return MailDay(self._day, self._today, self._phrases)

    @property
    def time(self) -> str:
        """`10:00 a.m.`; empty where only the day is known."""
        return self._phrases.time(self._at) if self._at else ""


def _iso(other: MailDay | str) -> str:
    return other.iso if isinstance(other, MailDay) else other


def mail_day(moment: Moment | None, clock: Clock, phrases: Phrases) -> MailDay | None:
    """Returns the local day of a moment, or None."""
    return MailDay(local_date(moment, clock.zone), clock.today, phrases) if moment else None


def mail_moment(moment: Moment, clock: Clock, phrases: Phrases) -> MailMoment:
    """Returns a moment in the seller's time zone."""
    at = None if is_date(moment) else as_datetime(moment).astimezone(clock.zone)
    return MailMoment(at, local_date(moment, clock.zone), clock.today, phrases)
