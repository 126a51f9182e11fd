"""An export as a folder of CSV files: one for each table, files.csv, and export.json with the header.

An empty cell is nothing known. A text that is empty, or that a spreadsheet could run as a formula, has an apostrophe
before it; so has one that begins with an apostrophe, and all of them can be told apart when they are read again.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from handoffctl.archive.form import (
    MOST_BYTES,
    Column,
    Header,
    Part,
    Row,
    Shape,
    Value,
    Whole,
    counted,
    header,
    loaded,
    own_file,
    quoted,
    refuse,
    value,
)
from handoffctl.errors import Refused

HEADER, FILES = "export.json", "files.csv"
FILE_COLUMNS = ("path", "text")
AT_THE_BEGINNING = ("=", "+", "-", "@", "\t", "\r", "'")


def written(whole: Whole) -> Iterator[tuple[str, Iterator[str]]]:
    """The name of each file with its text, piece by piece. Same records, same text."""
    for table, columns, rows in whole.tables:
        yield f"{table}.csv", _lines(columns, rows)
    yield FILES, _lines(FILE_COLUMNS, ((file.path, file.text) for file in whole.files))
    yield HEADER, iter([json.dumps(whole.header.as_json()) + "\n"])


def _lines(columns: Sequence[str], rows: Iterable[tuple[Value, ...]]) -> Iterator[str]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(one) for one in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def cell(given: Value) -> str:
    """A value as a cell that a spreadsheet does not run."""
    if given is None:
        return ""
    if isinstance(given, str):
        return f"'{given}" if not given or given.startswith(AT_THE_BEGINNING) else given
    return repr(given)


def text(cell: str) -> str | None:
    """The text of a cell."""
    return cell.removeprefix("'") if cell else None


class Sheets:
    """An export in a folder of CSV files, which may be read more than once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        named = path / HEADER
        try:
            with named.open("rb") as file:
                raw = file.read(MOST_BYTES)
        except OSError as error:
            raise Refused(f"{named} cannot be read: {error.strerror}.", "Is it the folder of an export?") from None
        self.header: Header = header(loaded(f"{named}, line 1", raw), f"{named}, line 1")

    def parts(self, shape: Shape) -> Iterator[Part]:
        """Every row and file, as far as possible checked. Raises Refused with file and line."""
        return counted(self.path, self.header, self._parts(shape))

    def _parts(self, shape: Shape) -> Iterator[Part]:
        known = {f"{table}.csv" for table in shape} | {FILES}
        for name in sorted(path.name for path in self.path.glob("*.csv")):
            if name not in known:
                refuse(str(self.path / name), "there is no table of this name")
        for table, columns in shape.items():
            for where, cells in _read(self.path / f"{table}.csv", list(columns)):
                pairs = zip(columns.items(), cells, strict=True)
                yield Row(where, table, tuple(_value(where, table, name, column, one) for (name, column), one in pairs))
        for where, (path, content) in _read(self.path / FILES, list(FILE_COLUMNS)):
            yield own_file(where, text(path), text(content))


def _value(where: str, table: str, name: str, column: Column, cell: str) -> Value:
    try:
        given = _READ[column.type](cell) if cell else None
    except ValueError:
        refuse(where, f"{table}.{name} holds what no {column.type.lower()} is")
    return value(where, table, name, column, given)


def _number(cell: str) -> int:
    if not cell.isascii() or not cell.removeprefix("-").isdigit() or len(cell) > 20:
        raise ValueError(cell)
    return int(cell)


def _real(cell: str) -> float:
    if not cell.isascii() or "_" in cell:
        raise ValueError(cell)
    return float(cell)


_READ: dict[str, Callable[[str], Value]] = {"INTEGER": _number, "REAL": _real, "TEXT": text}


def _read(path: Path, columns: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The rows below the head, which must name these columns; each with its file and line."""
    csv.field_size_limit(MOST_BYTES)
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(iter(lambda: file.readline(MOST_BYTES), ""), strict=True)
            head = next(rows, [])
            if head != columns:
                lacking = [name for name in columns if name not in head] or [
                    name for name in head if name not in columns
                ]
                refuse(
                    f"{path}, line 1", f"the columns are not those of an export {quoted(', '.join(lacking))}".rstrip()
                )
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
