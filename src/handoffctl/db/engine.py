"""The SQLModel side of a write session: engine, transaction and bulk inserts. Only what writes loads it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, SQLModel, create_engine

from handoffctl.db.file import BUSY_MILLISECONDS, refusal
from handoffctl.db.undo_log import install_undo_triggers


@contextmanager
def transaction(path: Path) -> Iterator[Session]:
    """One transaction that holds the write lock from its beginning; an error in the block rolls it back.

    Raises Refused for a database that cannot be used.
    """
    try:
        with Session(_engine(path), expire_on_commit=False, autoflush=False) as session, session.begin():
            session.connection()
            yield session
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise refusal(error.orig, path) from error
        raise
    except sqlite3.Error as error:
        raise refusal(error, path) from error


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Adds many rows at once; for imports."""
    # The table, not the class: the ORM would make a statement of its own for each pattern of empty columns.
    session.execute(insert(table.__table__), rows)  # type: ignore[attr-defined]


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
