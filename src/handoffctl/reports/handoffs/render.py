"""The report on handoffs as tables: by handoff, by sender, by receiver."""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, share

LONGEST_TITLE = 22
COUNTS = ("attempts", "completed", "blocked", "accepted", "returned", "returned_share")
WAITS = ("days_to_accept", "days_to_first_touch")
REST = ("waiting", "longest_wait_days", "readiness", "readiness_of")
COLUMNS = ("done", "blocked", "accepted", "returned", "accept", "touch", "waiting", "longest", "ready")
NOTES = (
    "done, blocked: tries that passed or not. returned: the share of those done that were handed back.",
    "accept, touch: median days to being accepted, to the receiver's first touch; those that wait count.",
    "waiting: with the receiver and not touched yet. longest: the days that the oldest of them waits.",
    "ready: how much of what the handoff asks was known at that first touch; the next step is left out.",
)


def paper(found: Mapping[str, Any]) -> Report:
    """What `actions.reporting.handoffs` found, on paper."""
    tried = any(row["attempts"] for row in found["handoffs"])
    parts = [("", "handoff", found["handoffs"])]
    if tried:
        parts += [("By sender", "sender", found["senders"]), ("By receiver", "receiver", found["receivers"])]
    tables = [
        Part(_table(first, rows, NOTES if tried and number == len(parts) - 1 else ()), heading)
        for number, (heading, first, rows) in enumerate(parts)
        if rows
    ]
    said = "No handoff was tried in this time." if "since" in found or "until" in found else "No handoff was tried yet."
    return Report("Handoffs", tables, _figures(found), [] if tried else [said])


def _table(first: str, rows: Sequence[Mapping[str, Any]], notes: Sequence[str]) -> Table:
    return Table([first, *COLUMNS], [_row(row) for row in rows], notes, give_way=("longest", "blocked", "accepted"))


def _row(row: Mapping[str, Any]) -> list[Cell]:
    called = row.get("title") or row["owner"]
    return [
        cut_short(called, LONGEST_TITLE),
        row["completed"], row["blocked"], row["accepted"],
        share(row["returned_share"]), row["days_to_accept"]["median"], row["days_to_first_touch"]["median"],
        row["waiting"], row["longest_wait_days"], share(row["readiness"]),
    ]  # fmt: skip


def _figures(found: Mapping[str, Any]) -> Table:
    """Every figure of the three tables in one, for CSV."""
    columns = ["by", "handoff", "from", "to", "owner", *COUNTS]
    columns += [f"{wait}_{end}" for wait in WAITS for end in ("median", "low", "high")] + list(REST)
    rows: list[list[Cell]] = [
        [
            by, *(row.get(name) for name in ("handoff", "from", "to", "owner")), *(row[name] for name in COUNTS),
            *(row[wait][end] for wait in WAITS for end in ("median", "low", "high")), *(row[name] for name in REST),
        ]
        for by in ("handoff", "sender", "receiver")
        for row in found[f"{by}s"]
    ]  # fmt: skip
    return Table(columns, rows)
