"""Opens a CSV file as a spreadsheet would: finds encoding and delimiter, streams its rows, names every row it skips."""

import csv
import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from handoffctl.domain.names import visible
from handoffctl.errors import Refused
from handoffctl.transfer.form import SAVE_AS, Form, form_of
from handoffctl.transfer.history import Skipped

MOST_COLUMNS = 2_000
LONGEST_CELL = 1024 * 1024
LONGEST_ROW = 4 * 1024 * 1024

_STRAY = re.compile("[\udc80-\udcff]")
_LOOSE = re.compile(r"[\s_.]+")


class _Endless(Exception):
    """A row is longer than a row may be."""


class _Lines:
    """The lines of a file for the csv module, which by itself would take a row of any length into memory."""

    def __init__(self, stream: TextIO, damaged: bool) -> None:
        self._stream = stream
        self._damaged = damaged
        self.fault = ""
        self._length = 0

    def begin_row(self) -> None:
        self.fault = ""
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self._length += len(line)
        if self._length > LONGEST_ROW:
            raise _Endless
        if "\0" in line:
            self.fault = "holds NUL characters, which are no text"
        elif self._damaged and _STRAY.search(line):
            self.fault = "holds bytes that are no text in the encoding of the file"
        return line


class Sheet:
    """An export file with a header. Nothing stays open between two readings, and rows are never held together."""

    def __init__(self, path: Path, form: Form) -> None:
        self.path = path
        self.file = visible(path.name)
        self.skipped: list[Skipped] = []
        self.seen = 0
        self._form = form
        self._header_row, header = self._first()
        self.headers = _distinct(header)

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
        width = len(self.headers)
        for row, cells, fault in self._raw():
            if row <= self._header_row or not (fault or any(cells)):
                continue
            self.seen += 1
            if len(cells) > width:
                used = max((n for n, cell in enumerate(cells, 1) if cell), default=0)
                fault = fault or (f"has {used:,} cells where the header has {width:,}" if used > width else "")
                del cells[width:]
            if fault:
                self.skipped.append(Skipped(self.file, row, fault))
                continue
            cells.extend([""] * (width - len(cells)))
            yield row, cells

    def picked(self, places: Sequence[int | None]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Like `records`, with only the cells of the columns asked for; "" for a column that is not there (None)."""
        nowhere = len(self.headers)
        # The same place twice more: itemgetter gives a tuple only from two places on.
        pick = itemgetter(*(nowhere if place is None else place for place in places), nowhere, nowhere)
        for row, cells in self.records():
            cells.append("")
            yield row, pick(cells)[:-2]

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
        for row, cells, fault in self._raw():
            if fault:
                raise Refused(f"{self.file} row {row}: the header {fault}.", SAVE_AS)
            if len(cells) > MOST_COLUMNS:
                most = f"{len(cells):,} columns; {MOST_COLUMNS:,} is the most"
                raise Refused(f"{self.file} row {row} has {most}.", "Is this a CSV export?")
            if any(cells):
                return row, cells
        raise Refused(f"{self.file} is empty.", "Export it again.")

    def _raw(self) -> Iterator[tuple[int, list[str], str]]:
        """Each record with its row number and its fault, if any."""
        row = 0
        try:
            with self._form.text(self.path) as stream:
                if self._form.has_sep_line:
                    stream.readline(LONGEST_ROW)
                for row, cells, fault in _parsed(_Lines(stream, self._form.damaged), self._form.delimiter):
                    yield row, cells, fault
        except _Endless:
            message = f"{self.file} row {row + 1} has more than {LONGEST_ROW:,} characters."
            raise Refused(message, "Is a quotation mark never closed in that row?") from None
        except csv.Error as error:
            raise Refused(f"{self.file} row {row + 1}: {_said(error)}.", "Correct that row, or export again.") from None
        except UnicodeError:
            codec = self._form.codec.upper()
            raise Refused(f"{self.file} is no sound {codec} text from about row {row + 1} on.", SAVE_AS) from None
        except OSError as error:
            message = f"{self.file} cannot be read on from row {row + 1}: {error.strerror or error}."
            raise Refused(message, "Check the file.") from None


def open_sheet(path: Path, may_be_empty: bool = False) -> Sheet:
    """The file as a sheet. Raises Refused when it is no CSV, or has a header but no rows (unless it may be empty)."""
    sheet = Sheet(path, form_of(path))
    if not may_be_empty and next(sheet.records(), None) is None and not sheet.skipped:
        raise Refused(f"{sheet.file} has a header but no rows.", "Export it again with its records.")
    return sheet


def _parsed(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    csv.field_size_limit(LONGEST_CELL)
    # Strict, so that a quotation mark gone astray is a named fault and never swallows the rows that follow.
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    row = 0
    while True:
        row += 1
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "expected after" not in str(error):
                raise
            yield row, [], "has text after a closing quotation mark (a quotation mark inside a cell is written twice)"
            continue
        yield row, [cell.strip() for cell in cells], lines.fault


def _said(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell has more than {LONGEST_CELL:,} characters (is a quotation mark never closed?)"
    if "unexpected end" in str(error):
        return "a quotation mark is opened and never closed"
    return f"it cannot be read as CSV ({error})"


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
