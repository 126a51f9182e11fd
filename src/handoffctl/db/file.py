"""The database file: created once, recognised by mark and version, migrated step by step. Needs nothing but sqlite3."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

from handoffctl.db.old_commands import name_commands
from handoffctl.errors import Refused

APPLICATION_ID = 0x68616E64  # "hand": marks the file as ours
BUSY_MILLISECONDS = 30_000
STEPS = sorted((Path(__file__).parent / "schema").glob("*.sql"))
VERSION = len(STEPS)
BEYOND_SQL = {"0007_commands": name_commands}  # the second half of a step: what SQL cannot reckon
MAGIC = b"SQLite format 3\0"

DOCTOR = "Look at it with: handoffctl doctor"
CHOOSE_ANOTHER = "Choose another file with --db, or move this one away."


class UnusableFile(Refused):
    """The file cannot be the database in use. The hint says to choose another one with --db."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path} {fault}.", CHOOSE_ANOTHER)


class ForeignFile(UnusableFile):
    """The file is the database of another program."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "is a database of another program")


@cache
def table_names() -> tuple[str, ...]:
    """Returns the tables that the schema steps create, in that order."""
    steps = "".join(step.read_text(encoding="utf-8") for step in STEPS)
    names = re.findall(r"^CREATE TABLE (\w+)", steps, re.MULTILINE)
    return tuple(dict.fromkeys(names))


def make_ready(path: Path, author: str = "") -> None:
    """Creates the file if there is none, migrates an older one, refuses one that is not ours.

    `author` is recorded for the commands of a file older than schema 7.
    """
    check_before_opening(path)
    if not path.exists():
        _make_empty(path)
    try:
        with closing(open_for_writing(path)) as connection:
            if version_of(connection, path) < VERSION:
                _raise(connection, path, author)
    except sqlite3.Error as error:
        raise refusal(error, path) from error


def check_before_opening(path: Path) -> None:
    """Refuses files that SQLite would change by merely opening them, or mistake for a whole database.

    Call it before any connection to the file is open: closing another descriptor drops SQLite's locks.
    """
    journal = Path(f"{path}-journal")
    if not path.exists():
        if path.parent.exists() and not path.parent.is_dir():
            raise Refused(f"{path.parent} is not a folder.", "Choose another one with --home or --db.")
        if journal.exists() and not path.exists():
            raise Refused(
                f"{journal} is there, but the database it belongs to is not.",
                "Put the database back beside it. If there is none any more, move the journal away.",
            )
    elif not path.is_file():
        raise UnusableFile(path, f"is {'a folder' if path.is_dir() else 'a device or a pipe'}, not a file")
    elif path.is_file() and os.access(path, os.R_OK) and _amiss(path) and not journal.exists():
        fault = _amiss(path)  # looked at again, because at the first look somebody may just have been writing
        if fault:
            raise fault


def _amiss(path: Path) -> Refused | None:
    """Returns a refusal if the first bytes, or the size they promise, are wrong."""
    with path.open("rb") as file:
        head = file.read(100)
        size = file.seek(0, os.SEEK_END)
    if not size:
        return None
    if not head.startswith(MAGIC):  # SQLite takes a single byte for an empty file
        return _refused(sqlite3.SQLITE_NOTADB, path)
    if int.from_bytes(head[68:72]) != APPLICATION_ID:
        in_wal_mode = len(head) == 100 and head[18:20] != b"\1\1"
        return ForeignFile(path) if in_wal_mode else None  # SQLite would write its owner's log into the file
    page = int.from_bytes(head[16:18])
    cut_off = size % (65_536 if page == 1 else max(page, 1))  # SQLite would fill the last page up with zeros
    return _refused(sqlite3.SQLITE_CORRUPT, path) if cut_off else None


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Opens a writing connection on which the program itself begins transactions."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    return connection


# One statement, so that all of it is as of one moment: another process may just be making the file.
_WHOSE = """SELECT (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id),
                   (SELECT count(*) FROM sqlite_master)"""


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Returns the schema version; 0 for an empty file. Refuses foreign files and newer versions."""
    version, mark, parts = connection.execute(_WHOSE).fetchone()
    if mark != APPLICATION_ID:
        if mark or version or parts:
            raise ForeignFile(path)
        return 0
    if version < 1:
        raise Refused(f"{path} is damaged: it does not say which schema it has.", _HINTS[sqlite3.SQLITE_CORRUPT])
    if version > VERSION:
        raise Refused(
            f"{path} was written by a newer handoffctl (its schema is {version}, this program knows {VERSION}).",
            "Install the newer handoffctl again: pip install --upgrade handoffctl",
        )
    return int(version)


