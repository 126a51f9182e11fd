"""Queries for touches, meetings and the owners of deals over time. Test accounts are left out."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection

_REAL = "JOIN deal AS d ON d.id = {deal} JOIN account AS a ON a.id = d.account_id AND a.test = 0"


class OwnershipChange(NamedTuple):
    """A deal's owner from `at` on. `command` is None for the return of a handoff, which no command row names."""

    deal: int
    at: Moment | None
    command: int | None
    owner: str
    playbook: str


class OwnerTouch(NamedTuple):
    """One touch of a deal."""

    deal: int
    at: Moment
    command: int
    kind: str
    direction: str
    outcome: str


class OwnerMeeting(NamedTuple):
    """One meeting of a deal, the touch that recorded its outcome, if there is one, and the deal's source.

    A row in the state `moved` names the time of the meeting before it was moved.
    """

    deal: int
    id: int
    at: Moment
    command: int
    state: str
    booked_at: Moment | None
    marked_at: Moment | None
    touched_at: Moment | None
    touch_command: int | None
    source: str | None


def ownership_changes(query: QueryConnection) -> Iterator[OwnershipChange]:
    """Yields who owned each deal from when on, deal by deal, in order.

    A stay names its last owner. Earlier owners handed the deal over within the stay, and may have got it back.
    """
    within = "h.visit_id = v.id AND h.state <> 'blocked' AND NOT EXISTS (SELECT 1 FROM visit WHERE handoff_id = h.id)"
    first = f"(SELECT h.from_owner FROM handoff AS h WHERE {within} ORDER BY h.id LIMIT 1)"
    sql = f"""
        SELECT d.id, v.entered_at, v.command_id, coalesce({first}, v.owner), v.playbook, v.number, 0
        FROM visit AS v {_REAL.format(deal="v.deal_id")}
        UNION ALL SELECT d.id, h.at, h.command_id, h.to_owner, v.playbook, v.number, h.id * 2
        FROM handoff AS h JOIN visit AS v ON {within} {_REAL.format(deal="v.deal_id")}
        UNION ALL SELECT d.id, h.returned_at, NULL, h.from_owner, v.playbook, v.number, h.id * 2 + 1
        FROM handoff AS h JOIN visit AS v ON {within} {_REAL.format(deal="v.deal_id")}
        WHERE h.returned_at IS NOT NULL ORDER BY 1, 6, 7"""
    return (OwnershipChange._make(row[:5]) for row in query.each(sql))


def touches(query: QueryConnection) -> Iterator[OwnerTouch]:
    """Yields every touch of a deal, deal by deal."""
    sql = f"""SELECT d.id, t.at, t.command_id, t.kind, t.direction, t.outcome
              FROM touch AS t {_REAL.format(deal="t.deal_id")} ORDER BY d.id, t.id"""
    return map(OwnerTouch._make, query.each(sql))


def meetings(query: QueryConnection) -> Iterator[OwnerMeeting]:
    """Yields every meeting, deal by deal."""
    sql = f"""SELECT d.id, m.id, m.at, m.command_id, m.state, m.booked_at, m.marked_at, t.at, t.command_id, d.source
              FROM meeting AS m {_REAL.format(deal="m.deal_id")} LEFT JOIN touch AS t ON t.id = m.touch_id
              ORDER BY d.id, m.id"""
    return map(OwnerMeeting._make, query.each(sql))


def criteria_at_booking(query: QueryConnection) -> dict[int, dict[str, bool]]:
    """Returns the criteria that were checked when a meeting was booked, and the result, by meeting id."""
    criteria: dict[int, dict[str, bool]] = {}
    for meeting, name, held in query.each("SELECT meeting_id, name, held FROM meeting_criterion ORDER BY id"):
        criteria.setdefault(meeting, {})[name] = bool(held)
    return criteria
