"""All rows out of the database, and all rows into one that is empty. Needs nothing but sqlite3."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoffctl.db.file import APPLICATION_ID, STEPS, opened, refusal, statements
from handoffctl.errors import Refused

_SHAPE = """SELECT m.name, c.name, c.type, c."notnull" OR c.pk FROM sqlite_master AS m, pragma_table_info(m.name) AS c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"""


class Unfit(Exception):
    """A row that cannot stand beside the others; the message says why."""


@dataclass(frozen=True)
class Nowhere:
    """A row that points to one that is not there."""

    table: str
    id: int
    to: str


def shape(version: int | None = None) -> dict[str, dict[str, tuple[str, bool]]]:
    """Every table under a schema, else the newest; of each column the type, and whether it must hold something."""
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
    """All rows of a table in the order of their ids, one by one."""
    return each(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid")


def count(each: Callable[[str], Iterator[tuple[Any, ...]]], table: str) -> int:
    """How many rows a table has."""
    return int(next(each(f"SELECT count(*) FROM {table}"))[0])


class Laid:
    """A new file of its own, into which rows are laid down before anybody looks at them as records."""

    def __init__(self, path: Path, version: int) -> None:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        self.path = path
        self._connection = opened(path)
        self._connection.execute("PRAGMA synchronous = OFF")  # it is gone soon, or gone with the machine
        self._connection.execute("PRAGMA foreign_keys = OFF")  # until all rows are there
        self._connection.execute("BEGIN")
        _raise_to(self._connection, version)
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version = {version}")
        self._orders = {
            table: f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            for table, columns in shape(version).items()
        }

    def add(self, table: str, values: Sequence[str | int | float | None]) -> None:
        """Adds a row, its values in the order of the columns. Raises Unfit."""
        try:
            self._connection.execute(self._orders[table], values)
        except sqlite3.IntegrityError as error:
            what = str(error).rpartition(": ")[2]
            raise Unfit(f"another row has the same {what}") from None

    def nowhere(self) -> Nowhere | None:
        """A row that points nowhere; None where there is none."""
        found = self._connection.execute("SELECT * FROM pragma_foreign_key_check LIMIT 1").fetchone()
        return Nowhere(*found[:3]) if found else None

    def close(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
        self._connection.close()


@contextmanager
def laid(path: Path, version: int) -> Iterator[Laid]:
    """A file for rows, under an older schema where they come from one."""
    try:
        with closing(Laid(path, version)) as laying:
            yield laying
    except sqlite3.Error as error:
        raise refusal(error, path) from error


@contextmanager
def taking_over(path: Path, laid_down: Path) -> Iterator[None]:
    """Takes all rows of another file over in one transaction, which ends with the block. Raises Refused.

    The database itself must hold none: nobody's records are mixed with others'.
    """
    try:
        with closing(opened(path)) as connection:
            connection.execute("ATTACH DATABASE ? AS laid", (str(laid_down),))
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("BEGIN IMMEDIATE")
            try:
                refuse_records(path, lambda sql: connection.execute(sql))
                for table, columns in shape().items():
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
    """Refuses a database in which something is recorded."""
    for table in shape():
        if next(iter(each(f"SELECT 1 FROM {table} LIMIT 1")), None):
            raise Refused(
                f"{path} holds records already, and an export is brought back into an empty database only.",
                "Bring it back elsewhere with --home FOLDER, or replace what is here: handoffctl restore FILE",
            )
