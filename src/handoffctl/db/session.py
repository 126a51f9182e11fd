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
from handoffctl.db.models import Command, Record
from handoffctl.db.undo_log import install_undo_triggers, set_current_command

Row = TypeVar("Row", bound=Record)


class WriteSession:
    """What a command writes with. Every row it adds names the command; without a row there is no command either."""

    def __init__(self, session: Session, at: str, words: str) -> None:
        self.orm = session
        self.at = at
        self.effective_at = at  # the moment of which the command tells; another one where it says so
        self.detect_triggers = True  # whether triggers that hold by now are noticed at its end
        self.command = Command(at=at, words=words)

    def query(self, sql: str, /, **named: object) -> list[sqlite3.Row]:
        """Reads inside this transaction, by the same questions as the reading commands."""
        self.orm.flush()
        cursor = self.raw_connection().cursor()
        cursor.row_factory = sqlite3.Row
        rows: list[sqlite3.Row] = cursor.execute(sql, named).fetchall()
        return rows

    def raw_connection(self) -> sqlite3.Connection:
        """The connection of this transaction, for what does without the ORM."""
        connection = self.orm.connection().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        return connection

    def command_id(self) -> int:
        if self.command.id is None:
            self.orm.add(self.command)
            self.orm.flush()
            assert self.command.id is not None
            set_current_command(self.raw_connection(), self.command.id)
        assert self.command.id is not None
        return self.command.id

    def add(self, row: Row) -> Row:
        """Adds one row and gives it its id."""
        row.command_id = self.command_id()
        self.orm.add(row)
        self.orm.flush()
        return row

    def add_many(self, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
        """Adds many rows at once; for imports."""
        if rows:
            command = self.command_id()
            # The table, not the class: the ORM would make a statement of its own for each pattern of empty columns.
            self.orm.execute(insert(table.__table__), [{**row, "command_id": command} for row in rows])  # type: ignore[attr-defined]

    def change(self, table: type[Row], id: int, **values: object) -> None:
        """Changes some columns of one row."""
        self.command_id()
        row = self.orm.get_one(table, id)
        for name, value in values.items():
            setattr(row, name, value)
        self.orm.add(row)
        self.orm.flush()

    def log(self, sentence: str, account_id: int | None = None, deal_id: int | None = None) -> None:
        """What the command did, for the log."""
        self.command_id()
        self.command.says = sentence
        self.command.account_id, self.command.deal_id = account_id, deal_id
        self.orm.add(self.command)
        self.orm.flush()


@contextmanager
def writing(path: Path, at: str, words: str) -> Iterator[WriteSession]:
    """A pen on the database file, made first where there is none. Leaving with an error writes nothing."""
    make_ready(path)
    try:
        with Session(_engine(path), expire_on_commit=False, autoflush=False) as session, session.begin():
            session.connection()
            yield WriteSession(session, at, words)
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
    install_undo_triggers(connection)


def _begun(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
