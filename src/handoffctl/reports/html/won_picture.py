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
    """Draws a line for each signal on a scale from -100 to +100 points, with a dot at the difference."""
    foot = TOP + ROW * len(signals)
    parts = [
        svg_text("◀ lost deals had it more often", BEGIN, 14),
        svg_text("won deals more often ▶", RIGHT, 14, "end"),
    ]
    for points in (-100, -50, 0, 50, 100):
        x = _x(points / 100)
        parts.append(svg_line("axis" if points == 0 else "grid", x, TOP - 10, x, foot))
        anchor = "start" if points == -100 else "end" if points == 100 else "middle"
        parts.append(svg_text(f"{points:+d}" if points else "0", x, foot + 16, anchor))
    for number, row in enumerate(signals):
        parts += _signal(row, TOP + number * ROW)
    title = "How much more often won deals had each signal, in points"
    return picture(id, title, signals_text(signals), foot + FOOT - 10, parts)


def _signal(row: WonSignal, y: float) -> list[str]:
    difference, low, high = row.verdict.difference or 0.0, row.verdict.low or 0.0, row.verdict.high or 0.0
    telling = row.verdict.word in TELLING
    style, line = ("strong", "range") if telling else ("", "range faint")
    return [
        svg_text(cut_short(row.label, LONGEST_LABEL), BEGIN, y + 10, style=style),
        svg_text(in_points(row), RIGHT, y + 10, "end", style),
        svg_line(line, _x(low), y + 22, _x(high), y + 22),
        f'<circle class="{line}" cx="{_x(difference):g}" cy="{y + 22:g}" r="4.5"/>',
    ]


def _x(share: float) -> float:
    return round(BEGIN + (share + 1) / 2 * (RIGHT - BEGIN), 1)
