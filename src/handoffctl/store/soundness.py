"""Looks whether a database holds only what this program writes: types, moments, and one present stay for each deal."""

import sqlite3
from contextlib import closing
from pathlib import Path

from handoffctl.store.file import born_in_memory

MOST = 20
TYPES = {"INTEGER": ("integer",), "REAL": ("real", "integer"), "TEXT": ("text",)}
MOMENTS = {"at", "entered_at", "left_at", "due", "done_at", "replaced_at", "accepted_at", "returned_at", "sent_at",
           "confirmed_at", "kept_at", "expected_close", "outside_at", "wakes_on", "booked_at", "marked_at", "away_from",
           "away_to"}  # fmt: skip
SHAPES = ("____-__-__", "____-__-__T__:__:__Z", "____-__-__T__:__:__._%Z")

DEALS = {
    "has not exactly one present stay": "(SELECT count(*) FROM visit AS v WHERE v.deal_id = d.id AND v.ended = 0) <> 1",
    "went another way than its record says": """(SELECT stages FROM path AS p WHERE p.id = d.path_id) IS NOT
        (SELECT group_concat(playbook || '/' || stage, '>') FROM
            (SELECT playbook, stage FROM visit AS v WHERE v.deal_id = d.id ORDER BY number))""",
}


def unsound(path: Path) -> list[str]:
    """Each fault as a sentence, some twenty at the most; nothing for a sound file, or one that is not there."""
    if not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = bytes  # text that is no UTF-8 is looked for, not decoded
            return [*_columns_at_fault(connection), *_deals_at_fault(connection)][:MOST]
    except sqlite3.Error as error:
        return [f"{path} cannot be read: {error}."]


def _columns_at_fault(connection: sqlite3.Connection) -> list[str]:
    with closing(born_in_memory()) as model:
        columns = model.execute(
            """SELECT m.name, c.name, c.type FROM sqlite_master AS m, pragma_table_info(m.name) AS c
               WHERE m.type = 'table' ORDER BY m.name, c.cid"""
        ).fetchall()
    return [
        f"{table}.{column} of row {row} holds what no {'moment' if column in MOMENTS else type.lower()} is."
        for table, column, type in columns
        for row in _rows_at_fault(connection, table, column, type)
    ]


def _rows_at_fault(connection: sqlite3.Connection, table: str, column: str, type: str) -> list[int]:
    wrong = f"SELECT id FROM {table} WHERE {column} IS NOT NULL AND ({_wrong(column, type)}) LIMIT 3"
    rows = [row for (row,) in connection.execute(wrong)]
    if type == "TEXT" and not rows:
        texts = connection.execute(f"SELECT id, {column} FROM {table} WHERE typeof({column}) = 'text'")
        rows = [row for row, text in texts if not _is_utf_8(text)][:3]
    return rows


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wrong(column: str, type: str) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in TYPES[type])
    wrong = f"typeof({column}) NOT IN ({kinds})"
    if type == "REAL":
        wrong += f" OR abs({column}) > 1e9"
    if column in MOMENTS:
        shape = " AND ".join(f"{column} NOT LIKE '{shape}'" for shape in SHAPES)
        wrong += f" OR ({shape}) OR julianday({column}) IS NULL OR {column} < '1900' OR {column} >= '2200'"
    return wrong


def _deals_at_fault(connection: sqlite3.Connection) -> list[str]:
    return [
        f"Deal {row} {sentence}."
        for sentence, wrong in DEALS.items()
        for (row,) in connection.execute(f"SELECT id FROM deal AS d WHERE {wrong} LIMIT 3")
    ]
