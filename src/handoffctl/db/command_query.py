"""The commands that were given: which of them took another one back, and which is the newest that could be."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from handoffctl.db.query import Query, Row
from handoffctl.db.undone import FORGETTING


@dataclass(frozen=True)
class Command:
    """One command.

    `kind` is what was typed without options and arguments, as `summary sent`. `final` says why it cannot be taken back,
    a second line what to do instead; else it is empty. `wrote_file` is a file beside the records; else it is empty.
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


def undos(query: Query) -> dict[int, int]:
    """Each command that took another one back, with that other one."""
    rows = query("SELECT id, undoes_id FROM command WHERE undoes_id IS NOT NULL")
    return {row["id"]: row["undoes_id"] for row in rows}


def newest(query: Query) -> Command | None:
    """The newest command that has something to say."""
    return _one(query(f"SELECT {_COLUMNS} FROM command WHERE says <> '' ORDER BY id DESC LIMIT 1"))


def newest_but(query: Query, passed_over: Iterable[int]) -> Command | None:
    """The newest command that has something to say, takes nothing back, and is none of these."""
    sql = f"""SELECT {_COLUMNS} FROM command WHERE says <> '' AND undoes_id IS NULL AND kind <> :forgetting
              AND id NOT IN (SELECT value FROM json_each(:passed)) ORDER BY id DESC LIMIT 1"""
    return _one(query(sql, passed=json.dumps(list(passed_over)), forgetting=FORGETTING))


def still_told(query: Query, ids: Iterable[int]) -> int:
    """How many of these commands still say what was typed: of what was erased, nothing does."""
    sql = "SELECT count(*) FROM command WHERE words <> '' AND id IN (SELECT value FROM json_each(:ids))"
    return int(query(sql, ids=json.dumps(list(ids)))[0][0])


def one(query: Query, id: int) -> Command | None:
    """The command of this number."""
    return _one(query(f"SELECT {_COLUMNS} FROM command WHERE id = :id", id=id))


def _one(rows: list[Row]) -> Command | None:
    return Command(**dict(zip(rows[0].keys(), rows[0], strict=True))) if rows else None


def built_upon(query: Query, id: int) -> bool:
    """Whether a later command that has nothing to say, and so is passed over, changed what was there before it."""
    sql = """SELECT 1 FROM command AS c WHERE c.id > :id AND c.says = ''
             AND EXISTS (SELECT 1 FROM former AS f WHERE f.command_id = c.id) LIMIT 1"""
    return bool(query(sql, id=id))
