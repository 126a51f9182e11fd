"""The meetings of deals, and whose addresses an invitation goes to."""

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, Row
from handoffctl.meetings.model import Meeting

_COLUMNS = "id, uid, at, minutes, met, handoff, state, booked_at, moves, step_id"


def of_deal(query: Query, deal_id: int, *states: str) -> list[Meeting]:
    """The meetings of a deal that are in one of these states, as they were booked."""
    rows = query(f"SELECT {_COLUMNS} FROM meeting WHERE deal_id = :deal ORDER BY id", deal=deal_id)
    return [Meeting(*row) for row in rows if row["state"] in states]


def one(query: Query, meeting_id: int) -> Meeting:
    """The meeting of this id."""
    return Meeting(*query(f"SELECT {_COLUMNS} FROM meeting WHERE id = :id", id=meeting_id)[0])


def open_step(query: Query, deal_id: int) -> tuple[int, Moment | None] | None:
    """The id of the deal's open step and when it is due, or None."""
    sql = "SELECT id, due FROM step WHERE deal_id = :deal AND done_at IS NULL AND replaced_at IS NULL"
    rows = query(sql, deal=deal_id)
    return (rows[0]["id"], rows[0]["due"]) if rows else None


_LISTED = """
    SELECT a.slug AS account, a.name, d.slug AS deal, m.at, m.minutes, m.met, m.handoff, m.state, m.booked_at,
           m.moves, m.id, v.kind, d.id AS deal_id
    FROM meeting AS m JOIN deal AS d ON d.id = m.deal_id JOIN account AS a ON a.id = d.account_id
    JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    WHERE m.state <> 'moved' AND {where} ORDER BY m.id"""


def listed(query: Query, every: bool, account_id: int | None = None, deal_id: int | None = None) -> list[Row]:
    """The meetings that are booked, or all. Those of test accounts only where one is named."""
    where = "1" if every else "m.state = 'booked'"
    if account_id is None:
        return query(_LISTED.format(where=f"{where} AND a.test = 0"))
    where += " AND a.id = :account AND d.id = coalesce(:deal, d.id)"
    return query(_LISTED.format(where=where), account=account_id, deal=deal_id)
