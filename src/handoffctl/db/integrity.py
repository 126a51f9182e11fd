"""Checks that a database holds only what this program writes: types, moments, one current stay per deal."""

import sqlite3
from contextlib import closing
from pathlib import Path

from handoffctl.db.file import BUSY_MILLISECONDS, empty_in_memory

MOST = 20
TYPES = {"INTEGER": ("integer",), "REAL": ("real", "integer"), "TEXT": ("text",)}
MOMENTS = {"at", "entered_at", "left_at", "due", "done_at", "replaced_at", "accepted_at", "returned_at", "sent_at",
           "confirmed_at", "kept_at", "expected_close", "outside_at", "wakes_on", "booked_at", "marked_at", "away_from",
           "away_to", "started_at", "ended_at", "missed_at", "dropped_at", "nudged_at", "until"}  # fmt: skip
RANGES = {("meeting", "minutes"): (1, 1440), ("handoff", "enough"): (0, 1), ("trial_deal", "missed"): (0, 1)}
WORDS = {
    ("trial", "kind"): ("item", "handoff", "stage"),
    ("trial", "mode"): ("probation", "randomized"),
    ("trial", "verdict"): ("keep_out", "put_back"),
    ("trial_deal", "arm"): ("with", "without"),
}

# What Python reads as well: SQLite would take the hour 24, the 31st of every month and white space before the Z.
_DAY = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]"
_TIME = f"{_DAY}T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]"
_MOMENT = f"""(({{0}} GLOB '{_DAY}' OR {{0}} GLOB '{_TIME}Z'
                OR {{0}} GLOB '{_TIME}.[0-9]*Z' AND substr({{0}}, 21, length({{0}}) - 21) NOT GLOB '*[^0-9]*')
               AND substr({{0}}, 12, 2) < '24' AND date(substr({{0}}, 1, 10), '+0 days') = substr({{0}}, 1, 10)
               AND length(CAST({{0}} AS BLOB)) = length({{0}}) AND {{0}} >= '1900' AND {{0}} < '2200')"""

DEALS = {
    "has not exactly one present stay": "(SELECT count(*) FROM visit AS v WHERE v.deal_id = d.id AND v.ended = 0) <> 1",
    "went another way than its record says": """(SELECT stages FROM path AS p WHERE p.id = d.path_id) IS NOT
        (SELECT group_concat(playbook || '/' || stage, '>') FROM
            (SELECT playbook, stage FROM visit AS v WHERE v.deal_id = d.id ORDER BY number))""",
}


def integrity_errors(path: Path) -> list[str]:
    """Returns each error as a sentence, about twenty at most; empty for a sound or missing file."""
    if not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = bytes  # text that is no UTF-8 is looked for, not decoded
            with closing(empty_in_memory()) as model:
                found = [*_of_another_hand(connection, model), *_columns_at_fault(connection, model)]
            return [*found, *_deals_at_fault(connection)][:MOST]
    except sqlite3.Error as error:
        return [f"{path} cannot be read: {error}."]


def _of_another_hand(connection: sqlite3.Connection, model: sqlite3.Connection) -> list[str]:
    """Returns objects that could change or hide what this program writes, or do not belong to it."""
    parts = """SELECT CAST(type AS TEXT), CAST(name AS BLOB) FROM sqlite_master
               WHERE type IN ('table', 'trigger', 'view') AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY rowid"""
    ours = {name for _, name in model.execute(parts)}
    return [
        f"It holds a {type.decode()} called {name.decode(errors='replace')[:60]}, which is none of this program's."
        for type, name in connection.execute(parts)
        if name not in ours
    ]


def _columns_at_fault(connection: sqlite3.Connection, model: sqlite3.Connection) -> list[str]:
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
    wrong = f"SELECT id FROM {table} WHERE {column} IS NOT NULL AND ({_wrong(table, column, type)}) LIMIT 3"
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


def _wrong(table: str, column: str, type: str) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in TYPES[type])
    wrong = f"typeof({column}) NOT IN ({kinds})"
    if type == "REAL":
        wrong += f" OR abs({column}) > 1e9"
    if column in MOMENTS:
        wrong += f" OR {_MOMENT.format(column)} IS NOT 1"
    if (table, column) in RANGES:
        least, most = RANGES[table, column]
        wrong += f" OR {column} NOT BETWEEN {least} AND {most}"
    if (table, column) in WORDS:
        words = ", ".join(f"'{word}'" for word in WORDS[table, column])
        wrong += f" OR {column} NOT IN ({words})"
    return wrong


def _deals_at_fault(connection: sqlite3.Connection) -> list[str]:
    return [
        f"Deal {row} {sentence}."
        for sentence, wrong in DEALS.items()
        for (row,) in connection.execute(f"SELECT id FROM deal AS d WHERE {wrong} LIMIT 3")
    ]


def wait_when_busy(connection: sqlite3.Connection) -> None:
    """Lets this connection wait for a writer instead of failing at once."""
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


def damages(connection: sqlite3.Connection) -> list[str]:
    """Returns what SQLite itself finds damaged, and rows with dangling references; twenty damages at most."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    return found + [f"a row of {row[0]} points nowhere" for row in connection.execute("PRAGMA foreign_key_check")]


def count_rows(connection: sqlite3.Connection, table: str) -> int:
    """Returns how many rows a table has."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
