"""One command, one transaction: opened at once for writing, committed whole or not at all."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, event, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, SQLModel, create_engine

from handoffctl.db.file import BUSY_MILLISECONDS, make_ready, refusal
from handoffctl.db.models import Command, Written
from handoffctl.db.undo_log import keeping, kept_under

Row = TypeVar("Row", bound=Written)


class Pen:
    """What a command writes with. Every row it adds names the command; without a row there is no command either."""

    def __init__(self, session: Session, at: str, words: str) -> None:
        self.session = session
        self.at = at
        self.of = at  # the moment of which the command tells; another one where it says so
        self.watched = True  # whether triggers that hold by now are noticed at its end
        self.command = Command(at=at, words=words)

    def ask(self, sql: str, /, **named: object) -> list[sqlite3.Row]:
        """Reads inside this transaction, by the same questions as the reading commands."""
        self.session.flush()
        cursor = self.plain().cursor()
        cursor.row_factory = sqlite3.Row
        rows: list[sqlite3.Row] = cursor.execute(sql, named).fetchall()
        return rows

    def plain(self) -> sqlite3.Connection:
        """The connection of this transaction, for what does without the ORM."""
        connection = self.session.connection().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        return connection

    def command_id(self) -> int:
        if self.command.id is None:
            self.session.add(self.command)
            self.session.flush()
            assert self.command.id is not None
            kept_under(self.plain(), self.command.id)
        assert self.command.id is not None
        return self.command.id

    def add(self, row: Row) -> Row:
        """Adds one row and gives it its id."""
        row.command_id = self.command_id()
        self.session.add(row)
        self.session.flush()
        return row

    def add_many(self, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
        """Adds many rows at once; for imports."""
        if rows:
            command = self.command_id()
            # The table, not the class: the ORM would make a statement of its own for each pattern of empty columns.
            self.session.execute(insert(table.__table__), [{**row, "command_id": command} for row in rows])  # type: ignore[attr-defined]

    def change(self, table: type[Row], id: int, **values: object) -> None:
        """Changes some columns of one row."""
        self.command_id()
        row = self.session.get_one(table, id)
        for name, value in values.items():
            setattr(row, name, value)
        self.session.add(row)
        self.session.flush()

    def says(self, sentence: str, account_id: int | None = None, deal_id: int | None = None) -> None:
        """What the command did, for the log."""
        self.command_id()
        self.command.says = sentence
        self.command.account_id, self.command.deal_id = account_id, deal_id
        self.session.add(self.command)
        self.session.flush()


@contextmanager
def writing(path: Path, at: str, words: str) -> Iterator[Pen]:
    """A pen on the database file, made first where there is none. Leaving with an error writes nothing."""
    make_ready(path)
    try:
        with Session(_engine(path), expire_on_commit=False, autoflush=False) as session, session.begin():
            session.connection()
            yield Pen(session, at, words)
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise refusal(error.orig, path) from error
        raise
    except sqlite3.Error as error:
        raise refusal(error, path) from error


def _engine(path: Path) -> Engine:
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path), poolclass=NullPool)
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begun)
    return engine


def _connected(connection: sqlite3.Connection, record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    keeping(connection)


def _begun(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
