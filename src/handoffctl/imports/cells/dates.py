"""How an export writes its dates: the order of day, month and year, decided over all, and each one as a moment."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from handoffctl.core.moments import FIRST_YEAR, LAST_YEAR, Moment, Zone, exact
from handoffctl.core.names import visible
from handoffctl.errors import Refused
from handoffctl.imports.cells.month_names import named_day
from handoffctl.imports.cells.times import has_time, instant, read_alike

DateOrder = Literal["ymd", "dmy", "mdy"]
LONGEST_TEXT = 60  # beyond that it is no date, and patterns may take long to say so
MOST_REMEMBERED = 20_000
ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")

_IN_WORDS = {"dmy": "the day first", "mdy": "the month first", "ymd": "the year first"}
_DAY = re.compile(r"(\d{1,2}|\d{4})([-/.])(\d{1,2})\2(\d{1,2}|\d{4})(?!\d)", re.ASCII)
_SPACES = re.compile(r"\s+")


class Unreadable(ValueError):
    """The text is no date, or no amount; the message says so and fits as the reason why a row is skipped."""


class Undecided(Exception):
    """The text can be read in more than one way, and only the others of its column show which one is meant."""


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
        self._short_firsts: set[str] = set()
        self._short_thirds: set[str] = set()
        self._voted = False

    def see(self, text: str, file: str, row: int) -> None:
        """Takes a date or a time into account. What is no date, or has its year first in full, decides nothing."""
        match = _DAY.match(text) if text else None
        if not match or match[0] in self._days:
            return
        if len(self._days) >= MOST_REMEMBERED:
            self._days.clear()
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
            self._short_firsts.add(parts.first)
            self._short_thirds.add(parts.third)
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
        firsts, thirds = len(self._short_firsts), len(self._short_thirds)
        looks_year_first = thirds >= 3 and thirds > 2 * firsts
        return left if looks_year_first or left == ["ymd"] else [order for order in left if order != "ymd"]

    def question(self) -> Refused:
        """What to ask when the order is undecided."""
        left = self.left()
        readings = " or ".join(_IN_WORDS[order] for order in left)
        hint = "Add " + " or ".join(f"--dates {order}" for order in reversed(left)) + "."
        return Refused(f"The dates can be read in more than one way: {self._doubt}. Is that {readings}?", hint)


def order_named(given: str) -> DateOrder:
    """The order that the user names. Raises Refused."""
    found = next((order for order in ORDERS if order == given.casefold()), None)
    if not found:
        raise Refused(f'"{visible(given)}" is no order of dates.', "Use --dates ymd, --dates dmy or --dates mdy.")
    return found


def settled(given: str | None, seen: DatesSeen, others: DatesSeen | None = None) -> DateOrder:
    """The order given by the user, else the one `seen` shows, else the one that the export's other columns show.

    Raises Refused with the question when nothing decides, or when the dates contradict each other.
    """
    if given:
        return order_named(given)
    order = seen.order()
    if order != "undecided":
        return order
    # Columns that the import does not use may contradict themselves as they like: then nothing is left of them.
    agreed = [order for order in seen.left() if others and order in others.left()]
    if len(agreed) != 1:
        raise seen.question()
    return agreed[0]


class DateReader:
    """Reads the dates of an export. Times without an offset are those of the zone.

    Without an order only dates are read that are the same in any; the others raise Undecided.
    """

    def __init__(self, order: DateOrder | None, zone: Zone) -> None:
        self._order = order
        self._zone = zone
        self._moments: dict[str, Moment] = {}
        self._days: dict[str, date] = {}

    def moment(self, text: str) -> Moment | None:
        """A date as a date, a date with a time as an instant, None for blank. Raises Unreadable or Undecided."""
        known = self._moments.get(text)
        if known is None and text.strip():
            at = self._parsed(text)
            known = exact(at) if isinstance(at, datetime) else at.isoformat()
            if len(self._moments) >= MOST_REMEMBERED:
                self._moments.clear()
            self._moments[text] = known
        return known

    def day(self, text: str) -> Moment | None:
        """Only the day, as it is written, of a column that means days whatever time it carries.

        Raises Unreadable or Undecided.
        """
        if not text.strip():
            return None
        day, end = self._day(text)
        return day.isoformat() if has_time(text, end) else self.moment(text)

    def column(self, texts: Sequence[str]) -> list[float | str | None]:
        """Like `moment` for each, with an instant in seconds since 1970, to the microsecond."""
        filled = list(filter(None, texts))
        read: Sequence[float | str | None] | None = read_alike(filled, self._zone)
        if read is None:
            read = list(map(self._number, filled))
        if len(filled) == len(texts):
            return list(read)
        rest = iter(read)
        return [next(rest) if text else None for text in texts]

    def _number(self, text: str) -> float | str | None:
        if not text.strip():
            return None
        at = self._parsed(text)
        return at.timestamp() if isinstance(at, datetime) else at.isoformat()

    def _parsed(self, text: str) -> datetime | date:
        day, end = self._day(text)
        if not text[end:].strip():
            return day
        try:
            at = instant(day, text, end, self._zone)
            if not FIRST_YEAR <= at.year <= LAST_YEAR:  # by the offset it falls into the year beside
                raise ValueError(at.year)
            return at
        except (ValueError, OverflowError, OSError):
            raise Unreadable(f"{quoted(text)} is no date with a time") from None

    def _day(self, text: str) -> tuple[date, int]:
        """The day that the text begins with, and where it ends there."""
        match = _DAY.match(text)
        if len(text) > LONGEST_TEXT:
            raise Unreadable(f"{quoted(text)} is no date")
        if not match:
            return _named(text)
        day = self._days.get(match[0])
        if day is None:
            day = self._ordered(_Parts(match[1], match[3], match[4]), text)
            if len(self._days) >= MOST_REMEMBERED:
                self._days.clear()
            self._days[match[0]] = day
        return day, match.end()

    def _ordered(self, parts: _Parts, text: str) -> date:
        orders = ORDERS if self._order is None and len(parts.first) < 4 else (self._order or "ymd",)
        # A year in four digits at the end leaves two orders to choose from.
        days = {parts.day(order) for order in orders if self._order or order != "ymd" or len(parts.third) < 4}
        if len(days) > 1:
            raise Undecided(f"{quoted(text)} can be read in more than one way")
        day = days.pop()
        if day is None:
            raise Unreadable(f"{quoted(text)} is no date{f' with {_IN_WORDS[self._order]}' if self._order else ''}")
        return day


def _named(text: str) -> tuple[date, int]:
    named = named_day(text)
    try:
        if named:
            return date(_year(named.year), named.month, named.day), named.end
    except ValueError:
        pass
    raise Unreadable(f"{quoted(text)} is no date")


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
