"""Deals that were signed, their stays, and the values that were given to some of their fields. No test accounts."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.db.query import Query, QueryConnection, Row


class Passed(NamedTuple):
    """A deal that was in the playbook, and in a won stage, in the stage that is signed, or in another playbook too."""

    id: int
    slug: str
    account: int
    account_slug: str


_PASSED = """
    SELECT d.id, d.slug, a.id, a.slug FROM deal AS d JOIN account AS a ON a.id = d.account_id AND a.test = 0
    WHERE EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = d.id AND v.playbook = :playbook)
      AND EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = d.id
                  AND (v.kind = 'won' OR v.playbook <> :playbook OR (v.playbook = :playbook AND v.stage = :signed)))
    ORDER BY d.id"""


def passed(query: QueryConnection, playbook: str, signed: str = "") -> Iterator[Passed]:
    return (Passed._make(row) for row in query.each(_PASSED, playbook=playbook, signed=signed))


def stays(query: Query, deal: int) -> list[Row]:
    """The stays of a deal, in order."""
    sql = "SELECT playbook, stage, kind, entered_at, command_id FROM visit WHERE deal_id = :deal ORDER BY number"
    return query(sql, deal=deal)


def given(query: Query, deal: int, account: int, name: str) -> list[Row]:
    """Every value of this field of the deal or its account, oldest first."""
    columns = "type, value, at, command_id, id FROM field_value"
    sql = f"""SELECT {columns} WHERE deal_id = :deal AND name = :name
              UNION ALL SELECT {columns} WHERE account_id = :account AND deal_id IS NULL AND name = :name ORDER BY id"""
    return query(sql, deal=deal, account=account, name=name)
