"""Keeps what rows were before a command changed or removed them, and brings that back. No table need know of it.

Temporary triggers on the connection that writes note it down: what the command itself has added needs no note, for it
is known by its name. Needs nothing but sqlite3, as imports write without the ORM.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from handoffctl.errors import Refused

# Everything but the notes themselves.
_TABLES = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name <> 'former' AND name NOT LIKE 'sqlite_%'"

_TRIGGER = """
    CREATE TEMP TRIGGER former_{table}_{change} AFTER {change} ON main.{table}
    WHEN OLD.{signed} IS NOT (SELECT command_id FROM present_command) BEGIN
        INSERT INTO former (command_id, of_table, of_row, was)
        VALUES ((SELECT command_id FROM present_command), '{table}', OLD.id, json_object({columns}));
    END"""


def keeping(connection: sqlite3.Connection) -> None:
    """From now on what is changed or removed on this connection is noted, under the command of `kept_under`.

    Before that nothing can be changed: a note without a command is refused by the table.
    """
    connection.execute("CREATE TEMP TABLE present_command (command_id INTEGER)")
    for table in [row[0] for row in connection.execute(_TABLES)]:
        columns = ", ".join(f"'{name}', {_kept(name, type)}" for name, type in _columns(connection, table))
        signed = "id" if table == "command" else "command_id"
        for change in ("UPDATE", "DELETE"):
            connection.execute(_TRIGGER.format(table=table, change=change, signed=signed, columns=columns))


def kept_under(connection: sqlite3.Connection, command_id: int) -> None:
    """The command that writes from now on."""
    connection.execute("DELETE FROM temp.present_command")
    connection.execute("INSERT INTO temp.present_command VALUES (?)", (command_id,))


def _columns(connection: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    return [(row[1], row[2]) for row in connection.execute(f"PRAGMA main.table_info({table})")]


def _kept(name: str, type: str) -> str:
    return f"quote(OLD.{name})" if type == "REAL" else f"OLD.{name}"


def bring_back(connection: sqlite3.Connection, command_id: int) -> None:
    """Takes back what a command wrote: removes what it added, and gives other rows what they held before it.

    To be called within a transaction, after `kept_under`: so this, too, can be taken back.
    """
    connection.execute("PRAGMA defer_foreign_keys = ON")  # until the commit, by which all of it is in its place
    tables = {row[0]: dict(_columns(connection, row[0])) for row in connection.execute(_TABLES).fetchall()}
    for table in tables:
        if table != "command":
            connection.execute(f"DELETE FROM main.{table} WHERE command_id = ?", (command_id,))
    notes = "SELECT of_table, of_row, was FROM former WHERE command_id = ? ORDER BY id DESC"
    for table, row, was in connection.execute(notes, (command_id,)).fetchall():
        _restore(connection, table, row, _values(tables, table, row, was))


def _values(tables: dict[str, dict[str, str]], table: str, row: int, was: str) -> dict[str, Any]:
    """The columns that are to be brought back. What does not fit the tables was not written by this program."""
    columns = tables.get(table, {})
    held = json.loads(was)
    if not isinstance(held, dict) or held.get("id") != row or not held.keys() <= columns.keys():
        raise Refused("What is kept for undo does not fit the records.", "Look at the database with: handoffctl doctor")
    return {name: _real(value) if columns[name] == "REAL" else value for name, value in held.items()}


def _real(quoted: str) -> float | None:
    return None if quoted == "NULL" else float(quoted)


def _restore(connection: sqlite3.Connection, table: str, row: int, held: dict[str, Any]) -> None:
    values: Sequence[Any] = list(held.values())
    places = ", ".join(f"{name} = ?" for name in held)
    changed = connection.execute(f"UPDATE main.{table} SET {places} WHERE id = ?", [*values, row]).rowcount
    if not changed:
        names, marks = ", ".join(held), ", ".join("?" * len(held))
        connection.execute(f"INSERT INTO main.{table} ({names}) VALUES ({marks})", values)


def forget_all(connection: sqlite3.Connection) -> None:
    """Nothing that was done so far can be taken back any more. The command that asks for this must be final."""
    connection.execute("DELETE FROM former")


def tables_touched(connection: sqlite3.Connection, command_id: int) -> Iterator[tuple[str, int]]:
    """How many rows of which table a command added, changed or removed."""
    for (table,) in connection.execute(_TABLES).fetchall():
        if table == "command":
            continue
        added = connection.execute(f"SELECT count(*) FROM main.{table} WHERE command_id = ?", (command_id,))
        noted = connection.execute(
            "SELECT count(DISTINCT of_row) FROM former WHERE command_id = ? AND of_table = ?", (command_id, table)
        )
        count = added.fetchone()[0] + noted.fetchone()[0]
        if count:
            yield table, count
