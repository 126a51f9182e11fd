"""Read queries: on a read-only connection to the file, or inside a write session."""

import sqlite3
from array import array
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from array import array

Row = sqlite3.Row


class Query(Protocol):
    """Runs SQL with `:named` parameters and returns the rows."""

    def __call__(self, sql: str, /, **named: object) -> list[Row]: ...


class QueryConnection(Query, Protocol):
    """A query on its own connection, for reports that read many rows."""

    def each(self, sql: str, /, **named: object) -> Iterator[tuple[Any, ...]]:
        """Yields the rows as plain tuples; a million of them need no memory."""

    def numbers(self, sql: str, /, **named: object) -> "array[float]":
        """Returns the first column, which holds numbers only."""


class query_connection:  # noqa: N801  # reads as a function: with home.reading() as ask
    """Returns the query of a sqlite3 connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._plain = connection
        connection.row_factory = None

    def __call__(self, sql: str, /, **named: object) -> list[Row]:
        cursor = self._plain.cursor()
        cursor.row_factory = Row
        return cursor.execute(sql, named).fetchall()

    def each(self, sql: str, /, **named: object) -> Iterator[tuple[Any, ...]]:
        return self._plain.execute(sql, named)

    def numbers(self, sql: str, /, **named: object) -> "array[float]":
        return array("d", map(itemgetter(0), self.each(sql, **named)))


def read_only(path: Path) -> sqlite3.Connection:
    """Opens a read-only connection inside a transaction, which sees one snapshot of the file.

    Where a crash left a journal behind, SQLite must first roll back, which a read-only connection cannot. It also
    mistakes
    the journal of a writer that ends just then for one, so the next try may succeed.
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
