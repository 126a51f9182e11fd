"""Writes and reads an export as JSON Lines: the header, then an object for each row and each of the user's files."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from handoffctl.archive.export_schema import (
    MOST_BYTES,
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
from handoffctl.core.json_record import json_object
from handoffctl.errors import Refused

BOM = b"\xef\xbb\xbf"  # some editors put it before UTF-8
_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False).encode


def json_lines(export: WorkspaceExport) -> Iterator[str]:
    """Yields the lines of an export, each with its line end. The same records always give the same lines."""
    yield _line(json_object(export.header.as_json()))
    for table in export.tables:
        # The names are the same in every row; only the values are encoded anew.
        begin = f'{{"table": {_ENCODE(table.name)}, "row": {{'
        keys = [f"{_ENCODE(name)}: " for name in table.columns]
        for row in table.rows:
            cells = ", ".join([key + _ENCODE(value) for key, value in zip(keys, row, strict=True)])
            yield _escape(f"{begin}{cells}}}}}") + "\n"
    for file in export.files:
        yield _line({"file": file.path, "text": file.text})


def _line(value: Mapping[str, Any]) -> str:
    return _escape(_ENCODE(value)) + "\n"


def _escape(line: str) -> str:
    """Writes characters that could steer a terminal as JSON escapes."""
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


class JsonLinesFile:
    """An export in a file of JSON Lines, which can be read more than once. Raises Refused for a bad header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        where, raw = next(self._read(), (f"{path}, line 1", b""))
        self.header: ExportHeader = parse_header(parse_json(where, raw), where)

    def items(self, schema: ExportSchema) -> Iterator[ExportItem]:
        """Yields every row and file, checked against the schema. Raises Refused with file and line."""
        lines = self._read()
        next(lines, None)
        items = (_item(where, parse_json(where, raw), schema) for where, raw in lines)
        return check_count(self.path, self.header, items)

    def _read(self) -> Iterator[tuple[str, bytes]]:
        try:
            with self.path.open("rb") as file:
                number = 0
                while raw := file.readline(MOST_BYTES + 1):
                    number += 1
                    where = f"{self.path}, line {number}"
                    if len(raw) > MOST_BYTES:
                        refuse(where, "the line is longer than 64 MiB")
                    yield where, raw.removeprefix(BOM) if number == 1 else raw
        except OSError as error:
            raise Refused(f"{self.path} cannot be read: {error.strerror}.", "Check that the path is right.") from None


def _item(where: str, value: Any, schema: ExportSchema) -> ExportItem:
    if isinstance(value, dict) and value.keys() == {"file", "text"}:
        return check_file(where, value["file"], value["text"])
    if not isinstance(value, dict) or value.keys() != {"table", "row"} or not isinstance(value["row"], dict):
        refuse(where, "this is neither a row nor a file of an export")
    table, row = value["table"], value["row"]
    if not isinstance(table, str) or table not in schema:
        refuse(where, f"there is no table {quoted(table)}")
    columns = schema[table]
    if row.keys() != columns.keys():
        for name in columns.keys() - row.keys():
            refuse(where, f"{table}.{name} is missing")
        refuse(where, f"{table} has no column {quoted(min(row.keys() - columns.keys()))}")
    values = (check_value(where, table, name, column, row[name]) for name, column in columns.items())
    return ExportRow(where, table, tuple(values))
