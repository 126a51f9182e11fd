"""The report on value as tables: each signed deal, and what was noted of its value since."""

from collections.abc import Mapping
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Table, cut_short

LONGEST_NAME, LONGEST_TEXT = 30, 34


def paper(found: Mapping[str, Any]) -> Report:
    """What `actions.reporting.value` found, on paper."""
    deals = found["deals"]
    parts = [Part(_table(found))] if deals else []
    if any(deal["log"] for deal in deals):
        parts.append(Part(_log(found), "What has borne it out or lowered it since"))
    return Report("Value", parts, _figures(found), [_said(found)])


def _said(found: Mapping[str, Any]) -> str:
    if found["value"] is None:
        return (
            f"The playbook {found['playbook']} does not say where the value is kept. "
            "Add to it: value: {seen: FIELD, first: FIELD}"
        )
    if not found["deals"]:
        return "No deal was signed in this time." if "since" in found or "until" in found else "No deal was signed yet."
    time = found["days_to_first_value"]
    if not time["deals"]:
        return "The time from signing to first value cannot be told."
    of = f"{time['reached']:,} of {time['deals']:,} signed deals have come to first value"
    if time["median"] is None:
        return f"{of}: too few for a median."
    return f"{of}. Median from signing: {time['median']:,.1f} days{_interval(time)}, those that wait counted."


def _interval(time: Mapping[str, float | None]) -> str:
    """Between what the median lies with 95 %, as far as so few deals can tell."""
    low, high = time["low"], time["high"]
    if low is None or high is None:
        return "" if low is None else f" (95 %: {low:,.1f} or more)"
    return f" (95 %: {low:,.1f} to {high:,.1f})"


def _table(found: Mapping[str, Any]) -> Table:
    rows = [
        [
            cut_short(deal["ref"], LONGEST_NAME), deal["signed_on"] or "-",
            cut_short(deal["seen"] or "-", LONGEST_TEXT), deal["first_value_on"] or "-", deal["days"],
        ]
        for deal in found["deals"]
    ]  # fmt: skip
    return Table(["deal", "signed", "value seen", "first value", "days"], rows, ["days: from signing to first value."])


def _log(found: Mapping[str, Any]) -> Table:
    rows = [
        [cut_short(deal["ref"], LONGEST_NAME), entry["on"], cut_short(entry["value"], LONGEST_TEXT + 16)]
        for deal in found["deals"]
        for entry in deal["log"]
    ]
    return Table(["deal", "on", "value"], rows)


def _figures(found: Mapping[str, Any]) -> Table:
    """One row a deal, its log in one cell; for CSV."""
    columns = ["account", "deal", "ref", "signed_at", "seen", "first_value_at", "days"]
    rows = [
        [*(deal[name] for name in columns), "\n".join(f"{entry['at']} {entry['value']}" for entry in deal["log"])]
        for deal in found["deals"]
    ]
    return Table([*columns, "log"], rows)
