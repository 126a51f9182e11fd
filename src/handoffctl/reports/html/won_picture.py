"""Draws the signals of the report on won deals: how much more often won deals had each, with its 95 % interval."""

from collections.abc import Sequence

from handoffctl.console.table import cut_short
from handoffctl.reports.html.charts import RIGHT, picture, svg_line, svg_text
from handoffctl.reports.won.render import TELLING, in_points, in_words
from handoffctl.reports.won.report import WonReport, WonSignal

MOST_DRAWN = 12
LONGEST_LABEL = 34
BEGIN, TOP, ROW, FOOT = 10, 34, 40, 34  # where the drawing begins, the heights of its head, of a signal and of its foot


def drawn_signals(result: WonReport) -> list[WonSignal]:
    """Returns the signals that are drawn: those with a difference, the most telling first."""
    return [row for row in result.signals if row.verdict.difference is not None][:MOST_DRAWN]


def signals_text(signals: Sequence[WonSignal]) -> str:
    """Returns in sentences what the picture shows."""
    return " ".join(f"{row.label}: {in_points(row)} points, {in_words(row)}." for row in signals)


def draw_signals(id: str, signals: Sequence[WonSignal]) -> str:
    """Draws a line for each signal from end to end of its interval, with a dot at the difference."""
    most = _most_points(signals)
    foot = TOP + ROW * len(signals)
    parts = [
        svg_text("◀ lost deals had it more often", BEGIN, 14),
        svg_text("won deals more often ▶", RIGHT, 14, "end"),
    ]
    for points in (-most, -most // 2, 0, most // 2, most):
        x = _x(points / most)
        parts.append(svg_line("axis" if points == 0 else "grid", x, TOP - 10, x, foot))
        anchor = "start" if points == -most else "end" if points == most else "middle"
        parts.append(svg_text(f"{points:+d}" if points else "0", x, foot + 16, anchor))
    for number, row in enumerate(signals):
        parts += _signal(row, TOP + number * ROW, most)
    title = "How much more often won deals had each signal, in points"
    return picture(id, title, signals_text(signals), foot + FOOT - 10, parts)


def _most_points(signals: Sequence[WonSignal]) -> int:
    """Returns the end of the scale: a round number of points that no interval exceeds."""
    most = max(max(abs(row.verdict.low or 0.0), abs(row.verdict.high or 0.0)) for row in signals)
    return next((points for points in (20, 50) if points >= most * 100), 100)


def _signal(row: WonSignal, y: float, most: int) -> list[str]:
    difference, low, high = (
        100 * (share or 0.0) / most for share in (row.verdict.difference, row.verdict.low, row.verdict.high)
    )
    telling = row.verdict.word in TELLING
    style, line = ("strong", "range") if telling else ("", "range faint")
    return [
        svg_text(cut_short(row.label, LONGEST_LABEL), BEGIN, y + 10, style=style),
        svg_text(in_points(row), RIGHT, y + 10, "end", style),
        svg_line(line, _x(low), y + 22, _x(high), y + 22),
        f'<circle class="{line}" cx="{_x(difference):g}" cy="{y + 22:g}" r="4.5"/>',
    ]


def _x(share: float) -> float:
    """Returns the place of a share from -1 to 1 of the scale."""
    return round(BEGIN + (share + 1) / 2 * (RIGHT - BEGIN), 1)
