"""Renders the handoffs report: by handoff, by sender, by receiver."""

from collections.abc import Iterator, Sequence

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, share
from handoffctl.core.json_record import json_object
from handoffctl.reports.handoffs.figures import HandoffFigures
from handoffctl.reports.handoffs.report import HandoffsReport

MAX_WIDTH = 22
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

NamedFigures = tuple[str, HandoffFigures]


def render(result: HandoffsReport) -> Report:
    """Returns the report as tables, or a sentence if no handoff was tried."""
    tried = any(row.figures.attempts for row in result.handoffs)
    tables = [("", "handoff", [(row.title, row.figures) for row in result.handoffs])]
    if tried:
        senders = [(row.owner, row.figures) for row in result.senders]
        receivers = [(row.owner, row.figures) for row in result.receivers]
        tables += [("By sender", "sender", senders), ("By receiver", "receiver", receivers)]
    parts = [
        Part(_figures_table(first, rows, NOTES if tried and number == len(tables) - 1 else ()), heading)
        for number, (heading, first, rows) in enumerate(tables)
        if rows
    ]
    nothing = "No handoff was tried in this time." if result.head.limited else "No handoff has been tried yet."
    return Report("Handoffs", parts, _csv_table(result), [] if tried else [nothing])


def _figures_table(first: str, rows: Sequence[NamedFigures], notes: Sequence[str]) -> Table:
    cells = [_row(name, figures) for name, figures in rows]
    return Table([first, *COLUMNS], cells, notes, give_way=("longest", "blocked", "accepted"))


def _row(name: str, figures: HandoffFigures) -> list[Cell]:
    return [
        cut_short(name, MAX_WIDTH),
        figures.completed, figures.blocked, figures.accepted, share(figures.returned_share),
        figures.days_to_accept.median, figures.days_to_first_touch.median, figures.waiting,
        figures.longest_wait_days, share(figures.readiness),
    ]  # fmt: skip


def _csv_table(result: HandoffsReport) -> Table:
    """Returns every figure of the three tables in one."""
    columns = ["by", "handoff", "from", "to", "owner", *COUNTS]
    columns += [f"{wait}_{end}" for wait in WAITS for end in ("median", "low", "high")] + list(REST)
    rows: list[list[Cell]] = [["handoff", *row.path, None, *_csv_cells(row.figures)] for row in result.handoffs]
    for by, owners in (("sender", result.senders), ("receiver", result.receivers)):
        rows += [[by, None, None, None, row.owner, *_csv_cells(row.figures)] for row in owners]
    return Table(columns, rows)


def _csv_cells(figures: HandoffFigures) -> Iterator[Cell]:
    values = json_object(figures)
    yield from (values[name] for name in COUNTS)
    for wait in (figures.days_to_accept, figures.days_to_first_touch):
        yield from (wait.median, wait.low, wait.high)
    yield from (values[name] for name in REST)
