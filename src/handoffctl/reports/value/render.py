"""Renders the value report: each signed deal, and what was recorded of its value since."""

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.reports.value.figures import TimeToValue
from handoffctl.reports.value.report import ValueReport

MAX_NAME_WIDTH, MAX_TEXT_WIDTH = 30, 34


def render(result: ValueReport) -> Report:
    """Returns the report as a sentence and tables."""
    parts = [Part(_deals_table(result))] if result.deals else []
    if any(deal.log for deal in result.deals):
        parts.append(Part(_log_table(result), "What has borne it out or lowered it since"))
    return Report("Value", parts, _csv_table(result), [_intro(result)])


def _intro(result: ValueReport) -> str:
    if result.value is None:
        return (
            f"The playbook {result.head.playbook} does not say where the value is kept. "
            "Add to it: value: {seen: FIELD, first: FIELD}"
        )
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
    with_ledger = any(deal.ledger for deal in result.deals)
    rows: list[list[Cell]] = [
        [
            cut_short(deal.ref, MAX_NAME_WIDTH), deal.signed_on or "-", cut_short(deal.seen or "-", MAX_TEXT_WIDTH),
            deal.first_value_on or "-", deal.days, *([f"{deal.balance:+d}"] if with_ledger else []),
        ]
        for deal in result.deals
    ]  # fmt: skip
    columns = ["deal", "signed", "value seen", "first value", "days", *(["balance"] if with_ledger else [])]
    notes = ["days: from signing to first value."]
    if with_ledger:
        notes.append("balance: what bore the value out, less what lowered it.")
    return Table(columns, rows, notes)


def _log_table(result: ValueReport) -> Table:
    rows: list[list[Cell]] = [
        [cut_short(deal.ref, MAX_NAME_WIDTH), entry.on, cut_short(entry.value, MAX_TEXT_WIDTH + 16)]
        for deal in result.deals
        for entry in deal.log
    ]
    return Table(["deal", "on", "value"], rows)


def _csv_table(result: ValueReport) -> Table:
    """Returns one row per deal, with its log in one cell."""
    columns = ["account", "deal", "ref", "signed_at", "seen", "first_value_at", "days", "log", "balance"]
    rows: list[list[Cell]] = [
        [
            deal.account, deal.deal, deal.ref, deal.signed_at, deal.seen, deal.first_value_at, deal.days,
            "\n".join(f"{entry.at} {entry.value}" for entry in deal.log),
            deal.balance,
        ]
        for deal in result.deals
    ]  # fmt: skip
    return Table(columns, rows)
