"""Touches, meetings and turns of owners, for the report on activity. Test accounts are left out."""

from collections.abc import Iterator
from typing import Any

from handoffctl.db.query import QueryConnection

_REAL = "JOIN deal AS d ON d.id = {deal} JOIN account AS a ON a.id = d.account_id AND a.test = 0"


def turns(query: QueryConnection) -> Iterator[tuple[Any, ...]]:
    """Who owned a deal from when on: deal, moment, command, owner, playbook. Deal by deal, in their order.

    A stay names its last owner; who had it before handed it over within the stay, and perhaps got it back.
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
    return (row[:5] for row in query.each(sql))


def touches(query: QueryConnection) -> Iterator[tuple[Any, ...]]:
    """Every touch of a deal: deal, moment, command, kind, direction, outcome. Deal by deal."""
    return query.each(
        f"""SELECT d.id, t.at, t.command_id, t.kind, t.direction, t.outcome
            FROM touch AS t {_REAL.format(deal="t.deal_id")} ORDER BY d.id, t.id"""
    )


def meetings(query: QueryConnection) -> Iterator[tuple[Any, ...]]:
    """Every meeting: deal, id, moment, command, state, when it was booked and marked, the touch's moment and
    command, source.

    A row in the state `moved` says when a meeting was to be, before it was moved. Deal by deal.
    """
    return query.each(
        f"""SELECT d.id, m.id, m.at, m.command_id, m.state, m.booked_at, m.marked_at, t.at, t.command_id,
                   d.source
            FROM meeting AS m {_REAL.format(deal="m.deal_id")} LEFT JOIN touch AS t ON t.id = m.touch_id
            ORDER BY d.id, m.id"""
    )


def criteria(query: QueryConnection) -> Iterator[tuple[Any, ...]]:
    """Which criteria held when a meeting was booked: meeting, name, 1 or 0."""
    return query.each("SELECT meeting_id, name, held FROM meeting_criterion ORDER BY id")
