"""Keeps what rows were before a command changed or removed them, and brings that back. No table need know of it.

Temporary triggers on the connection that writes note it down: what the command itself has added needs no note, for it
is known by its name. Needs nothing but sqlite3, as imports write without the ORM.
"""

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

from handoffctl.errors import Refused

# Every table of the schema but the notes themselves; what another hand put into the file is nobody's to keep. By name,
# as to ask the schema for them would take longer than all the rest.
TABLES = (
    "command", "account", "contact", "path", "deal", "visit", "field_value", "refusal", "playbook_revision",
    "handoff", "gap", "touch", "step", "summary", "origin", "answer", "promise", "letter", "sighting",
    "agreement", "person", "person_role", "meeting", "meeting_criterion", "review",
)  # fmt: skip

_TRIGGER = """
    CREATE TEMP TRIGGER former_{table}_{change} AFTER {change} ON main.{table}
    WHEN OLD.{signed} IS NOT (SELECT command_id FROM present_command) BEGIN
        INSERT INTO former (command_id, of_table, of_row, was)
        VALUES ((SELECT command_id FROM present_command), '{table}', OLD.id, json_object({columns}));
    END"""

_ABSENT = "null"  # what a row was that a command put back: it names the command that first wrote it, so it needs a note
_NOTE = "INSERT INTO former (command_id, of_table, of_row, was) SELECT command_id, ?, ?, ? FROM temp.present_command"
# As bytes: text that is no UTF-8 would be an error in the middle of reading.
_NOTES = """SELECT CAST(of_table AS BLOB), of_row, CAST(was AS BLOB) FROM former WHERE command_id = ?
            ORDER BY id DESC"""

Table = dict[str, str]  # its columns with their types


def install_undo_triggers(connection: sqlite3.Connection) -> None:
    """From now on what is changed or removed on this connection is noted, under the command of `kept_under`.

    Before that nothing can be changed: a note without a command is refused by the table.
    """
    connection.execute("CREATE TEMP TABLE present_command (command_id INTEGER)")
    for table, kinds in _tables(connection).items():
        columns = ", ".join(f"{_text(name)}, {_kept(_named(name), type)}" for name, type in kinds.items())
        signed = "id" if table == "command" else "command_id"
        for change in ("UPDATE", "DELETE"):
            connection.execute(_TRIGGER.format(table=table, change=change, signed=signed, columns=columns))


def set_current_command(connection: sqlite3.Connection, command_id: int) -> None:
    """The command that writes from now on."""
    connection.execute("DELETE FROM temp.present_command")
    connection.execute("INSERT INTO temp.present_command VALUES (?)", (command_id,))


def _tables(connection: sqlite3.Connection) -> dict[str, Table]:
    found = {table: _columns(connection, table) for table in TABLES}
    return {table: columns for table, columns in found.items() if columns}


def _named(name: str) -> str:
    """A column's name in SQL: somebody may have added one that is no plain word."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _text(name: str) -> str:
    escaped = name.replace("'", "''")
    return f"'{escaped}'"


def _columns(connection: sqlite3.Connection, table: str) -> Table:
    return {row[1]: row[2] for row in connection.execute(f"PRAGMA main.table_info({table})")}


def _kept(name: str, type: str) -> str:
    """A value as JSON can hold it, which rounds reals and knows no bytes; those come of another hand than ours."""
    if type == "REAL":
        return f"quote(OLD.{name})"
    if type == "TEXT":
        return f"CAST(OLD.{name} AS TEXT)"
    return f"iif(typeof(OLD.{name}) = 'blob', hex(OLD.{name}), OLD.{name})"


def restore_rows(connection: sqlite3.Connection, command_id: int) -> None:
    """Takes back what a command wrote: removes what it added, and gives other rows what they held before it.

    To be called within a transaction, after `kept_under`: so this, too, can be taken back. Raises Refused where what
    was kept does not fit the records; what points nowhere afterwards is refused by SQLite at the commit.
    """
    connection.execute("PRAGMA defer_foreign_keys = ON")  # until the commit, by which all of it is in its place
    tables = _tables(connection)
    try:
        for table in tables:
            if table != "command":
                _remove_added(connection, table, command_id)
        # In the order opposite to that in which it came about: so no two rows ever claim what only one may have.
        for table, row, was in connection.execute(_NOTES, (command_id,)).fetchall():
            _restore(connection, tables, table.decode(), row, was)
    except (ValueError, TypeError, OverflowError, RecursionError, sqlite3.IntegrityError) as error:
        raise _unfit() from error


def _unfit() -> Refused:
    return Refused("What is kept for undo does not fit the records.", "Look at the database with: handoffctl doctor")


def _remove_added(connection: sqlite3.Connection, table: str, command_id: int) -> None:
    """Rows that bear the command's name, but were there before it in another form, are given that form instead."""
    noted = "SELECT of_row FROM former WHERE command_id = :command AND of_table = :table"
    sql = f"DELETE FROM main.{table} WHERE command_id = :command AND id NOT IN ({noted})"
    connection.execute(sql, {"command": command_id, "table": table})


def _restore(connection: sqlite3.Connection, tables: dict[str, Table], table: str, row: int, was: bytes) -> None:
    held = json.loads(was)
    columns = tables.get(table)
    if columns is None:
        raise _unfit()
    if held is None:
        connection.execute(f"DELETE FROM main.{table} WHERE id = ?", (row,))
        return
    if not isinstance(held, dict) or held.get("id") != row or not held.keys() <= columns.keys():
        raise _unfit()
    values = [_real(value) if columns[name] == "REAL" else _plain(value) for name, value in held.items()]
    _write(connection, table, row, list(held), values)


def _plain(value: object) -> object:
    if isinstance(value, dict | list):
        raise _unfit()
    return value


def _real(quoted: str) -> float | None:
    return None if quoted == "NULL" else float(quoted)


def _write(connection: sqlite3.Connection, table: str, row: int, names: list[str], values: Sequence[Any]) -> None:
    places = ", ".join(f"{_named(name)} = ?" for name in names)
    if not connection.execute(f"UPDATE main.{table} SET {places} WHERE id = ?", [*values, row]).rowcount:
        columns, marks = ", ".join(map(_named, names)), ", ".join("?" * len(names))
        connection.execute(f"INSERT INTO main.{table} ({columns}) VALUES ({marks})", values)
        connection.execute(_NOTE, (table, row, _ABSENT))


def forget_earlier_undos(connection: sqlite3.Connection, command_id: int) -> None:
    """Drops what undos before this command kept: only the newest command is taken back if it is an undo."""
    undos = "SELECT id FROM command WHERE undoes_id IS NOT NULL AND id < ?"
    connection.execute(f"DELETE FROM former WHERE command_id IN ({undos})", (command_id,))


def forget_of(connection: sqlite3.Connection, commands: Collection[int]) -> None:
    """Drops what these commands kept: they can neither be taken back nor done again."""
    sql = "DELETE FROM former WHERE command_id IN (SELECT value FROM json_each(?))"
    connection.execute(sql, (json.dumps(sorted(commands)),))


def forget_all(connection: sqlite3.Connection) -> None:
    """Nothing that was done so far can be taken back any more. The command that asks for this must be final."""
    connection.execute("DELETE FROM former")
