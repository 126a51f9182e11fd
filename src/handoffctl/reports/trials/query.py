"""The query for what followed a step before it was left out. Test accounts are left out."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query


class EarlierHandoff(NamedTuple):
    """A completed handoff, with when the deal was returned or lost after it."""

    at: Moment
    returned_at: Moment | None
    lost_at: Moment | None


def earlier_handoffs(query: Query, playbook: str, place: str) -> list[EarlierHandoff]:
    """Returns the completed handoffs of this name, or out of this stage, in the order in which they were made."""
    sql = """SELECT h.at, h.returned_at, (SELECT min(v.entered_at) FROM visit AS v WHERE v.deal_id = h.deal_id
                    AND v.disposition IN ('lost', 'disqualified') AND v.command_id > h.command_id) AS lost_at
             FROM handoff AS h JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook
             JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
             WHERE h.state <> 'blocked' AND (h.name = :place OR h.from_stage = :place) ORDER BY h.id"""
    return [EarlierHandoff._make(row) for row in query(sql, playbook=playbook, place=place)]
