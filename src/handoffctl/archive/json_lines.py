"""An export as JSON Lines: the header, then one object for each row, then one for each of the owner's files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handoffctl.archive.form import (
    MOST_BYTES,
    Header,
    Part,
    Row,
    Shape,
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

MARK = b"\xef\xbb\xbf"  # some editors put it before UTF-8
_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False).encode


def written(whole: Whole) -> Iterator[str]:
    """The lines, each with its end. Same records, same lines."""
    yield _line(whole.header.as_json())
    for table, columns, rows in whole.tables:
        # The names are the same in every row; only the values are written anew.
        begin = f'{{"table": {_ENCODE(table)}, "row": {{'
        heads = [f"{_ENCODE(name)}: " for name in columns]
        for row in rows:
            cells = ", ".join([head + _ENCODE(cell) for head, cell in zip(heads, row, strict=True)])
            yield _harmless(f"{begin}{cells}}}}}") + "\n"
    for file in whole.files:
        yield _line({"file": file.path, "text": file.text})


def _line(told: dict[str, Any]) -> str:
    return _harmless(_ENCODE(told)) + "\n"


def _harmless(line: str) -> str:
    """What could steer a terminal, written as JSON escapes."""
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


class Lines:
    """An export in a file of JSON Lines, which may be read more than once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        where, raw = next(self._read(), (f"{path}, line 1", b""))
        self.header: Header = header(loaded(where, raw), where)

    def parts(self, shape: Shape) -> Iterator[Part]:
        """Every row and file, as far as possible checked. Raises Refused with file and line."""
        lines = self._read()
        next(lines, None)
        return counted(self.path, self.header, (_part(where, loaded(where, raw), shape) for where, raw in lines))

    def _read(self) -> Iterator[tuple[str, bytes]]:
        try:
            with self.path.open("rb") as file:
                number = 0
                while raw := file.readline(MOST_BYTES + 1):
                    number += 1
                    where = f"{self.path}, line {number}"
                    if len(raw) > MOST_BYTES:
                        refuse(where, "the line is longer than 64 MiB")
                    yield where, raw.removeprefix(MARK) if number == 1 else raw
        except OSError as error:
            raise Refused(f"{self.path} cannot be read: {error.strerror}.", "Check that the path is right.") from None


def _part(where: str, told: Any, shape: Shape) -> Part:
    if isinstance(told, dict) and told.keys() == {"file", "text"}:
        return own_file(where, told["file"], told["text"])
    if not isinstance(told, dict) or told.keys() != {"table", "row"} or not isinstance(told["row"], dict):
        refuse(where, "this is neither a row nor a file of an export")
    table, row = told["table"], told["row"]
    if not isinstance(table, str) or table not in shape:
        refuse(where, f"there is no table {quoted(table)}")
    columns = shape[table]
    if row.keys() != columns.keys():
        for name in columns.keys() - row.keys():
            refuse(where, f"{table}.{name} is missing")
        refuse(where, f"{table} has no column {quoted(min(row.keys() - columns.keys()))}")
    return Row(where, table, tuple(value(where, table, name, column, row[name]) for name, column in columns.items()))
