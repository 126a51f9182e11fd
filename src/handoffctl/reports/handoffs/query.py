"""The handoffs of a playbook as they were tried, and what was recorded of their deals. Test accounts are left out."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, QueryConnection, Row


class Tried(NamedTuple):
    """One attempt; `left_at` is when the deal left the stay it led to, `passed_at` when it was handed off again."""

    id: int
    command: int
    deal: int
    account: int
    revision: int
    name: str
    at: Moment
    blocked: int
    from_stage: str
    to_playbook: str
    to_stage: str
    sender: str
    receiver: str
    accepted_at: Moment | None
    returned_at: Moment | None
    left_at: Moment | None
    left_by: int | None
    passed_at: Moment | None
    passed_by: int | None


_TRIED = """
    SELECT h.id, h.command_id, h.deal_id, d.account_id, h.revision_id, h.name, h.at, h.state = 'blocked',
           h.from_stage, h.to_playbook, h.to_stage, h.from_owner, h.to_owner, h.accepted_at, h.returned_at, s.left_at,
           (SELECT n.command_id FROM visit AS n WHERE n.deal_id = s.deal_id AND n.number = s.number + 1),
           p.at, p.command_id
    FROM handoff AS h
    JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook
    JOIN deal AS d ON d.id = h.deal_id
    JOIN account AS a ON a.id = d.account_id AND a.test = 0
    JOIN visit AS s ON s.id = coalesce((SELECT v.id FROM visit AS v WHERE v.handoff_id = h.id), h.visit_id)
    LEFT JOIN handoff AS p ON p.id = (
        SELECT min(o.id) FROM handoff AS o WHERE o.deal_id = h.deal_id AND o.id > h.id AND o.state <> 'blocked')
    ORDER BY h.deal_id, h.id"""


def tried(query: QueryConnection, playbook: str) -> Iterator[Tried]:
    """Every attempt of this playbook's handoffs, deal by deal, in the order in which they were made."""
    return (Tried._make(row) for row in query.each(_TRIED, playbook=playbook))


def attempts(query: Query) -> int:
    """How many attempts there are, of any playbook."""
    return int(query("SELECT count(*) FROM handoff")[0][0])


def touches(query: Query, deal: int) -> list[Row]:
    """Every touch of the deal, and the command that recorded it."""
    sql = "SELECT kind, direction, outcome, met, at, command_id FROM touch WHERE deal_id = :deal ORDER BY id"
    return query(sql, deal=deal)


def wanting(query: Query, handoff: int) -> list[str]:
    """The nice-to-have items that were missing when the handoff was tried."""
    sql = "SELECT name FROM gap WHERE handoff_id = :handoff AND kind = 'nice_to_have' ORDER BY id"
    return [row[0] for row in query(sql, handoff=handoff)]


def told(query: Query, deal: int, account: int) -> list[Row]:
    """Every value ever given of the deal and its account, oldest first, with the command that wrote it."""
    sql = """SELECT name, value, at, command_id, id FROM field_value WHERE account_id = :account AND deal_id IS NULL
             UNION ALL SELECT name, value, at, command_id, id FROM field_value WHERE deal_id = :deal ORDER BY id"""
    return query(sql, deal=deal, account=account)


def people(query: Query, account: int) -> list[Row]:
    """The contacts of the account as they are now, the main one last, with the command that added each."""
    sql = """SELECT c.name, c.email, c.phone, c.title, c.level, k.at, c.command_id FROM contact AS c
             JOIN command AS k ON k.id = c.command_id WHERE c.account_id = :account ORDER BY c.main, c.id DESC"""
    return query(sql, account=account)


def summaries(query: Query, deal: int) -> list[Row]:
    """When summaries of the deal were sent and answered, in the order in which they were sent."""
    sql = """SELECT sent_at, confirmed_at FROM summary WHERE deal_id = :deal AND sent_at IS NOT NULL
             ORDER BY sent_at, id"""
    return query(sql, deal=deal)
