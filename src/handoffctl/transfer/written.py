"""How an export writes its dates: the order of day, month and year, decided over all, and each one as a moment."""

import re
from datetime import date, datetime, timedelta, timezone
from typing import Literal, NamedTuple

from handoffctl.domain.moments import FIRST_YEAR, LAST_YEAR, Moment, Zone, at_local, instant
from handoffctl.domain.names import visible
from handoffctl.errors import Refused

DateOrder = Literal["ymd", "dmy", "mdy"]
LONGEST_TEXT = 60  # beyond that it is no date, and patterns may take long to say so
ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")

_IN_WORDS = {"dmy": "the day first", "mdy": "the month first", "ymd": "the year first"}
_DAY = re.compile(r"(\d{1,2}|\d{4})([-/.])(\d{1,2})\2(\d{1,2}|\d{4})(?!\d)", re.ASCII)
_TIME = re.compile(
    r"(?:T|,?\s+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"(?:\s*([AP])\.?M\.?)?\s*(Z|UTC|GMT|([+-])([0-9]{2}):?([0-9]{2})?)?\s*\Z",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")


class Unreadable(ValueError):
    """The text is no date, or no amount; the message says so and fits as the reason why a row is skipped."""


class _Parts(NamedTuple):
    first: str
    second: str
    third: str

    def day(self, order: DateOrder) -> date | None:
        """The day under this order; None where there is no such day. A year in four digits is where it is."""
        if len(self.third) == 4 and order == "ymd":
            return None
        part = dict(zip("ymd" if len(self.first) == 4 else order, self, strict=True))
        try:
            return date(_year(part["y"]), int(part["m"]), int(part["d"]))
        except ValueError:
            return None


class DatesSeen:
    """The dates of an export, and the order that fits them all."""

    def __init__(self) -> None:
        self._days: set[str] = set()
        self._possible = set(ORDERS)
        self._against: dict[DateOrder, str] = {}
        self._clash = ""
        self._doubt = ""
        self._short: set[_Parts] = set()
        self._voted = False

    def see(self, text: str, file: str, row: int) -> None:
        """Takes a date or a time into account. What is no date, or has its year first in full, decides nothing."""
        match = _DAY.match(text) if text else None
        if not match or match[0] in self._days:
            return
        self._days.add(match[0])
        parts = _Parts(match[1], match[3], match[4])
        fits = {order for order in ORDERS if parts.day(order)}
        if fits and len(parts.first) < 4:
            self._vote(parts, fits, f'{file} row {row} has "{match[0]}"')

    def _vote(self, parts: _Parts, fits: set[DateOrder], place: str) -> None:
        self._voted = True
        if not fits & self._possible and not self._clash:
            self._clash = f"{self._against[min(fits)]}, {place}"
        for order in self._possible - fits:
            self._against[order] = place
        self._possible &= fits
        if len(parts.third) < 4:
            self._short.add(parts)
        if not self._doubt and parts.day("dmy") != parts.day("mdy"):
            self._doubt = place

    def order(self) -> DateOrder | Literal["undecided"]:
        """The order that fits every date; "undecided" where several fit and do not give the same days.

        Raises Refused when no order fits them all.
        """
        if self._clash:
            hint = "Correct one of them, or add --dates mdy or --dates dmy to skip the rows that do not fit."
            raise Refused(f"The dates are written in more than one order: {self._clash}.", hint)
        if not self._voted:
            return "ymd"
        left = self.left()
        same_days = "ymd" not in left and not self._doubt
        return left[0] if len(left) == 1 or same_days else "undecided"

    def left(self) -> list[DateOrder]:
        """The orders that fit. Hardly anyone writes a two-digit year first, so that counts only where nothing else
        fits, or where it looks like it: years repeat and days vary."""
        left = [order for order in ORDERS if order in self._possible]
        firsts = {parts.first for parts in self._short}
        thirds = {parts.third for parts in self._short}
        looks_year_first = len(thirds) >= 3 and len(thirds) > 2 * len(firsts)
        return left if looks_year_first or left == ["ymd"] else [order for order in left if order != "ymd"]

    def question(self) -> Refused:
        """What to ask when the order is undecided."""
        left = self.left()
        readings = " or ".join(_IN_WORDS[order] for order in left)
        hint = "Add " + " or ".join(f"--dates {order}" for order in reversed(left)) + "."
        return Refused(f"The dates can be read in more than one way: {self._doubt}. Is that {readings}?", hint)


