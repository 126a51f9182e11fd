"""Amounts and close dates of deals as they were typed by one moment, and how often a close date was moved later."""

from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.core.moments import Clock, is_before
from handoffctl.reports.forecast.query import TypedDeal, TypedValue


class TypedFacts(NamedTuple):
    """The amount, in whole units of money, and the close date of a deal; `moved` counts its moves to a later day."""

    amount: float | None = None
    close_date: str | None = None
    moved: int = 0


def typed_facts(deals: Iterable[TypedDeal], values: Iterable[TypedValue], clock: Clock) -> dict[int, TypedFacts]:
    """Returns what was typed for each deal by the clock's moment.

    What has no history of its own, as after an import, counts as it is now.
    """
    facts = {deal.id: TypedFacts(_units(deal.amount_cents), deal.expected_close) for deal in deals}
    with_history: set[tuple[int, str]] = set()
    for typed in values:
        known = facts[typed.deal]
        amount, close_date, moved = known
        if (typed.deal, typed.name) not in with_history:
            with_history.add((typed.deal, typed.name))
            amount, close_date = (None, close_date) if typed.name == "deal.amount" else (amount, None)
        if not is_before(clock.now, typed.at, clock.zone):
            if typed.name == "deal.amount":
                amount = float(typed.value)
            else:
                moved += close_date is not None and typed.value > close_date
                close_date = typed.value
        facts[typed.deal] = TypedFacts(amount, close_date, moved)
    return facts


def _units(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
