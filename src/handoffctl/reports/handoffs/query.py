"""Queries for the handoff attempts of a playbook and what was recorded of their deals. Test accounts are left out."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, QueryConnection
from handoffctl.playbook.facts import Touch
from handoffctl.reports.handoffs.readiness import RecordedValue

CONTACT_PARTS = ("name", "email", "phone", "title", "level")


class RecordedAttempt(NamedTuple):
    """One attempt, with the commands that recorded it and what followed. `blocked` is 0 or 1.

    `left_at` is when the deal left the stay that the handoff led to, `passed_at` when it was handed off again.
    """

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


_ATTEMPTS = """
    SELECT h.id, h.command_id, h.deal_id, d.account_id, h.revision_id, h.name, h.at,
           CASE WHEN h.state = 'blocked' THEN 1 ELSE 0 END,
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


def recorded_attempts(query: QueryConnection, playbook: str) -> Iterator[RecordedAttempt]:
    """Yields every attempt of this playbook's handoffs, deal by deal, in the order in which they were made."""
    return map(RecordedAttempt._make, query.each(_ATTEMPTS, playbook=playbook))


def attempt_count(query: Query) -> int:
    """Returns how many attempts there are in any playbook."""
    return int(query("SELECT count(*) FROM handoff")[0][0])


def touches(query: Query, deal: int) -> list[tuple[Touch, RecordedEvent]]:
    """Returns every touch of the deal, and when and by which command it was recorded."""
    sql = "SELECT kind, direction, outcome, met, at, command_id FROM touch WHERE deal_id = :deal ORDER BY id"
    return [(Touch(*tuple(row)[:5]), RecordedEvent(row["at"], row["command_id"])) for row in query(sql, deal=deal)]


def nice_to_have_gaps(query: Query, handoff: int) -> list[str]:
    """Returns the nice-to-have items that were missing when the handoff was tried."""
    sql = "SELECT name FROM gap WHERE handoff_id = :handoff AND kind = 'nice_to_have' ORDER BY id"
    return [row[0] for row in query(sql, handoff=handoff)]


def recorded_values(query: Query, deal: int, account: int) -> list[RecordedValue]:
    """Returns every value ever recorded of the deal and its account, oldest first."""
    sql = """SELECT name, value, at, command_id, id FROM field_value WHERE account_id = :account AND deal_id IS NULL
             UNION ALL SELECT name, value, at, command_id, id FROM field_value WHERE deal_id = :deal ORDER BY id"""
    rows = query(sql, deal=deal, account=account)
    return [RecordedValue(row["name"], row["value"], RecordedEvent(row["at"], row["command_id"])) for row in rows]


def contact_values(query: Query, account: int) -> list[RecordedValue]:
    """Returns what is known of the account's contacts now, the main one last, recorded when each was added."""
    sql = """SELECT c.name, c.email, c.phone, c.title, c.level, k.at, c.command_id FROM contact AS c
             JOIN command AS k ON k.id = c.command_id WHERE c.account_id = :account ORDER BY c.main, c.id DESC"""
    return [
        RecordedValue(f"contact.{part}", row[part], RecordedEvent(row["at"], row["command_id"]), on_contact=True)
        for row in query(sql, account=account)
        for part in CONTACT_PARTS
        if row[part]
    ]


def summaries(query: Query, deal: int) -> list[tuple[Moment, Moment | None]]:
    """Returns when summaries of the deal were sent and answered, in the order in which they were sent."""
    sql = """SELECT sent_at, confirmed_at FROM summary WHERE deal_id = :deal AND sent_at IS NOT NULL
             ORDER BY sent_at, id"""
    return [(row["sent_at"], row["confirmed_at"]) for row in query(sql, deal=deal)]
