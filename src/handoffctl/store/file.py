"""The database file: made once, known by its mark and version, raised step by step. Needs nothing but sqlite3."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

from handoffctl.errors import Refused

APPLICATION_ID = 0x68616E64  # "hand": marks the file as ours
BUSY_MILLISECONDS = 30_000
STEPS = sorted((Path(__file__).parent / "schema").glob("*.sql"))
VERSION = len(STEPS)

DOCTOR = "Look at it with: handoffctl doctor"


def make_ready(path: Path) -> None:
    """Makes the file when there is none, raises it when it is older, refuses it when it is not ours."""
    if not path.exists():
        _make_empty(path)
    try:
        with closing(opened(path)) as connection:
            version = version_of(connection, path)
            if version < VERSION:
                if version:
                    _copy_aside(path, version)
                _raise(connection, path)
    except sqlite3.Error as error:
        raise refusal(error, path) from error


def opened(path: Path) -> sqlite3.Connection:
    """A connection that writes, in the mode in which the program decides where a transaction begins."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    return connection


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the schema; 0 for a file with nothing in it. Refuses what is not ours, or from a newer program."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if mark != APPLICATION_ID:
        if mark or version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise Refused(
                f"{path} is a database of another program.", "Choose another file with --db, or move this one away."
            )
        return 0
    if version > VERSION:
        raise Refused(
            f"{path} was written by a newer handoffctl (its schema is {version}, this program knows {VERSION}).",
            "Install the newer handoffctl again: pip install --upgrade handoffctl",
        )
    return version


def _make_empty(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:  # never moved into place afterwards: two first runs at once would lose what the other one wrote
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        pass


def _raise(connection: sqlite3.Connection, path: Path) -> None:
    # Rebuilding a table with foreign keys on fails, or cascades and deletes; the switch works outside a transaction only.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[version_of(connection, path) :]:
            for statement in statements(step.read_text(encoding="utf-8")):
                connection.execute(statement)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise Refused(f"{path} holds records that point nowhere, so it was not raised.", DOCTOR)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: executescript would end the transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _copy_aside(path: Path, version: int) -> None:
    aside = path.with_name(f"{path.name}.schema-{version}")
    if not aside.exists():
        copyfile(path, aside)
        aside.chmod(0o600)


_SENTENCES = {
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
    sqlite3.SQLITE_NOTADB: "Choose another file with --db, or move this one away.",
    sqlite3.SQLITE_CORRUPT: f"Bring back a copy of it. {DOCTOR}",
    sqlite3.SQLITE_BUSY: "Close the other program and try again.",
    sqlite3.SQLITE_LOCKED: "Close the other program and try again.",
}


def refusal(error: sqlite3.Error, path: Path) -> Exception:
    """The sentence for a file that cannot be used; the error itself where the program is to blame."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return error
    sentence = _SENTENCES.get(code & 0xFF)
    if sentence is None and code == sqlite3.SQLITE_ERROR and not is_whole(path):
        sentence = "lacks tables or columns that it should have"
    if sentence is None:
        return error
    return Refused(f"{path} {sentence}.", _HINTS.get(code & 0xFF, f"Check that you may use the file. {DOCTOR}"))


def is_whole(path: Path) -> bool:
    """True when the file has every table and column that its version should have."""
    try:
        with closing(sqlite3.connect(path)) as mine, closing(born_in_memory()) as model:
            return _columns(model) <= _columns(mine)
    except sqlite3.Error:
        return False


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    rows = connection.execute(
        "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'"
    )
    return set(rows)


def born_in_memory() -> sqlite3.Connection:
    """An empty database: what a reading command sees before the first write."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for step in STEPS:
        for statement in statements(step.read_text(encoding="utf-8")):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    return connection
