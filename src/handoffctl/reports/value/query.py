"""Queries for signed deals, their stays, and the values recorded for some fields. Test accounts are left out."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.db.query import Query, QueryConnection
from handoffctl.deals.stays_query import STAY_COLUMNS
from handoffctl.reports.value.figures import FieldRecord
from handoffctl.stats.stays import Stay


class CandidateDeal(NamedTuple):
    """A deal that may have been signed."""

    id: int
    slug: str
    account: int
    account_slug: str


_CANDIDATES = """
    SELECT d.id, d.slug, a.id, a.slug FROM deal AS d JOIN account AS a ON a.id = d.account_id AND a.test = 0
    WHERE EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = d.id AND v.playbook = :playbook)
      AND EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = d.id
                  AND (v.kind = 'won' OR v.playbook <> :playbook OR (v.playbook = :playbook AND v.stage = :signed)))
    ORDER BY d.id"""


def candidate_deals(query: QueryConnection, playbook: str, signed: str = "") -> Iterator[CandidateDeal]:
    """Yields the deals that were in the playbook, and in a won stage, in the stage `signed`, or in another playbook."""
    return map(CandidateDeal._make, query.each(_CANDIDATES, playbook=playbook, signed=signed))


def stays(query: QueryConnection, deal: int) -> Iterator[Stay]:
    """Yields the stays of a deal, in order."""
    sql = f"SELECT {STAY_COLUMNS} FROM visit AS v WHERE v.deal_id = :deal ORDER BY v.number"
    return map(Stay._make, query.each(sql, deal=deal))


def field_records(query: Query, deal: int, account: int, name: str) -> list[FieldRecord]:
    """Returns every value recorded for this field of the deal or its account, oldest first."""
    columns = "type, value, at, command_id, id FROM field_value"
    sql = f"""SELECT {columns} WHERE deal_id = :deal AND name = :name
              UNION ALL SELECT {columns} WHERE account_id = :account AND deal_id IS NULL AND name = :name ORDER BY id"""
    return [
        FieldRecord(row["type"], row["value"], RecordedEvent(row["at"], row["command_id"]))
        for row in query(sql, deal=deal, account=account, name=name)
    ]
