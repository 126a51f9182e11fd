"""Renders the report on won deals: what was compared, and a table of the signals."""

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table
from handoffctl.reports.won.report import WonReport, WonSignal


def render(result: WonReport) -> Report:
    """Returns the report as sentences and a table."""
    parts = [Part(_table(result))] if result.signals else []
    return Report("What won deals share", parts, _figures(result), _sentences(result))


def _sentences(result: WonReport) -> list[str]:
    said = [
        f"{result.won:,} won and {result.lost:,} lost, each as known {result.landmark_days} days after entering "
        f"{result.stage}; {result.put_aside:,} put aside are not compared. Seen only among those who passed the gate."
    ]
    counts = [
        (result.closed_early, "closed before that"),
        (result.too_recent, "too recent"),
        (result.undated, "without the dates of their stages"),
    ]
    left_out = [f"{count:,} {words}" for count, words in counts if count]
    said += [f"Left out: {', '.join(left_out)}."] if left_out else []
    if result.ended_share is not None and not result.settled:
        said.append(f"Not enough yet: {result.ended_share:.0%} of the older deals have ended, 80% are needed.")
    said += [f"Not judged, kept without its moment: {', '.join(result.not_judged)}."] if result.not_judged else []
    return said


def _table(result: WonReport) -> Table:
    rows: list[list[Cell]] = [[row.label, *_known(row), _points(row), row.verdict.word.value] for row in result.signals]
    return Table(["signal", "won", "lost", "points", ""], rows, ["won, lost: had it, of those for which it was known."])


def _known(row: WonSignal) -> list[Cell]:
    return [f"{row.counts.won_with} of {row.counts.won}", f"{row.counts.lost_with} of {row.counts.lost}"]


def _points(row: WonSignal) -> str:
    difference, low, high = row.verdict.difference, row.verdict.low, row.verdict.high
    if difference is None or low is None or high is None:
        return "-"
    return f"{difference * 100:+.0f} ({low * 100:.0f} to {high * 100:.0f})"


def _figures(result: WonReport) -> Table:
    columns = ["signal", "won_with", "won", "lost_with", "lost", "difference", "low", "high", "word"]
    rows: list[list[Cell]] = [
        [row.signal, *row.counts, row.verdict.difference, row.verdict.low, row.verdict.high, row.verdict.word.value]
        for row in result.signals
    ]
    return Table(columns, rows)
