"""Finds the columns of a table map in a file. A `word` is a key of the map, such as `owner` or `contact.email`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.names import escape_controls
from handoffctl.errors import Refused, nearest
from handoffctl.imports.files.sheet import Sheet
from handoffctl.imports.mapping.model import REQUIRED_COLUMNS, Column, PersonColumns, TableMap

LONGEST_HEADER = 120  # characters; a longer header is no near miss of a column's name
LONGEST_SAID = 60

_WORDS = (
    "deal", "name", "account", "account_id", "domain", "contact_id", "stage", "status", "owner", "owner_id", "amount",
    "currency", "close", "source", "at", "since", "closed_at", "changed", "probability", "forecast", "closed", "won",
    "stage_before", "deleted", "stage_id", "position", "touch", "kind", "direction", "outcome", "text", "done",
)  # fmt: skip
DATE_WORDS = ("at", "since", "closed_at", "close")


def shorten_header(header: str) -> str:
    """Returns a header for a message: at most 60 characters, harmless to a terminal."""
    return escape_controls(header if len(header) <= LONGEST_SAID else header[: LONGEST_SAID - 1] + "…")


@dataclass(frozen=True)
class ExportFile:
    """A file of an export: its sheet, the table map it is read by, its number, and the column indexes of each word."""

    sheet: Sheet
    table: TableMap
    number: int
    indexes: dict[str, list[int]]

    def unused_headers(self) -> list[str]:
        """Returns the headers of the columns that are not read."""
        used_indexes = {index for indexes in self.indexes.values() for index in indexes}
        return [header for index, header in enumerate(self.sheet.headers) if index not in used_indexes]

    @property
    def date_words(self) -> list[str]:
        """The words whose columns hold dates."""
        return [word for word in self.indexes if word in DATE_WORDS or word.startswith(("entered:", "exited:"))]


def locate_columns(sheet: Sheet, table: TableMap, number: int, strict: bool) -> ExportFile:
    """Finds the table's columns in the file.

    Raises Refused if a column that the table needs is missing, or with `strict` any column that it names.
    """
    indexes, missing = {}, []
    for word, names in _names_by_word(table):
        matches = [index for name in names if (index := sheet.find_column(name)) is not None]
        if matches:
            indexes[word] = list(dict.fromkeys(matches))
        elif strict:
            missing.append(names[0])
    taken = {index for matches in indexes.values() for index in matches}
    indexes |= _stage_columns(sheet, table.entered_each, "entered", taken)
    indexes |= _stage_columns(sheet, table.exited_each, "exited", taken)
    for group in REQUIRED_COLUMNS[table.rows]:
        if not _has_any(group, indexes):
            missing += [getattr(table, word)[0] for word in group if word in _WORDS and getattr(table, word)][:1]
    if missing:
        _refuse_missing(sheet, list(dict.fromkeys(missing)))
    return ExportFile(sheet, table, number, indexes)


class MatchScore(NamedTuple):
    """How well a file fits a table: how many of the columns that identify it are there, and how many in all."""

    known_by: int
    columns: int


NO_MATCH = MatchScore(0, 0)


def match_score(sheet: Sheet, table: TableMap) -> MatchScore:
    """Scores how well a file fits a table, of which all identifying columns must be there; else NO_MATCH."""
    if not all(any(sheet.find_column(name) is not None for name in names) for names in table.known_by):
        return NO_MATCH
    words = {word for word, names in _names_by_word(table) if sheet.find_column(*names) is not None}
    patterns = (*table.entered_each, *table.exited_each)
    by_stage = {header for header in sheet.headers for pattern in patterns if _pattern_regex(pattern).fullmatch(header)}
    groups = REQUIRED_COLUMNS[table.rows]
    if not table.known_by and not all(
        _has_any(group, words | ({"entered"} if by_stage else set())) for group in groups
    ):
        return NO_MATCH
    return MatchScore(len(table.known_by or groups), len(words) + len(by_stage))


def _has_any(group: Sequence[str], words: Iterable[str]) -> bool:
    """True if one of the words is in the group: `entered:Won` counts as `entered`, `contact.email` as `contact`."""
    bare = {word.removesuffix("_each") for word in group}
    return any(word.partition(":")[0].partition(".")[0] in bare for word in words)


def _names_by_word(table: TableMap) -> Iterator[tuple[str, Column]]:
    """Yields every word of the table with its column names: `owner`, `contact.email`, `entered:Won`, `fields:plan`."""
    for word in _WORDS:
        if getattr(table, word):
            yield word, getattr(table, word)
    for word in PersonColumns.key_infos():
        if getattr(table.contact, word):
            yield f"contact.{word}", getattr(table.contact, word)
    for group in ("entered", "fields", "only"):
        for name, names in getattr(table, group).items():
            yield f"{group}:{name}", (name,) if group == "only" else names


def _stage_columns(sheet: Sheet, patterns: Sequence[str], word: str, taken: set[int]) -> dict[str, list[int]]:
    """Finds the columns that match the patterns, by stage. Columns of several pipelines belong to the same stage.

    Skips columns in `taken`, which hold something else, and adds those it finds to it.
    """
    indexes: dict[str, list[int]] = {}
    for pattern in patterns:
        for index, header in enumerate(sheet.headers):
            match = _pattern_regex(pattern).fullmatch(header) if len(header) <= LONGEST_HEADER else None
            if match and index not in taken:
                indexes.setdefault(f"{word}:{match['stage']}", []).append(index)
                taken.add(index)
    return indexes


def _pattern_regex(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"\{stage\}", "(?P<stage>.+?)").replace(r"\{pipeline\}", ".+")
    return re.compile(text, re.IGNORECASE)


def _refuse_missing(sheet: Sheet, missing: list[str]) -> None:
    headers = [escape_controls(header) for header in sheet.headers if len(header) <= LONGEST_HEADER]
    problems = [
        f"{sheet.file} has no column {shorten_header(name)} {nearest(name, headers)}".strip() for name in missing
    ]
    listing = ", ".join(map(shorten_header, sheet.headers[:12])) + (", ..." if len(sheet.headers) > 12 else "")
    raise Refused(
        f"{sheet.file} has no column {' and no '.join(map(shorten_header, missing))}.", f"It has: {listing}.", problems
    )