def _make_empty(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Never moved into place afterwards: two first runs at once would lose what the other one wrote.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _raise(connection: sqlite3.Connection, path: Path, author: str) -> None:
    # Rebuilding a table with foreign keys on fails, or cascades and deletes; inside a transaction the switch is idle.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection, path)  # anew: while this one waited, another one may have raised it
        if 0 < version < VERSION:
            _copy_aside(path, version)
        for step in STEPS[version:]:
            for statement in statements(step.read_text(encoding="utf-8")):
                connection.execute(statement)
            if step.stem in BEYOND_SQL:
                BEYOND_SQL[step.stem](connection, author)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise Refused(f"{path} holds records that point nowhere, so it was not raised.", DOCTOR)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def statements(script: str) -> Iterator[str]:
    """Yields the statements of a script one by one; executescript would end the transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _copy_aside(path: Path, version: int) -> None:
    """Copies the file as it is under the lock. SQLite does the copy, because opening and closing the file would drop
    it."""
    aside = path.with_name(f"{path.name}.schema-{version}")
    count = 2
    while aside.exists():  # an earlier copy may hold what this one no longer does
        aside, count = path.with_name(f"{path.name}.schema-{version}.{count}"), count + 1
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
    part.rename(aside)


_SENTENCES = {
    sqlite3.SQLITE_READONLY_ROLLBACK: "was left in the middle of a write, and to put that right it must be written to",
    sqlite3.SQLITE_NOTADB: "is not a database",
    sqlite3.SQLITE_CORRUPT: "is damaged",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_READONLY: "cannot be written to",
    sqlite3.SQLITE_PERM: "cannot be opened",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full",
    sqlite3.SQLITE_IOERR: "cannot be read from or written to its disk",
    sqlite3.SQLITE_BUSY: "is in use by another program that does not let go of it",
    sqlite3.SQLITE_LOCKED: "is in use by another program that does not let go of it",
}
_HINTS = {
    sqlite3.SQLITE_READONLY_ROLLBACK: "Copy it and its journal together to where you may write.",
    sqlite3.SQLITE_CORRUPT: f"Bring back a copy of it. {DOCTOR}",
    sqlite3.SQLITE_BUSY: "Close the other program and try again.",
    sqlite3.SQLITE_LOCKED: "Close the other program and try again.",
}


def _refused(code: int, path: Path) -> Refused:
    """Returns the refusal for a SQLite error that has a sentence of its own."""
    if code == sqlite3.SQLITE_NOTADB:
        return UnusableFile(path, _SENTENCES[code])
    return Refused(f"{path} {_SENTENCES[code]}.", _HINTS.get(code, f"Check that you may use the file. {DOCTOR}"))


def refusal(error: sqlite3.Error, path: Path) -> Exception:
    """Returns the refusal for a file that cannot be used, or the error itself if the program is to blame."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return error
    known = code if code in _SENTENCES else code & 0xFF
    if known in _SENTENCES:
        return _refused(known, path)
    if code == sqlite3.SQLITE_ERROR and not is_whole(path):
        return Refused(f"{path} lacks tables or columns that it should have.", _HINTS[sqlite3.SQLITE_CORRUPT])
    return error


def is_whole(path: Path) -> bool:
    """True if the file has every table, column and index that its version should have."""
    try:
        with closing(sqlite3.connect(path)) as mine, closing(empty_in_memory()) as model:
            return _parts(model) <= _parts(mine)
    except sqlite3.Error:
        return False


def _parts(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    rows = connection.execute(
        """SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'
           UNION ALL SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'"""
    )
    return set(rows)


def empty_in_memory() -> sqlite3.Connection:
    """Returns an empty database in memory: what reading commands see before the first write."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for step in STEPS:
        for statement in statements(step.read_text(encoding="utf-8")):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    return connection
