"""Finds the tables that reference another one by asking the schema, so that later tables are included."""

from handoffctl.db.query import Query

_NAMING = """SELECT m.name, f."from" FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f
             WHERE m.type = 'table' AND f."table" = :table ORDER BY m.name"""


def references_to(query: Query, table: str) -> list[tuple[str, str]]:
    """Returns each table and column whose rows reference rows of this table."""
    return [(row[0], row[1]) for row in query(_NAMING, table=table)]
