"""Queries for the views: the list of deals, one account, the log."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, Row

# Accounts come first in the join and in the order, so that the first lines need not wait for the last.
_LIST = """
    SELECT a.slug AS account, a.name, d.slug AS deal, d.name AS deal_name, v.playbook, v.stage, v.kind, v.owner,
           v.entered_at, v.wakes_on, s.text AS step, s.due, a.test
    FROM account AS a INDEXED BY account_by_name
    {join} JOIN deal AS d ON d.account_id = a.id
    {join} JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    LEFT JOIN step AS s ON s.deal_id = d.id AND s.done_at IS NULL AND s.replaced_at IS NULL
    WHERE {where}
    ORDER BY a.folded, a.id, d.id LIMIT :most"""

_COUNT = "SELECT count(*) FROM visit AS v WHERE v.ended = 0 AND {where}"


def deals(query: Query, most: int, **only: str | None) -> tuple[list[Row], int]:
    """Returns deals by account name, and the total. `only` limits playbook, stage, kind or owner.

    Accounts without a deal are included, with empty deal columns, unless a playbook, stage or owner is given.
    """
    chosen = {name: value for name, value in only.items() if value is not None}
    where = " AND ".join(["1", *(f"v.{name} = :{name}" for name in chosen)])
    if set(chosen) - {"kind"}:
        rows = query(_LIST.format(where=where, join="CROSS"), most=most, **chosen)
    else:
        rows = query(_LIST.format(where=f"d.id IS NULL OR ({where})", join="LEFT"), most=most, **chosen)
    return rows, query(_COUNT.format(where=where), **chosen)[0][0]


def stays(query: Query, deal_id: int) -> list[Row]:
    """Returns every stay of a deal, in order, each with the `reason` from a list for which it began, if any.

    That is why the deal ended, or why the handoff that had begun the stay before was returned.
    """
    sql = """SELECT v.number, v.playbook, v.stage, v.kind, v.owner, v.entered_at, v.left_at, v.days, v.ended,
                    v.imported, v.because, v.disposition, v.wakes_on, COALESCE(v.reason, h.reason) AS reason,
                    p.playbook AS playbook_before
             FROM visit AS v LEFT JOIN visit AS p ON p.deal_id = v.deal_id AND p.number = v.number - 1
             LEFT JOIN handoff AS h ON h.id = p.handoff_id AND h.returned_at = v.entered_at
             WHERE v.deal_id = :deal ORDER BY v.number"""
    return query(sql, deal=deal_id)


class CommandRow(NamedTuple):
    """A recorded command, as the log shows it."""

    id: int
    at: Moment
    kind: str
    author: str
    says: str
    undoes_id: int | None


class ImportedTouch(NamedTuple):
    """A touch an import brought; `deal` is the name of its deal, or empty."""

    at: Moment | None
    kind: str
    direction: str
    outcome: str
    text: str
    deal: str


class ImportedStay(NamedTuple):
    """A stay an import brought, and the name of its deal."""

    at: Moment | None
    stage: str
    deal: str


def log(query: Query, most: int, account_id: int | None = None) -> tuple[list[CommandRow], int]:
    """Returns the newest events, oldest of them first, and the total."""
    where = "says <> ''" + ("" if account_id is None else " AND account_id = :account")
    named = {} if account_id is None else {"account": account_id}
    sql = f"SELECT id, at, kind, author, says, undoes_id FROM command WHERE {where} ORDER BY id DESC LIMIT :most"
    total = query(f"SELECT count(*) FROM command WHERE {where}", **named)[0][0]
    return [CommandRow(*row) for row in query(sql, most=most, **named)[::-1]], total


def imported_touches(query: Query, account_id: int) -> list[ImportedTouch]:
    """Returns the imported touches of an account and its deals."""
    sql = """SELECT t.at, t.kind, t.direction, t.outcome, t.text, coalesce(nullif(d.name, ''), d.slug, '')
             FROM touch AS t
             JOIN origin AS o ON o.touch_id = t.id LEFT JOIN deal AS d ON d.id = t.deal_id
             WHERE t.account_id = :account ORDER BY t.id"""
    return [ImportedTouch(*row) for row in query(sql, account=account_id)]


def imported_stays(query: Query, account_id: int) -> list[ImportedStay]:
    """Returns the imported stays of an account's deals."""
    sql = """SELECT v.entered_at, v.stage, coalesce(nullif(d.name, ''), d.slug)
             FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
             WHERE d.account_id = :account AND v.imported = 1 ORDER BY d.id, v.number"""
    return [ImportedStay(*row) for row in query(sql, account=account_id)]


def touches_without_deal(query: Query, account_id: int) -> int:
    """Returns how many touches of the account belong to none of its deals."""
    sql = "SELECT count(*) FROM touch WHERE account_id = :id AND deal_id IS NULL"
    return int(query(sql, id=account_id)[0][0])


def touch_count(query: Query, deal_id: int) -> tuple[int, Moment | None]:
    """Returns how many touches the deal has, and when the last one was."""
    count, last_at = query("SELECT count(*), max(at) FROM touch WHERE deal_id = :id", id=deal_id)[0]
    return count, last_at
