"""Reads what a person has: deals, and what names them elsewhere: steps, promises and meetings."""

from typing import NamedTuple

from handoffctl.core.names import fold
from handoffctl.db.query import Query


class OwnedDeal(NamedTuple):
    """A deal of a person that is open or put aside, with its stage."""

    id: int
    account: str
    deal: str
    playbook: str
    stage: str
    kind: str


class NamedRow(NamedTuple):
    """A row that names a person, and the deal it belongs to."""

    id: int
    deal: int


class NamedGuest(NamedTuple):
    """A guest of a booked meeting, the deal it belongs to, and the name of the account."""

    id: int
    meeting: int
    deal: int
    account: str


def owned_deals(query: Query, owner: str) -> list[OwnedDeal]:
    """Returns the owner's deals that are open or put aside, those of test accounts too, the open ones first."""
    sql = """SELECT d.id, a.slug, d.slug, v.playbook, v.stage, v.kind
             FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
             WHERE v.ended = 0 AND v.kind IN ('open', 'nurture') AND v.owner = :owner
             ORDER BY CASE WHEN v.kind = 'open' THEN 0 ELSE 1 END, a.slug, d.id"""
    return [OwnedDeal._make(row) for row in query(sql, owner=owner)]


def open_steps(query: Query, owner: str) -> list[NamedRow]:
    """Returns the open next steps of an owner."""
    sql = """SELECT s.id, s.deal_id FROM step AS s
             WHERE s.owner = :owner AND s.done_at IS NULL AND s.replaced_at IS NULL ORDER BY s.id"""
    return [NamedRow._make(row) for row in query(sql, owner=owner)]


def open_promises(query: Query, owner: str) -> list[NamedRow]:
    """Returns the open promises that a person keeps: that name them, or ours that they made and that name nobody."""
    sql = """SELECT p.id, p.deal_id, CASE WHEN p.owner = '' AND p.kind = 'ours' THEN c.author ELSE p.owner END
             FROM promise AS p JOIN command AS c ON c.id = p.command_id
             WHERE p.kept_at IS NULL AND p.dropped_at IS NULL ORDER BY p.id"""
    return [NamedRow(id, deal) for id, deal, keeper in query(sql) if fold(keeper) == fold(owner)]


def booked_guests(query: Query, name: str) -> list[NamedGuest]:
    """Returns the guests of our side with this name, of meetings that are booked."""
    sql = """SELECT g.id, m.id, m.deal_id, a.name
             FROM meeting_guest AS g JOIN meeting AS m ON m.id = g.meeting_id
             JOIN deal AS d ON d.id = m.deal_id JOIN account AS a ON a.id = d.account_id
             WHERE m.state = 'booked' AND g.side = 'ours' AND g.name = :name ORDER BY g.id"""
    return [NamedGuest._make(row) for row in query(sql, name=name)]


def booked_with(query: Query, name: str) -> list[NamedRow]:
    """Returns the booked meetings that are with the person of this name."""
    sql = "SELECT id, deal_id FROM meeting WHERE state = 'booked' AND met = :name ORDER BY id"
    return [NamedRow._make(row) for row in query(sql, name=name)]
