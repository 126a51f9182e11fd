"""Queries for timed handoffs and answers. Those of test accounts are marked as drills."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection


class TimedHandoff(NamedTuple):
    """A handoff in which something was asked, with the seconds that it took. `is_drill` is 0 or 1."""

    at: Moment
    seconds: float
    is_drill: int
    name: str
    from_stage: str
    to_stage: str
    to_playbook: str


class AnswerDuringStay(NamedTuple):
    """A timed answer together with one stay of one deal that it is about."""

    id: int
    at: Moment
    seconds: float
    is_drill: int
    item: str
    deal: int
    playbook: str
    entered_at: Moment | None
    left_at: Moment | None


def timed_handoffs(query: QueryConnection, playbook: str) -> Iterator[TimedHandoff]:
    """Yields the timed handoffs that left a stage of this playbook, in the order in which they were made."""
    sql = """SELECT h.at, h.seconds, a.test, h.name, h.from_stage, h.to_stage, h.to_playbook
             FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id
             JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id
             WHERE h.seconds IS NOT NULL AND v.playbook = :playbook ORDER BY h.id"""
    return map(TimedHandoff._make, query.each(sql, playbook=playbook))


def untimed_handoffs(query: QueryConnection, playbook: str) -> Iterator[Moment]:
    """Yields when each handoff that asked nothing left a stage of this playbook, drills excepted."""
    sql = """SELECT h.at FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id
             JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id
             WHERE h.seconds IS NULL AND v.playbook = :playbook AND a.test = 0"""
    return (at for (at,) in query.each(sql, playbook=playbook))


def timed_answers(query: QueryConnection) -> Iterator[AnswerDuringStay]:
    """Yields every timed answer once for each stay of its deal, the stays in order.

    An answer about an account belongs to each of its deals. Answers that a drill reset has removed since are included,
    because the time that they took still counts.
    """
    sql = """SELECT f.id, f.at, f.seconds, a.test, f.name, d.id, v.playbook, v.entered_at, v.left_at
             FROM field_value AS f JOIN account AS a ON a.id = f.account_id
             JOIN deal AS d ON d.account_id = f.account_id AND d.id = coalesce(f.deal_id, d.id)
             JOIN visit AS v ON v.deal_id = d.id
             WHERE f.seconds IS NOT NULL ORDER BY f.id, d.id, v.number"""
    return map(AnswerDuringStay._make, query.each(sql))
