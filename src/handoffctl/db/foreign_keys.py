"""Which tables name the rows of another one: asked of the schema, so that a table that comes later is not forgotten."""

import sqlite3
from typing import Protocol

_NAMING = """SELECT m.name, f."from" FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f
             WHERE m.type = 'table' AND f."table" = :table ORDER BY m.name"""


class Query(Protocol):
    """Rows for a piece of SQL with `:named` values."""

    def __call__(self, sql: str, /, **named: object) -> list[sqlite3.Row]: ...


def naming(query: Query, table: str) -> list[tuple[str, str]]:
    """The tables, each with its column, whose rows name rows of this one."""
    return [(row[0], row[1]) for row in query(_NAMING, table=table)]
