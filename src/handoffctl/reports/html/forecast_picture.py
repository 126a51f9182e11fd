"""Draws the forecast in one currency: the range of its total, and what is expected and typed by month."""

from collections.abc import Sequence

from handoffctl.reports.forecast.figures import CurrencyTotal, MonthForecast
from handoffctl.reports.forecast.render import money
from handoffctl.reports.html.charts import LEFT, RIGHT, picture, svg_line, svg_text, ticks

MOST_MONTHS = 12
BAND_BEGIN, BAND_TOP, BAND_FOOT = 10, 30, 56
MONTHS_TOP, MONTHS_FOOT = 30, 140


def total_text(total: CurrencyTotal) -> str:
    """Returns in a sentence what the band shows."""
    return (
        f"Expected {money(total.expected, total.currency)}; "
        f"8 times in 10 between {money(total.low)} and {money(total.high)}."
    )


def draw_total(id: str, total: CurrencyTotal) -> str:
    """Draws the range in which the total lies 8 times in 10 as a band, with a dot at what is expected."""
    expected, low, high = total.expected or 0.0, total.low or 0.0, total.high or 0.0
    most = max(high, expected) or 1.0
    across = (RIGHT - BAND_BEGIN) / most

    def x(amount: float) -> float:
        return round(BAND_BEGIN + amount * across, 1)

    parts = [svg_line("axis", BAND_BEGIN, BAND_FOOT, RIGHT, BAND_FOOT)]
    for mark in ticks(most, 3):
        anchor = "start" if mark == 0 else "end" if x(mark) > RIGHT - 20 else "middle"
        parts += [
            svg_line("axis", x(mark), BAND_FOOT, x(mark), BAND_FOOT + 4),
            svg_text(f"{mark:,.0f}", x(mark), BAND_FOOT + 17, anchor),
        ]
    side = "start" if expected < most / 2 else "end"
    parts += [
        f'<rect class="band" x="{x(low):g}" y="{BAND_TOP}" width="{max(x(high) - x(low), 1):g}" height="18"/>',
        f'<circle class="dot" cx="{x(expected):g}" cy="{BAND_TOP + 9}" r="4.5"/>',
        svg_text(f"expected {money(expected)}", x(expected), BAND_TOP - 8, side, "strong"),
    ]
    return picture(id, "What the open deals are expected to bring", total_text(total), BAND_FOOT + 24, parts)


def drawn_months(months: Sequence[MonthForecast], currency: str) -> list[MonthForecast]:
    """Returns the first months with amounts in this currency."""
    return [month for month in months if month.currency == currency][:MOST_MONTHS]


def months_text(months: Sequence[MonthForecast]) -> str:
    """Returns in a sentence for each month what the bars show."""
    return " ".join(f"{month.month}: expected {money(month.expected)}, typed {money(month.typed)}." for month in months)


def draw_months(id: str, months: Sequence[MonthForecast]) -> str:
    """Draws two bars for each month: what is expected, and the open deals with a close date typed in it."""
    most = max(max(month.expected, month.typed) for month in months) or 1.0
    up, slot = (MONTHS_FOOT - MONTHS_TOP) / most, (RIGHT - LEFT - 12) / len(months)
    parts = [
        svg_text("■ expected", LEFT, 14, style="in"),
        svg_text("□ typed close dates", LEFT + 80, 14, style="strong"),
    ]
    for mark in ticks(most, 3):
        y = round(MONTHS_FOOT - mark * up, 1)
        parts.append(svg_line("axis" if mark == 0 else "grid", LEFT + 12, y, RIGHT, y))
        parts.append(svg_text(_short(mark), LEFT + 7, y + 4, "end"))
    for number, month in enumerate(months):
        parts.append(_month(month, LEFT + 12 + number * slot, slot, up))
    every = 1 if len(months) <= 4 else len(months) // 4 + 1
    for number in range(0, len(months), every):
        x = LEFT + 12 + (number + 0.5) * slot
        parts.append(svg_text(months[number].month, x, MONTHS_FOOT + 17, "middle"))
    return picture(id, "Expected and typed by month", months_text(months), MONTHS_FOOT + 24, parts)


def _month(month: MonthForecast, x: float, slot: float, up: float) -> str:
    """Draws the two bars of a month, under a field that shows the amounts when pointed at."""
    width = min(slot * 0.36, 18)
    bars = ""
    for style, amount, at in (("in", month.expected, x + slot / 2 - width), ("typed", month.typed, x + slot / 2)):
        if amount > 0:
            height = max(amount * up, 1)
            bars += (
                f'<rect class="{style}" x="{at:.1f}" y="{MONTHS_FOOT - height:.1f}" '
                f'width="{width:.1f}" height="{height:.1f}"/>'
            )
    height = MONTHS_FOOT - MONTHS_TOP
    field = f'<rect class="field" x="{x:.1f}" y="{MONTHS_TOP}" width="{slot:.1f}" height="{height}"/>'
    return f"<g><title>{months_text([month])}</title>{field}{bars}</g>"


def _short(amount: float) -> str:
    """Returns an amount for an axis: `500`, `20k`, `1.5M`."""
    for size, letter in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")):
        if amount >= size:
            return f"{amount / size:g}{letter}"
    return f"{amount:g}"
