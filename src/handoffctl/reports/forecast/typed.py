"""Amounts and close dates of deals as they were typed by one moment, and how often a close date was moved later."""

from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.core.moments import Clock, is_before
from handoffctl.reports.forecast.query import DealVersion, TypedCurrency


class TypedFacts(NamedTuple):
    """The amount, in whole units of its currency, and the close date of a deal, which was `moved` later so often.

    `currency` is the one typed for the deal or its account, else that of the configuration.
    """

    amount: float | None = None
    close_date: str | None = None
    moved: int = 0
    currency: str = ""


def typed_facts(
    versions: Iterable[DealVersion], currencies: Iterable[TypedCurrency], usual: str, clock: Clock
) -> dict[int, TypedFacts]:
    """Returns what was typed for each deal by the clock's moment; `usual` is the currency where none was typed.

    What a deal was recorded with counts even if that was later: an import brings deals with an older past.
    """
    of_deal, of_account = _currencies(currencies, clock)
    facts: dict[int, TypedFacts] = {}
    for deal, account, at, amount_cents, close in versions:
        known = facts.get(deal)
        if known is not None and is_before(clock.now, at, clock.zone):
            continue
        moved = known.moved if known else 0
        if known and known.close_date and close and close > known.close_date:
            moved += 1
        currency = of_deal.get(deal, of_account.get(account, usual))
        facts[deal] = TypedFacts(_units(amount_cents), close, moved, currency)
    return facts


def _currencies(typed: Iterable[TypedCurrency], clock: Clock) -> tuple[dict[int, str], dict[int, str]]:
    """Returns the currencies typed for deals, and those typed for accounts, by the clock's moment."""
    of_deal: dict[int, str] = {}
    of_account: dict[int, str] = {}
    for one in typed:
        if is_before(clock.now, one.at, clock.zone):
            continue
        if one.deal is None:
            of_account[one.account] = one.currency
        else:
            of_deal[one.deal] = one.currency
    return of_deal, of_account


def _units(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
