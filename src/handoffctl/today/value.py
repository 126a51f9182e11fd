"""Reminders of customers for whom no plus was recorded in the value ledger for two months."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment, Zone, sort_key
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.deals.signing import signing
from handoffctl.playbook.report_thresholds import Value
from handoffctl.promises.former_fields import values_in
from handoffctl.promises.model import ValueEntry
from handoffctl.promises.value_wording import DAYS_OF_MONTH, days_since, in_months_or_days
from handoffctl.today import value_query
from handoffctl.today.query import DealRow
from handoffctl.today.ranking import Item
from handoffctl.today.snapshot import TodaySnapshot

REMINDER_AFTER_DAYS = 2 * DAYS_OF_MONTH


class DealValue(NamedTuple):
    """When a deal had its last plus, and when its customer signed or its ledger began; None where there is none."""

    deal: int
    last_plus: Moment | None
    began: Moment | None


class MissingPlus(NamedTuple):
    """The deal for which a plus is to be recorded, and the moment since which its account had none."""

    deal: int
    since: Moment


def missing_plus(values: Sequence[DealValue], clock: Clock) -> MissingPlus | None:
    """Returns what is to be asked about an account, or None if it had a plus, or began, less than two months ago.

    The last plus of any of its deals counts. Where none had one, the time runs from when the last of them began.
    """
    pluses = [MissingPlus(value.deal, value.last_plus) for value in values if value.last_plus]
    began = [MissingPlus(value.deal, value.began) for value in values if value.began]
    newest = max(pluses or began, key=lambda missing: sort_key(missing.since, clock.zone), default=None)
    return newest if newest and days_since(newest.since, clock) >= REMINDER_AFTER_DAYS else None


def value_items(snapshot: TodaySnapshot) -> Iterator[Item]:
    """Yields one reminder for each account that had no plus for two months.

    Looked at are open and won deals with an entry in the ledger, and those of customers in a playbook with `value`.
    """
    by_account: dict[str, list[DealValue]] = defaultdict(list)
    for deal, value in _deal_values(snapshot):
        by_account[deal.account].append(value)
    for values in by_account.values():
        if missing := missing_plus(values, snapshot.clock):
            says = partial(_says, missing.since, snapshot.clock)
            deal = snapshot.deals[missing.deal]
            yield snapshot.item("value", deal, says, "value", "add", "{}", "+", "TEXT", since=missing.since)


def _says(since: Moment, clock: Clock) -> str:
    return f"no plus for {in_months_or_days(days_since(since, clock))} since {weekday_and_day(since, clock)}"


def _deal_values(snapshot: TodaySnapshot) -> Iterator[tuple[DealRow, DealValue]]:
    deals = [deal for deal in snapshot.deals.values() if deal.kind in ("open", "won")]
    rules = {deal.deal_id: value for deal in deals if (value := snapshot.value_rule(deal))}
    playbooks = sorted({deal.playbook for deal in deals if deal.deal_id in rules})
    ledgers = _ledgers(snapshot, rules, playbooks)
    signed = _signed(snapshot, rules, playbooks)
    for deal in deals:
        ledger = ledgers.get(deal.deal_id, [])
        began = signed.get(deal.deal_id) or _earliest([entry.at for entry in ledger], snapshot.clock.zone)
        if began:
            pluses = [entry.at for entry in ledger if entry.effect > 0]
            yield deal, DealValue(deal.deal_id, _latest(pluses, snapshot.clock.zone), began)


def _earliest(moments: Sequence[Moment], zone: Zone) -> Moment | None:
    return min(moments, key=lambda moment: sort_key(moment, zone), default=None)


def _latest(moments: Sequence[Moment], zone: Zone) -> Moment | None:
    return max(moments, key=lambda moment: sort_key(moment, zone), default=None)


def _ledgers(snapshot: TodaySnapshot, rules: dict[int, Value], playbooks: list[str]) -> dict[int, list[ValueEntry]]:
    """Returns the ledger of each deal, with what only the field has that its playbook names as the log."""
    ledgers = value_query.entries(snapshot.query)
    logs = sorted({rule.log for rule in rules.values() if rule.log})
    if not logs:
        return ledgers
    for (deal_id, name), values in value_query.logged_values(snapshot.query, playbooks, logs).items():
        if deal_id in rules and rules[deal_id].log == name:
            recorded = ledgers[deal_id]
            ledgers[deal_id] = [*recorded, *values_in(values, recorded)]
    return ledgers


def _signed(snapshot: TodaySnapshot, rules: dict[int, Value], playbooks: list[str]) -> dict[int, Moment]:
    """Returns when the customers signed whose playbook keeps the value they see."""
    signed: dict[int, Moment] = {}
    if not playbooks:
        return signed
    for deal_id, stays in value_query.stays_of_deals_in(snapshot.query, playbooks):
        rule, deal = rules.get(deal_id), snapshot.deals.get(deal_id)
        if rule and deal:
            playbook = snapshot.playbook_of(deal)
            first = playbook.stages.get(rule.first or "") if playbook else None
            stay = signing(stays, deal.playbook, bool(first and first.kind == "open"), rule.signed)
            if stay and stay.entered_at:
                signed[deal_id] = stay.entered_at
    return signed
