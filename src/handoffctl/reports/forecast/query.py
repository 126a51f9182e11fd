"""Queries for every stay of every deal, and for the amounts and close dates as they were typed."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, QueryConnection


class EnteredStay(NamedTuple):
    """One stay of a deal, in the order of deals and stays; `test` is 1 on a test account."""

    deal: int
    account: int
    test: int
    playbook: str
    stage: str
    kind: str
    entered_at: Moment | None


class TypedDeal(NamedTuple):
    """The amount in cents and the close date of a deal as they are now."""

    id: int
    amount_cents: int | None
    expected_close: str | None


class TypedValue(NamedTuple):
    """One amount or close date of a deal as somebody typed it."""

    deal: int
    name: str
    value: str
    at: Moment


def entered_stays(query: QueryConnection) -> Iterator[EnteredStay]:
    """Yields every stay in any playbook, in order of deals, the stays of a deal in order."""
    sql = """SELECT d.id, d.account_id, a.test, v.playbook, v.stage, v.kind, v.entered_at
             FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
             ORDER BY d.id, v.number"""
    return map(EnteredStay._make, query.each(sql))


def typed_deals(query: QueryConnection) -> Iterator[TypedDeal]:
    """Yields every deal with its amount and close date."""
    return map(TypedDeal._make, query.each("SELECT id, amount_cents, expected_close FROM deal ORDER BY id"))


def typed_values(query: Query) -> list[TypedValue]:
    """Returns every amount and close date that was typed, in the order in which they were."""
    sql = """SELECT deal_id, name, value, at FROM field_value
             WHERE name IN ('deal.amount', 'deal.expected_close') AND deal_id IS NOT NULL AND forgotten = 0
             ORDER BY id"""
    return [TypedValue._make(row) for row in query(sql)]
