"""Queries for signed deals and those with a value ledger, their stays, and the values recorded for some fields.

Test accounts are left out.
"""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.db.query import Query, QueryConnection
from handoffctl.deals.stays_query import STAY_COLUMNS
from handoffctl.reports.value.figures import FieldRecord
from handoffctl.stats.stays import Stay


class CandidateDeal(NamedTuple):
    """A deal that may have been signed, or has entries in the value ledger."""

    id: int
    slug: str
    account: int
    account_slug: str


_IN_PLAYBOOK = """
    SELECT d.id, d.slug, a.id, a.slug FROM deal AS d JOIN account AS a ON a.id = d.account_id AND a.test = 0
    WHERE EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = d.id AND v.playbook = :playbook)
      AND {which} ORDER BY d.id"""
_MAYBE_SIGNED = """EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = d.id
    AND (v.kind = 'won' OR v.playbook <> :playbook OR (v.playbook = :playbook AND v.stage = :signed)))"""
_WITH_LEDGER = """d.id IN (SELECT e.deal_id FROM value_entry AS e UNION
    SELECT f.deal_id FROM field_value AS f WHERE f.name = :log AND f.deal_id IS NOT NULL AND f.forgotten = 0)"""


def maybe_signed_deals(query: QueryConnection, playbook: str, signed: str = "") -> Iterator[CandidateDeal]:
    """Yields the deals that were in the playbook, and in a won stage, in the stage `signed`, or in another playbook."""
    sql = _IN_PLAYBOOK.format(which=_MAYBE_SIGNED)
    return map(CandidateDeal._make, query.each(sql, playbook=playbook, signed=signed))


def deals_with_ledger(query: QueryConnection, playbook: str, log: str = "") -> Iterator[CandidateDeal]:
    """Yields the deals that were in the playbook and have an entry in the value ledger, or in the field `log`."""
    sql = _IN_PLAYBOOK.format(which=_WITH_LEDGER)
    return map(CandidateDeal._make, query.each(sql, playbook=playbook, log=log))


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
