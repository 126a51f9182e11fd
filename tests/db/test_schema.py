"""The tables as classes and the tables as the schema makes them are the same tables."""

from contextlib import closing
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from sqlmodel import SQLModel

from handoffctl.db import models as tables
from handoffctl.db.file import STEPS, empty_in_memory, statements, table_names
from handoffctl.db.lazy_models import Models

for one in iter_modules(tables.__path__):
    import_module(f"handoffctl.db.models.{one.name}")

TYPES = {"INTEGER": int, "TEXT": str, "REAL": float}
CLASSES = SQLModel.metadata.tables

# Given by the pen and by SQLite: the classes do without.
LOOSER = {"command_id", "id"}


def made() -> dict[str, list[tuple]]:
    with closing(empty_in_memory()) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in names}


def _plain(type: Any) -> type:
    return getattr(type, "impl", type).python_type  # text is wrapped by sqlmodel


def pointing(name: str) -> set[tuple[str, str]]:
    with closing(empty_in_memory()) as connection:
        return {(row[3], row[2]) for row in connection.execute(f"PRAGMA foreign_key_list({name})")}


def test_the_names_of_tables_are_read_from_the_schema_steps():
    assert sorted(table_names()) == sorted(made())


def test_the_schema_and_the_classes_have_the_same_tables():
    assert set(made()) == set(CLASSES)


def test_a_write_session_reaches_the_class_of_every_table():
    names = [name for name in vars(Models) if not name.startswith("_")]
    assert {getattr(Models(), name).__table__.name for name in names} == set(CLASSES)


@pytest.mark.parametrize("name", sorted(made()))
def test_a_table_has_the_same_columns_of_the_same_types_in_the_schema_and_in_its_class(name):
    of_schema = {column[1]: TYPES[column[2]] for column in made()[name]}
    of_class = {column.name: _plain(column.type) for column in CLASSES[name].columns}
    assert of_schema == of_class


@pytest.mark.parametrize("name", sorted(made()))
def test_what_the_schema_asks_for_the_class_asks_for(name):
    needed = {column[1] for column in made()[name] if column[3]} - LOOSER
    assert needed == {column.name for column in CLASSES[name].columns if not column.nullable} - LOOSER


@pytest.mark.parametrize("name", sorted(made()))
def test_every_column_that_is_the_id_of_something_points_to_its_table(name):
    columns = {column.name for column in CLASSES[name].columns if column.name.endswith("_id")}
    assert {column for column, _ in pointing(name)} == columns
    assert all(table in CLASSES for _, table in pointing(name))


@pytest.mark.parametrize("name", sorted(made()))
def test_every_table_has_a_whole_number_for_its_key(name):
    assert [(column[1], column[2]) for column in made()[name] if column[5]] == [("id", "INTEGER")]
    assert [column.name for column in CLASSES[name].primary_key] == ["id"]


@pytest.mark.parametrize("name", sorted(set(made()) - {"command"}))
def test_every_row_names_the_command_that_wrote_it(name):
    assert ("command_id", "command") in pointing(name)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)
def test_no_statement_of_a_step_is_left_out(step):
    script = step.read_text(encoding="utf-8")
    assert "".join(statements(script)).strip() == script.strip()
