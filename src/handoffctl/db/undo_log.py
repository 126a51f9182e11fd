"""Undo log: records the previous contents of rows a command updates or deletes, and restores them.

Temporary triggers on the writing connection do it for every table of the schema. Rows that the command adds need no
note, because they name the command. Needs nothing but sqlite3, since imports write without the ORM.
"""

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

from handoffctl.db.file import table_names
from handoffctl.errors import Refused

NOTES = "former"  # the table of the undo log itself

_TRIGGER = """
    CREATE TEMP TRIGGER former_{table}_{change} AFTER {change} ON main.{table}
    WHEN OLD.{signed} IS NOT (SELECT command_id FROM present_command) BEGIN
        INSERT INTO former (command_id, of_table, of_row, was)
        VALUES ((SELECT command_id FROM present_command), '{table}', OLD.id, json_object({columns}));
    END"""

_ABSENT = "null"  # note for a row that an undo re-created: it names the command that first wrote it, so it needs one
_NOTE = "INSERT INTO former (command_id, of_table, of_row, was) SELECT command_id, ?, ?, ? FROM temp.present_command"
# As bytes, because text that is not UTF-8 would raise while reading.
_NOTES = """SELECT CAST(of_table AS BLOB), of_row, CAST(was AS BLOB) FROM former WHERE command_id = ?
            ORDER BY id DESC"""

Table = dict[str, str]  # its columns with their types


def install_undo_triggers(connection: sqlite3.Connection) -> None:
    """Installs triggers on this connection that note what is updated or deleted, under the current command.

    Until `set_current_command` is called no row can be changed: the table refuses a note without a command.
    """
    connection.execute("CREATE TEMP TABLE present_command (command_id INTEGER)")
    for table, kinds in _tables(connection).items():
        columns = ", ".join(f"{_text(name)}, {_kept(_named(name), type)}" for name, type in kinds.items())
        signed = "id" if table == "command" else "command_id"
        for change in ("UPDATE", "DELETE"):
            connection.execute(_TRIGGER.format(table=table, change=change, signed=signed, columns=columns))


def set_current_command(connection: sqlite3.Connection, command_id: int) -> None:
    """Sets the command under which changes are noted from now on."""
    connection.execute("DELETE FROM temp.present_command")
    connection.execute("INSERT INTO temp.present_command VALUES (?)", (command_id,))


def _tables(connection: sqlite3.Connection) -> dict[str, Table]:
    """The columns of every table of the schema but the notes themselves; tables of other programs are not kept."""
    columns = {table: _columns(connection, table) for table in table_names() if table != NOTES}
    return {table: kinds for table, kinds in columns.items() if kinds}


def _named(name: str) -> str:
    """Quotes a column's name for SQL, since a user may have added one that is not a plain word."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _text(name: str) -> str:
    escaped = name.replace("'", "''")
    return f"'{escaped}'"


def _columns(connection: sqlite3.Connection, table: str) -> Table:
    return {row[1]: row[2] for row in connection.execute(f"PRAGMA main.table_info({table})")}


def _kept(name: str, type: str) -> str:
    """SQL that makes a value fit for JSON, which rounds reals and has no bytes (only other programs write those)."""
    if type == "REAL":
        return f"quote(OLD.{name})"
    if type == "TEXT":
        return f"CAST(OLD.{name} AS TEXT)"
    return f"iif(typeof(OLD.{name}) = 'blob', hex(OLD.{name}), OLD.{name})"


def restore_rows(connection: sqlite3.Connection, command_id: int) -> None:
    """Undoes what a command wrote: deletes the rows it added and restores the others to their previous contents.

    Call it within a transaction, after `set_current_command`, so that the undo can itself be undone. Raises Refused
    where the notes do not fit the records; SQLite refuses dangling foreign keys at the commit.
    """
    connection.execute("PRAGMA defer_foreign_keys = ON")  # until the commit, by which all of it is in its place
    tables = _tables(connection)
    try:
        for table in tables:
            if table != "command":
                _remove_added(connection, table, command_id)
        # Newest first, so that no two rows ever claim a unique value at once.
        for table, row, was in connection.execute(_NOTES, (command_id,)).fetchall():
            _restore(connection, tables, table.decode(), row, was)
    except (ValueError, TypeError, OverflowError, RecursionError, sqlite3.IntegrityError) as error:
        raise _unfit() from error


def _unfit() -> Refused:
    return Refused("What is kept for undo does not fit the records.", "Look at the database with: handoffctl doctor")


def _remove_added(connection: sqlite3.Connection, table: str, command_id: int) -> None:
    """Deletes the rows of the command, except those that existed before it: their notes restore them."""
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
    """Drops the notes of undos before this command: an undo can only be undone while it is the newest command."""
    undos = "SELECT id FROM command WHERE undoes_id IS NOT NULL AND id < ?"
    connection.execute(f"DELETE FROM former WHERE command_id IN ({undos})", (command_id,))


def forget_of(connection: sqlite3.Connection, commands: Collection[int]) -> None:
    """Drops the notes of these commands, which can then be neither undone nor redone."""
    sql = "DELETE FROM former WHERE command_id IN (SELECT value FROM json_each(?))"
    connection.execute(sql, (json.dumps(sorted(commands)),))


def forget_all(connection: sqlite3.Connection) -> None:
    """Drops all notes, so that nothing done so far can be undone. The calling command must be final."""
    connection.execute("DELETE FROM former")
