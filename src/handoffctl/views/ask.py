"""How a question is asked: of a file opened for reading only, or of anything else with the same `ask`."""

import sqlite3
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

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
    """A connection that cannot write. Where a crash left a journal behind, SQLite may first put things right."""
    journal = path.with_name(path.name + "-journal")
    mode = "rw" if journal.exists() else "ro"
    try:
        return _connected(path, mode)
    except sqlite3.OperationalError:
        if mode == "ro":
            raise
        return _connected(path, "ro")


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 30000")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection
