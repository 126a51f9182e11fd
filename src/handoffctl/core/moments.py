"""Moments as they were known: a date without a zone, or an instant in UTC. A date is never turned into midnight.

A moment is kept as text: `2026-03-01` or `2026-03-01T09:00:00Z`, with a fraction of a second where an export has one
(`2026-03-01T09:00:00.276Z`). The zone is that of the user: a `tzinfo`, or None
for the machine's own, which the standard library can only reach through `astimezone()`.
"""

import re
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
    """The text is no moment; the message says so in a sentence."""


@dataclass(frozen=True)
class Clock:
    """What time it is, and where: the only way the rules learn of it."""

    now: Moment
    zone: Zone = None

    def day_of(self, moment: Moment) -> date:
        """The local day of a moment; quicker than `local_date` where it is asked of a great many."""
        return self._days.of(moment)

    @cached_property
    def _days(self) -> "LocalDays":
        return LocalDays(self.zone)

    @cached_property
    def today(self) -> date:
        return local_date(self.now, self.zone)


def is_date(moment: Moment) -> bool:
    return len(moment) == 10


def instant(at: datetime) -> Moment:
    """The moment of a datetime; one without a zone is the machine's local time. Whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exact(at: datetime) -> Moment:
    """The same with the fraction of a second, for what was measured by a machine."""
    moment = instant(at)
    return f"{moment[:-1]}{f'.{at.microsecond:06d}'.rstrip('0')}Z" if at.microsecond else moment


def seconds(moment: Moment) -> float:
    """An instant in seconds since 1970, to the microsecond."""
    return as_datetime(moment).timestamp()


def of_seconds(count: float) -> Moment:
    """The instant of `seconds`."""
    return exact(_EPOCH + timedelta(microseconds=round(count * 1_000_000)))


def as_datetime(moment: Moment) -> datetime:
    """The UTC datetime of an instant."""
    return datetime.fromisoformat(moment)


def at_local(naive: datetime, zone: Zone) -> Moment:
    """The instant of a local time that came without an offset."""
    return exact(naive.replace(tzinfo=zone) if zone else naive)


def local_date(moment: Moment, zone: Zone) -> date:
    if is_date(moment):
        return date.fromisoformat(moment)
    return as_datetime(moment).astimezone(zone).date()


class LocalDays:
    """The days on the wall, in one zone."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._seen: dict[str, tuple[str, date, date] | None] = {}

    def of(self, moment: Moment) -> date:
        """The local day of a date or an instant."""
        if is_date(moment):
            return date.fromisoformat(moment)
        day = moment[:10]
        if day not in self._seen:
            self._seen[day] = self._known(day)
        known = self._seen[day]
        if known is None:
            return local_date(moment, self._zone)
        midnight, before, since = known
        return since if moment[11:19] >= midnight else before

    def _known(self, day: str) -> tuple[str, date, date] | None:
        """At what UTC time of this UTC day the local day changes, and the local days before and since.

        None where the clocks change in it: then each moment is looked at.
        """
        begin = datetime.fromisoformat(day).replace(tzinfo=UTC)
        first, last = (at.astimezone(self._zone) for at in (begin, begin + timedelta(days=1, seconds=-1)))
        offset = first.utcoffset()
        if offset is None or offset != last.utcoffset():
            return None
        midnight = (datetime.min.replace(year=2000) - offset).strftime("%H:%M:%S")
        return midnight, first.date(), last.date()


def order(moment: Moment, zone: Zone) -> tuple[date, Moment]:
    """A sort key: by local day, and within it a date before the instants."""
    return local_date(moment, zone), ("" if is_date(moment) else _in_order(moment))


def before(one: Moment, other: Moment, zone: Zone) -> bool:
    """True where `one` is surely earlier: by the local day when either is only a date."""
    if len(one) == 10 or len(other) == 10:  # as `is_date`; this is asked a million times in a report
        return local_date(one, zone) < local_date(other, zone)
    return one.removesuffix("Z") < other.removesuffix("Z")


