"""Reads the records of a CSV file: in blocks while the file is well formed, line by line where it is not."""

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from handoffctl.core.names import escape_controls
from handoffctl.errors import Refused
from handoffctl.imports.files.text_format import SAVE_AS, TextFormat

LONGEST_CELL = 1024 * 1024
LONGEST_ROW = 4 * 1024 * 1024

_BLOCK = 64 * 1024
_UNDECODED = re.compile("[\udc80-\udcff]")
_AFTER_QUOTE = "expected after"  # part of the csv module's message
_MISQUOTED = "has text after a closing quotation mark (a quotation mark inside a cell is written twice)"


class FastPathUnavailable(Exception):
    """The fast parser cannot tell what comes next; `records` can."""


class _RowTooLong(Exception):
    """A row is longer than LONGEST_ROW."""


class _LineReader:
    """Iterates over lines for the csv module, which by itself would read a row of any length into memory."""

    def __init__(self, stream: TextIO, damaged: bool) -> None:
        self._stream = stream
        self._damaged = damaged
        self.fault = ""
        self._length = 0

    def begin_row(self) -> None:
        """Forgets the fault and the length of the row before."""
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
            raise _RowTooLong
        if "\0" in line:
            self.fault = "holds NUL characters, which are no text"
        elif self._damaged and _UNDECODED.search(line):
            self.fault = "holds bytes that are no text in the encoding of the file"
        return line


class CsvFile:
    """A CSV file. It is closed between two readings."""

    def __init__(self, path: Path, form: TextFormat) -> None:
        self.file = escape_controls(path.name)
        self.size = path.stat().st_size
        self.notes: list[str] = []
        self._path = path
        self._form = form
        self._stream: TextIO | None = None
        self._end_position = 0

    @property
    def position(self) -> int:
        """The number of bytes read from the file so far in this reading."""
        return self._stream.buffer.tell() if self._stream else self._end_position

    def records(self) -> Iterator[tuple[int, list[str], str]]:
        """Yields each record with its row number, its stripped cells, and what is wrong with it or "".

        Raises Refused if the rest of the file cannot be read.
        """
        row = 0
        try:
            for row, cells, fault in self._parse_strictly():
                yield row, cells, fault
        except _RowTooLong:
            message = f"{self.file} row {row + 1} has more than {LONGEST_ROW:,} characters."
            raise Refused(message, "Is a quotation mark never closed in that row?") from None
        except csv.Error as error:
            raise Refused(
                f"{self.file} row {row + 1}: {_error_text(error)}.", "Correct that row, or export again."
            ) from None
        except UnicodeError:
            codec = self._form.codec.upper()
            raise Refused(f"{self.file} is no sound {codec} text from about row {row + 1} on.", SAVE_AS) from None
        except OSError as error:
            message = f"{self.file} cannot be read on from row {row + 1}: {error.strerror or error}."
            raise Refused(message, "Check the file.") from None

    def fast_records(self, size: int) -> Iterator[tuple[list[list[str]], str]]:
        """Yields up to `size` unstripped records at once, and what is wrong with the record after them, or "".

        The list is reused for the next records. Raises FastPathUnavailable where only `records` can name the fault.
        """
        batch: list[list[str]] = []
        try:
            with self._open_text() as stream:
                reader = self._reader(chain.from_iterable(self._text_blocks(stream, batch)))
                while True:
                    fault = _extend(batch, islice(reader, size))
                    if not batch and not fault:
                        return
                    yield batch, fault
                    batch.clear()
        except (csv.Error, UnicodeError, OSError):
            raise FastPathUnavailable from None

    @contextmanager
    def _open_text(self) -> Iterator[TextIO]:
        """Opens the file as text, behind a first line that only names the delimiter."""
        with self._form.open(self._path) as stream:
            self._stream = stream
            try:
                if self._form.has_sep_line:
                    stream.readline(LONGEST_ROW)
                yield stream
            finally:
                self._end_position = stream.buffer.tell()
                self._stream = None

    def _text_blocks(self, stream: TextIO, batch: list[list[str]]) -> Iterator[StringIO]:
        """Yields whole lines in blocks. `batch` receives their records: while it does not grow, a row does not end."""
        grown = unended = 0
        while text := stream.read(_BLOCK):
            text += stream.readline(_BLOCK)
            unended = unended + len(text) if len(batch) == grown else 0
            grown = len(batch)
            too_long = unended > LONGEST_ROW // 2 or len(text) >= 2 * _BLOCK
            if too_long or "\0" in text or (self._form.damaged and _UNDECODED.search(text)):
                raise FastPathUnavailable
            yield StringIO(text, newline="")

    def _reader(self, lines: Iterable[str]) -> Any:
        csv.field_size_limit(LONGEST_CELL)
        # Strict, so that a stray quotation mark is reported and never swallows the rows that follow.
        return csv.reader(lines, delimiter=self._form.delimiter, strict=True, skipinitialspace=True)

    def _parse_strictly(self) -> Iterator[tuple[int, list[str], str]]:
        with self._open_text() as stream:
            lines = _LineReader(stream, self._form.damaged)
            reader = self._reader(lines)
            row = 0
            while True:
                row += 1
                lines.begin_row()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    if _AFTER_QUOTE not in str(error):
                        raise
                    yield row, [], _MISQUOTED
                    continue
                yield row, [cell.strip() for cell in cells], lines.fault


def _extend(batch: list[list[str]], records: Iterable[list[str]]) -> str:
    """Appends the records. Returns the fault that ended them early, or ""; records before it stay in the batch."""
    try:
        batch.extend(records)
    except csv.Error as error:
        if _AFTER_QUOTE not in str(error):
            raise
        return _MISQUOTED
    return ""


def _error_text(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell has more than {LONGEST_CELL:,} characters (is a quotation mark never closed?)"
    if "unexpected end" in str(error):
        return "a quotation mark is opened and never closed"
    return f"it cannot be read as CSV ({error})"
