"""Renders the value report: each deal, and the ledger of its value."""

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.promises.value_wording import shown_balance
from handoffctl.reports.value.figures import TimeToValue
from handoffctl.reports.value.report import ValueLine, ValueReport

MAX_NAME_WIDTH, MAX_TEXT_WIDTH = 30, 34


def render(result: ValueReport) -> Report:
    """Returns the report as a sentence and tables."""
    parts = [Part(_deals_table(result))] if result.deals else []
    if any(deal.ledger for deal in result.deals):
        parts.append(
            Part(_ledger_table(result), "What bore the value out (+) or lowered it (-), with the balance after each")
        )
    if any(deal.log and not deal.ledger for deal in result.deals):
        parts.append(Part(_log_table(result), "What has borne it out or lowered it since"))
    return Report("Value", parts, _csv_table(result), [_intro(result)])


def _intro(result: ValueReport) -> str:
    if result.value is None:
        name = result.head.playbook
        missing = f"The playbook {name} does not say where the value is kept."
        if result.deals:
            missing = f"This is the ledger alone: the playbook {name} names no fields for the value seen at signing."
        return f"{missing} Add to it: value: {{seen: FIELD, first: FIELD}}"
    if not result.deals:
        return f"No deal was signed {'in this time' if result.head.limited else 'yet'}."
    time = result.days_to_first_value
    if not time.deals:
        return "The time from signing to first value cannot be told."
    reached = f"{time.reached:,} of {time.deals:,} signed deals have come to first value"
    if time.median is None:
        return f"{reached}: too few for a median."
    return f"{reached}. Median from signing: {time.median:,.1f} days{_interval(time)}, those that wait counted."


def _interval(time: TimeToValue) -> str:
    """Returns the 95 % interval of the median, as far as the deals bound it."""
    if time.low is None or time.high is None:
        return "" if time.low is None else f" (95 %: {time.low:,.1f} or more)"
    return f" (95 %: {time.low:,.1f} to {time.high:,.1f})"


def _deals_table(result: ValueReport) -> Table:
    with_fields, with_ledger = result.value is not None, any(deal.ledger for deal in result.deals)
    rows: list[list[Cell]] = [
        [
            cut_short(deal.ref, MAX_NAME_WIDTH), deal.signed_on or "-",
            *(_field_cells(deal) if with_fields else []), *([shown_balance(deal.balance)] if with_ledger else []),
        ]
        for deal in result.deals
    ]  # fmt: skip
    fields = ["value seen", "first value", "days"] if with_fields else []
    notes = ["days: from signing to first value."] if with_fields else []
    if with_ledger:
        notes.append("balance: what bore the value out, less what lowered it.")
    return Table(["deal", "signed", *fields, *(["balance"] if with_ledger else [])], rows, notes)


def _field_cells(deal: ValueLine) -> list[Cell]:
    return [cut_short(deal.seen or "-", MAX_TEXT_WIDTH), deal.first_value_on or "-", deal.days]


def _ledger_table(result: ValueReport) -> Table:
    rows: list[list[Cell]] = [
        [
            cut_short(deal.ref, MAX_NAME_WIDTH), entry.on, "+" if entry.effect > 0 else "-",
            cut_short(entry.text, MAX_TEXT_WIDTH), shown_balance(entry.balance),
        ]
        for deal in result.deals
        for entry in deal.ledger
    ]  # fmt: skip
    return Table(["deal", "on", "effect", "what", "balance"], rows)


def _log_table(result: ValueReport) -> Table:
    rows: list[list[Cell]] = [
        [cut_short(deal.ref, MAX_NAME_WIDTH), entry.on, cut_short(entry.value, MAX_TEXT_WIDTH + 16)]
        for deal in result.deals
        if not deal.ledger  # which has the entries of the log
        for entry in deal.log
    ]
    return Table(["deal", "on", "value"], rows)


def _csv_table(result: ValueReport) -> Table:
    """Returns one row per deal, with its log in one cell, and its ledger in another."""
    columns = ["account", "deal", "ref", "signed_at", "seen", "first_value_at", "days", "log", "balance", "ledger"]
    rows: list[list[Cell]] = [
        [
            deal.account, deal.deal, deal.ref, deal.signed_at, deal.seen, deal.first_value_at, deal.days,
            "\n".join(f"{entry.at} {entry.value}" for entry in deal.log),
            deal.balance,
            "\n".join(f"{entry.at} {entry.effect:+d} {entry.text}" for entry in deal.ledger),
        ]
        for deal in result.deals
    ]  # fmt: skip
    return Table(columns, rows)
