"""An export as a spreadsheet would show it: finds its header, streams its rows, names every row it skips."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, Protocol

from handoffctl.errors import Refused
from handoffctl.imports.files.delimited import LONGEST_CELL, LONGEST_ROW, Delimited, Doubtful
from handoffctl.imports.files.encoding import SAVE_AS, form_of
from handoffctl.imports.files.workbook import Workbook, is_workbook

__all__ = ["LONGEST_CELL", "LONGEST_ROW", "MOST_COLUMNS", "Batch", "Sheet", "open_sheet"]

MOST_COLUMNS = 2_000
BATCH = 2_000

_LOOSE = re.compile(r"[\s_.]+")


@dataclass(frozen=True, slots=True)
class Skipped:
    """`row` is what a spreadsheet shows: the header is mostly row 1. `reason` is the rest of a sentence about it."""

    file: str
    row: int
    reason: str


class Batch(NamedTuple):
    """Some rows by column: their numbers in a spreadsheet, and for each column asked for its stripped cells."""

    rows: Sequence[int]
    columns: list[Sequence[str]]


class Source(Protocol):
    """A file that holds records: a CSV file or a workbook."""

    file: str
    size: int
    notes: list[str]

    @property
    def position(self) -> int:
        """The bytes taken from the file so far in this reading."""

    def records(self) -> Iterator[tuple[int, list[str], str]]:
        """Each record with its row number, its stripped cells and its fault, if any. Raises Refused."""

    def quick(self, size: int) -> Iterator[tuple[list[list[str]], str]]:
        """Up to `size` records at once, as they stand, and the fault of the one after them. Raises Doubtful."""


class Sheet:
    """An export file with a header. Nothing stays open between two readings, and only a batch of rows is held."""

    def __init__(self, source: Source) -> None:
        self.file = source.file
        self.size = source.size
        self.notes = source.notes
        self.skipped: list[Skipped] = []
        self.seen = 0
        self._source = source
        self._header_row, header = self._first()
        self.headers = _distinct(header)

    @property
    def position(self) -> int:
        """About how many of the `size` bytes have been read."""
        return self._source.position

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row by its number in a spreadsheet (the header is mostly row 1) and its cells by header."""
        for row, cells in self.records():
            yield row, dict(zip(self.headers, cells, strict=True))

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Like `rows`, with the stripped cells in the order of `headers`.

        Short rows are padded, empty ones ignored, and those that cannot be read go to `skipped`; `seen` counts all
        rows but the empty ones. Raises Refused where the rest of the file cannot be read.
        """
        self.skipped.clear()
        self.seen = 0
        for row, cells, fault in self._source.records():
            if self._counts(row, cells, fault):
                yield row, cells

    def picked(self, places: Sequence[int | None]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Like `records`, with only the cells of the columns asked for; "" for a column that is not there (None)."""
        nowhere = len(self.headers)
        # The same place twice more: itemgetter gives a tuple only from two places on.
        pick = itemgetter(*(nowhere if place is None else place for place in places), nowhere, nowhere)
        for row, cells in self.records():
            cells.append("")
            yield row, pick(cells)[:-2]

    def batches(self, places: Sequence[int | None], size: int = BATCH) -> Iterator[Batch]:
        """Like `picked`, many rows at once and by column, which is several times as fast.

        Rows shortly before the place where `picked` raises Refused may be missing.
        """
        given = 0
        try:
            for batch in self._quick(places, size):
                given = batch.rows[-1]
                yield batch
            return
        except Doubtful:
            rest = (record for record in self.records() if record[0] > given)
        while records := list(islice(rest, size)):
            yield _by_column([row for row, _ in records], [cells for _, cells in records], places)

    def place(self, *names: str) -> int | None:
        """The position of the first of these columns that the file has; case never matters, spaces, `_` and `.` only
        where nothing fits better."""
        for form in (str.casefold, _loose):
            places = {form(header): n for n, header in reversed(list(enumerate(self.headers)))}
            for name in names:
                if form(name) in places:
                    return places[form(name)]
        return None

    def _first(self) -> tuple[int, list[str]]:
        for row, cells, fault in self._source.records():
            if fault:
                raise Refused(f"{self.file} row {row}: the header {fault}.", SAVE_AS)
            if len(cells) > MOST_COLUMNS:
                most = f"{len(cells):,} columns; {MOST_COLUMNS:,} is the most"
                raise Refused(f"{self.file} row {row} has {most}.", "Is this a CSV export?")
            if any(cells):
                return row, cells
        raise Refused(f"{self.file} is empty.", "Export it again.")

    def _counts(self, row: int, cells: list[str], fault: str = "") -> bool:
        """Whether this is a row to give, then brought to the width of the header. A faulty one goes to `skipped`."""
        if row <= self._header_row or not (fault or any(cells)):
            return False
        self.seen += 1
        width = len(self.headers)
        if len(cells) > width:
            used = max((n for n, cell in enumerate(cells, 1) if cell), default=0)
            fault = fault or (f"has {used:,} cells where the header has {width:,}" if used > width else "")
            del cells[width:]
        if fault:
            self.skipped.append(Skipped(self.file, row, fault))
            return False
        cells.extend([""] * (width - len(cells)))
        return True

    def _quick(self, places: Sequence[int | None], size: int) -> Iterator[Batch]:
        self.skipped.clear()
        self.seen = 0
        row = 0
        for records, fault in self._source.quick(size):
            numbers = range(row + 1, row + 1 + len(records))
            row += len(records)
            batch = self._even(numbers, records, places) or self._uneven(numbers, records, places)
            if batch.rows:
                yield batch
            if fault:
                row += 1
                self._counts(row, [], fault)

    def _even(self, rows: range, records: list[list[str]], places: Sequence[int | None]) -> Batch | None:
        """The batch when each record is as wide as the header and surely none is empty; else None."""
        if not records or rows[0] <= self._header_row or set(map(len, records)) != {len(self.headers)}:
            return None
        batch = _by_column(rows, records, places)
        if not any(map(all, batch.columns)) and not all(map(any, zip(*batch.columns, strict=True))):
            return None
        self.seen += len(records)
        return batch

    def _uneven(self, rows: range, records: list[list[str]], places: Sequence[int | None]) -> Batch:
        stripped = ((row, [cell.strip() for cell in cells]) for row, cells in zip(rows, records, strict=True))
        kept = [(row, cells) for row, cells in stripped if self._counts(row, cells)]
        return _by_column([row for row, _ in kept], [cells for _, cells in kept], places)


