"""Gives everything that is kept here: all records and the owner's own files, as one file or as a folder of CSV."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from handoffctl.archive import csv_folder as sheets
from handoffctl.archive import json_lines as lines
from handoffctl.archive.form import Column, Header, OwnFile, Shape, Value, Whole, own_file, value
from handoffctl.db import dump as records
from handoffctl.db.file import DOCTOR, VERSION
from handoffctl.errors import NotFound, Refused
from handoffctl.workspace.files import OWNER_ONLY, write, write_folder
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import text_of

Rows = Iterator[tuple[Value, ...]]

OURS = b'{"handoffctl": "export"'


def shape(version: int | None = None) -> Shape:
    """Every table under a schema, else the newest, with its columns."""
    return {
        table: {name: Column(*column) for name, column in columns.items()}
        for table, columns in records.shape(version).items()
    }


@contextmanager
def everything(home: Home) -> Iterator[Whole]:
    """All there is, as of one moment. Rows are read while they are asked for. Raises Refused."""
    files = own_files(home)
    with home.reading() as query:
        tables = shape()
        count = sum(records.count(query.each, table) for table in tables)
        yield Whole(
            Header(VERSION, count, len(files)),
            [(table, list(columns), _checked(table, columns, records.rows(query.each, table, list(columns))))
             for table, columns in tables.items()],
            files,
        )  # fmt: skip


def _checked(table: str, columns: Mapping[str, Column], rows: Rows) -> Rows:
    """The rows, none of which an import would refuse for its types."""
    named = list(columns.items())
    for row in rows:
        try:
            for (name, column), one in zip(named, row, strict=True):
                value("", table, name, column, one)
        except Refused as refused:
            raise Refused(f"Row {row[0]} of the database cannot be exported{refused.message}", DOCTOR) from None
        yield row


def own_files(home: Home) -> list[OwnFile]:
    """The files of the home folder that its owner wrote. Raises Refused where one cannot be read."""
    folder = home.folder
    paths = [folder / "config.yaml", *sorted(folder.glob("playbooks/*.yaml")), *sorted(folder.glob("templates/*.j2"))]
    return [
        own_file(f"{path}", path.relative_to(folder).as_posix(), text_of(path))
        for path in paths
        if path.is_file() and not path.name.startswith(".")
    ]


def export_aside(whole: Whole) -> IO[bytes]:
    """Writes JSON Lines to a file without a name, to be passed on: whoever reads slowly keeps nobody from writing."""
    file = TemporaryFile()  # noqa: SIM115  # whoever passes it on closes it
    for line in lines.written(whole):
        file.write(line.encode())
    file.seek(0)
    return file


def export_lines(whole: Whole, path: Path, again: bool) -> None:
    """Writes JSON Lines to a file, whole or not at all; with `again` over an earlier export. Raises Refused."""
    path = path.resolve()
    _refuse_taken(path, again)
    _refuse_no_folder(path.parent)
    content = (line.encode() for line in lines.written(whole))
    try:
        write(path, content, new=not again, mode=OWNER_ONLY)
    except FileExistsError:
        _refuse_taken(path, again)
        raise


def _refuse_taken(path: Path, again: bool) -> None:
    if not os.path.lexists(path):
        return
    if not path.is_file():
        raise Refused(f"{path} is {'a folder' if path.is_dir() else 'no file'}.", "Choose another name.")
    if not again:
        raise Refused(f"{path} is there already.", "Choose another name, or add --yes to write over it.")
    with path.open("rb") as file:
        begins = file.read(len(OURS))
    if begins not in (b"", OURS):
        raise Refused(f"{path} is no export, so it is not written over.", "Choose another name.")


def _refuse_no_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.", "Make it first, or choose another one.")


def export_sheets(whole: Whole, folder: Path, again: bool) -> None:
    """Writes a folder of CSV files, whole or not at all; with `again` over an earlier export. Raises Refused."""
    folder = folder.resolve()
    _refuse_filled(folder, again)
    _refuse_no_folder(folder.parent)
    files = ((name, (piece.encode() for piece in pieces)) for name, pieces in sheets.written(whole))
    write_folder(folder, files, lambda: _refuse_filled(folder, again))


def _refuse_filled(folder: Path, again: bool) -> None:
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise Refused(f"{folder} is a file, not a folder.", "Choose another name.")
    there = {path.name for path in folder.iterdir()}
    if there and not again:
        raise Refused(
            f"{folder} is there already, and not empty.", "Choose another one, or add --yes to write over it."
        )
    ours = {f"{table}.csv" for table in shape()} | {sheets.FILES, sheets.HEADER}
    if there and (sheets.HEADER not in there or not there <= ours):
        raise Refused(f"{folder} holds more than an export, so it is not written over.", "Choose another one.")
