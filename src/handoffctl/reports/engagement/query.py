"""Stays and touches in the order of their accounts, for the engagement report. Test accounts are left out."""

from collections.abc import Iterator
from typing import Any

from handoffctl.db.query import Query, QueryConnection, Row

_REAL = "NOT IN (SELECT id FROM account WHERE test = 1)"


def stays(query: QueryConnection) -> Iterator[tuple[Any, ...]]:
    """Every stay, of any playbook: account, 0, deal, playbook, stage, kind, moments, whether it ended, where to."""
    return query.each(
        f"""SELECT d.account_id, 0, d.id, v.playbook, v.stage, v.kind, v.entered_at, v.left_at, v.ended, v.to_playbook,
                   v.to_stage, v.to_kind
            FROM deal AS d JOIN visit AS v ON v.deal_id = d.id WHERE d.account_id {_REAL}
            ORDER BY d.account_id, d.id, v.number"""
    )


def touches(query: QueryConnection) -> Iterator[tuple[Any, ...]]:
    """Every touch: account (that of its deal where it has one), 1, deal or None, kind, direction, moment."""
    return query.each(
        f"""SELECT coalesce(d.account_id, t.account_id) AS account, 1, t.deal_id, t.kind, t.direction, t.at
            FROM touch AS t LEFT JOIN deal AS d ON d.id = t.deal_id WHERE account {_REAL} ORDER BY account, t.id"""
    )


def size(query: Query) -> int:
    """How many rows both have, test accounts counted: for the progress bar."""
    return int(query("SELECT (SELECT count(*) FROM visit) + (SELECT count(*) FROM touch)")[0][0])


def names(query: Query, deal: int) -> Row:
    """What a deal and its account are called."""
    return query(
        """SELECT a.slug AS account, a.name, d.slug AS deal FROM deal AS d JOIN account AS a ON a.id = d.account_id
           WHERE d.id = :deal""",
        deal=deal,
    )[0]
