"""Queries for handoff attempts, their gaps, and the answers recorded meanwhile. Test accounts are left out.

The stay during which something was recorded is found by the commands that began and ended it, because two stays may
share a day.
"""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query


class AttemptRow(NamedTuple):
    """One handoff attempt and, from `entered_at` on, the stay that it began: all None if it began none."""

    id: int
    stay: int
    revision: int
    name: str
    at: Moment
    state: str
    from_stage: str
    to_playbook: str
    to_stage: str
    returned_at: Moment | None
    entered_at: Moment | None
    left_at: Moment | None
    kind: str | None


class GapRow(NamedTuple):
    """An item that was missing at an attempt. `kind` is required, nice_to_have, filled or returned."""

    handoff: int
    name: str
    kind: str


class TimedAnswer(NamedTuple):
    """A value that somebody was asked for, the stay in which it was given, and the seconds that it took."""

    stay: int
    name: str
    seconds: float
    at: Moment


class RejectedPlaceholder(NamedTuple):
    """A placeholder that was typed as an answer, with the stay and its stage."""

    stay: int
    stage: str
    name: str
    at: Moment


def attempts(query: Query, playbook: str) -> list[AttemptRow]:
    """Returns every attempt in this playbook in the order in which they were made."""
    sql = """
        SELECT h.id, h.visit_id, h.revision_id, h.name, h.at, h.state, h.from_stage, h.to_playbook, h.to_stage,
               h.returned_at, n.entered_at, n.left_at, n.kind
        FROM handoff AS h JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook
        JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
        LEFT JOIN visit AS n ON n.handoff_id = h.id
        ORDER BY h.id"""
    return [AttemptRow._make(row) for row in query(sql, playbook=playbook)]


def gaps(query: Query, playbook: str) -> list[GapRow]:
    """Returns every gap of the attempts in this playbook, in the order in which they were recorded."""
    sql = """
        SELECT g.handoff_id, g.name, g.kind FROM gap AS g JOIN handoff AS h ON h.id = g.handoff_id
        JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook ORDER BY g.id"""
    return [GapRow._make(row) for row in query(sql, playbook=playbook)]


def revision_contents(query: Query, playbook: str) -> dict[int, str]:
    """Returns the contents of a playbook that handoffs were tried under, by revision id."""
    sql = """SELECT id, content FROM playbook_revision AS r
             WHERE playbook = :playbook AND EXISTS (SELECT 1 FROM handoff AS h WHERE h.revision_id = r.id)"""
    return {row["id"]: row["content"] for row in query(sql, playbook=playbook)}


# The stay during which a row was written: begun by an earlier command, and not ended by then.
_DURING = """
    FROM {table} AS t CROSS JOIN deal AS d ON {whose} JOIN account AS a ON a.id = d.account_id AND a.test = 0
    JOIN visit AS v ON v.deal_id = d.id AND v.playbook = :playbook AND v.command_id < t.command_id
    LEFT JOIN visit AS n ON n.deal_id = v.deal_id AND n.number = v.number + 1
    WHERE (n.id IS NULL OR t.command_id < n.command_id)"""


def timed_answers(query: Query, playbook: str) -> list[TimedAnswer]:
    """Returns every timed answer once for each stay in this playbook during which it was given."""
    of_deal = _DURING.format(table="field_value", whose="d.id = t.deal_id")
    of_account = _DURING.format(table="field_value", whose="d.account_id = t.account_id AND t.deal_id IS NULL")
    columns = "SELECT v.id AS visit_id, t.name, t.seconds, t.at"
    timed = "AND t.seconds IS NOT NULL"
    rows = query(f"{columns} {of_deal} {timed} UNION ALL {columns} {of_account} {timed}", playbook=playbook)
    return [TimedAnswer._make(row) for row in rows]


def rejected_placeholders(query: Query, playbook: str) -> list[RejectedPlaceholder]:
    """Returns every placeholder that was typed during a stay in this playbook."""
    during = _DURING.format(table="refusal", whose="d.id = t.deal_id")
    rows = query(f"SELECT v.id AS visit_id, v.stage, t.name, t.at {during}", playbook=playbook)
    return [RejectedPlaceholder._make(row) for row in rows]
