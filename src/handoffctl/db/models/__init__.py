"""The tables as SQLModel classes, for writing: a module a table. `schema/*.sql` creates them with foreign keys; a test
compares both.

Table models do not validate: values were parsed before. Each has a module of its own because building such a class
takes time, and a command writes to a few tables only.
"""

from typing import Any

from sqlmodel import Field, SQLModel


def primary_key() -> Any:
    """Returns the field for the id of a row."""
    return Field(default=None, primary_key=True)


class Table(SQLModel):
    """Base of every table. What pydantic needs to validate rows is made only where that is asked for."""

    model_config = {"defer_build": True}


class Record(Table):
    """Base of every row: the command that wrote it."""

    id: int | None = primary_key()
    command_id: int | None = None
