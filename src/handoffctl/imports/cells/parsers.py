"""Parses the columns of an export: ids, names, amounts, moments. A cell that cannot be parsed raises.

Each method takes the cells of one column and returns as many values: calls for single cells would be too slow for the
million rows of a large export.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlsplit

from handoffctl.core.field_values import BadValue, parse_value
from handoffctl.core.moments import Clock
from handoffctl.core.names import LONGEST_NAME, clean_name, fold
from handoffctl.imports.cells.amounts import AmountParser
from handoffctl.imports.cells.dates import CellParseError, DateParser
from handoffctl.playbook.model import BUILT_IN

MOST_REMEMBERED = 50_000
LONGEST_TEXT = 10_000

_ANY_CLOCK = Clock("2000-01-01")  # parsing an address does not depend on the time
_SHORT_ID = re.compile(r"00[0-9A-Za-z]{13}\Z", re.ASCII)
_USER_ID = re.compile(r"005[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?\Z", re.ASCII)
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

T = TypeVar("T")
Texts = Sequence[str]


class InvalidCell(ValueError):
    """A row that cannot be imported; the message is the reason and fits after "row 7:"."""


class MissingCell(InvalidCell):
    """A row without a value that every row of its kind must have."""


class CellParser:
    """Parses cells by the map's settings and the formats that the export uses."""

    def __init__(self, ids: str, same: Mapping[str, str], dates: DateParser, amounts: AmountParser) -> None:
        self._id = {"salesforce": full_salesforce_id, "zoho": lambda text: text.removeprefix("zcrm_")}.get(ids)
        self._same = {fold(spelling): name for spelling, name in same.items()}
        self.dates = dates
        self.amounts = amounts
        self._names = lru_cache(MOST_REMEMBERED)(self._name)
        self._domains = lru_cache(MOST_REMEMBERED)(domain_of)

    def ids(self, texts: Texts) -> Sequence[str | None]:
        """Returns ids, None for blank. Raises InvalidCell for one that is too long."""
        if max(map(len, texts)) > LONGEST_NAME:
            raise InvalidCell(f"has an id of {max(map(len, texts)):,} characters")
        values: Sequence[str] = list(map(self._id, texts)) if self._id else texts
        return [text or None for text in values] if "" in values else values

    def names(self, texts: Texts) -> list[str | None]:
        """Returns names of accounts, people and deals, with the map's spellings (`same`) replaced. Raises NotAName."""
        return list(map(self._names, texts))

    def _name(self, text: str) -> str | None:
        return clean_name(self._same.get(fold(text), text)) if text else None

    def words(self, texts: Texts) -> list[str | None]:
        """Like `names`, for values of any length."""
        values = self.texts(texts)
        return [self._same.get(fold(text), text) if text else None for text in values] if self._same else values

    def texts(self, texts: Texts) -> list[str | None]:
        """Returns the texts on one line each, None for blank."""
        return [" ".join(text.split())[:LONGEST_TEXT] or None for text in texts]

    def cents(self, texts: Texts, column: str) -> list[int | None]:
        """Returns amounts in cents. Raises InvalidCell, which names the column, or AmbiguousFormat."""
        return list(map(_with_column_name(self.amounts.cents, column), texts))

    def days(self, texts: Texts, column: str) -> list[str | None]:
        """Returns dates as ISO text. Raises InvalidCell, which names the column, or AmbiguousFormat."""
        return list(map(_with_column_name(self.dates.day, column), texts))

    def moments(self, texts: Texts, column: str) -> Sequence[float | str | None]:
        """Returns dates as ISO text and instants in seconds since 1970, whole seconds as integers."""
        try:
            values = self.dates.column(texts)
        except CellParseError as fault:
            raise InvalidCell(f"{column}: {fault}") from None
        kinds = set(map(type, values))
        if kinds == {float} and all(map(float.is_integer, values)):  # type: ignore[arg-type]
            return list(map(int, values))  # type: ignore[arg-type]
        if float not in kinds:
            return values
        return [int(at) if isinstance(at, float) and at.is_integer() else at for at in values]

    def domains(self, texts: Texts) -> list[str | None]:
        """Returns the domains of web addresses, None for text that is not one."""
        return list(map(self._domains, texts))

    def emails(self, texts: Texts, remark: Callable[[int, str], None]) -> list[str | None]:
        """Returns e-mail addresses. An invalid one goes to `remark`, and is kept only if harmless."""
        return [self._email(text, index, remark) if text else None for index, text in enumerate(texts)]

    def _email(self, text: str, index: int, remark: Callable[[int, str], None]) -> str | None:
        try:
            return parse_value(BUILT_IN["contact.email"], text, _ANY_CLOCK)
        except BadValue:
            harmless = "@" in text and text.isprintable() and not set(text) & set(' ,;<>"')
            fate = "was kept as it stands" if harmless else "was left out"
            remark(index, f'"{text[:60]}" is no e-mail address by the rules and {fate}.')
            return text if harmless else None


def require_all(values: Iterable[object], column: str) -> None:
    """Raises MissingCell if one of the values is None."""
    if None in values:
        raise MissingCell(f"has no {column}")


def _with_column_name(read: Callable[[str], T], column: str) -> Callable[[str], T]:
    def read_named(text: str) -> T:
        try:
            return read(text)
        except CellParseError as error:
            raise InvalidCell(f"{column}: {error}") from None

    return read_named


def full_salesforce_id(text: str) -> str:
    """Returns the 18-character form of a Salesforce id; other text as it is.

    Reports leave out the last three characters. They are a checksum over the case of the letters: one character for
    each five, in which bit n is set if the n-th letter is a capital.
    """
    if not _SHORT_ID.match(text):
        return text
    fives = (text[n : n + 5] for n in (0, 5, 10))
    return text + "".join(_CHECK[sum(1 << n for n, c in enumerate(five) if c.isupper())] for five in fives)


def is_salesforce_user_id(text: str) -> bool:
    """True if the text is the Salesforce id of a user."""
    return bool(_USER_ID.match(text))


def domain_of(website: str) -> str | None:
    """Returns the host of a web address, without `www.`; None if the text is not a web address."""
    address = website.strip().casefold()
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return None
    host = host.removeprefix("www.").rstrip(".")
    plain = "." in host.strip(".") and all(c.isalnum() or c in "-." for c in host)
    return host if plain and len(host) <= 253 else None
