"""Queries for what rows were at earlier moments, from the notes that undo keeps of every change."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.command_query import undo_pairs
from handoffctl.db.query import QueryConnection
from handoffctl.db.undone import undone_commands


class RowVersion(NamedTuple):
    """What some columns of a row were from the moment `at` on. `owner` is another column of the row, as it is now."""

    row: int
    owner: int
    at: Moment
    columns: Sequence[str | int | None]


def row_versions(query: QueryConnection, table: str, owner: str, columns: Sequence[str]) -> Iterator[RowVersion]:
    """Yields what each row of a table was from its beginning and from each change on, in the order of the rows.

    What was undone never happened.
    """
    changes = _changes(query, table)
    listed = ", ".join(f"t.{column}" for column in columns)
    sql = f"""SELECT t.id, t.{owner}, m.at, {listed}
              FROM {table} AS t JOIN command AS m ON m.id = t.command_id ORDER BY t.id"""
    for row, owner_id, at, *present in query.each(sql):
        for changed_at, was in changes.get(row, ()):
            values = json.loads(was)
            if values is not None:  # otherwise an undo brought the row back
                yield RowVersion(row, owner_id, at, [values.get(column) for column in columns])
                at = changed_at
        yield RowVersion(row, owner_id, at, present)


def _changes(query: QueryConnection, table: str) -> dict[int, list[tuple[Moment, str]]]:
    """Returns the moment of each change of a row, and the columns as JSON that it had before."""
    undos = undo_pairs(query)
    left_out = {*undos, *undone_commands(undos.items())}
    sql = """SELECT f.of_row, f.command_id, m.at, f.was FROM former AS f JOIN command AS m ON m.id = f.command_id
             WHERE f.of_table = :of_table ORDER BY f.id"""
    changes: dict[int, list[tuple[Moment, str]]] = defaultdict(list)
    for row, command, at, was in query.each(sql, of_table=table):
        if command not in left_out:
            changes[row].append((at, was))
    return changes
