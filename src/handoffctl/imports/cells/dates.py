"""Parses dates and times. The order of day, month and year is decided from all dates of an export."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from handoffctl.core.moments import FIRST_YEAR, LAST_YEAR, Moment, Zone, to_instant_us
from handoffctl.core.names import escape_controls
from handoffctl.errors import Refused
from handoffctl.imports.cells.month_names import parse_named_month
from handoffctl.imports.cells.times import is_time_of_day, parse_instant, parse_uniform

DateOrder = Literal["ymd", "dmy", "mdy"]
LONGEST_TEXT = 60  # characters; longer text is not a date, and patterns may take long to find that out
MOST_REMEMBERED = 20_000
ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")

_ORDER_WORDS = {"dmy": "the day first", "mdy": "the month first", "ymd": "the year first"}
_DAY = re.compile(r"(\d{1,2}|\d{4})([-/.])(\d{1,2})\2(\d{1,2}|\d{4})(?!\d)", re.ASCII)
_SPACES = re.compile(r"\s+")


class CellParseError(ValueError):
    """The text is not a date, or not an amount; the message is the reason why the row is skipped."""


class AmbiguousFormat(Exception):
    """The text can be read in more than one way, and only the rest of its column shows which one is meant."""


class _DateParts(NamedTuple):
    first: str
    second: str
    third: str

    def day(self, order: DateOrder) -> date | None:
        """Returns the day in this order, or None if there is no such day. A year in four digits stays where it is."""
        if len(self.third) == 4 and order == "ymd":
            return None
        part = dict(zip("ymd" if len(self.first) == 4 else order, self, strict=True))
        try:
            return date(_parse_year(part["y"]), int(part["m"]), int(part["d"]))
        except ValueError:
            return None


class DateOrderDetector:
    """Collects the dates of an export and finds the order that fits them all."""

    def __init__(self) -> None:
        self._days: set[str] = set()
        self._possible = set(ORDERS)
        self._counterexamples: dict[DateOrder, str] = {}
        self._clash = ""
        self._doubt = ""
        self._short_year_firsts: set[str] = set()
        self._short_year_thirds: set[str] = set()
        self._has_evidence = False

    def observe(self, text: str, file: str, row: int) -> None:
        """Takes a date or a time into account. Other text, and dates with a full year first, decide nothing."""
        match = _DAY.match(text) if text else None
        if not match or match[0] in self._days:
            return
        if len(self._days) >= MOST_REMEMBERED:
            self._days.clear()
        self._days.add(match[0])
        parts = _DateParts(match[1], match[3], match[4])
        possible = {order for order in ORDERS if parts.day(order)}
        if possible and len(parts.first) < 4:
            self._vote(parts, possible, f'{file} row {row} has "{match[0]}"')

    def _vote(self, parts: _DateParts, possible: set[DateOrder], example: str) -> None:
        self._has_evidence = True
        if not possible & self._possible and not self._clash:
            self._clash = f"{self._counterexamples[min(possible)]}, {example}"
        for order in self._possible - possible:
            self._counterexamples[order] = example
        self._possible &= possible
        if len(parts.third) < 4:
            self._short_year_firsts.add(parts.first)
            self._short_year_thirds.add(parts.third)
        if not self._doubt and parts.day("dmy") != parts.day("mdy"):
            self._doubt = example

    def order(self) -> DateOrder | Literal["undecided"]:
        """Returns the order that fits every date; "undecided" if several fit and give different days.

        Raises Refused if no order fits them all.
        """
        if self._clash:
            hint = "Correct one of them, or add --dates mdy or --dates dmy to skip the rows that do not fit."
            raise Refused(f"The dates are written in more than one order: {self._clash}.", hint)
        if not self._has_evidence:
            return "ymd"
        remaining_orders = self.remaining_orders()
        same_days = "ymd" not in remaining_orders and not self._doubt
        return remaining_orders[0] if len(remaining_orders) == 1 or same_days else "undecided"

    def remaining_orders(self) -> list[DateOrder]:
        """Returns the orders that fit all dates.

        Hardly anyone writes a two-digit year first, so that order counts only if no other fits, or if the dates look
        like it: years repeat and days vary.
        """
        remaining_orders = [order for order in ORDERS if order in self._possible]
        firsts, thirds = len(self._short_year_firsts), len(self._short_year_thirds)
        looks_year_first = thirds >= 3 and thirds > 2 * firsts
        return (
            remaining_orders
            if looks_year_first or remaining_orders == ["ymd"]
            else [order for order in remaining_orders if order != "ymd"]
        )

    def ambiguity_error(self) -> Refused:
        """Returns the refusal that asks the user for the order when it is undecided."""
        remaining_orders = self.remaining_orders()
        readings = " or ".join(_ORDER_WORDS[order] for order in remaining_orders)
        hint = "Add " + " or ".join(f"--dates {order}" for order in reversed(remaining_orders)) + "."
        return Refused(f"The dates can be read in more than one way: {self._doubt}. Is that {readings}?", hint)


def parse_date_order(text: str) -> DateOrder:
    """Parses an order as the user types it. Raises Refused."""
    order = next((order for order in ORDERS if order == text.casefold()), None)
    if not order:
        raise Refused(
            f'"{escape_controls(text)}" is no order of dates.', "Use --dates ymd, --dates dmy or --dates mdy."
        )
    return order


def resolve_date_order(
    chosen: str | None, detector: DateOrderDetector, other_columns: DateOrderDetector | None = None
) -> DateOrder:
    """Returns the user's order, else the one `detector` finds, else the one that the unused columns agree with.

    Raises Refused with a question if nothing decides, or if the dates contradict each other.
    """
    if chosen:
        return parse_date_order(chosen)
    order = detector.order()
    if order != "undecided":
        return order
    # Columns that the import does not use may contradict themselves: then they have no order left.
    agreed = [
        order for order in detector.remaining_orders() if other_columns and order in other_columns.remaining_orders()
    ]
    if len(agreed) != 1:
        raise detector.ambiguity_error()
    return agreed[0]


class DateParser:
    """Parses the dates of an export. Times without an offset are in the given zone.

    Without an order, only dates that are the same in every order are parsed; the others raise AmbiguousFormat.
    """

    def __init__(self, order: DateOrder | None, zone: Zone) -> None:
        self._order = order
        self._zone = zone
        self._moments: dict[str, Moment] = {}
        self._days: dict[str, date] = {}

    def moment(self, text: str) -> Moment | None:
        """Parses a date, or an instant if it has a time; None for blank. Raises CellParseError or AmbiguousFormat."""
        cached = self._moments.get(text)
        if cached is None and text.strip():
            at = self._parse(text)
            cached = to_instant_us(at) if isinstance(at, datetime) else at.isoformat()
            if len(self._moments) >= MOST_REMEMBERED:
                self._moments.clear()
            self._moments[text] = cached
        return cached

    def day(self, text: str) -> Moment | None:
        """Returns the day as it is written, for a column that means days even if it carries times.

        Raises CellParseError or AmbiguousFormat.
        """
        if not text.strip():
            return None
        day, end = self._parse_day(text)
        return day.isoformat() if is_time_of_day(text, end) else self.moment(text)

    def column(self, texts: Sequence[str]) -> list[float | str | None]:
        """Like `moment` for each text, with an instant in seconds since 1970, to the microsecond."""
        filled = list(filter(None, texts))
        values: Sequence[float | str | None] | None = parse_uniform(filled, self._zone)
        if values is None:
            values = list(map(self._seconds_or_date, filled))
        if len(filled) == len(texts):
            return list(values)
        remaining = iter(values)
        return [next(remaining) if text else None for text in texts]

    def _seconds_or_date(self, text: str) -> float | str | None:
        if not text.strip():
            return None
        at = self._parse(text)
        return at.timestamp() if isinstance(at, datetime) else at.isoformat()

    def _parse(self, text: str) -> datetime | date:
        day, end = self._parse_day(text)
        if not text[end:].strip():
            return day
        try:
            at = parse_instant(day, text, end, self._zone)
            if not FIRST_YEAR <= at.year <= LAST_YEAR:  # the offset may move it into the next year or the one before
                raise ValueError(at.year)
            return at
        except (ValueError, OverflowError, OSError):
            raise CellParseError(f"{quoted(text)} is no date with a time") from None

    def _parse_day(self, text: str) -> tuple[date, int]:
        """Returns the day that the text begins with, and the index where the day ends."""
        match = _DAY.match(text)
        if len(text) > LONGEST_TEXT:
            raise CellParseError(f"{quoted(text)} is no date")
        if not match:
            return _parse_named_month_day(text)
        day = self._days.get(match[0])
        if day is None:
            day = self._parse_ordered(_DateParts(match[1], match[3], match[4]), text)
            if len(self._days) >= MOST_REMEMBERED:
                self._days.clear()
            self._days[match[0]] = day
        return day, match.end()

    def _parse_ordered(self, parts: _DateParts, text: str) -> date:
        orders = ORDERS if self._order is None and len(parts.first) < 4 else (self._order or "ymd",)
        # A year in four digits at the end leaves two orders to choose from.
        days = {parts.day(order) for order in orders if self._order or order != "ymd" or len(parts.third) < 4}
        if len(days) > 1:
            raise AmbiguousFormat(f"{quoted(text)} can be read in more than one way")
        day = days.pop()
        if day is None:
            raise CellParseError(
                f"{quoted(text)} is no date{f' with {_ORDER_WORDS[self._order]}' if self._order else ''}"
            )
        return day


def _parse_named_month_day(text: str) -> tuple[date, int]:
    parsed = parse_named_month(text)
    try:
        if parsed:
            return date(_parse_year(parsed.year), parsed.month, parsed.day), parsed.end
    except ValueError:
        pass
    raise CellParseError(f"{quoted(text)} is no date")


def _parse_year(text: str) -> int:
    year = int(text)
    if len(text) < 3:
        return year + (2000 if year < 70 else 1900)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year {year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return year


def quoted(text: str) -> str:
    """Returns the text in quotation marks for a message: on one line, at most 40 characters, harmless to a terminal."""
    short = _SPACES.sub(" ", text.strip())
    return f'"{escape_controls(short[:40])}{"…" if len(short) > 40 else ""}"'
