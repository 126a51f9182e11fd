"""Moments: a date without a zone, or an instant in UTC. A date is never turned into midnight.

A moment is text: `2026-03-01` or `2026-03-01T09:00:00Z`, with a fraction of a second where an export has one
(`2026-03-01T09:00:00.276Z`). The zone is the user's: a `tzinfo`, or None for the machine's zone, which the standard
library can only reach through `astimezone()`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property

Moment = str
Zone = tzinfo | None

FIRST_YEAR, LAST_YEAR = 1900, 2199
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOW_TO_WRITE = "Write a date like 2026-03-01, a time like 2026-03-01T14:30, or +3d, tomorrow, fri."

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPAN = re.compile(r"([+-]?)(\d{1,5})\s*([mhdw])\Z")
_CLOCK = re.compile(r"(?:(.*)[ tT])?(\d{1,2}):(\d{2})\Z")


class NotAMoment(ValueError):
    """Raised for text that is not a moment. The message is a sentence."""


@dataclass(frozen=True)
class Clock:
    """The current moment and the user's zone. Rules learn the time from this only."""

    now: Moment
    zone: Zone = None

    @cached_property
    def day_of(self) -> Callable[[Moment], date]:
        """Returns the local day of a moment; faster than `local_date` for a great many moments."""
        return LocalDays(self.zone).of

    @cached_property
    def today(self) -> date:
        """The local day of the current moment."""
        return local_date(self.now, self.zone)

    def is_before(self, one: Moment, other: Moment) -> bool:
        """Compares as `is_before` does; faster for a great many moments."""
        if len(one) == 10 or len(other) == 10:
            return self.day_of(one) < self.day_of(other)
        return one.removesuffix("Z") < other.removesuffix("Z")

    def is_past_day(self, moment: Moment) -> bool:
        """Returns True if the local day of the moment is before today."""
        return self.day_of(moment) < self.today


def is_date(moment: Moment) -> bool:
    """Returns True for a date, False for an instant."""
    return len(moment) == 10


