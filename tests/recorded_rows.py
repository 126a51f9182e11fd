"""What a database holds besides its log and what is kept for undo: to compare, row for row."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def held(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table in the order of its number, but of commands only what they are about."""
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
            for (table,) in tables
            if table not in ("command", "former")
        }


def last_command(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT coalesce(max(id), 0) FROM command").fetchone()[0]


def log(database: Path, until: int) -> list[tuple[Any, ...]]:
    """The log up to this command, as it stands now."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT * FROM command WHERE id <= ? ORDER BY id", (until,)).fetchall()