def settled(given: str | None, seen: DatesSeen, others: DatesSeen | None = None) -> DateOrder:
    """The order given by the user, else the one `seen` shows, else the one that the export's other columns show.

    Raises Refused with the question when nothing decides, or when the dates contradict each other.
    """
    if given:
        found = next((order for order in ORDERS if order == given.casefold()), None)
        if not found:
            raise Refused(f'"{visible(given)}" is no order of dates.', "Use --dates ymd, --dates dmy or --dates mdy.")
        return found
    order = seen.order()
    if order != "undecided":
        return order
    # Columns that the import does not use may contradict themselves as they like: then nothing is left of them.
    agreed = [order for order in seen.left() if others and order in others.left()]
    if len(agreed) != 1:
        raise seen.question()
    return agreed[0]


class DateReader:
    """Reads the dates of an export once their order is known. Times without an offset are those of the zone."""

    def __init__(self, order: DateOrder, zone: Zone) -> None:
        self._order = order
        self._zone = zone
        self._moments: dict[str, Moment] = {}
        self._days: dict[str, date | None] = {}

    def moment(self, text: str) -> Moment | None:
        """A date as a date, a date with a time as an instant, None for blank. Raises Unreadable."""
        known = self._moments.get(text)
        if known is None and text.strip():
            known = self._moments[text] = self._parsed(text)
        return known

    def day(self, text: str) -> Moment | None:
        """Only the day, as it is written, of a column that means days whatever time it carries. Raises Unreadable."""
        match = _DAY.match(text)
        if match and len(text) <= LONGEST_TEXT and _TIME.fullmatch(text, match.end()):
            return self._day(match, text).isoformat()
        return self.moment(text)

    def _parsed(self, text: str) -> Moment:
        match = _DAY.match(text)
        if not match or len(text) > LONGEST_TEXT:
            raise Unreadable(f"{quoted(text)} is no date")
        day = self._day(match, text)
        if not text[match.end() :].strip():
            return day.isoformat()
        time = _TIME.fullmatch(text, match.end())
        try:
            return _instant(day, time, self._zone) if time else _no_time(text)
        except (ValueError, OverflowError, OSError):
            return _no_time(text)

    def _day(self, match: re.Match[str], text: str) -> date:
        if match[0] not in self._days:
            self._days[match[0]] = _Parts(match[1], match[3], match[4]).day(self._order)
        day = self._days[match[0]]
        if day is None:
            raise Unreadable(f"{quoted(text)} is no date with {_IN_WORDS[self._order]}")
        return day


def _instant(day: date, time: re.Match[str], zone: Zone) -> Moment:
    hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
    if time[4]:
        if hour > 12:
            raise ValueError("a 12-hour clock ends at 12")
        hour = hour % 12 + (12 if time[4] in "pP" else 0)
    naive = datetime(day.year, day.month, day.day, hour, minute, second)
    if not time[5]:
        return at_local(naive, zone)
    ahead = timedelta(hours=int(time[7] or 0), minutes=int(time[8] or 0))
    return instant(naive.replace(tzinfo=timezone(-ahead if time[6] == "-" else ahead)))


def _no_time(text: str) -> Moment:
    raise Unreadable(f"{quoted(text)} is no date with a time")


def _year(text: str) -> int:
    year = int(text)
    if len(text) < 3:
        return year + (2000 if year < 70 else 1900)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year {year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return year


def quoted(text: str) -> str:
    short = _SPACES.sub(" ", text.strip())
    return f'"{visible(short[:40])}{"…" if len(short) > 40 else ""}"'
