"""The write session of one command: one transaction, opened at once for writing, committed whole or not at all.

Importing this module loads neither SQLModel nor SQLAlchemy; opening a session does.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from handoffctl.db.file import make_ready
from handoffctl.db.invocation import Invocation
from handoffctl.db.lazy_models import Models
from handoffctl.db.undo_log import set_current_command

if TYPE_CHECKING:
    from sqlmodel import Session, SQLModel

    from handoffctl.db.models import Record
    from handoffctl.db.models.command import CommandRecord

Row = TypeVar("Row", bound="Record")


class WriteSession:
    """The write session of one command.

    Every row it writes carries the command's id; the command's own row is created on the first write. Where the run
    has recorded its command in an earlier transaction, this session continues it, unless another process has recorded
    one meanwhile. `models` holds the SQLModel classes. `effective_at` is the moment the command tells of, its own
    unless set; `detect_triggers` is False if its end is not to look for triggers.
    """

    def __init__(self, orm: "Session", given: Invocation) -> None:
        self.orm = orm
        self.at = given.at
        self.effective_at = given.at
        self.detect_triggers = True
        earlier = None if given.continues is None else self._earlier_part(given.continues, given.kind)
        self._continues = earlier is not None
        self.command = earlier or self.models.Command(
            at=given.at, words=given.words, kind=given.kind, author=given.author
        )

    def _earlier_part(self, id: int, kind: str) -> "CommandRecord | None":
        """Returns the command that an earlier transaction of this run recorded, to be continued as this kind.

        None if another process has recorded one meanwhile: undo goes by the order of the ids.
        """
        if self.query("SELECT max(id) AS newest FROM command")[0]["newest"] != id:
            return None
        command = self.orm.get_one(self.models.Command, id)
        command.kind = kind
        set_current_command(self.raw_connection(), id)
        return command

    @cached_property
    def models(self) -> Models:
        return Models()

    def query(self, sql: str, /, **named: object) -> list[sqlite3.Row]:
        """Reads inside this transaction, by the same queries as the reading commands."""
        self.orm.flush()
        cursor = self.raw_connection().cursor()
        cursor.row_factory = sqlite3.Row
        rows: list[sqlite3.Row] = cursor.execute(sql, named).fetchall()
        return rows

    def execute(self, sql: str, /, **named: object) -> None:
        """Runs one writing statement inside this transaction, for code without the ORM."""
        self.orm.flush()
        self.raw_connection().execute(sql, named)

    def get(self, table: type[Row], id: int) -> Row:
        """Returns the row with this id."""
        return self.orm.get_one(table, id)

    def delete(self, table: type[Row], id: int) -> None:
        """Deletes the row with this id."""
        self.orm.delete(self.orm.get_one(table, id))
        self.orm.flush()

    def raw_connection(self) -> sqlite3.Connection:
        """Returns the driver's connection of this transaction, for code without the ORM."""
        connection = self.orm.connection().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        return connection

    def command_id(self) -> int:
        """Returns the id of this command's row, and writes the row first if need be."""
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

    def add_many(self, table: "type[SQLModel]", rows: Sequence[dict[str, Any]]) -> None:
        """Adds many rows at once; for imports."""
        if rows:
            from handoffctl.db.engine import insert_rows

            command = self.command_id()
            insert_rows(self.orm, table, [{**row, "command_id": command} for row in rows])

    def change(self, table: type[Row], id: int, **values: object) -> None:
        """Changes some columns of one row."""
        self.command_id()
        row = self.orm.get_one(table, id)
        for name, value in values.items():
            setattr(row, name, value)
        self.orm.add(row)
        self.orm.flush()

    def log_under(self, command_id: int, account_id: int, deal_id: int | None) -> None:
        """Sets what an earlier command was about, for the log."""
        sql = "UPDATE command SET account_id = :account, deal_id = :deal WHERE id = :id"
        self.execute(sql, account=account_id, deal=deal_id, id=command_id)

    def log(self, sentence: str, account_id: int | None = None, deal_id: int | None = None) -> None:
        """Sets the command's sentence in the log, and what it was about. A continued command says what it said, too."""
        self.command_id()
        self.command.says = f"{self.command.says} {sentence}" if self._continues and self.command.says else sentence
        self.command.account_id, self.command.deal_id = account_id, deal_id
        self.orm.add(self.command)
        self.orm.flush()


@contextmanager
def writing(path: Path, given: Invocation) -> Iterator[WriteSession]:
    """Opens a write session on the database file, which is created first if need be. An error in the block rolls it
    back."""
    from handoffctl.db.engine import transaction

    make_ready(path, given.author)
    with transaction(path) as orm:
        yield WriteSession(orm, given)
