"""The tables as SQLModel classes, for writing. `schema/*.sql` creates them with foreign keys; a test compares both.

Table models do not validate: values were parsed before. They are in several modules because building such a class
takes time, and a command needs only a few of them.
"""

from typing import Any

from sqlmodel import Field, SQLModel


def _key() -> Any:
    return Field(default=None, primary_key=True)


class CommandRecord(SQLModel, table=True):
    __tablename__ = "command"
    id: int | None = _key()
    at: str
    words: str
    says: str = ""
    account_id: int | None = None
    deal_id: int | None = None
    undoes_id: int | None = None
    final: str | None = None
    kind: str = ""
    author: str = ""
    wrote_file: str | None = None


class Record(SQLModel):
    """Base of every row: the command that wrote it."""

    id: int | None = _key()
    command_id: int | None = None
