"""What a column of an export says, cell by cell: ids, names, amounts, moments. A cell that cannot be read raises.

Each method takes the cells of one column and gives as many values. Whole columns, because a million rows pass here.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlsplit

from handoffctl.core.field_values import BadValue, parsed
from handoffctl.core.moments import Clock
from handoffctl.core.names import LONGEST_NAME, cleaned, folded
from handoffctl.imports.cells.amounts import Amounts
from handoffctl.imports.cells.dates import DateReader, Unreadable, quoted
from handoffctl.playbook.model import BUILT_IN

MOST_REMEMBERED = 50_000
LONGEST_TEXT = 10_000

_ANY_CLOCK = Clock("2000-01-01")  # an address has nothing to do with the time
_SHORT_ID = re.compile(r"00[0-9A-Za-z]{13}\Z", re.ASCII)
_USER_ID = re.compile(r"005[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?\Z", re.ASCII)
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

T = TypeVar("T")
Texts = Sequence[str]


class Unfit(ValueError):
    """A row that cannot be taken; the message is the reason, and fits behind "row 7:"."""


class Lacking(Unfit):
    """A row without what every row of its kind has."""


class Cells:
    """Reads cells as the map and the whole export have settled it."""

    def __init__(self, ids: str, same: Mapping[str, str], dates: DateReader, amounts: Amounts) -> None:
        self._id = {"salesforce": full_id, "zoho": lambda text: text.removeprefix("zcrm_")}.get(ids)
        self._same = {folded(spelling): name for spelling, name in same.items()}
        self.dates = dates
        self.amounts = amounts
        self._names = lru_cache(MOST_REMEMBERED)(self._name)
        self._domains = lru_cache(MOST_REMEMBERED)(domain_of)

    def keys(self, texts: Texts) -> Sequence[str | None]:
        """Ids, None for blank."""
        if max(map(len, texts)) > LONGEST_NAME:
            raise Unfit(f"has an id of {max(map(len, texts)):,} characters")
        found: Sequence[str] = list(map(self._id, texts)) if self._id else texts
        return [text or None for text in found] if "" in found else found

    def names(self, texts: Texts) -> list[str | None]:
        """Names of accounts, people and deals, with the spellings that the map calls the same made one."""
        return list(map(self._names, texts))

    def _name(self, text: str) -> str | None:
        return cleaned(self._same.get(folded(text), text)) if text else None

    def words(self, texts: Texts) -> list[str | None]:
        """The same for values of any length."""
        found = self.texts(texts)
        return [self._same.get(folded(text), text) if text else None for text in found] if self._same else found

    def texts(self, texts: Texts) -> list[str | None]:
        """Words as they stand, on one line."""
        return [" ".join(text.split())[:LONGEST_TEXT] or None for text in texts]

    def cents(self, texts: Texts, column: str) -> list[int | None]:
        return list(map(_said(self.amounts.cents, column), texts))

    def days(self, texts: Texts, column: str) -> list[str | None]:
        return list(map(_said(self.dates.day, column), texts))

    def moments(self, texts: Texts, column: str) -> Sequence[float | str | None]:
        """Dates as ISO text, instants in seconds, whole ones as integers."""
        try:
            found = self.dates.column(texts)
        except Unreadable as fault:
            raise Unfit(f"{column}: {fault}") from None
        kinds = set(map(type, found))
        if kinds == {float} and all(map(float.is_integer, found)):  # type: ignore[arg-type]
            return list(map(int, found))  # type: ignore[arg-type]
        if float not in kinds:
            return found
        return [int(at) if isinstance(at, float) and at.is_integer() else at for at in found]

    def domains(self, texts: Texts) -> list[str | None]:
        return list(map(self._domains, texts))

    def emails(self, texts: Texts, remark: Callable[[int, str], None]) -> list[str | None]:
        """Addresses. One that is none by the rules is remarked on, and kept where it can do no harm."""
        return [self._email(text, place, remark) if text else None for place, text in enumerate(texts)]

    def _email(self, text: str, place: int, remark: Callable[[int, str], None]) -> str | None:
        try:
            return parsed(BUILT_IN["contact.email"], text, _ANY_CLOCK)
        except BadValue:
            harmless = "@" in text and text.isprintable() and not set(text) & set(' ,;<>"')
            fate = "was kept as it stands" if harmless else "was left out"
            remark(place, f'"{text[:60]}" is no e-mail address by the rules and {fate}.')
            return text if harmless else None


def needed(values: Iterable[object], what: str) -> None:
    """Raises Unfit where one of the values is missing."""
    if None in values:
        raise Lacking(f"has no {what}")


def _said(read: Callable[[str], T], column: str) -> Callable[[str], T]:
    def said(text: str) -> T:
        try:
            return read(text)
        except Unreadable as error:
            raise Unfit(f"{column}: {error}") from None

    return said


def full_id(text: str) -> str:
    """The 18-character form of a Salesforce id, the same in every export: reports leave out the last three, a checksum
    over the case of the letters (bit n of each is set when the n-th of five letters is a capital)."""
    if not _SHORT_ID.match(text):
        return text
    fives = (text[n : n + 5] for n in (0, 5, 10))
    return text + "".join(_CHECK[sum(1 << n for n, c in enumerate(five) if c.isupper())] for five in fives)


def is_user_id(text: str) -> bool:
    """Whether this is the id that Salesforce has for a user."""
    return bool(_USER_ID.match(text))


def domain_of(website: str) -> str | None:
    """The host of a web address, without `www.`; None when the text is no web address."""
    address = website.strip().casefold()
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return None
    host = host.removeprefix("www.").rstrip(".")
    plain = "." in host.strip(".") and all(c.isalnum() or c in "-." for c in host)
    return host if plain and len(host) <= 253 else None


__all__ = ["Cells", "Unfit", "domain_of", "full_id", "needed", "quoted"]
