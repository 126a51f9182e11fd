"""Brings back whole what `export` gave: into a database without records, or not at all."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoffctl.archive.csv_folder import HEADER, Sheets
from handoffctl.archive.export import shape
from handoffctl.archive.form import BEGINS, OwnFile, Row, refuse
from handoffctl.archive.json_lines import MARK, Lines
from handoffctl.db.backup import faults, private_folder
from handoffctl.db.dump import Laid, Unfit, laid, refuse_records, taking_over
from handoffctl.db.file import VERSION, make_ready
from handoffctl.errors import Refused
from handoffctl.workspace.files import is_empty_file
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import text_of, write_new


@dataclass(frozen=True)
class BroughtBack:
    """What was brought back, or with `dry` would be: rows by table, and the owner's own files."""

    dry: bool
    tables: dict[str, int]
    files: list[str]

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "program": "handoffctl", "rows": self.rows, "tables": self.tables, "files": self.files, "dry_run": self.dry,
        }  # fmt: skip


def is_export(path: Path) -> bool:
    """Whether the file, or the folder's export.json, begins as what `export` wrote."""
    named = path / HEADER if path.is_dir() else path
    if not named.is_file():  # a pipe can be read only once
        return False
    try:
        with named.open("rb") as file:
            return file.read(64).removeprefix(MARK).startswith(BEGINS)
    except OSError:
        return False


def bring_back(home: Home, path: Path, dry: bool) -> BroughtBack:
    """Reads an export into a file of its own, looks through that, and takes it over in one transaction.

    Raises Refused; then nothing has been written.
    """
    source = _source(path)
    with home.reading() as query:
        refuse_records(home.database, lambda sql: query.each(sql))
    with private_folder(home.database) as folder:
        tables, files = _laid_down(source, folder / "laid.db", path)
        done = BroughtBack(dry, tables, [file.path for file in files])
        missing = [file for file in files if not _is_there(home, file)]
        if not dry:
            _take_over(home, folder / "laid.db", missing)
    return done


def _source(path: Path) -> Lines | Sheets:
    """The export, known by its header. Raises Refused."""
    if not path.exists():
        raise Refused(f"{path} is not there.", "Name the file or the folder that `handoffctl export` wrote.")
    if not path.is_file() and not path.is_dir():
        raise Refused(f"{path} is neither a file nor a folder.", "Save it to a file first.")
    source = Sheets(path) if path.is_dir() else Lines(path)
    if source.header.schema > VERSION:
        raise Refused(
            f"{path} was exported by a newer handoffctl (its schema is {source.header.schema}, this program knows "
            f"{VERSION}).",
            "Install the newer handoffctl: pip install --upgrade handoffctl",
        )
    return source


def _laid_down(source: Lines | Sheets, into: Path, path: Path) -> tuple[dict[str, int], list[OwnFile]]:
    """Lays all rows down and looks through them. Raises Refused with the file and line that is at fault."""
    tables = shape(source.header.schema)
    counts = dict.fromkeys(tables, 0)
    files: dict[str, OwnFile] = {}
    with laid(into, source.header.schema) as laying:
        for part in source.parts(tables):
            if isinstance(part, OwnFile):
                if part.path in files:
                    refuse(part.where, f"{part.path} is there twice")
                files[part.path] = part
                continue
            try:
                laying.add(part.table, part.values)
            except Unfit as unfit:
                refuse(part.where, str(unfit))
            counts[part.table] += 1
        _refuse_nowhere(laying, source, path)
    make_ready(into)
    if found := faults(into):
        raise Refused(f"{path} holds what this program did not write.", "Take the file as the export wrote it.", found)
    return counts, list(files.values())


def _refuse_nowhere(laying: Laid, source: Lines | Sheets, path: Path) -> None:
    astray = laying.nowhere()
    if astray:
        tables = shape(source.header.schema)
        id = list(tables[astray.table]).index("id")
        where = next(
            (part.where for part in source.parts(tables)
             if isinstance(part, Row) and part.table == astray.table and part.values[id] == astray.id),
            str(path),
        )  # fmt: skip
        refuse(where, f"row {astray.id} of {astray.table} points to a row of {astray.to} that is not there")


def _is_there(home: Home, file: OwnFile) -> bool:
    """Whether the file stands there with this very text; an empty one counts as missing. Raises Refused for another."""
    path = home.folder / file.path
    if not os.path.lexists(path) or is_empty_file(path):
        if path.parent != home.folder and path.parent.is_symlink():
            raise Refused(f"{path.parent} leads to another folder.", f"Put a folder there, or {file.path} by hand.")
        return False
    if not path.is_file() or text_of(path) != file.text:
        raise Refused(
            f"{path} is there already, with other content than the export's.", "Move it away, or use another --home."
        )
    return True


def _take_over(home: Home, laid_down: Path, files: list[OwnFile]) -> None:
    home.make()
    make_ready(home.database)
    made: list[Path] = []
    try:
        with taking_over(home.database, laid_down):
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
