"""Renders the report on listening: who answers in time, and what clients correct."""

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table
from handoffctl.reports.listening.figures import ANSWERED_WITHIN, AnswerCounts
from handoffctl.reports.listening.report import ListeningReport

IN_TIME = f"in {ANSWERED_WITHIN} days"


def render(result: ListeningReport) -> Report:
    """Returns the report as a sentence and tables."""
    parts = []
    if result.total.sent:
        parts.append(Part(_answers_table(result)))
    if result.total.answered:
        parts.append(Part(_corrections_table(result), "What clients corrected"))
    return Report("Listening", parts, _figures(result), [_intro(result)])


def _intro(result: ListeningReport) -> str:
    total = result.total
    if not total.sent:
        return f"No summary was sent {'in this time' if result.head.limited else 'yet'}."
    if not total.due:
        return f"{total.sent:,} sent, and none of them {ANSWERED_WITHIN} working days ago yet."
    in_time = (
        f"{total.within_five_days:,} of {total.due:,} summaries were answered within {ANSWERED_WITHIN} working days"
    )
    return f"{in_time} ({_percent(total.share)})."


def _groups(result: ListeningReport) -> list[tuple[str, AnswerCounts]]:
    """Returns the groups that summaries were sent in, each under its name."""
    named = [("yes", result.announced), ("no", result.not_announced), ("not recorded", result.unknown)]
    return [(name, counts) for name, counts in named if counts.sent]


def _answers_table(result: ListeningReport) -> Table:
    rows: list[list[Cell]] = [
        [name, counts.sent, counts.answered, counts.within_five_days, _percent(counts.share)]
        for name, counts in _groups(result)
    ]
    below = [
        "announced: whether the client agreed at the end of the call to answer it. share: of those that were answered, "
        f"or sent more than {ANSWERED_WITHIN} working days ago."
    ]
    return Table(["announced", "sent", "answered", IN_TIME, "share"], rows, below)


def _corrections_table(result: ListeningReport) -> Table:
    rows: list[list[Cell]] = [[item.head, item.corrected, _percent(item.share)] for item in result.corrections]
    return Table(["head", "corrected", "share"], rows, ["share: of the summaries that were answered."])


def _figures(result: ListeningReport) -> Table:
    """Returns one row per group and one per head."""
    columns = ["kind", "name", "sent", "answered", "within_five_days", "due", "corrected", "share"]
    groups = [("total", result.total), *_groups(result)]
    rows: list[list[Cell]] = [
        ["announced", name, counts.sent, counts.answered, counts.within_five_days, counts.due, None, counts.share]
        for name, counts in groups
    ]
    rows += [["head", item.head, None, None, None, None, item.corrected, item.share] for item in result.corrections]
    return Table(columns, rows)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
