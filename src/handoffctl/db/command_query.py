"""Queries on recorded commands: which one undid another, and which is the newest that can be undone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from handoffctl.db.query import Query, Row
from handoffctl.db.undone import FORGETTING


@dataclass(frozen=True)
class Command:
    """A recorded command.

    `kind` is the command without options and arguments, such as `summary sent`. `final` says why it cannot be undone,
    with what to do instead on a second line, else it is empty. `wrote_file` is a file written beside the records, else
    empty.
    """

    id: int
    at: str
    kind: str
    says: str
    final: str
    undoes_id: int | None
    account_id: int | None
    deal_id: int | None
    wrote_file: str


_COLUMNS = """id, at, kind, says, coalesce(final, '') AS final, undoes_id, account_id, deal_id,
              coalesce(wrote_file, '') AS wrote_file"""


def undo_pairs(query: Query) -> dict[int, int]:
    """Returns the command undone by each undo, by the undo's id."""
    rows = query("SELECT id, undoes_id FROM command WHERE undoes_id IS NOT NULL")
    return {row["id"]: row["undoes_id"] for row in rows}


def newest(query: Query) -> Command | None:
    """Returns the newest command with a log sentence."""
    return _one(query(f"SELECT {_COLUMNS} FROM command WHERE says <> '' ORDER BY id DESC LIMIT 1"))


def newest_but(query: Query, passed_over: Iterable[int]) -> Command | None:
    """Returns the newest command with a log sentence that is no undo and not among these."""
    sql = f"""SELECT {_COLUMNS} FROM command WHERE says <> '' AND undoes_id IS NULL AND kind <> :forgetting
              AND id NOT IN (SELECT value FROM json_each(:passed)) ORDER BY id DESC LIMIT 1"""
    return _one(query(sql, passed=json.dumps(list(passed_over)), forgetting=FORGETTING))


def count_with_words(query: Query, ids: Iterable[int]) -> int:
    """Counts those of these commands whose words are still recorded; erasure blanks them."""
    sql = "SELECT count(*) FROM command WHERE words <> '' AND id IN (SELECT value FROM json_each(:ids))"
    return int(query(sql, ids=json.dumps(list(ids)))[0][0])


def command_by_id(query: Query, id: int) -> Command | None:
    """Returns the command with this id."""
    return _one(query(f"SELECT {_COLUMNS} FROM command WHERE id = :id", id=id))


def _one(rows: list[Row]) -> Command | None:
    return Command(**dict(zip(rows[0].keys(), rows[0], strict=True))) if rows else None


def is_built_upon(query: Query, id: int) -> bool:
    """True if a later command without a log sentence, which undo passes over, changed rows of this one."""
    sql = """SELECT 1 FROM command AS c WHERE c.id > :id AND c.says = ''
             AND EXISTS (SELECT 1 FROM former AS f WHERE f.command_id = c.id) LIMIT 1"""
    return bool(query(sql, id=id))