def _in_order(moment: Moment) -> str:
    """An instant as a text that sorts by time: with the Z, a whole second would come after its fractions."""
    return moment.removesuffix("Z")


def days_between(start: Moment, end: Moment, zone: Zone) -> float:
    """Length in days: whole calendar days when either end is a date, else seconds / 86,400."""
    if is_date(start) or is_date(end):
        return float((local_date(end, zone) - local_date(start, zone)).days)
    return (as_datetime(end) - as_datetime(start)).total_seconds() / 86_400


def shown(moment: Moment, zone: Zone) -> str:
    """As people read it: a date as it is, an instant in local time to the minute."""
    if is_date(moment):
        return moment
    return as_datetime(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def iso(text: str, zone: Zone = None) -> Moment:
    """A date or an instant in ISO 8601; a time without an offset is local. Raises NotAMoment."""
    text = text.strip()
    try:
        if len(text) <= 10:
            return _within_years(date.fromisoformat(text)).isoformat()
        at = datetime.fromisoformat(text)
        _within_years(at.date())
    except (ValueError, OverflowError):
        raise NotAMoment(f'"{text}" is not a date.') from None
    return _within_years_of_utc(at_local(at, zone) if at.tzinfo is None else exact(at), text)


def _within_years_of_utc(moment: Moment, text: str) -> Moment:
    """Kept is the time in UTC, whose year may be another one than here."""
    if not FIRST_YEAR <= int(moment[:4]) <= LAST_YEAR:
        raise NotAMoment(f'"{text}" is not between the years {FIRST_YEAR} and {LAST_YEAR}.')
    return moment


def written(text: str, clock: Clock) -> Moment:
    """What a person means by a moment: ISO, `+3d`, `-2h`, `today`, `tomorrow`, `fri`, each with ` 14:30` if wanted.

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
    return _after(span, clock) if span else iso(text, clock.zone)


def _day(word: str, clock: Clock) -> Moment | None:
    ahead = {"yesterday": -1, "today": 0, "tomorrow": 1}.get(word)
    if ahead is None and len(word) >= 3:
        matches = [n for n, name in enumerate(WEEKDAYS) if name.startswith(word)]
        if matches:
            ahead = (matches[0] - clock.today.weekday() - 1) % 7 + 1
    return None if ahead is None else (clock.today + timedelta(days=ahead)).isoformat()


def _at_time_of(clocked: re.Match[str], clock: Clock, text: str) -> Moment:
    day = written(clocked[1] or "today", clock)
    try:
        naive = datetime.combine(local_date(day, clock.zone), datetime.min.time())
        there = at_local(naive.replace(hour=int(clocked[2]), minute=int(clocked[3])), clock.zone)
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
        return _within_years_of_utc(instant(as_datetime(clock.now) + timedelta(hours=hours)), span[0])
    except (ValueError, OverflowError):
        raise NotAMoment(f'"{span[0]}" is too far from today.') from None


def _within_years(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"the year {day.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def duration_days(text: str) -> float:
    """`3d`, `4h`, `30m` or `2w` in days. Raises ValueError with a sentence."""
    span = _SPAN.match(text.strip().casefold())
    if not span or span[1] == "-":
        raise ValueError(f'"{text}" is not a length of time; write one like 30m, 4h, 3d or 2w')
    return int(span[2]) * {"m": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0}[span[3]]


MINUTES_A_DAY = 24 * 60


def is_over(at: Moment, minutes: int, clock: Clock) -> bool:
    """True if something that lasts so many minutes has ended; for a date without an hour, once its day has passed."""
    if is_date(at) or is_date(clock.now):
        return before(at, clock.now, clock.zone)
    return days_between(at, clock.now, clock.zone) * MINUTES_A_DAY >= minutes
