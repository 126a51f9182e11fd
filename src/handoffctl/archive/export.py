"""Exports the whole workspace, all records and the user's files, as JSON Lines or as a folder of CSV files."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from handoffctl.archive.csv_folder import FILES, HEADER, csv_files
from handoffctl.archive.export_schema import (
    CellValue,
    ExportColumn,
    ExportHeader,
    ExportSchema,
    TableExport,
    WorkspaceExport,
    WorkspaceFile,
    check_file,
    check_value,
)
from handoffctl.archive.json_lines import json_lines
from handoffctl.db import dump
from handoffctl.db.file import DOCTOR, VERSION
from handoffctl.errors import NotFound, Refused
from handoffctl.workspace.files import OWNER_ONLY, write, write_folder
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import read_text_file

Rows = Iterator[tuple[CellValue, ...]]

EXPORT_START = b'{"handoffctl": "export"'


def export_schema(version: int | None = None) -> ExportSchema:
    """Returns every table with its columns, of the given schema version or the current one."""
    return {
        table: {name: ExportColumn(*column) for name, column in columns.items()}
        for table, columns in dump.table_columns(version).items()
    }


@contextmanager
def open_export(home: Home) -> Iterator[WorkspaceExport]:
    """Opens a consistent view of the whole workspace, as of one moment. Rows are read as they are consumed.

    Raises Refused if a file or a row cannot be exported.
    """
    files = _workspace_files(home)
    with home.reading() as query:
        schema = export_schema()
        count = sum(dump.count(query.each, table) for table in schema)
        tables = [
            TableExport(table, list(columns), _checked(table, columns, dump.rows(query.each, table, list(columns))))
            for table, columns in schema.items()
        ]
        yield WorkspaceExport(ExportHeader(VERSION, count, len(files)), tables, files)


def _checked(table: str, columns: Mapping[str, ExportColumn], rows: Rows) -> Rows:
    """Yields the rows. Raises Refused for one that an import would not accept."""
    named_columns = list(columns.items())
    for row in rows:
        try:
            for (name, column), value in zip(named_columns, row, strict=True):
                check_value("", table, name, column, value)
        except Refused as refused:
            raise Refused(f"Row {row[0]} of the database cannot be exported{refused.message}", DOCTOR) from None
        yield row


def _workspace_files(home: Home) -> list[WorkspaceFile]:
    """Returns the files of the home folder that the user wrote. Raises Refused if one cannot be read."""
    folder = home.folder
    paths = [folder / "config.yaml", *sorted(folder.glob("playbooks/*.yaml")), *sorted(folder.glob("templates/*.j2"))]
    return [
        check_file(f"{path}", path.relative_to(folder).as_posix(), read_text_file(path))
        for path in paths
        if path.is_file() and not path.name.startswith(".")
    ]


def spool_json_lines(export: WorkspaceExport) -> IO[bytes]:
    """Spools JSON Lines to an anonymous temporary file, so that a slow reader holds no lock. The caller closes it."""
    file = TemporaryFile()  # noqa: SIM115  # the caller closes it
    for line in json_lines(export):
        file.write(line.encode())
    file.seek(0)
    return file


def write_json_lines(export: WorkspaceExport, path: Path, again: bool) -> None:
    """Writes JSON Lines to a file, completely or not at all; `again` allows to replace an earlier export.

    Raises Refused if the path is taken, NotFound if its folder does not exist.
    """
    path = path.resolve()
    _refuse_taken(path, again)
    _refuse_no_folder(path.parent)
    content = (line.encode() for line in json_lines(export))
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
        start = file.read(len(EXPORT_START))
    if start not in (b"", EXPORT_START):
        raise Refused(f"{path} is no export, so it is not written over.", "Choose another name.")


def _refuse_no_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.", "Make it first, or choose another one.")


def write_csv_folder(export: WorkspaceExport, folder: Path, again: bool) -> None:
    """Writes a folder of CSV files, completely or not at all; `again` allows to replace an earlier export.

    Raises Refused if the folder holds anything else, NotFound if its parent does not exist.
    """
    folder = folder.resolve()
    _refuse_filled(folder, again)
    _refuse_no_folder(folder.parent)
    files = ((name, (piece.encode() for piece in pieces)) for name, pieces in csv_files(export))
    write_folder(folder, files, lambda: _refuse_filled(folder, again))


def _refuse_filled(folder: Path, again: bool) -> None:
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise Refused(f"{folder} is a file, not a folder.", "Choose another name.")
    names = {path.name for path in folder.iterdir()}
    if names and not again:
        raise Refused(
            f"{folder} is there already, and not empty.", "Choose another one, or add --yes to write over it."
        )
    export_names = {f"{table}.csv" for table in export_schema()} | {FILES, HEADER}
    if names and (HEADER not in names or not names <= export_names):
        raise Refused(f"{folder} holds more than an export, so it is not written over.", "Choose another one.")
