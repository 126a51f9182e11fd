"""Queries for the stays, handoffs and touches that promises between teams are about."""

from collections import defaultdict
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection


class PromisedStay(NamedTuple):
    """One stay with the command that began it; `next_...` describe the stay that followed it, None if none did.

    `test` is 1 on a test account, `imported` for a stay that an import recorded.
    """

    id: int
    deal: int
    command: int
    playbook: str
    stage: str
    kind: str
    owner: str
    entered_at: Moment | None
    left_at: Moment | None
    handoff: int | None
    test: int
    imported: int
    next_command: int | None
    next_playbook: str | None
    next_stage: str | None
    next_kind: str | None


class PromisedHandoff(NamedTuple):
    """One attempt, in the stay in which it was tried. `playbook` is that of the deal then; `blocked` is 0 or 1."""

    id: int
    deal: int
    stay: int
    command: int
    name: str
    at: Moment
    blocked: int
    playbook: str
    sender: str
    receiver: str
    accepted_at: Moment | None
    returned_at: Moment | None


class PromisedTouch(NamedTuple):
    """A touch of a deal that is not a note."""

    kind: str
    direction: str
    outcome: str
    recorded: RecordedEvent


def stays(query: QueryConnection, present_only: bool = False) -> list[PromisedStay]:
    """Returns every stay, or only those that have not ended, in the order of deals and stays."""
    which = "WHERE v.ended = 0" if present_only else ""
    sql = f"""SELECT v.id, v.deal_id, v.command_id, v.playbook, v.stage, v.kind, v.owner, v.entered_at, v.left_at,
                     v.handoff_id, CASE WHEN a.test = 1 THEN 1 ELSE 0 END,
                     CASE WHEN v.imported = 1 THEN 1 ELSE 0 END, n.command_id, n.playbook, n.stage, n.kind
              FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
              LEFT JOIN visit AS n ON n.deal_id = v.deal_id AND n.number = v.number + 1
              {which} ORDER BY v.deal_id, v.number"""
    return list(map(PromisedStay._make, query.each(sql)))


def handoffs(query: QueryConnection, present_only: bool = False) -> list[PromisedHandoff]:
    """Returns every attempt, or only those in stays that have not ended or that began one, in their order."""
    present = """WHERE EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = h.deal_id AND v.ended = 0
                 AND (v.id = h.visit_id OR v.handoff_id = h.id))"""
    sql = f"""SELECT h.id, h.deal_id, h.visit_id, h.command_id, h.name, h.at,
                     CASE WHEN h.state = 'blocked' THEN 1 ELSE 0 END, r.playbook, h.from_owner, h.to_owner,
                     h.accepted_at, h.returned_at
              FROM handoff AS h JOIN playbook_revision AS r ON r.id = h.revision_id
              {present if present_only else ""} ORDER BY h.id"""
    return list(map(PromisedHandoff._make, query.each(sql)))


def touches(query: QueryConnection, present_only: bool = False) -> dict[int, list[PromisedTouch]]:
    """Returns the touches of each deal, or only those recorded since its present stay began, in their order."""
    present = """AND EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = t.deal_id AND v.ended = 0
                 AND t.command_id >= v.command_id)"""
    sql = f"""SELECT t.deal_id, t.kind, t.direction, t.outcome, t.at, t.command_id FROM touch AS t
              WHERE t.deal_id IS NOT NULL AND t.kind <> 'note' {present if present_only else ""} ORDER BY t.id"""
    by_deal: dict[int, list[PromisedTouch]] = defaultdict(list)
    for deal, kind, direction, outcome, at, command in query.each(sql):
        by_deal[deal].append(PromisedTouch(kind, direction, outcome, RecordedEvent(at, command)))
    return by_deal
