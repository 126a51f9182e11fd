"""Reads an export file like a spreadsheet: finds its header, streams its rows, and reports every row it skips."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, Protocol

from handoffctl.errors import Refused
from handoffctl.imports.files.csv_file import CsvFile, FastPathUnavailable
from handoffctl.imports.files.text_format import SAVE_AS, detect_format
from handoffctl.imports.files.workbook import Workbook, is_workbook

MOST_COLUMNS = 2_000
BATCH = 2_000

_SEPARATORS = re.compile(r"[\s_.]+")


class SkippedRow(NamedTuple):
    """A row that was left out. `row` counts as in a spreadsheet (the header is mostly row 1), `reason` says why."""

    file: str
    row: int
    reason: str


class CellBatch(NamedTuple):
    """Some rows by column: their numbers in a spreadsheet, and the stripped cells of each selected column."""

    rows: Sequence[int]
    columns: list[Sequence[str]]


class RecordSource(Protocol):
    """A file that holds records: a CSV file or a workbook."""

    file: str
    size: int
    notes: list[str]

    @property
    def position(self) -> int:
        """The number of bytes read from the file so far in this reading."""

    def records(self) -> Iterator[tuple[int, list[str], str]]:
        """Yields each record with its row number, its stripped cells, and its fault or "". Raises Refused."""

    def fast_records(self, size: int) -> Iterator[tuple[list[list[str]], str]]:
        """Yields up to `size` unstripped records at once, and the fault of the next. Raises FastPathUnavailable."""


class Sheet:
    """An export file with a header. At most one batch of rows is in memory."""

    def __init__(self, source: RecordSource) -> None:
        self.file = source.file
        self.size = source.size
        self.notes = source.notes
        self.skipped: list[SkippedRow] = []
        self.row_count = 0
        self._source = source
        self._header_row, header = self._find_header()
        self.headers = _unique_headers(header)

    @property
    def position(self) -> int:
        """The approximate number of the `size` bytes read so far."""
        return self._source.position

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yields each row with its number in a spreadsheet (the header is mostly row 1) and its cells by header."""
        for row, cells in self.records():
            yield row, dict(zip(self.headers, cells, strict=True))

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Like `rows`, with the stripped cells in the order of `headers`.

        Short rows are padded, empty ones ignored, and those that cannot be read go to `skipped`; `row_count` counts
        all rows but the empty ones. Raises Refused if the rest of the file cannot be read.
        """
        self.skipped.clear()
        self.row_count = 0
        for row, cells, fault in self._source.records():
            if self._accept(row, cells, fault):
                yield row, cells

    def select(self, indexes: Sequence[int | None]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Like `records`, with only the cells of the selected columns; "" for a column that does not exist (None)."""
        blank_index = len(self.headers)
        # One index twice more: itemgetter returns a tuple only for two or more.
        pick = itemgetter(
            *(blank_index if find_column is None else find_column for find_column in indexes), blank_index, blank_index
        )
        for row, cells in self.records():
            cells.append("")
            yield row, pick(cells)[:-2]

    def batches(self, indexes: Sequence[int | None], size: int = BATCH) -> Iterator[CellBatch]:
        """Like `select`, many rows at once and by column, which is several times as fast.

        Rows shortly before the one where `select` raises Refused may be missing.
        """
        last_row = 0
        try:
            for batch in self._fast_batches(indexes, size):
                last_row = batch.rows[-1]
                yield batch
            return
        except FastPathUnavailable:
            rest = (record for record in self.records() if record[0] > last_row)
        while records := list(islice(rest, size)):
            yield _transpose([row for row, _ in records], [cells for _, cells in records], indexes)

    def find_column(self, *names: str) -> int | None:
        """Returns the index of the first of these columns that the file has, or None.

        Case never matters; spaces, `_` and `.` matter only where an exact name is there too.
        """
        for normalise in (str.casefold, _loose_form):
            index_by_header = {normalise(header): n for n, header in reversed(list(enumerate(self.headers)))}
            for name in names:
                if normalise(name) in index_by_header:
                    return index_by_header[normalise(name)]
        return None

    def _find_header(self) -> tuple[int, list[str]]:
        for row, cells, fault in self._source.records():
            if fault:
                raise Refused(f"{self.file} row {row}: the header {fault}.", SAVE_AS)
            if len(cells) > MOST_COLUMNS:
                most = f"{len(cells):,} columns; {MOST_COLUMNS:,} is the most"
                raise Refused(f"{self.file} row {row} has {most}.", "Is this a CSV export?")
            if any(cells):
                return row, cells
        raise Refused(f"{self.file} is empty.", "Export it again.")

    def _accept(self, row: int, cells: list[str], fault: str = "") -> bool:
        """True for a row to yield, which is padded or cut to the header's width. A faulty one goes to `skipped`."""
        if row <= self._header_row or not (fault or any(cells)):
            return False
        self.row_count += 1
        width = len(self.headers)
        if len(cells) > width:
            cell_count = max((n for n, cell in enumerate(cells, 1) if cell), default=0)
            fault = fault or (f"has {cell_count:,} cells where the header has {width:,}" if cell_count > width else "")
            del cells[width:]
        if fault:
            self.skipped.append(SkippedRow(self.file, row, fault))
            return False
        cells.extend([""] * (width - len(cells)))
        return True

    def _fast_batches(self, indexes: Sequence[int | None], size: int) -> Iterator[CellBatch]:
        self.skipped.clear()
        self.row_count = 0
        row = 0
        for records, fault in self._source.fast_records(size):
            numbers = range(row + 1, row + 1 + len(records))
            row += len(records)
            batch = self._uniform_batch(numbers, records, indexes) or self._ragged_batch(numbers, records, indexes)
            if batch.rows:
                yield batch
            if fault:
                row += 1
                self._accept(row, [], fault)

    def _uniform_batch(self, rows: range, records: list[list[str]], indexes: Sequence[int | None]) -> CellBatch | None:
        """Returns the batch if each record is as wide as the header and surely none is empty; else None."""
        if not records or rows[0] <= self._header_row or set(map(len, records)) != {len(self.headers)}:
            return None
        batch = _transpose(rows, records, indexes)
        if not any(map(all, batch.columns)) and not all(map(any, zip(*batch.columns, strict=True))):
            return None
        self.row_count += len(records)
        return batch

    def _ragged_batch(self, rows: range, records: list[list[str]], indexes: Sequence[int | None]) -> CellBatch:
        stripped = ((row, [cell.strip() for cell in cells]) for row, cells in zip(rows, records, strict=True))
        kept = [(row, cells) for row, cells in stripped if self._accept(row, cells)]
        return _transpose([row for row, _ in kept], [cells for _, cells in kept], indexes)


