"""Handoffs that were tried, with their gaps and what followed; what was answered meanwhile. Without test accounts.

Stays are told apart by the commands that began and ended them: two of them may share a day.
"""

from handoffctl.db.query import Query, Row


def attempts(query: Query, playbook: str) -> list[Row]:
    """Every try in the order in which they were made, each with the stay that it began, if it began one."""
    sql = """
        SELECT h.id, h.visit_id, h.revision_id, h.name, h.at, h.state, h.from_stage, h.to_playbook, h.to_stage,
               h.returned_at, n.entered_at, n.left_at, n.kind
        FROM handoff AS h JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook
        JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
        LEFT JOIN visit AS n ON n.handoff_id = h.id
        ORDER BY h.id"""
    return query(sql, playbook=playbook)


def gaps(query: Query, playbook: str) -> list[Row]:
    """What was missing at each try, by kind: required, nice_to_have, filled, returned."""
    sql = """
        SELECT g.handoff_id, g.name, g.kind FROM gap AS g JOIN handoff AS h ON h.id = g.handoff_id
        JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook ORDER BY g.id"""
    return query(sql, playbook=playbook)


def contents(query: Query, playbook: str) -> dict[int, str]:
    """The contents of a playbook that handoffs ran under, by their ids."""
    sql = """SELECT id, content FROM playbook_revision AS r
             WHERE playbook = :playbook AND EXISTS (SELECT 1 FROM handoff AS h WHERE h.revision_id = r.id)"""
    return {row["id"]: row["content"] for row in query(sql, playbook=playbook)}


# The stay during which something was written: begun before, and not yet ended by then.
_DURING = """
    FROM {table} AS t CROSS JOIN deal AS d ON {whose} JOIN account AS a ON a.id = d.account_id AND a.test = 0
    JOIN visit AS v ON v.deal_id = d.id AND v.playbook = :playbook AND v.command_id < t.command_id
    LEFT JOIN visit AS n ON n.deal_id = v.deal_id AND n.number = v.number + 1
    WHERE (n.id IS NULL OR t.command_id < n.command_id)"""


def answers(query: Query, playbook: str) -> list[Row]:
    """The values that somebody was asked for, each with the stay of the deal in which, and the seconds it took."""
    of_deal = _DURING.format(table="field_value", whose="d.id = t.deal_id")
    of_account = _DURING.format(table="field_value", whose="d.account_id = t.account_id AND t.deal_id IS NULL")
    columns = "SELECT v.id AS visit_id, t.name, t.seconds, t.at"
    timed = "AND t.seconds IS NOT NULL"
    return query(f"{columns} {of_deal} {timed} UNION ALL {columns} {of_account} {timed}", playbook=playbook)


def refusals(query: Query, playbook: str) -> list[Row]:
    """The placeholders that were typed, each with the stay in which, and its stage."""
    whose = _DURING.format(table="refusal", whose="d.id = t.deal_id")
    return query(f"SELECT v.id AS visit_id, v.stage, t.name, t.at {whose}", playbook=playbook)
