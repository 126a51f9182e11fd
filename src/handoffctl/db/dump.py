"""Dumps all tables, and loads a dump into an empty database. Needs nothing but sqlite3."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoffctl.db.file import APPLICATION_ID, STEPS, open_for_writing, refusal, statements
from handoffctl.errors import Refused

_SHAPE = """SELECT m.name, c.name, c.type, c."notnull" OR c.pk FROM sqlite_master AS m, pragma_table_info(m.name) AS c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"""


class RowConflict(Exception):
    """Raised for a row that violates a constraint; the message says which."""


@dataclass(frozen=True)
class DanglingReference:
    """A dangling foreign key."""

    table: str
    id: int
    to: str


def table_columns(version: int | None = None) -> dict[str, dict[str, tuple[str, bool]]]:
    """Returns the columns of every table of a schema version: type, and whether a value is required. Default newest."""
    found: dict[str, dict[str, tuple[str, bool]]] = {}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _raise_to(connection, version)
        for table, column, type, required in connection.execute(_SHAPE):
            found.setdefault(table, {})[column] = (type, bool(required))
    return found


def _raise_to(connection: sqlite3.Connection, version: int | None) -> None:
    for step in STEPS[:version]:
        for statement in statements(step.read_text(encoding="utf-8")):
            connection.execute(statement)


def rows(each: Callable[[str], Iterator[tuple[Any, ...]]], table: str, columns: Sequence[str]) -> Iterator[Any]:
    """Yields all rows of a table in the order of their ids."""
    return each(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid")


def count(each: Callable[[str], Iterator[tuple[Any, ...]]], table: str) -> int:
    """Returns the number of rows of a table."""
    return int(next(each(f"SELECT count(*) FROM {table}"))[0])


class DumpLoader:
    """A new database file that receives the rows of a dump before they count as records."""

    def __init__(self, path: Path, version: int) -> None:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        self.path = path
        self._connection = open_for_writing(path)
        self._connection.execute("PRAGMA synchronous = OFF")  # it is gone soon, or gone with the machine
        self._connection.execute("PRAGMA foreign_keys = OFF")  # until all rows are there
        self._connection.execute("BEGIN")
        _raise_to(self._connection, version)
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version = {version}")
        self._orders = {
            table: f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            for table, columns in table_columns(version).items()
        }

    def add(self, table: str, values: Sequence[str | int | float | None]) -> None:
        """Adds a row, its values in the order of the columns. Raises RowConflict."""
        try:
            self._connection.execute(self._orders[table], values)
        except sqlite3.IntegrityError as error:
            what = str(error).rpartition(": ")[2]
            raise RowConflict(f"another row has the same {what}") from None

    def nowhere(self) -> DanglingReference | None:
        """Returns a row with a dangling reference, or None."""
        found = self._connection.execute("SELECT * FROM pragma_foreign_key_check LIMIT 1").fetchone()
        return DanglingReference(*found[:3]) if found else None

    def close(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
        self._connection.close()


@contextmanager
def open_loader(path: Path, version: int) -> Iterator[DumpLoader]:
    """Creates a database file for the rows of a dump, in the schema version they come from."""
    try:
        with closing(DumpLoader(path, version)) as laying:
            yield laying
    except sqlite3.Error as error:
        raise refusal(error, path) from error


@contextmanager
def copy_rows_from(path: Path, laid_down: Path) -> Iterator[None]:
    """Copies all rows from another database in one transaction, which ends with the block. Raises Refused.

    The target must hold no records, so that records of two origins never mix.
    """
    try:
        with closing(open_for_writing(path)) as connection:
            connection.execute("ATTACH DATABASE ? AS laid", (str(laid_down),))
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("BEGIN IMMEDIATE")
            try:
                refuse_records(path, lambda sql: connection.execute(sql))
                for table, columns in table_columns().items():
                    names = ", ".join(columns)
                    order = f"INSERT INTO main.{table} ({names}) SELECT {names} FROM laid.{table} ORDER BY rowid"
                    connection.execute(order)
                yield
            except BaseException:
                if connection.in_transaction:  # a full disk has ended it already
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise refusal(error, path) from error


def refuse_records(path: Path, each: Callable[[str], Iterator[tuple[Any, ...]]]) -> None:
    """Raises Refused if the database holds any record."""
    for table in table_columns():
        if next(iter(each(f"SELECT 1 FROM {table} LIMIT 1")), None):
            raise Refused(
                f"{path} holds records already, and an export is brought back into an empty database only.",
                "Bring it back elsewhere with --home FOLDER, or replace what is here: handoffctl restore FILE",
            )
