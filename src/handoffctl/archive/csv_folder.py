"""Writes and reads an export as a folder of CSV files: one for each table, files.csv, and export.json with the header.

An empty cell is NULL. Text that is empty, that a spreadsheet could run as a formula, or that begins with an apostrophe
gets an apostrophe before it, so that everything reads back as it was.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from handoffctl.archive.export_schema import (
    MOST_BYTES,
    CellValue,
    ExportColumn,
    ExportHeader,
    ExportItem,
    ExportRow,
    ExportSchema,
    WorkspaceExport,
    check_count,
    check_file,
    check_value,
    parse_header,
    parse_json,
    quoted,
    refuse,
)
from handoffctl.core.json_record import json_value
from handoffctl.errors import Refused

HEADER, FILES = "export.json", "files.csv"
FILE_COLUMNS = ("path", "text")
ESCAPED_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def csv_files(export: WorkspaceExport) -> Iterator[tuple[str, Iterator[str]]]:
    """Yields the name of each file and its text, piece by piece. The same records always give the same text."""
    for table in export.tables:
        yield f"{table.name}.csv", _lines(table.columns, table.rows)
    yield FILES, _lines(FILE_COLUMNS, ((file.path, file.text) for file in export.files))
    yield HEADER, iter([json.dumps(json_value(export.header)) + "\n"])


def _lines(columns: Sequence[str], rows: Iterable[tuple[CellValue, ...]]) -> Iterator[str]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([to_cell(value) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def to_cell(value: CellValue) -> str:
    """Writes a value as a cell that a spreadsheet does not run as a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if not value or value.startswith(ESCAPED_STARTS) else value
    return repr(value)


def from_cell(cell: str) -> str | None:
    """Returns the text of a cell; None for an empty one."""
    return cell.removeprefix("'") if cell else None


class CsvFolder:
    """An export in a folder of CSV files, which can be read more than once. Raises Refused for a bad header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        header = path / HEADER
        try:
            with header.open("rb") as file:
                raw = file.read(MOST_BYTES)
        except OSError as error:
            raise Refused(f"{header} cannot be read: {error.strerror}.", "Is it the folder of an export?") from None
        where = f"{header}, line 1"
        self.header: ExportHeader = parse_header(parse_json(where, raw), where)

    def items(self, schema: ExportSchema) -> Iterator[ExportItem]:
        """Yields every row and file, checked against the schema. Raises Refused with file and line."""
        return check_count(self.path, self.header, self._items(schema))

    def _items(self, schema: ExportSchema) -> Iterator[ExportItem]:
        names = {f"{table}.csv" for table in schema} | {FILES}
        for name in sorted(path.name for path in self.path.glob("*.csv")):
            if name not in names:
                refuse(str(self.path / name), "there is no table of this name")
        for table, columns in schema.items():
            for where, cells in _read(self.path / f"{table}.csv", list(columns)):
                pairs = zip(columns.items(), cells, strict=True)
                values = (_value(where, table, name, column, cell) for (name, column), cell in pairs)
                yield ExportRow(where, table, tuple(values))
        for where, (path, content) in _read(self.path / FILES, list(FILE_COLUMNS)):
            yield check_file(where, from_cell(path), from_cell(content))


def _value(where: str, table: str, name: str, column: ExportColumn, cell: str) -> CellValue:
    try:
        value = _PARSERS[column.type](cell) if cell else None
    except ValueError:
        refuse(where, f"{table}.{name} holds what no {column.type.lower()} is")
    return check_value(where, table, name, column, value)


def _integer(cell: str) -> int:
    if not cell.isascii() or not cell.removeprefix("-").isdigit() or len(cell) > 20:
        raise ValueError(cell)
    return int(cell)


def _real(cell: str) -> float:
    if not cell.isascii() or "_" in cell:
        raise ValueError(cell)
    return float(cell)


_PARSERS: dict[str, Callable[[str], CellValue]] = {"INTEGER": _integer, "REAL": _real, "TEXT": from_cell}


def _read(path: Path, columns: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yields the rows below the head, each with its file and line. Raises Refused unless the head has these columns."""
    csv.field_size_limit(MOST_BYTES)
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(iter(lambda: file.readline(MOST_BYTES), ""), strict=True)
            head = next(rows, [])
            if head != columns:
                missing = [name for name in columns if name not in head]
                names = quoted(", ".join(missing or [name for name in head if name not in columns]))
                refuse(f"{path}, line 1", f"the columns are not those of an export {names}".rstrip())
            line = rows.line_num + 1
            for cells in rows:
                if len(cells) != len(columns):
                    refuse(f"{path}, line {line}", f"{len(columns)} cells belong here, and {len(cells)} are there")
                yield f"{path}, line {line}", cells
                line = rows.line_num + 1
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.", "Is it the whole folder of an export?") from None
    except UnicodeDecodeError:
        refuse(f"{path}, after line {line}", "this is not text in UTF-8")
    except csv.Error as fault:
        refuse(f"{path}, line {line}", f"this is not CSV: {fault}")
