"""Reads the records of an Excel workbook (.xlsx) with openpyxl, an optional dependency that only this module loads."""

import struct
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from handoffctl.core.names import escape_controls
from handoffctl.errors import Refused
from handoffctl.imports.files.csv_file import LONGEST_CELL, FastPathUnavailable
from handoffctl.imports.files.text_format import SAVE_AS

MOST_ROWS = 1_048_576  # as many as Excel has
LARGEST = 1024 * 1024 * 1024  # bytes unpacked; it is unpacked piece by piece
LARGEST_REST = 256 * 1024 * 1024  # all but the sheets, such as the texts of their cells: openpyxl holds that in memory
HIGHEST_RATIO = 400  # sheets of repeated rows come to a tenth of that, bombs to a thousand
MOST_PARTS = 5_000

_MAIN_PART = "xl/workbook.xml"
_SHEETS = "xl/worksheets/"
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}
_LOCKED = 1
_MOST_NAMED = 5
_TOO_LONG = f"has a cell of more than {LONGEST_CELL:,} characters"


def is_workbook(path: Path) -> bool:
    """True if the file, whatever its name, is a workbook of Excel 2007 or later."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                return False
            with ZipFile(file) as parts:
                return _MAIN_PART in parts.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return False


class Workbook:
    """The first visible sheet with rows. The file stays open as long as this object, because opening it takes long."""

    def __init__(self, path: Path) -> None:
        """Raises Refused if the workbook has no such sheet, is too large or damaged, or openpyxl is missing."""
        self.file = escape_controls(path.name)
        try:
            self.size = path.stat().st_size
            self._stream = path.open("rb")
        except OSError as error:
            raise Refused(f"{self.file} cannot be read: {error.strerror}.", "Check the path and its rights.") from None
        with ZipFile(self._stream) as parts:
            self._refuse_zip_bombs(parts.infolist())
        self._sheet, self.notes = self._choose_sheet(self._load())

    @property
    def position(self) -> int:
        """The approximate number of bytes read so far."""
        return self._stream.tell()

    def records(self) -> Iterator[tuple[int, list[str], str]]:
        """Yields each record with its row number, its stripped cells, and what is wrong with it or "".

        Raises Refused if the rest of the sheet cannot be read.
        """
        for row, values in enumerate(self._iter_values(self._sheet), 1):
            if row > MOST_ROWS:
                raise Refused(f"{self.file} has more than {MOST_ROWS:,} rows.", SAVE_AS)
            cells = [_cell_text(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            yield row, cells, _TOO_LONG if max(map(len, cells), default=0) > LONGEST_CELL else ""

    def fast_records(self, size: int) -> Iterator[tuple[list[list[str]], str]]:
        """Raises FastPathUnavailable: openpyxl has nothing faster than `records`."""
        raise FastPathUnavailable

    def _refuse_zip_bombs(self, parts: Sequence[ZipInfo]) -> None:
        unpacked = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts) or 1
        rest = sum(part.file_size for part in parts if not part.filename.startswith(_SHEETS))
        is_bomb = unpacked > LARGEST / 100 and unpacked > HIGHEST_RATIO * packed
        if unpacked > LARGEST or rest > LARGEST_REST or len(parts) > MOST_PARTS or is_bomb:
            size = f"{unpacked / 1024 / 1024:,.0f} MiB in {len(parts):,} parts"
            raise Refused(f"{self.file} would be {size} when unpacked, which is too much.", SAVE_AS)
        if any(part.flag_bits & _LOCKED for part in parts):
            raise Refused(f"{self.file} is locked with a password.", SAVE_AS)

    def _load(self) -> Any:
        try:
            from openpyxl import load_workbook  # type: ignore[import-untyped]
        except ImportError:
            hint = 'Run pip install "handoffctl[xlsx]", or save the sheet as CSV (UTF-8).'
            raise Refused(
                f"{self.file} is an Excel workbook, and openpyxl, which reads them, is missing.", hint
            ) from None
        # openpyxl warns of styles and rules that an import does not use.
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        try:
            return load_workbook(self._stream, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # whatever a damaged file leads it to
            raise self._damaged_error(error) from None

    def _choose_sheet(self, book: Any) -> tuple[Any, list[str]]:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in shown:
            # The size that a sheet declares is often wrong.
            sheet.reset_dimensions()
        for sheet in shown:
            if any(
                any(map(_cell_text, values))
                for _, values in zip(range(MOST_ROWS), self._iter_values(sheet), strict=False)
            ):
                others = [f'"{escape_controls(other.title)}"' for other in shown if other is not sheet]
                return sheet, [self._unread_sheets_note(sheet, others)] if others else []
        raise Refused(f"{self.file} is empty.", "Export it again.")

    def _unread_sheets_note(self, sheet: Any, others: list[str]) -> str:
        more = f" and {len(others) - _MOST_NAMED:,} more" if len(others) > _MOST_NAMED else ""
        unread = ", ".join(others[:_MOST_NAMED]) + more
        return f'{self.file}: of its sheets only "{escape_controls(sheet.title)}" is read, not {unread}.'

    def _iter_values(self, sheet: Any) -> Iterator[tuple[Any, ...]]:
        try:
            yield from sheet.iter_rows(values_only=True)
        except Exception as error:  # whatever a damaged file leads it to
            raise self._damaged_error(error) from None

    def _damaged_error(self, error: Exception) -> Refused:
        if isinstance(error, OSError) and error.strerror:
            return Refused(f"{self.file} cannot be read: {error.strerror}.", "Check the file.")
        return Refused(f"{self.file} is no sound Excel workbook.", SAVE_AS)


def _cell_text(value: Any) -> str:
    """Returns a cell as a CSV file would have it, with dates in ISO form; "" for the error of a formula."""
    if value is None or value in _ERRORS:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel keeps 15 digits, and what comes after them is noise.
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value).strip()
