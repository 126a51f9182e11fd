"""The value report: the value customers saw at signing, the ledger of it since, and the time to first value."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Moment, local_date
from handoffctl.deals.lookup_query import full_deal_ref
from handoffctl.deals.signing import signing
from handoffctl.playbook.report_thresholds import Value
from handoffctl.promises.query import values_seen
from handoffctl.promises.values import with_balances
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.value import query as value_query
from handoffctl.reports.value.figures import (
    FieldRecord,
    SignedDeal,
    TimeToValue,
    beginning,
    days_from_signing,
    time_to_value,
    value_at,
    values_since,
)
from handoffctl.reports.value.query import CandidateDeal
from handoffctl.stats.stays import Stay, as_of

NO_FIRST_VALUE = TimeToValue(None, None, None, None, None)


class ValueFields(NamedTuple):
    """The fields in which the playbook keeps the value: seen at signing, first value, and log."""

    seen: str
    first: str | None
    log: str | None


class LogEntry(NamedTuple):
    """A value that was recorded after signing; `on` is the local day."""

    at: Moment
    on: str | None
    value: str


class LedgerEntry(NamedTuple):
    """An entry of the value ledger: what bore the value out (`effect` 1) or lowered it (-1), and the balance then."""

    at: Moment
    on: str | None
    effect: int
    text: str
    balance: int


class ValueLine(NamedTuple):
    """A deal with its value: one that was signed, or that has a ledger.

    Moments and days are None where they are not known. `balance` is the sum of all effects in the ledger.
    """

    account: str
    deal: str
    ref: str
    signed_at: Moment | None
    signed_on: str | None
    seen: str | None
    first_value_at: Moment | None
    first_value_on: str | None
    days: float | None
    log: list[LogEntry]
    balance: int
    ledger: list[LedgerEntry]


class ValueReport(NamedTuple):
    """The signed deals and those with a ledger, and the time to first value of the signed ones.

    `value` is None if the playbook names no fields for it. Only deals with a ledger are in the report then.
    """

    head: ReportHead
    value: ValueFields | None
    days_to_first_value: TimeToValue
    deals: list[ValueLine]


def build(context: ReportContext) -> ValueReport:
    """Computes the report."""
    fields = context.playbook.value
    lines = list(_lines(context, fields))
    signed = [SignedDeal(line.signed_at, reached, line.days) for line, reached in lines]
    return ValueReport(
        context.head,
        ValueFields(fields.seen, fields.first, fields.log) if fields else None,
        time_to_value(signed, context.clock) if fields and fields.first else NO_FIRST_VALUE,
        [line for line, _ in lines],
    )


def _lines(context: ReportContext, fields: Value | None) -> Iterator[tuple[ValueLine, bool]]:
    """Yields each deal of the report, and whether it has reached its first value."""
    playbook, first = context.playbook.playbook, fields.first if fields else None
    first_stage = context.playbook.stages.get(first or "")
    value_after_arrival = bool(first_stage and first_stage.kind == "open")
    for deal in _candidates(context, fields):
        stays = as_of(value_query.stays(context.query, deal.id), context.window)
        if not any(stay.playbook == playbook for stay in stays):
            continue
        signed = signing(stays, playbook, value_after_arrival, fields.signed if fields else None)
        ledger = _ledger(context, fields.log if fields else None, deal)
        if _belongs(context, fields, signed, ledger):
            reached, first_value_at = _first_value(context, first, deal, stays)
            yield _line(context, fields, deal, signed, first_value_at, ledger), reached


def _candidates(context: ReportContext, fields: Value | None) -> list[CandidateDeal]:
    """Returns the deals that may be in the report, in the order of their ids."""
    query, playbook = context.query, context.playbook.playbook
    with_ledger = set(value_query.deals_with_ledger(query, playbook, fields.log or "" if fields else ""))
    signed = set(value_query.maybe_signed_deals(query, playbook, fields.signed or "")) if fields else set()
    return sorted(signed | with_ledger)


def _belongs(context: ReportContext, fields: Value | None, signed: Stay | None, ledger: Sequence[LedgerEntry]) -> bool:
    """Returns True for a deal that was signed in the window, or whose ledger began in it if it was not signed.

    Without fields for the value, a deal without a ledger has nothing to show.
    """
    if signed:
        return bool(fields or ledger) and context.window.contains(signed.entered_at)
    return bool(ledger) and context.window.contains(ledger[0].at)


def _line(
    context: ReportContext, fields: Value | None, deal: CandidateDeal, signed: Stay | None,
    first_value_at: Moment | None, ledger: list[LedgerEntry],
) -> ValueLine:  # fmt: skip
    zone, signed_at = context.clock.zone, signed.entered_at if signed else None
    began = beginning(signed) if signed else None
    seen = value_at(_records(context, deal, fields.seen), began, zone) if fields and began else None
    log = values_since(_records(context, deal, fields.log), began, zone) if fields and fields.log and began else []
    return ValueLine(
        deal.account_slug,
        deal.slug,
        full_deal_ref(deal.account_slug, deal.slug),
        signed_at,
        _local_day(context, signed_at),
        seen,
        first_value_at,
        _local_day(context, first_value_at),
        days_from_signing(signed_at, first_value_at, zone),
        [LogEntry(at, _local_day(context, at), value) for at, value in log],
        ledger[-1].balance if ledger else 0,
        ledger,
    )


def _ledger(context: ReportContext, log: str | None, deal: CandidateDeal) -> list[LedgerEntry]:
    """Returns the entries of the deal that were recorded by the moment of the report, each with its balance."""
    entries = values_seen(context.query, deal.id, log)
    return [
        LedgerEntry(entry.at, _local_day(context, entry.at), entry.effect, entry.text, entry.balance)
        for entry in with_balances([entry for entry in entries if context.window.occurred(entry.at)])
    ]


def _local_day(context: ReportContext, moment: Moment | None) -> str | None:
    return local_date(moment, context.clock.zone).isoformat() if moment else None


def _records(context: ReportContext, deal: CandidateDeal, name: str) -> list[FieldRecord]:
    """Returns the values of a field that were recorded by the moment of the report."""
    records = value_query.field_records(context.query, deal.id, deal.account, name)
    return [record for record in records if context.window.occurred(record.when.at)]


def _first_value(
    context: ReportContext, first: str | None, deal: CandidateDeal, stays: Sequence[Stay]
) -> tuple[bool, Moment | None]:
    """Returns whether the deal has reached its first value, and when.

    That is its first stay in the stage `first`, or the date last recorded in the field `first`.
    """
    if first is None:
        return False, None
    if first in context.playbook.stages:
        in_stage = [stay for stay in stays if (stay.playbook, stay.stage) == (context.playbook.playbook, first)]
        return bool(in_stage), in_stage[0].entered_at if in_stage else None
    dates = [record.value for record in _records(context, deal, first) if record.type == "date"]
    reached = bool(dates) and context.window.occurred(dates[-1])
    return reached, dates[-1] if reached else None
