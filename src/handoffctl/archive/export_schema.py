"""The format of an export, as JSON Lines and CSV share it: header, rows, files, and the values a column takes."""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from handoffctl.errors import Refused

CellValue = str | int | float | None

HEADER_START = b'{"handoffctl":'
FIRST_SCHEMA = 6  # the schema version of the first exports
MOST_BYTES = 64 * 1024 * 1024  # of a line or a cell; no record is longer
LONGEST_NAME = 255  # of a file, in bytes; no usual disk takes more
UNCHANGED_HINT = "Take the file as the export wrote it, or export again."
# The path of a file in the home folder: it never leads out of the folder, and is never hidden.
WORKSPACE_FILE = re.compile(r"config\.yaml|playbooks/[^./\\][^/\\]*\.yaml|templates/[^./\\][^/\\]*\.j2")


@dataclass(frozen=True)
class ExportColumn:
    """A column of a table: its type (INTEGER, REAL or TEXT), and whether a value is required."""

    type: str
    required: bool


# Every table with its columns, by name.
ExportSchema = Mapping[str, Mapping[str, ExportColumn]]


class ExportHeaderJson(NamedTuple):
    """The header as an export begins with it."""

    handoffctl: str
    schema: int
    rows: int
    files: int


@dataclass(frozen=True)
class ExportHeader:
    """The header of an export: its schema version, and the number of rows and files that follow."""

    schema: int
    rows: int
    files: int

    def as_json(self) -> ExportHeaderJson:
        return ExportHeaderJson("export", self.schema, self.rows, self.files)


@dataclass(frozen=True)
class ExportRow:
    """One row, its values in the order of the columns; `where` is its file and line."""

    where: str
    table: str
    values: tuple[CellValue, ...]


@dataclass(frozen=True)
class WorkspaceFile:
    """A file of the home folder that the user wrote: configuration, playbook or template."""

    where: str
    path: str
    text: str


ExportItem = ExportRow | WorkspaceFile


@dataclass(frozen=True)
class TableExport:
    """A table to write. Its rows, in the order of the columns, are read one by one."""

    name: str
    columns: Sequence[str]
    rows: Iterable[tuple[CellValue, ...]]


@dataclass(frozen=True)
class WorkspaceExport:
    """Everything to write: the header, all tables, and the files of the user."""

    header: ExportHeader
    tables: Sequence[TableExport]
    files: Sequence[WorkspaceFile]


def refuse(where: str, sentence: str, hint: str = UNCHANGED_HINT) -> NoReturn:
    """Raises Refused with the place and the sentence."""
    raise Refused(f"{where}: {sentence}.", hint)


def quoted(name: object) -> str:
    """Returns a name in quotes, cut to 60 characters."""
    return f'"{str(name)[:60]}"'


def parse_header(header: Any, where: str) -> ExportHeader:
    """Checks the header, except that this program is new enough for it. Raises Refused."""
    if not isinstance(header, dict) or header.get("handoffctl") != "export":
        refuse(where, "this does not begin an export of handoffctl", "Is it the right file?")
    schema, rows, files = (header.get(name) for name in ("schema", "rows", "files"))
    if type(schema) is not int or schema < FIRST_SCHEMA:
        refuse(where, f"no export has the schema {quoted(schema)}; {FIRST_SCHEMA} was the first")
    if type(rows) is not int or type(files) is not int:
        refuse(where, "the header does not say how many rows and files follow")
    return ExportHeader(schema, rows, files)


def check_count(path: Path, header: ExportHeader, items: Iterator[ExportItem]) -> Iterator[ExportItem]:
    """Yields the items. Raises Refused at their end if they are not as many as the header says."""
    rows = files = 0
    for item in items:
        if isinstance(item, ExportRow):
            rows += 1
        else:
            files += 1
        yield item
    for actual, expected, name in ((rows, header.rows, "rows"), (files, header.files, "files")):
        if actual != expected:
            sentence = f"{actual:,} {name} are there, and {expected:,} were exported: it was cut off, or changed"
            refuse(str(path), sentence)


def check_file(where: str, path: object, text: object) -> WorkspaceFile:
    """Returns the file if its path stays within the home folder and its content is text. Raises Refused."""
    if not isinstance(path, str) or not WORKSPACE_FILE.fullmatch(path) or not path.isprintable():
        refuse(where, f"{quoted(path)} is none of your own files, which are config.yaml, playbooks and templates")
    if len(path.rpartition("/")[2].encode()) > LONGEST_NAME:
        refuse(where, f"{quoted(path)} is longer than a file's name can be")
    if not isinstance(text, str) or not is_text(text):
        refuse(where, f"what stands in {path} is no text")
    return WorkspaceFile(where, path, text)


def check_value(where: str, table: str, name: str, column: ExportColumn, value: object) -> CellValue:
    """Returns the value if the column accepts it. Raises Refused."""
    if value is None:
        if column.required:
            refuse(where, f"{table}.{name} is empty")
        return None
    if not _ACCEPTS[column.type](value):
        refuse(where, f"{table}.{name} holds what no {column.type.lower()} is")
    return value  # type: ignore[return-value]  # just checked


def is_text(text: str) -> bool:
    """Returns True if the text can be written as UTF-8, which lone surrogates cannot."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


_ACCEPTS: dict[str, Callable[[Any], bool]] = {
    "INTEGER": lambda value: type(value) is int and -(2**63) <= value < 2**63,
    # SQLite accepts an integer as REAL, but none larger than an INTEGER can be.
    "REAL": lambda value: (
        (type(value) is float and abs(value) < 1e300 and math.isfinite(value)) or _ACCEPTS["INTEGER"](value)
    ),
    "TEXT": lambda value: type(value) is str and is_text(value),
}


def parse_json(where: str, raw: bytes) -> Any:
    """Parses one JSON value. Raises Refused if the bytes are not JSON in UTF-8."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        refuse(where, "this is not text in UTF-8")
    try:
        return json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant)
    except RecursionError:
        refuse(where, "this is nested too deeply")
    except ValueError as fault:
        refuse(where, f"this is not JSON: {str(fault).partition(':')[0][:100]}")


def _unique_keys(pairs: list[tuple[str, Any]]) -> object:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key is there twice")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
