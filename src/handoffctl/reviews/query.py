"""Queries for handoffs and what became of them, for the meeting with the receivers. Test accounts are left out.

`floor` is a day: what was recorded before it is not read, so that a review does not read the whole history.
"""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query

_DEALS = "JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0"

_HANDED = """h.id, h.deal_id, h.name, h.at, h.state, h.accepted_at, h.returned_at, h.because,
    h.from_stage, h.from_owner, h.to_owner, r.playbook AS rules, d.name AS deal_name,
    v.playbook, v.stage, v.kind, v.owner, s.text AS step, s.due"""
_NOW = """JOIN playbook_revision AS r ON r.id = h.revision_id
    JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    LEFT JOIN step AS s ON s.deal_id = d.id AND s.done_at IS NULL AND s.replaced_at IS NULL"""
_UNACCEPTED = """(h.state = 'completed' AND h.from_owner <> h.to_owner AND h.id = (
    SELECT max(o.id) FROM handoff AS o WHERE o.deal_id = h.deal_id AND o.state IN ('completed', 'accepted')))"""


class HandedRow(NamedTuple):
    """A completed handoff under the playbook `rules`, and from `playbook` on where its deal is now.

    `unaccepted` is 1 if it waits to be accepted; only `carried` tells.
    """

    id: int
    deal: int
    handoff: str
    at: Moment
    state: str
    accepted_at: Moment | None
    returned_at: Moment | None
    because: str | None
    from_stage: str
    from_owner: str
    to_owner: str
    rules: str
    deal_name: str | None
    playbook: str
    stage: str
    kind: str
    owner: str
    step: str | None
    due: Moment | None
    unaccepted: int = 0


class FirstTry(NamedTuple):
    """The first attempt at a handoff in a stay."""

    id: int
    at: Moment
    handoff: str
    from_stage: str
    from_owner: str
    rules: str
    to_owner: str


class LackedItem(NamedTuple):
    """An item that a first attempt lacked; `returned_at` is set if a return named it."""

    first: int
    name: str
    returned_at: Moment | None


class HeldReview(NamedTuple):
    """A review that was held with a receiver; with everybody if the name is empty."""

    receiver: str
    at: Moment


def handed(query: Query, floor: str) -> list[HandedRow]:
    """Returns the handoffs that were made or returned since, in the order in which they were made."""
    sql = f"""
        SELECT {_HANDED} FROM handoff AS h {_DEALS} {_NOW}
        WHERE h.state <> 'blocked' AND (h.at >= :floor OR h.returned_at >= :floor) ORDER BY h.id"""
    return [HandedRow._make((*row, 0)) for row in query(sql, floor=floor)]


def carried(query: Query, until: str, late: str) -> list[HandedRow]:
    """Returns the handoffs made before the day `until` whose deal is still with the receiver and needs attention.

    It does if it is not accepted yet, has no next step, or one that was due before `late`.
    """
    sql = f"""
        SELECT {_HANDED}, CASE WHEN {_UNACCEPTED} THEN 1 ELSE 0 END AS unaccepted
        FROM handoff AS h {_DEALS} {_NOW}
        WHERE h.state IN ('completed', 'accepted') AND h.at < :until AND v.owner = h.to_owner
          AND ({_UNACCEPTED} OR (v.kind = 'open' AND (s.id IS NULL OR s.due < :late))) ORDER BY h.id"""
    return [HandedRow._make(row) for row in query(sql, until=until, late=late)]


def named_in_returns(query: Query, floor: str) -> list[tuple[int, str]]:
    """Returns the id of each handoff returned since and an item that was named as missing, in the order recorded."""
    sql = """SELECT g.handoff_id, g.name FROM handoff AS h JOIN gap AS g ON g.handoff_id = h.id AND g.kind = 'returned'
             WHERE h.returned_at >= :floor ORDER BY g.id"""
    return [(row["handoff_id"], row["name"]) for row in query(sql, floor=floor)]


_FIRST = """first AS (SELECT visit_id, name, min(id) AS id FROM handoff GROUP BY visit_id, name)"""


def first_tries(query: Query, floor: str) -> list[FirstTry]:
    """Returns the first attempt at each handoff in each stay since.

    It counts for the final receiver of the deal, because a blocked attempt may not name the person yet.
    """
    sql = f"""WITH {_FIRST}
        SELECT h.id, h.at, h.name, h.from_stage, h.from_owner, r.playbook AS rules,
               coalesce((SELECT o.to_owner FROM handoff AS o WHERE o.visit_id = h.visit_id AND o.name = h.name
                         AND o.state <> 'blocked' ORDER BY o.id DESC LIMIT 1), h.to_owner) AS to_owner
        FROM first AS f JOIN handoff AS h ON h.id = f.id {_DEALS} JOIN playbook_revision AS r ON r.id = h.revision_id
        WHERE h.at >= :floor ORDER BY h.id"""
    return [FirstTry._make(row) for row in query(sql, floor=floor)]


def lacked_items(query: Query, floor: str) -> list[LackedItem]:
    """Returns the items that each first attempt lacked: required and missing, answered on the spot, or returned for."""
    sql = f"""WITH {_FIRST}
        SELECT DISTINCT f.id AS first, g.name, CASE g.kind WHEN 'returned' THEN h.returned_at END AS returned_at
        FROM first AS f JOIN handoff AS h ON h.visit_id = f.visit_id AND h.name = f.name
        JOIN gap AS g ON g.handoff_id = h.id
        WHERE (g.kind = 'returned' OR (g.kind IN ('required', 'filled') AND h.id = f.id))
          AND (SELECT at FROM handoff WHERE id = f.id) >= :floor"""
    return [LackedItem._make(row) for row in query(sql, floor=floor)]


def receivers(query: Query) -> list[str]:
    """Returns the names of all who ever received a deal."""
    return [row[0] for row in query("SELECT DISTINCT to_owner FROM handoff ORDER BY to_owner")]


def held_reviews(query: Query) -> list[HeldReview]:
    """Returns the reviews that were held, in the order in which they were recorded."""
    return [HeldReview._make(row) for row in query("SELECT receiver, at FROM review ORDER BY id")]
