"""Finds the tables that reference another one by asking the schema, so that later tables are included."""

import sqlite3
from typing import Protocol

_NAMING = """SELECT m.name, f."from" FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f
             WHERE m.type = 'table' AND f."table" = :table ORDER BY m.name"""


class Query(Protocol):
    """Rows for a piece of SQL with `:named` values."""

    def __call__(self, sql: str, /, **named: object) -> list[sqlite3.Row]: ...


def references_to(query: Query, table: str) -> list[tuple[str, str]]:
    """Returns each table and column whose rows reference rows of this table."""
    return [(row[0], row[1]) for row in query(_NAMING, table=table)]
