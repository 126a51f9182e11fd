"""Imports an export of this program: completely, into a database without records, or not at all."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from handoffctl.archive.csv_folder import HEADER, CsvFolder
from handoffctl.archive.export import export_schema
from handoffctl.archive.export_schema import HEADER_START, ExportRow, WorkspaceFile, refuse
from handoffctl.archive.json_lines import BOM, JsonLinesFile
from handoffctl.db.backup import faults, private_folder
from handoffctl.db.dump import DumpLoader, RowConflict, copy_rows_from, open_loader, refuse_records
from handoffctl.db.file import VERSION, make_ready
from handoffctl.errors import HandoffError, Refused
from handoffctl.workspace.configuration import configuration
from handoffctl.workspace.files import is_empty_file, write
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import read_text_file, write_new


class ImportedArchive(NamedTuple):
    """The number of imported rows, also by table, and the user's files; with `dry_run`, those that would be imported.

    `program` is the one that wrote the archive.
    """

    program: str
    rows: int
    tables: dict[str, int]
    files: list[str]
    dry_run: bool


def is_export(path: Path) -> bool:
    """Returns True if the file, or the folder's export.json, begins like an export of this program."""
    header = path / HEADER if path.is_dir() else path
    if not header.is_file():  # a pipe can be read only once
        return False
    try:
        with header.open("rb") as file:
            return file.read(64).removeprefix(BOM).startswith(HEADER_START)
    except OSError:
        return False


def import_archive(home: Home, path: Path, dry: bool) -> ImportedArchive:
    """Loads an export into a temporary database, checks that, and copies it over in one transaction.

    Raises Refused, and then writes nothing; nor does it with `dry`.
    """
    source = _source(path)
    with home.reading() as query:
        refuse_records(home.database, lambda sql: query.each(sql))
    with private_folder(home.database) as folder:
        staging = folder / "laid.db"
        tables, files = _load(home, source, staging, path)
        imported = ImportedArchive("handoffctl", sum(tables.values()), tables, [file.path for file in files], dry)
        missing = [file for file in files if not _is_there(home, file)]
        if not dry:
            _take_over(home, staging, missing)
    return imported


def _source(path: Path) -> JsonLinesFile | CsvFolder:
    """Opens the export and checks its header. Raises Refused."""
    if not path.exists():
        raise Refused(f"{path} is not there.", "Name the file or the folder that `handoffctl export` wrote.")
    if not path.is_file() and not path.is_dir():
        raise Refused(f"{path} is neither a file nor a folder.", "Save it to a file first.")
    source = CsvFolder(path) if path.is_dir() else JsonLinesFile(path)
    if source.header.schema > VERSION:
        raise Refused(
            f"{path} was exported by a newer handoffctl (its schema is {source.header.schema}, this program knows "
            f"{VERSION}).",
            "Install the newer handoffctl: pip install --upgrade handoffctl",
        )
    return source


def _load(
    home: Home, source: JsonLinesFile | CsvFolder, into: Path, path: Path
) -> tuple[dict[str, int], list[WorkspaceFile]]:
    """Loads all rows into a new database and checks it. Returns the rows by table, and the user's files.

    Raises Refused with the file and line that is at fault.
    """
    schema = export_schema(source.header.schema)
    counts = dict.fromkeys(schema, 0)
    files: dict[str, WorkspaceFile] = {}
    with open_loader(into, source.header.schema) as staging:
        for item in source.items(schema):
            if isinstance(item, WorkspaceFile):
                if item.path in files:
                    refuse(item.where, f"{item.path} is there twice")
                files[item.path] = item
                continue
            try:
                staging.add(item.table, item.values)
            except RowConflict as conflict:
                refuse(item.where, str(conflict))
            counts[item.table] += 1
        _refuse_dangling(staging, source, path)
    make_ready(into, _author(home, files.get("config.yaml"), into.parent))
    if problems := faults(into):
        raise Refused(
            f"{path} holds what this program did not write.", "Take the file as the export wrote it.", problems
        )
    return counts, list(files.values())


def _author(home: Home, config: WorkspaceFile | None, folder: Path) -> str:
    """Returns who gave the commands of an export that names nobody: this home's user, else the exported one's."""
    own = home.folder / "config.yaml"
    if config is None or (own.exists() and not is_empty_file(own)):
        return home.author
    path = folder / "config.yaml"
    write(path, config.text.encode())
    try:
        return configuration(path).name
    except HandoffError:  # a faulty configuration is brought back like any other
        return ""


def _refuse_dangling(staging: DumpLoader, source: JsonLinesFile | CsvFolder, path: Path) -> None:
    """Raises Refused if a row points to one that does not exist."""
    dangling = staging.nowhere()
    if dangling:
        schema = export_schema(source.header.schema)
        id = list(schema[dangling.table]).index("id")
        where = next(
            (item.where for item in source.items(schema)
             if isinstance(item, ExportRow) and item.table == dangling.table and item.values[id] == dangling.id),
            str(path),
        )  # fmt: skip
        refuse(where, f"row {dangling.id} of {dangling.table} points to a row of {dangling.to} that is not there")


def _is_there(home: Home, file: WorkspaceFile) -> bool:
    """Returns True if the file has this text, False if it is missing or empty. Raises Refused if it has another one."""
    path = home.folder / file.path
    if not os.path.lexists(path) or is_empty_file(path):
        if path.parent != home.folder and path.parent.is_symlink():
            raise Refused(f"{path.parent} leads to another folder.", f"Put a folder there, or {file.path} by hand.")
        return False
    if not path.is_file() or read_text_file(path) != file.text:
        raise Refused(
            f"{path} is there already, with other content than the export's.", "Move it away, or use another --home."
        )
    return True


def _take_over(home: Home, staging: Path, files: list[WorkspaceFile]) -> None:
    """Copies all rows and writes the files; removes the files again if anything fails."""
    home.create_folder()
    make_ready(home.database)
    made: list[Path] = []
    try:
        with copy_rows_from(home.database, staging):
            for file in files:
                path = home.folder / file.path
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                if is_empty_file(path):
                    path.unlink()
                if not write_new(path, file.text):
                    raise Refused(f"{path} was written meanwhile.", "Look at it, and try again.")
                made.append(path)
    except BaseException:
        for path in made:
            with suppress(OSError):
                path.unlink()
        raise
