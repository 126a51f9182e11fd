"""Queries for every stay of every deal, and for amounts, close dates and currencies as they were known."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection
from handoffctl.reports.row_versions_query import row_versions

CURRENCY = "currency"  # the field that says in what currency the amount of a deal is


class EnteredStay(NamedTuple):
    """One stay of a deal, in the order of deals and stays.

    `test` is 1 on a test account, `handed` is 1 if a handoff began the stay.
    """

    deal: int
    account: int
    test: int
    playbook: str
    stage: str
    kind: str
    entered_at: Moment | None
    handed: int


class DealVersion(NamedTuple):
    """The amount in cents and the close date of a deal from the moment `at` on."""

    deal: int
    account: int
    at: Moment
    amount_cents: int | None
    expected_close: str | None


class TypedCurrency(NamedTuple):
    """The currency of a deal, or of all deals of an account where `deal` is None, from the moment `at` on."""

    account: int
    deal: int | None
    currency: str
    at: Moment


def entered_stays(query: QueryConnection) -> Iterator[EnteredStay]:
    """Yields every stay in any playbook, in order of deals, the stays of a deal in order."""
    sql = """SELECT d.id, d.account_id, a.test, v.playbook, v.stage, v.kind, v.entered_at,
                    CASE WHEN v.handoff_id IS NULL THEN 0 ELSE 1 END
             FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
             ORDER BY d.id, v.number"""
    return map(EnteredStay._make, query.each(sql))


def deal_versions(query: QueryConnection) -> Iterator[DealVersion]:
    """Yields the amount and the close date of every deal from the beginning and from each change on."""
    for version in row_versions(query, "deal", "account_id", ("amount_cents", "expected_close")):
        amount, close = version.columns
        cents = None if amount is None else int(amount)
        yield DealVersion(version.row, version.owner, version.at, cents, None if close is None else str(close))


def typed_currencies(query: QueryConnection) -> Iterator[TypedCurrency]:
    """Yields every value of the field `currency`, in the order in which they were typed."""
    sql = """SELECT account_id, deal_id, value, at FROM field_value WHERE name = :name AND forgotten = 0 ORDER BY id"""
    return map(TypedCurrency._make, query.each(sql, name=CURRENCY))