def open_sheet(path: Path, may_be_empty: bool = False) -> Sheet:
    """The file, by what is in it and not by its name, as a sheet.

    Raises Refused when it is neither CSV nor a workbook, or has a header but no rows (unless it may be empty).
    """
    sheet = Sheet(Workbook(path) if is_workbook(path) else Delimited(path, form_of(path)))
    if not may_be_empty and next(sheet.records(), None) is None and not sheet.skipped:
        raise Refused(f"{sheet.file} has a header but no rows.", "Export it again with its records.")
    return sheet


def _by_column(rows: Sequence[int], records: list[list[str]], places: Sequence[int | None]) -> Batch:
    """The cells of these columns, which each record has."""
    columns: list[Sequence[str]] = []
    for place in places:
        columns.append([""] * len(records) if place is None else list(_cells(records, place)))
    return Batch(rows, columns)


def _cells(records: list[list[str]], place: int) -> Iterator[str]:
    return map(str.strip, map(itemgetter(place), records))


def _loose(name: str) -> str:
    return _LOOSE.sub("", name.casefold())


def _distinct(header: list[str]) -> tuple[str, ...]:
    """Every column has a name of its own: `Name (2)` for a second `Name`, `column 5` for one without a name."""
    while not header[-1]:
        header.pop()
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(header, 1):
        name = wanted = cell or f"column {number}"
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{wanted} ({count})"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)
