"""Parses times of day, and whole columns of ISO dates or times at once if all have the same form."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from operator import methodcaller

from handoffctl.core.moments import FIRST_YEAR, LAST_YEAR, Zone

_TIME = re.compile(
    r"(?:T|,?\s+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"(?:\s*([AP])\.?M\.?)?\s*(Z|UTC|GMT|([+-])([0-9]{2}):?([0-9]{2})?)?\s*\Z",
    re.IGNORECASE,
)
# A text with 0 for each digit. The standard library accepts more than these forms, the parser of single dates does not.
_SHAPE = re.compile(rb"0000-00-00[T ]00:00(?::00(?:[.,]0{1,9})?)?(Z|[+-]00(?::?00)?)?")
_DATE_SHAPE = b"0000-00-00"
_TO_ZEROS = bytes.maketrans(b"123456789", b"000000000")
# One day inside the allowed years, because those are years as written, before any offset.
_EARLIEST = datetime(FIRST_YEAR, 1, 2, tzinfo=UTC).timestamp()
_LATEST = datetime(LAST_YEAR, 12, 30, tzinfo=UTC).timestamp()


def is_time_of_day(text: str, start: int) -> bool:
    """True if the text from `start` on is a time of day and nothing else."""
    return bool(_TIME.fullmatch(text, start))


def parse_instant(day: date, text: str, start: int, zone: Zone) -> datetime:
    """Returns the instant, in UTC, of this day and the time in the text from `start` on. Raises ValueError."""
    time = _TIME.fullmatch(text, start)
    if not time:
        raise ValueError("there is no time of day")
    hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
    if time[5]:
        if hour > 12:
            raise ValueError("a 12-hour clock ends at 12")
        hour = hour % 12 + (12 if time[5] in "pP" else 0)
    naive = datetime(day.year, day.month, day.day, hour, minute, second, int((time[4] or "").ljust(6, "0")[:6]))
    if time[6]:
        ahead = timedelta(hours=int(time[8] or 0), minutes=int(time[9] or 0))
        zone = timezone(-ahead if time[7] == "-" else ahead)
    return (naive.replace(tzinfo=zone) if zone else naive).astimezone(UTC)


def parse_uniform(texts: Sequence[str], zone: Zone) -> Sequence[float | str] | None:
    """Parses all texts to ISO dates, or all to seconds since 1970; None unless all are valid and have the same form."""
    joined = "\n".join([*texts, ""])
    if not joined.isascii():
        return None
    digits_as_zeros = joined.encode().translate(_TO_ZEROS)
    first = digits_as_zeros[: digits_as_zeros.find(b"\n") + 1]
    # Mostly all have the form of the first, which one comparison finds out.
    shapes = {first[:-1]} if digits_as_zeros == first * len(texts) else set(digits_as_zeros[:-1].split(b"\n"))
    try:
        return _dates(texts) if shapes == {_DATE_SHAPE} else _instants(texts, shapes, zone)
    except (ValueError, OverflowError, OSError):
        return None


def _dates(texts: Sequence[str]) -> Sequence[str] | None:
    days = list(map(date.fromisoformat, texts))
    return texts if min(days).year >= FIRST_YEAR and max(days).year <= LAST_YEAR else None


def _instants(texts: Sequence[str], shapes: Iterable[bytes], zone: Zone) -> Sequence[float] | None:
    matches = [_SHAPE.fullmatch(shape) for shape in shapes]
    if not all(matches):
        return None
    offsets = {bool(match and match[1]) for match in matches}
    if len(offsets) != 1:
        return None
    times: Iterable[datetime] = map(datetime.fromisoformat, texts)
    if offsets == {False}:
        # Not `timestamp` alone: in the hour that a clock change skips, it gives another instant.
        times = map(methodcaller("replace", tzinfo=zone) if zone else methodcaller("astimezone", UTC), times)
    seconds = list(map(datetime.timestamp, times))
    return seconds if min(seconds) > _EARLIEST and max(seconds) < _LATEST else None
