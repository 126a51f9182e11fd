"""The value report: the value customers saw at signing, what was recorded since, and the time to first value."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Moment, local_date
from handoffctl.deals.lookup_query import full_deal_ref
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
    signing,
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
    """A signed deal with its value. Moments and days are None where they are not known.

    `balance` is the sum of all effects in the ledger.
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
    """The signed deals, and the time to first value over all of them. `value` is None if the playbook names none."""

    head: ReportHead
    value: ValueFields | None
    days_to_first_value: TimeToValue
    deals: list[ValueLine]


def build(context: ReportContext) -> ValueReport:
    """Computes the report."""
    fields = context.playbook.value
    if not fields:
        return ValueReport(context.head, None, NO_FIRST_VALUE, [])
    lines = list(_lines(context, fields))
    signed = [SignedDeal(line.signed_at, reached, line.days) for line, reached in lines]
    return ValueReport(
        context.head,
        ValueFields(fields.seen, fields.first, fields.log),
        time_to_value(signed, context.clock) if fields.first else NO_FIRST_VALUE,
        [line for line, _ in lines],
    )


def _lines(context: ReportContext, fields: Value) -> Iterator[tuple[ValueLine, bool]]:
    """Yields each signed deal, and whether it has reached its first value."""
    playbook = context.playbook.playbook
    first = context.playbook.stages.get(fields.first or "")
    value_after_arrival = bool(first and first.kind == "open")
    for deal in value_query.candidate_deals(context.query, playbook, fields.signed or ""):
        stays = as_of(value_query.stays(context.query, deal.id), context.window)
        if not any(stay.playbook == playbook for stay in stays):
            continue
        signed = signing(stays, playbook, value_after_arrival, fields.signed)
        if signed and context.window.contains(signed.entered_at):
            reached, first_value_at = _first_value(context, fields.first, deal, stays)
            yield _line(context, fields, deal, signed, first_value_at), reached


def _line(
    context: ReportContext, fields: Value, deal: CandidateDeal, signed: Stay, first_value_at: Moment | None
) -> ValueLine:
    zone, began = context.clock.zone, beginning(signed)
    seen = value_at(_records(context, deal, fields.seen), began, zone) if began else None
    log = values_since(_records(context, deal, fields.log), began, zone) if fields.log and began else []
    ledger = _ledger(context, fields, deal)
    return ValueLine(
        deal.account_slug,
        deal.slug,
        full_deal_ref(deal.account_slug, deal.slug),
        signed.entered_at,
        _local_day(context, signed.entered_at),
        seen,
        first_value_at,
        _local_day(context, first_value_at),
        days_from_signing(signed.entered_at, first_value_at, zone),
        [LogEntry(at, _local_day(context, at), value) for at, value in log],
        ledger[-1].balance if ledger else 0,
        ledger,
    )


def _ledger(context: ReportContext, fields: Value, deal: CandidateDeal) -> list[LedgerEntry]:
    """Returns the entries of the deal that were recorded by the moment of the report, each with its balance."""
    entries = values_seen(context.query, deal.id, fields.log)
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
