"""How a question is asked: of a file opened for reading only, or of anything else with the same `ask`."""

import sqlite3
from pathlib import Path
from typing import Protocol

Row = sqlite3.Row


class Ask(Protocol):
    """Rows for a piece of SQL with `:named` values."""

    def __call__(self, sql: str, /, **named: object) -> list[Row]: ...


def asking(connection: sqlite3.Connection) -> Ask:
    """The `ask` of a standard-library connection."""
    connection.row_factory = Row

    def ask(sql: str, /, **named: object) -> list[Row]:
        return connection.execute(sql, named).fetchall()

    return ask


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, within a transaction: it sees the file as it is at one moment.

    Where a crash left a journal behind, SQLite must first put things right, which a connection for reading cannot. It
    also takes the journal of a writer for one when that writer ends just then: so the next try may find nothing amiss.
    """
    for mode in ("ro", "rw"):
        try:
            return _begun(path, mode)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
                raise
    return _begun(path, "ro")


def _begun(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection
