"""What was promised to a client beyond the playbook's questions, and whether it was kept."""

from dataclasses import dataclass

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, Row


@dataclass(frozen=True)
class Promise:
    """One promise; `number` counts within its deal."""

    id: int
    number: int
    text: str
    due: Moment | None
    at: Moment
    kept_at: Moment | None


def of_deal(query: Query, deal_id: int) -> list[Promise]:
    """Every promise of a deal, oldest first."""
    sql = "SELECT id, number, text, due, at, kept_at FROM promise WHERE deal_id = :deal ORDER BY number"
    return [Promise(*row) for row in query(sql, deal=deal_id)]


_LISTED = """
    SELECT a.slug AS account, a.name, d.slug AS deal, p.number, p.text, p.due, p.at, p.kept_at,
           d.id AS deal_id
    FROM promise AS p JOIN deal AS d ON d.id = p.deal_id JOIN account AS a ON a.id = d.account_id
    JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    WHERE {where} ORDER BY p.kept_at IS NOT NULL, p.due IS NULL, p.due, p.id"""


def listed(query: Query, every: bool, account_id: int | None = None, deal_id: int | None = None) -> list[Row]:
    """The promises that are open, or all; those that are due first stand first. A lost client waits for none."""
    where = "1" if every else "p.kept_at IS NULL AND v.kind <> 'lost'"
    if account_id is not None:
        where += " AND a.id = :account AND d.id = coalesce(:deal, d.id)"
    named = {} if account_id is None else {"account": account_id, "deal": deal_id}
    return query(_LISTED.format(where=where), **named)
