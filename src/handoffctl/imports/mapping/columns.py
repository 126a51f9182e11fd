"""Where in a file the columns of a table are: each of the table's words with its places, what is missing by name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handoffctl.core.names import visible
from handoffctl.errors import Refused, nearest
from handoffctl.imports.files.sheet import Sheet
from handoffctl.imports.mapping.model import NEEDED, Column, Person, Table

LONGEST_HEADER = 120  # longer ones are no near miss of a column's name
LONGEST_SAID = 60

_WORDS = (
    "deal", "name", "account", "account_id", "domain", "contact_id", "stage", "status", "owner", "owner_id", "amount",
    "currency", "close", "source", "at", "since", "closed_at", "changed", "probability", "forecast", "closed", "won",
    "stage_before", "deleted", "stage_id", "position", "touch", "kind", "direction", "outcome", "text", "done",
)  # fmt: skip
DATED = ("at", "since", "closed_at", "close")


def shortened(header: str) -> str:
    """A header as sentences say it."""
    return visible(header if len(header) <= LONGEST_SAID else header[: LONGEST_SAID - 1] + "…")


@dataclass(frozen=True)
class Part:
    """A file of the export, the table it is read by, and its number among the files."""

    sheet: Sheet
    table: Table
    number: int
    places: dict[str, list[int]]

    def unused(self) -> list[str]:
        """The columns that nothing is read from."""
        used = {place for places in self.places.values() for place in places}
        return [header for place, header in enumerate(self.sheet.headers) if place not in used]

    @property
    def dated(self) -> list[str]:
        """The words whose columns hold dates."""
        return [word for word in self.places if word in DATED or word.startswith(("entered:", "exited:"))]


def part(sheet: Sheet, table: Table, number: int, strict: bool) -> Part:
    """The file with the places of the table's columns.

    Raises Refused when a column is missing that the table cannot do without, or with `strict` any that it names.
    """
    places, lacking = {}, []
    for word, names in _columns(table):
        found = [place for name in names if (place := sheet.place(name)) is not None]
        if found:
            places[word] = list(dict.fromkeys(found))
        elif strict:
            lacking.append(names[0])
    taken = {place for found in places.values() for place in found}
    places |= _by_pattern(sheet, table.entered_each, "entered", taken)
    places |= _by_pattern(sheet, table.exited_each, "exited", taken)
    for wanted in NEEDED[table.rows]:
        if not _there(wanted, places):
            lacking += [getattr(table, word)[0] for word in wanted if word in _WORDS and getattr(table, word)][:1]
    if lacking:
        _refuse(sheet, list(dict.fromkeys(lacking)))
    return Part(sheet, table, number, places)


def fits(sheet: Sheet, table: Table) -> tuple[int, int]:
    """How well a file fits a table: by how many columns that it is known by, of which none may be missing, and by how
    many columns in all. (0, 0) where it does not fit."""
    if not all(any(sheet.place(name) is not None for name in names) for names in table.known_by):
        return 0, 0
    words = {word for word, names in _columns(table) if sheet.place(*names) is not None}
    patterns = (*table.entered_each, *table.exited_each)
    by_stage = {header for header in sheet.headers for pattern in patterns if _regex(pattern).fullmatch(header)}
    needed = NEEDED[table.rows]
    if not table.known_by and not all(
        _there(wanted, words | ({"entered"} if by_stage else set())) for wanted in needed
    ):
        return 0, 0
    return len(table.known_by or needed), len(words) + len(by_stage)


def _there(wanted: Sequence[str], words: Iterable[str]) -> bool:
    """Whether one of the words is wanted: `entered:Won` is `entered`, and `contact.email` is `contact`."""
    bare = {word.removesuffix("_each") for word in wanted}
    return any(word.partition(":")[0].partition(".")[0] in bare for word in words)


def _columns(table: Table) -> Iterator[tuple[str, Column]]:
    """Every word of the table that stands for columns, as `owner`, `contact.email`, `entered:Won`, `fields:product`."""
    for word in _WORDS:
        if getattr(table, word):
            yield word, getattr(table, word)
    for word in Person.model_fields:
        if getattr(table.contact, word):
            yield f"contact.{word}", getattr(table.contact, word)
    for group in ("entered", "fields", "only"):
        for name, names in getattr(table, group).items():
            yield f"{group}:{name}", (name,) if group == "only" else names


def _by_pattern(sheet: Sheet, patterns: Sequence[str], word: str, taken: set[int]) -> dict[str, list[int]]:
    """The columns of these forms by the stage that each names: a column for each pipeline is the same stage's.

    A column that is `taken` holds something else, and so does one that an earlier pattern has found.
    """
    found: dict[str, list[int]] = {}
    for pattern in patterns:
        for place, header in enumerate(sheet.headers):
            match = _regex(pattern).fullmatch(header) if len(header) <= LONGEST_HEADER else None
            if match and place not in taken:
                found.setdefault(f"{word}:{match['stage']}", []).append(place)
                taken.add(place)
    return found


def _regex(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"\{stage\}", "(?P<stage>.+?)").replace(r"\{pipeline\}", ".+")
    return re.compile(text, re.IGNORECASE)


def _refuse(sheet: Sheet, lacking: list[str]) -> None:
    headers = [visible(header) for header in sheet.headers if len(header) <= LONGEST_HEADER]
    problems = [f"{sheet.file} has no column {shortened(name)} {nearest(name, headers)}".strip() for name in lacking]
    named = ", ".join(map(shortened, sheet.headers[:12])) + (", ..." if len(sheet.headers) > 12 else "")
    raise Refused(
        f"{sheet.file} has no column {' and no '.join(map(shortened, lacking))}.", f"It has: {named}.", problems
    )
