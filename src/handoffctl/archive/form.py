"""What both forms of an export share: the header, what a row and a file are, and which values a column takes."""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from handoffctl.errors import Refused

Value = str | int | float | None

BEGINS = b'{"handoffctl":'
FIRST_SCHEMA = 6  # with which exports began
MOST_BYTES = 64 * 1024 * 1024  # of a line or a cell; more is no record
LONGEST_NAME = 255  # of a file, in bytes; no usual disk takes more
UNCHANGED = "Take the file as the export wrote it, or export again."
# A name in the folder it belongs to: no way out of it, nothing hidden.
OWN_FILE = re.compile(r"config\.yaml|playbooks/[^./\\][^/\\]*\.yaml|templates/[^./\\][^/\\]*\.j2")


@dataclass(frozen=True)
class Column:
    """A column of a table: INTEGER, REAL or TEXT; whether it must hold something."""

    type: str
    required: bool


Shape = Mapping[str, Mapping[str, Column]]


@dataclass(frozen=True)
class Header:
    """What stands first: under which schema it was written, and how much follows."""

    schema: int
    rows: int
    files: int

    def as_json(self) -> dict[str, Any]:
        return {"handoffctl": "export", "schema": self.schema, "rows": self.rows, "files": self.files}


@dataclass(frozen=True)
class Row:
    """One row, its values in the order of the columns; `where` is its file and line."""

    where: str
    table: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class OwnFile:
    """A file of the home folder that its owner wrote."""

    where: str
    path: str
    text: str


Part = Row | OwnFile


@dataclass(frozen=True)
class Whole:
    """All there is to write. The rows of each table come one by one."""

    header: Header
    tables: Sequence[tuple[str, Sequence[str], Iterable[tuple[Value, ...]]]]
    files: Sequence[OwnFile]


def refuse(where: str, sentence: str, hint: str = UNCHANGED) -> NoReturn:
    raise Refused(f"{where}: {sentence}.", hint)


def quoted(name: object) -> str:
    return f'"{str(name)[:60]}"'


def header(told: Any, where: str) -> Header:
    """The header, checked but for whether this program is new enough. Raises Refused."""
    if not isinstance(told, dict) or told.get("handoffctl") != "export":
        refuse(where, "this does not begin an export of handoffctl", "Is it the right file?")
    schema, rows, files = (told.get(name) for name in ("schema", "rows", "files"))
    if type(schema) is not int or schema < FIRST_SCHEMA:
        refuse(where, f"no export has the schema {quoted(schema)}; {FIRST_SCHEMA} was the first")
    if type(rows) is not int or type(files) is not int:
        refuse(where, "the header does not say how many rows and files follow")
    return Header(schema, rows, files)


def counted(path: Path, header: Header, parts: Iterator[Part]) -> Iterator[Part]:
    """The parts, which at their end must be as many as the header said. Raises Refused."""
    rows = files = 0
    for part in parts:
        if isinstance(part, Row):
            rows += 1
        else:
            files += 1
        yield part
    for found, said, name in ((rows, header.rows, "rows"), (files, header.files, "files")):
        if found != said:
            sentence = f"{found:,} {name} are there, and {said:,} were exported: it was cut off, or changed"
            refuse(str(path), sentence)


def own_file(where: str, path: object, text: object) -> OwnFile:
    """A file whose name leads nowhere but into the home folder. Raises Refused."""
    if not isinstance(path, str) or not OWN_FILE.fullmatch(path) or not path.isprintable():
        refuse(where, f"{quoted(path)} is none of your own files, which are config.yaml, playbooks and templates")
    if len(path.rpartition("/")[2].encode()) > LONGEST_NAME:
        refuse(where, f"{quoted(path)} is longer than a file's name can be")
    if not isinstance(text, str) or not is_text(text):
        refuse(where, f"what stands in {path} is no text")
    return OwnFile(where, path, text)


def value(where: str, table: str, name: str, column: Column, given: object) -> Value:
    """The value, if the column takes it. Raises Refused."""
    if given is None:
        if column.required:
            refuse(where, f"{table}.{name} is empty")
        return None
    if not _TAKES[column.type](given):
        refuse(where, f"{table}.{name} holds what no {column.type.lower()} is")
    return given  # type: ignore[return-value]  # it was just looked at


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8: lone halves of a pair cannot."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


_TAKES: dict[str, Callable[[Any], bool]] = {
    "INTEGER": lambda given: type(given) is int and -(2**63) <= given < 2**63,
    # SQLite takes a whole number for a real one, but no larger than it could keep as a whole one.
    "REAL": lambda given: (
        (type(given) is float and abs(given) < 1e300 and math.isfinite(given)) or _TAKES["INTEGER"](given)
    ),
    "TEXT": lambda given: type(given) is str and is_text(given),
}


def loaded(where: str, raw: bytes) -> Any:
    """One JSON value from bytes. Raises Refused for whatever is none."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        refuse(where, "this is not text in UTF-8")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        refuse(where, "this is nested too deeply")
    except ValueError as fault:
        refuse(where, f"this is not JSON: {str(fault).partition(':')[0][:100]}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
