"""What the first rows of a file show of each column: how full it is, how varied, and what its cells can be read as."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from handoffctl.core.names import LONGEST_NAME, NotAName, cleaned, folded
from handoffctl.imports.cells.amounts import Amounts, percent
from handoffctl.imports.cells.dates import LONGEST_TEXT, DateReader, Undecided, Unreadable
from handoffctl.imports.rows.stages import flag
from handoffctl.imports.suggest.column_names import words_of
from handoffctl.imports.suggest.yaml_text import can_be_written

MOSTLY = 0.9
TRIED = 30_000  # cells read as dates and amounts, over all columns
LEAST_TRIED, MOST_TRIED = 20, 300
LONGEST_STAGE = 100
LONGEST_KEPT = 250

_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
_PHONE = re.compile(r"\+?[\d\s()./x-]{6,25}")
_CLOCK = re.compile(r"\d:\d\d")
_OFFSET = re.compile(r"(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)\s*\Z", re.IGNORECASE)
_CODE = re.compile(r"(?=.*\d)[\w:.#/-]{1,60}")

_dates = DateReader(None, None)


@dataclass(frozen=True, eq=False)
class Seen:
    """A column: its place and name, and its cells in the rows looked at."""

    place: int
    header: str
    cells: Sequence[str]
    tries: int = MOST_TRIED

    @cached_property
    def words(self) -> tuple[str, ...]:
        return words_of(self.header)

    @cached_property
    def counts(self) -> Counter[str]:
        """Each filled cell with how often it is there, in the order in which they come."""
        return Counter(cell for cell in self.cells if cell)

    @property
    def example(self) -> str:
        return next(iter(self.counts), "")

    @cached_property
    def filled(self) -> float:
        """Which share of the rows has something in this column."""
        return self.counts.total() / len(self.cells) if self.cells else 0.0

    @cached_property
    def varied(self) -> float:
        """Different cells as a share of the filled ones: 1 where no two rows have the same."""
        return len(self.counts) / self.counts.total() if self.counts else 0.0

    @cached_property
    def is_date(self) -> bool:
        return self._mostly(_is_date)

    @cached_property
    def is_amount(self) -> bool:
        amounts = Amounts()
        for cell in self._tried:
            amounts.see(cell)

        def reads(cell: str) -> bool:
            try:
                return amounts.cents(cell) is not None
            except Unreadable:
                return False

        return not self.is_date and self._mostly(reads)

    @cached_property
    def is_email(self) -> bool:
        return self._mostly(lambda cell: bool(_EMAIL.fullmatch(cell)))

    @cached_property
    def is_phone(self) -> bool:
        return not self.is_date and self._mostly(lambda cell: bool(_PHONE.fullmatch(cell)))

    @cached_property
    def is_code(self) -> bool:
        """Ids: without spaces, with digits."""
        return not self.is_date and self._mostly(lambda cell: bool(_CODE.fullmatch(cell)))

    @cached_property
    def is_flag(self) -> bool:
        return self._mostly(lambda cell: flag(cell) is not None)

    @cached_property
    def is_percent(self) -> bool:
        return self._mostly(lambda cell: percent(cell) is not None)

    @cached_property
    def is_wordy(self) -> bool:
        """Text that people write and read: neither dates nor numbers nor addresses."""
        return bool(self.counts) and not (self.is_date or self.is_amount or self.is_email)

    @cached_property
    def is_naming(self) -> bool:
        """Whether every cell could be a name, and few enough differ to be stages, owners or the like."""
        return bool(self.counts) and all(is_name(cell) for cell in self._tried)

    @cached_property
    def stages(self) -> dict[str, list[str]]:
        """The cells by the stage they name: spellings that differ in case or spaces are one.

        What cannot be the name of a stage is left out.
        """
        found: dict[str, list[str]] = {}
        for cell in self.counts:
            if len(cell) <= LONGEST_STAGE and is_name(cell) and can_be_written(cleaned(cell)):
                found.setdefault(folded(cleaned(cell)), []).append(cell)
        return {cleaned(spellings[0]): spellings for spellings in found.values()}

    @cached_property
    def lacks_offsets(self) -> bool:
        """Whether it has times of day that do not say in which time zone."""
        return self.is_date and any(_CLOCK.search(cell) and not _OFFSET.search(cell) for cell in self._tried)

    @cached_property
    def _tried(self) -> list[str]:
        return [cell for cell, _ in zip(self.counts, range(self.tries), strict=False)]

    def _mostly(self, reads: Callable[[str], bool]) -> bool:
        tried = self._tried
        return bool(tried) and sum(map(reads, tried)) >= MOSTLY * len(tried)


@dataclass(frozen=True)
class Looked:
    """The file as far as it was looked at: its name, its columns, and how many rows."""

    file: str
    columns: Sequence[Seen]
    rows: int


def look(file: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Looked:
    """The columns of a file with these rows, each as wide as the header. Very long cells are cut."""
    kept = [[cell[:LONGEST_KEPT] for cell in row] for row in rows]
    tries = max(LEAST_TRIED, min(MOST_TRIED, TRIED // max(1, len(headers))))
    columns = [Seen(place, header, [row[place] for row in kept], tries) for place, header in enumerate(headers)]
    return Looked(file, columns, len(kept))


def _is_date(cell: str) -> bool:
    if len(cell) > LONGEST_TEXT:
        return False
    try:
        return _dates.moment(cell) is not None
    except Undecided:
        return True
    except Unreadable:
        return False


def is_name(cell: str) -> bool:
    """Whether the text could be the name of something."""
    try:
        return len(cleaned(cell)) <= LONGEST_NAME
    except NotAName:
        return False