def open_sheet(path: Path, may_be_empty: bool = False) -> Sheet:
    """Opens a file as a sheet, by its content and not by its name.

    Raises Refused if it is neither CSV nor a workbook, or has a header but no rows (unless it may be empty).
    """
    sheet = Sheet(Workbook(path) if is_workbook(path) else CsvFile(path, detect_format(path)))
    if not may_be_empty and next(sheet.records(), None) is None and not sheet.skipped:
        raise Refused(f"{sheet.file} has a header but no rows.", "Export it again with its records.")
    return sheet


def _transpose(rows: Sequence[int], records: list[list[str]], indexes: Sequence[int | None]) -> CellBatch:
    """Turns records into a batch of these columns, which each record has."""
    columns: list[Sequence[str]] = []
    for find_column in indexes:
        columns.append([""] * len(records) if find_column is None else list(_column_cells(records, find_column)))
    return CellBatch(rows, columns)


def _column_cells(records: list[list[str]], find_column: int) -> Iterator[str]:
    return map(str.strip, map(itemgetter(find_column), records))


def _loose_form(name: str) -> str:
    return _SEPARATORS.sub("", name.casefold())


def _unique_headers(header: list[str]) -> tuple[str, ...]:
    """Gives each column a unique name: `Name (2)` for a second `Name`, `column 5` for one without a name."""
    while not header[-1]:
        header.pop()
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(header, 1):
        name = base = cell or f"column {number}"
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)