def to_instant(at: datetime) -> Moment:
    """Returns the instant of a datetime in whole seconds. A naive datetime is taken as the machine's local time."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_instant_us(at: datetime) -> Moment:
    """Returns the instant of a datetime to the microsecond, for times that a machine measured."""
    moment = to_instant(at)
    return f"{moment[:-1]}{f'.{at.microsecond:06d}'.rstrip('0')}Z" if at.microsecond else moment


def to_epoch(moment: Moment) -> float:
    """Returns an instant in seconds since 1970-01-01 UTC, to the microsecond."""
    return as_datetime(moment).timestamp()


def from_epoch(count: float) -> Moment:
    """Returns the instant that is this many seconds after 1970-01-01 UTC."""
    return to_instant_us(_EPOCH + timedelta(microseconds=round(count * 1_000_000)))


def as_datetime(moment: Moment) -> datetime:
    """Returns the UTC datetime of an instant."""
    return datetime.fromisoformat(moment)


def local_to_instant(naive: datetime, zone: Zone) -> Moment:
    """Returns the instant of a local time that has no offset."""
    return to_instant_us(naive.replace(tzinfo=zone) if zone else naive)


def local_date(moment: Moment, zone: Zone) -> date:
    """Returns the local day of a moment."""
    if is_date(moment):
        return date.fromisoformat(moment)
    return as_datetime(moment).astimezone(zone).date()


class LocalDays:
    """Computes the local days of a great many moments in one zone, with one conversion for each UTC day.

    Gives the same as `local_date`.
    """

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._changes: dict[str, tuple[str, date, date] | None] = {}  # by UTC day

    def of(self, moment: Moment) -> date:
        """Returns the local day of a date or an instant."""
        if len(moment) == 10:  # as `is_date`; `today` calls this tens of thousands of times
            return date.fromisoformat(moment)
        utc_day = moment[:10]
        try:
            change = self._changes[utc_day]
        except KeyError:
            change = self._changes[utc_day] = self._change(utc_day)
        if change is None:
            return local_date(moment, self._zone)
        midnight, earlier, later = change
        return later if moment[11:19] >= midnight else earlier

    def _change(self, day: str) -> tuple[str, date, date] | None:
        """Returns the UTC time of this UTC day at which the local day changes, and the local days before and after.

        Returns None if the clocks change on this day: then each moment is converted on its own.
        """
        begin = datetime.fromisoformat(day).replace(tzinfo=UTC)
        first, last = (at.astimezone(self._zone) for at in (begin, begin + timedelta(days=1, seconds=-1)))
        offset = first.utcoffset()
        if offset is None or offset != last.utcoffset():
            return None
        midnight = (datetime.min.replace(year=2000) - offset).strftime("%H:%M:%S")
        return midnight, first.date(), last.date()


def sort_key(moment: Moment, zone: Zone) -> tuple[date, Moment]:
    """Returns a sort key: by local day, and within a day its date before the instants."""
    return local_date(moment, zone), ("" if is_date(moment) else _in_order(moment))


def is_before(one: Moment, other: Moment, zone: Zone) -> bool:
    """Returns True if `one` is certainly earlier. Compares local days if either is only a date."""
    if len(one) == len(other) == 10:  # as `is_date`; a report calls this a million times
        return one < other
    if len(one) == 10 or len(other) == 10:
        return local_date(one, zone) < local_date(other, zone)
    return one.removesuffix("Z") < other.removesuffix("Z")


def _in_order(moment: Moment) -> str:
    """Returns an instant as text that sorts by time: with the Z, a whole second would come after its fractions."""
    return moment.removesuffix("Z")


def days_between(start: Moment, end: Moment, zone: Zone) -> float:
    """Returns the length in days: whole calendar days if either end is a date, else seconds / 86,400."""
    if is_date(start) or is_date(end):
        return float((local_date(end, zone) - local_date(start, zone)).days)
    return (as_datetime(end) - as_datetime(start)).total_seconds() / 86_400


def format_local(moment: Moment, zone: Zone) -> str:
    """Formats a moment for people: a date as it is, an instant in local time to the minute."""
    if is_date(moment):
        return moment
    return as_datetime(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse_iso(text: str, zone: Zone = None) -> Moment:
    """Parses a date or an instant in ISO 8601; a time without an offset is local. Raises NotAMoment."""
    text = text.strip()
    try:
        if len(text) <= 10:
            return _within_years(date.fromisoformat(text)).isoformat()
        at = datetime.fromisoformat(text)
        _within_years(at.date())
    except (ValueError, OverflowError):
        raise NotAMoment(f'"{text}" is not a date.') from None
    return _within_years_of_utc(local_to_instant(at, zone) if at.tzinfo is None else to_instant_us(at), text)


def _within_years_of_utc(moment: Moment, text: str) -> Moment:
    """Refuses an instant whose year in UTC, which may differ from the local one, is out of range."""
    if not FIRST_YEAR <= int(moment[:4]) <= LAST_YEAR:
        raise NotAMoment(f'"{text}" is not between the years {FIRST_YEAR} and {LAST_YEAR}.')
    return moment


def parse_user(text: str, clock: Clock) -> Moment:
    """Parses a moment as people type it: ISO, `+3d`, `-2h`, `today`, `tomorrow`, `fri`, a day followed by ` 14:30`.

    Days and weeks give a date, minutes and hours an instant. Raises NotAMoment.
    """
    word = " ".join(text.split()).casefold()
    if word == "now":
        return clock.now
    day = _day(word, clock)
    if day:
        return day
    clocked = _CLOCK.match(word)
    if clocked and not re.match(r"\d{4}-", word):
        return _at_time_of(clocked, clock, text)
    span = _SPAN.match(word)
    return _after(span, clock) if span else parse_iso(text, clock.zone)


def _day(word: str, clock: Clock) -> Moment | None:
    ahead = {"yesterday": -1, "today": 0, "tomorrow": 1}.get(word)
    if ahead is None and len(word) >= 3:
        matches = [n for n, name in enumerate(WEEKDAYS) if name.startswith(word)]
        if matches:
            ahead = (matches[0] - clock.today.weekday() - 1) % 7 + 1
    return None if ahead is None else (clock.today + timedelta(days=ahead)).isoformat()


def _at_time_of(clocked: re.Match[str], clock: Clock, text: str) -> Moment:
    day = parse_user(clocked[1] or "today", clock)
    try:
        naive = datetime.combine(local_date(day, clock.zone), datetime.min.time())
        there = local_to_instant(naive.replace(hour=int(clocked[2]), minute=int(clocked[3])), clock.zone)
    except ValueError:
        raise NotAMoment(f'"{text}" is not a time of day.') from None
    return _within_years_of_utc(there, text)


def _after(span: re.Match[str], clock: Clock) -> Moment:
    count = int(span[2]) * (-1 if span[1] == "-" else 1)
    try:
        if span[3] in "dw":
            days = count * (7 if span[3] == "w" else 1)
            return _within_years(clock.today + timedelta(days=days)).isoformat()
        if is_date(clock.now):
            return clock.now
        hours = count / 60 if span[3] == "m" else count
        return _within_years_of_utc(to_instant(as_datetime(clock.now) + timedelta(hours=hours)), span[0])
    except (ValueError, OverflowError):
        raise NotAMoment(f'"{span[0]}" is too far from today.') from None


def _within_years(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"the year {day.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def duration_days(text: str) -> float:
    """Parses a length of time like `3d`, `4h`, `30m` or `2w`. Returns days. Raises ValueError with a sentence."""
    span = _SPAN.match(text.strip().casefold())
    if not span or span[1] == "-":
        raise ValueError(f'"{text}" is not a length of time; write one like 30m, 4h, 3d or 2w')
    return int(span[2]) * {"m": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0}[span[3]]


MINUTES_A_DAY = 24 * 60


def is_over(at: Moment, minutes: int, clock: Clock) -> bool:
    """True if something that lasts so many minutes has ended; for a date without an hour, once its day has passed."""
    if is_date(at) or is_date(clock.now):
        return is_before(at, clock.now, clock.zone)
    return days_between(at, clock.now, clock.zone) * MINUTES_A_DAY >= minutes
