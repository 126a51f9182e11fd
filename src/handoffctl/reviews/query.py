"""What was handed to whom, and what came of it: for the regular meeting with the receivers. Without test accounts.

`floor` is a day: what was written before it is left out, so that not everything that ever happened is read.
"""

from handoffctl.db.query import Query, Row

_DEALS = "JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0"

_HANDED = """h.id, h.deal_id, h.name AS handoff, h.at, h.state, h.accepted_at, h.returned_at, h.because,
    h.from_stage, h.from_owner, h.to_owner, r.playbook AS rules, d.name AS deal_name,
    v.playbook, v.stage, v.kind, v.owner, s.text AS step, s.due"""
_NOW = """JOIN playbook_revision AS r ON r.id = h.revision_id
    JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    LEFT JOIN step AS s ON s.deal_id = d.id AND s.done_at IS NULL AND s.replaced_at IS NULL"""


def handed(query: Query, floor: str) -> list[Row]:
    """The handoffs that were made or returned, in order, each with where its deal is now and its open step."""
    sql = f"""
        SELECT {_HANDED} FROM handoff AS h {_DEALS} {_NOW}
        WHERE h.state <> 'blocked' AND (h.at >= :floor OR h.returned_at >= :floor) ORDER BY h.id"""
    return query(sql, floor=floor)


def carried(query: Query, until: str, late: str) -> list[Row]:
    """What was handed over by that day and is still with whoever took it, in order, as `handed` has it; and whether it
    is not accepted yet. Only deals with something to talk about: that, no next step, or one that was due before `late`.
    """
    sql = f"""
        SELECT {_HANDED}, h.state = 'completed' AND h.from_owner <> h.to_owner AND h.id = (
                   SELECT max(o.id) FROM handoff AS o WHERE o.deal_id = h.deal_id
                   AND o.state IN ('completed', 'accepted')) AS unaccepted
        FROM handoff AS h {_DEALS} {_NOW}
        WHERE h.state IN ('completed', 'accepted') AND h.at < :until AND v.owner = h.to_owner
          AND (unaccepted OR (v.kind = 'open' AND (s.id IS NULL OR s.due < :late))) ORDER BY h.id"""
    return query(sql, until=until, late=late)


def named_in_returns(query: Query, floor: str) -> list[Row]:
    """What was named as missing when a handoff was returned: its id, the name."""
    sql = """SELECT g.handoff_id, g.name FROM handoff AS h JOIN gap AS g ON g.handoff_id = h.id AND g.kind = 'returned'
             WHERE h.returned_at >= :floor ORDER BY g.id"""
    return query(sql, floor=floor)


_FIRST = """first AS (SELECT visit_id, name, min(id) AS id FROM handoff GROUP BY visit_id, name)"""


def first_tries(query: Query, floor: str) -> list[Row]:
    """The first try of each handoff in each stay: of which playbook, from where, to whom, when.

    It counts for whoever took the deal over in the end: at a try that is blocked the person may not be named yet.
    """
    sql = f"""WITH {_FIRST}
        SELECT h.id, h.at, h.name AS handoff, h.from_stage, h.from_owner, r.playbook AS rules,
               coalesce((SELECT o.to_owner FROM handoff AS o WHERE o.visit_id = h.visit_id AND o.name = h.name
                         AND o.state <> 'blocked' ORDER BY o.id DESC LIMIT 1), h.to_owner) AS to_owner
        FROM first AS f JOIN handoff AS h ON h.id = f.id {_DEALS} JOIN playbook_revision AS r ON r.id = h.revision_id
        WHERE h.at >= :floor ORDER BY h.id"""
    return query(sql, floor=floor)


def missing_at_first(query: Query, floor: str) -> list[Row]:
    """What each first try lacked: what was required and missing, filled on the spot, or named when it came back."""
    sql = f"""WITH {_FIRST}
        SELECT DISTINCT f.id AS first, g.name, CASE g.kind WHEN 'returned' THEN h.returned_at END AS returned_at
        FROM first AS f JOIN handoff AS h ON h.visit_id = f.visit_id AND h.name = f.name
        JOIN gap AS g ON g.handoff_id = h.id
        WHERE (g.kind = 'returned' OR (g.kind IN ('required', 'filled') AND h.id = f.id))
          AND (SELECT at FROM handoff WHERE id = f.id) >= :floor"""
    return query(sql, floor=floor)


def receivers(query: Query) -> list[str]:
    """Everybody to whom something was ever handed."""
    return [row[0] for row in query("SELECT DISTINCT to_owner FROM handoff ORDER BY to_owner")]


def reviews(query: Query) -> list[Row]:
    """The reviews that were held: with whom (nobody named: with all), and when."""
    return query("SELECT receiver, at FROM review ORDER BY id")
