"""What was timed: handoffs in which something was asked, and the answers; and the test accounts that drills are on."""

from collections.abc import Iterator
from typing import Any

from handoffctl.db.query import Query, QueryConnection, Row


def timed_handoffs(query: QueryConnection, playbook: str) -> Iterator[tuple[Any, ...]]:
    """Of the handoffs that left a stage of this playbook: at, seconds, drill, name, from, to, to which playbook."""
    sql = """SELECT h.at, h.seconds, a.test, h.name, h.from_stage, h.to_stage, h.to_playbook
             FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id
             JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id
             WHERE h.seconds IS NOT NULL AND v.playbook = :playbook ORDER BY h.id"""
    return query.each(sql, playbook=playbook)


def untimed_handoffs(query: QueryConnection, playbook: str) -> Iterator[tuple[Any, ...]]:
    """When each handoff that asked nothing left a stage of this playbook; drills are not among them."""
    sql = """SELECT h.at FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id
             JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id
             WHERE h.seconds IS NULL AND v.playbook = :playbook AND a.test = 0"""
    return query.each(sql, playbook=playbook)


def timed_answers(query: QueryConnection) -> Iterator[tuple[Any, ...]]:
    """Every answer once for each stay of its deal: id, at, seconds, drill, item, deal, playbook, entered_at, left_at.

    The stays come in their order. What is true of the account belongs to each of its deals. What a drill forgot since
    is among them: how long it took still counts.
    """
    sql = """SELECT f.id, f.at, f.seconds, a.test, f.name, d.id, v.playbook, v.entered_at, v.left_at
             FROM field_value AS f JOIN account AS a ON a.id = f.account_id
             JOIN deal AS d ON d.account_id = f.account_id AND d.id = coalesce(f.deal_id, d.id)
             JOIN visit AS v ON v.deal_id = d.id
             WHERE f.seconds IS NOT NULL ORDER BY f.id, d.id, v.number"""
    return query.each(sql)


def accounts_for_drills(query: Query) -> list[Row]:
    """The accounts that are for drills: account, name, timed_runs (of its handoffs), last_at."""
    timed = "FROM handoff AS h JOIN deal AS d ON d.id = h.deal_id WHERE d.account_id = a.id AND h.seconds IS NOT NULL"
    sql = f"""SELECT a.slug AS account, a.name, (SELECT count(*) {timed}) AS timed_runs,
                     (SELECT h.at {timed} ORDER BY h.id DESC LIMIT 1) AS last_at
              FROM account AS a WHERE a.test = 1 ORDER BY a.folded, a.id"""
    return query(sql)
