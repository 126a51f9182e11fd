"""Profiles the columns of a file from its first rows: how full and varied they are, and what their cells can be."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from handoffctl.core.names import LONGEST_NAME, NotAName, clean_name, fold
from handoffctl.imports.cells.amounts import AmountParser, parse_percent
from handoffctl.imports.cells.dates import LONGEST_TEXT, AmbiguousFormat, CellParseError, DateParser
from handoffctl.imports.rows.stages import parse_flag
from handoffctl.imports.suggest.column_names import split_words
from handoffctl.imports.suggest.yaml_text import is_writable

MOSTLY = 0.9
MOST_CELLS_READ = 30_000  # cells parsed as dates and amounts, over all columns
LEAST_SAMPLE, MOST_SAMPLE = 20, 300
LONGEST_STAGE = 100
LONGEST_KEPT = 250

_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
_PHONE = re.compile(r"\+?[\d\s()./x-]{6,25}")
_CLOCK = re.compile(r"\d:\d\d")
_OFFSET = re.compile(r"(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)\s*\Z", re.IGNORECASE)
_CODE = re.compile(r"(?=.*\d)[\w:.#/-]{1,60}")

_date_parser = DateParser(None, None)


@dataclass(frozen=True, eq=False)
class ColumnProfile:
    """A column: its index and header, and its cells in the rows read. Types are tested on `sample_size` values."""

    index: int
    header: str
    cells: Sequence[str]
    sample_size: int = MOST_SAMPLE

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the header."""
        return split_words(self.header)

    @cached_property
    def counts(self) -> Counter[str]:
        """The number of times each value occurs, in the order of first occurrence, without blanks."""
        return Counter(cell for cell in self.cells if cell)

    @property
    def example(self) -> str:
        """The first value, or "" for a blank column."""
        return next(iter(self.counts), "")

    @cached_property
    def filled_share(self) -> float:
        """The share of the rows that are not blank in this column, from 0 to 1."""
        return self.counts.total() / len(self.cells) if self.cells else 0.0

    @cached_property
    def distinct_share(self) -> float:
        """The number of different values as a share of the filled cells: 1 if no two rows have the same value."""
        return len(self.counts) / self.counts.total() if self.counts else 0.0

    @cached_property
    def is_date(self) -> bool:
        """True for dates and times."""
        return self._holds_mostly(_is_date)

    @cached_property
    def is_amount(self) -> bool:
        """True for amounts of money and other numbers."""
        amounts = AmountParser()
        for cell in self._sample:
            amounts.observe(cell)

        def reads(cell: str) -> bool:
            try:
                return amounts.cents(cell) is not None
            except CellParseError:
                return False

        return not self.is_date and self._holds_mostly(reads)

    @cached_property
    def is_email(self) -> bool:
        """True for e-mail addresses."""
        return self._holds_mostly(lambda cell: bool(_EMAIL.fullmatch(cell)))

    @cached_property
    def is_phone(self) -> bool:
        """True for phone numbers."""
        return not self.is_date and self._holds_mostly(lambda cell: bool(_PHONE.fullmatch(cell)))

    @cached_property
    def is_code(self) -> bool:
        """True for ids: without spaces, with digits."""
        return not self.is_date and self._holds_mostly(lambda cell: bool(_CODE.fullmatch(cell)))

    @cached_property
    def is_flag(self) -> bool:
        """True for yes and no."""
        return self._holds_mostly(lambda cell: parse_flag(cell) is not None)

    @cached_property
    def is_percent(self) -> bool:
        """True for percentages."""
        return self._holds_mostly(lambda cell: parse_percent(cell) is not None)

    @cached_property
    def is_text(self) -> bool:
        """True for text that people write: neither dates nor numbers nor addresses."""
        return bool(self.counts) and not (self.is_date or self.is_amount or self.is_email)

    @cached_property
    def is_name_like(self) -> bool:
        """True if every value in the sample could be a name."""
        return bool(self.counts) and all(is_name(cell) for cell in self._sample)

    @cached_property
    def stages(self) -> dict[str, list[str]]:
        """The spellings of each stage name in the column; those that differ in case or spaces are one stage.

        Values that cannot be the name of a stage are left out.
        """
        cells_by_stage: dict[str, list[str]] = {}
        for cell in self.counts:
            if len(cell) <= LONGEST_STAGE and is_name(cell) and is_writable(clean_name(cell)):
                cells_by_stage.setdefault(fold(clean_name(cell)), []).append(cell)
        return {clean_name(spellings[0]): spellings for spellings in cells_by_stage.values()}

    @cached_property
    def lacks_offsets(self) -> bool:
        """True if it has times of day without a time zone."""
        return self.is_date and any(_CLOCK.search(cell) and not _OFFSET.search(cell) for cell in self._sample)

    @cached_property
    def _sample(self) -> list[str]:
        return [cell for cell, _ in zip(self.counts, range(self.sample_size), strict=False)]

    def _holds_mostly(self, reads: Callable[[str], bool]) -> bool:
        sample = self._sample
        return bool(sample) and sum(map(reads, sample)) >= MOSTLY * len(sample)


@dataclass(frozen=True)
class FileProfile:
    """The part of a file that was read: its name, its columns, and the number of rows."""

    file: str
    columns: Sequence[ColumnProfile]
    rows: int


def profile_file(file: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> FileProfile:
    """Profiles a file with these rows, each as wide as the header. Cells are cut after 250 characters."""
    rows_kept = [[cell[:LONGEST_KEPT] for cell in row] for row in rows]
    sample_size = max(LEAST_SAMPLE, min(MOST_SAMPLE, MOST_CELLS_READ // max(1, len(headers))))
    columns = [
        ColumnProfile(index, header, [row[index] for row in rows_kept], sample_size)
        for index, header in enumerate(headers)
    ]
    return FileProfile(file, columns, len(rows_kept))


def _is_date(cell: str) -> bool:
    if len(cell) > LONGEST_TEXT:
        return False
    try:
        return _date_parser.moment(cell) is not None
    except AmbiguousFormat:
        return True
    except CellParseError:
        return False


def is_name(cell: str) -> bool:
    """True if the text could be the name of something."""
    try:
        return len(clean_name(cell)) <= LONGEST_NAME
    except NotAName:
        return False
