"""Draws the pictures of the page as inline SVG: bars, step curves and flows. They load nothing."""

from collections.abc import Iterable, Sequence
from html import escape
from math import floor, log10

from handoffctl.core.names import escape_controls
from handoffctl.reports.throughput.figures import StageCurve, StageFlow
from handoffctl.reports.throughput.periods import PeriodFlow

Point = Sequence[float]  # day, share still there (0 to 1)

WIDE = 360
LEFT, RIGHT = 38, 350  # the drawing lies between these
FINE = 0.5  # steps closer than this cannot be told apart


def escaped(text: object) -> str:
    """Returns text for a page: escaped, with control characters made visible; very long words may break."""
    words = escape_controls(str(text)).split(" ")
    return " ".join("<wbr>".join(escape(part) for part in _parts(word)) for word in words)


def _parts(word: str) -> Iterable[str]:
    return [word] if len(word) <= 28 else [word[at : at + 10] for at in range(0, len(word), 10)]


def plain(text: object) -> str:
    """Like escaped(), for attributes and the text in a picture, where nothing may break."""
    return escape(escape_controls(str(text)).replace("\n", " "))


def days(length: float) -> str:
    """Returns a length in days: `3`, `3.5`, `<0.1`."""
    if 0 < length < 0.05:
        return "<0.1"
    return f"{length:,.1f}".removesuffix(".0")


def days_in_words(length: float) -> str:
    """Returns a length for a sentence: `1 day`, `3.5 days`, `less than 0.1 days`."""
    return f"{days(length).replace('<', 'less than ')} {'day' if days(length) == '1' else 'days'}"


def bar(length: float | None, at_least: float, target: float | None, longest: float) -> str:
    """Draws a bar against its target on a scale from 0 to `longest` days.

    If `length` is None the bar is as long as `at_least` and has an open end.
    """
    shown = length if length is not None else at_least
    late = target is not None and shown > target
    style = ("open late" if late else "open") if length is None else "late" if late else "good"
    parts = ['<rect class="track" width="100%" height="12" y="3"/>']
    if shown > 0:
        parts.append(f'<rect class="{style}" width="{_percent(shown, longest)}" height="12" y="3"/>')
    if target is not None:
        at = _percent(target, longest)
        parts.append(f'<line class="target" x1="{at}" x2="{at}" y1="0" y2="18"/>')
    return f'<svg class="bar" width="100%" height="18" aria-hidden="true">{"".join(parts)}</svg>'


def _percent(length: float, longest: float) -> str:
    share = min(length / longest, 1) * 99 if longest > 0 else 0  # so that a mark at the very end is still visible
    return f"{max(share, 0.4 if length > 0 else 0):.2f}%"


def has_durations(points: Sequence[Point]) -> bool:
    """True if the curve shows how long any deal stayed, and not merely that all are there on day 0."""
    return any(day > 0 or share < 1 for day, share in points)


def from_day_zero(points: Sequence[Point]) -> list[Point]:
    """Returns the points with their beginning: on day 0, before any deal left, all are there."""
    complete = bool(points) and points[0][0] == 0 and points[0][1] == 1
    return [*([] if complete else [(0.0, 1.0)]), *points]


def steps(points: Sequence[Point], across: float, up: float) -> list[tuple[float, float]]:
    """Returns the corners of a step curve, measured from (0, 0): `across` units per day, `up` units for a share of 1.

    The share holds until the next point, where it drops vertically. Drops too close to be distinguished become one.
    """
    corners: list[tuple[float, float]] = []
    for day, share in from_day_zero(points):
        x = floor(day * across / FINE + 1e-9) * FINE
        level = round(share * up, 2)
        if not corners:
            corners.append((x, level))
        elif corners[-1][1] == level:
            continue
        elif corners[-1][0] == x and len(corners) > 1 and corners[-2][0] == x:
            corners[-1] = (x, level)
        else:
            corners += [(x, corners[-1][1])] if corners[-1][0] != x else []
            corners.append((x, level))
    last = floor(from_day_zero(points)[-1][0] * across / FINE + 1e-9) * FINE
    return corners if corners[-1][0] == last else [*corners, (last, corners[-1][1])]


def ticks(most: float, count: int = 5) -> list[float]:
    """Returns round numbers from 0 up to `most`, which must be above 0: multiples of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(most / count))
    step = next(power * times for times in (1, 2, 5, 10) if most / (power * times) <= count + 1e-9)
    return [round(step * n, 10) for n in range(floor(most / step + 1e-9) + 1)]


def picture(id: str, title: str, description: str, height: int, parts: Iterable[str]) -> str:
    """Returns an SVG with a title and a description for screen readers. `id` must be unique on the page."""
    return (
        f'<svg class="picture" role="img" aria-labelledby="{id}-t {id}-d" viewBox="0 0 {WIDE} {height}">'
        f'<title id="{id}-t">{plain(title)}</title><desc id="{id}-d">{plain(description)}</desc>{"".join(parts)}</svg>'
    )


def svg_line(style: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """Returns a line; `style` is its class."""
    return f'<line class="{style}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'


def svg_text(words: object, x: float, y: float, anchor: str = "start", style: str = "") -> str:
    """Returns words in a picture; `anchor` is the end of the text that is at (x, y)."""
    attribute = f' class="{style}"' if style else ""
    return f'<text{attribute} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{plain(words)}</text>'


def curve_text(curve: StageCurve) -> str:
    """Returns in a sentence or two what the curve shows."""
    if curve.median_days is None:
        text = f"More than half are still there after {days_in_words(curve.points[-1][0])}."
    else:
        text = f"Half have left after {days_in_words(curve.median_days)}."
    return text if curve.target_days is None else f"{text} The target is {days_in_words(curve.target_days)}."


CURVE_TOP, CURVE_FOOT = 20, 150


def draw_curve(id: str, curve: StageCurve) -> str:
    """Draws the share of deals still in a stage by the days since they entered it, with median and target."""
    most = max(curve.points[-1][0], curve.target_days or 0) or 1.0
    across, up = (RIGHT - LEFT) / most, CURVE_FOOT - CURVE_TOP
    corners = [(LEFT + x, CURVE_FOOT - y) for x, y in steps(curve.points, across, up)]
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)
    parts = [
        *_curve_axes(most, across, up),
        *_target(curve.target_days, across),
        f'<path class="under" d="{path}V{CURVE_FOOT}H{LEFT}Z"/><path class="curve" d="{path}"/>',
        *_median(curve.median_days, across, up),
    ]
    return picture(id, f"How long deals stay in {curve.title}", curve_text(curve), CURVE_FOOT + 38, parts)


def _curve_axes(most: float, across: float, up: float) -> list[str]:
    parts = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = CURVE_FOOT - share * up
        parts.append(svg_line("axis" if share == 0 else "grid", LEFT, y, RIGHT, y))
        parts += [svg_text(f"{share:.0%}", LEFT - 5, y + 4, "end")] if share in (0, 0.5, 1) else []
    for mark in ticks(most):
        x = LEFT + mark * across
        parts += [
            svg_line("axis", x, CURVE_FOOT, x, CURVE_FOOT + 4),
            svg_text(f"{mark:g}", x, CURVE_FOOT + 17, "middle"),
        ]
    return [*parts, svg_text("days since they entered", RIGHT, CURVE_FOOT + 32, "end")]


def _target(target: float | None, across: float) -> list[str]:
    if target is None:
        return []
    x = LEFT + target * across
    side = "end" if x > (LEFT + RIGHT) / 2 else "start"
    words = svg_text(f"target {days(target)}", x, CURVE_TOP - 8, side, "late")
    return [svg_line("target", x, CURVE_TOP - 4, x, CURVE_FOOT), words]


def _median(median: float | None, across: float, up: float) -> list[str]:
    if median is None:
        return []
    x, y = LEFT + median * across, CURVE_FOOT - up / 2
    words = (x + 8, y - 6, "start") if x < (LEFT + RIGHT) / 2 else (x - 8, y + 15, "end")
    return [
        svg_line("median", LEFT, y, x, y), svg_line("median", x, y, x, CURVE_FOOT),
        f'<circle class="dot" cx="{x:g}" cy="{y:g}" r="4"/>',
        svg_text(f"half by {days(median)}", *words, style="strong"),
    ]  # fmt: skip


MIDDLE_TOP, MIDDLE_FOOT, STOCK_TOP, STOCK_FOOT = 22, 112, 146, 186


def flow_text(flow: StageFlow) -> str:
    """Returns in a sentence what the flow shows."""
    entered = sum(period.entered for period in flow.periods)
    left = sum(period.left for period in flow.periods)
    return f"{entered:,} entered, {left:,} left, {flow.periods[-1].there:,} there at the end."


def draw_flow(id: str, flow: StageFlow) -> str:
    """Draws how many entered (upward) and left (downward) in each period, and below how many were there at its end."""
    periods = flow.periods
    slot = (RIGHT - LEFT) / len(periods)
    most_in, most_out = max(period.entered for period in periods), max(period.left for period in periods)
    most_there = max(period.there for period in periods)
    unit = (MIDDLE_FOOT - MIDDLE_TOP) / max(most_in + most_out, 1)
    zero = MIDDLE_TOP + most_in * unit
    parts = _flow_captions(most_in, most_out, most_there)
    parts += [_period(period, LEFT + number * slot, slot, zero, unit) for number, period in enumerate(periods)]
    parts.append(_stock(periods, slot, most_there))
    parts += [svg_line("axis", LEFT, y, RIGHT, y) for y in (zero, STOCK_FOOT)]
    parts += _labels(periods, slot)
    description = f"{periods[0].period} to {periods[-1].period}: {flow_text(flow)}"
    return picture(id, f"Flow through {flow.title}", description, STOCK_FOOT + 22, parts)


def _flow_captions(most_in: int, most_out: int, most_there: int) -> list[str]:
    return [
        svg_text("▲ entered", LEFT, MIDDLE_TOP - 8, style="in"),
        svg_text("▼ left", LEFT + 76, MIDDLE_TOP - 8, style="out"),
        svg_text("there at the end", LEFT, STOCK_TOP - 8, style="strong"),
        *([svg_text(f"{most_in:,}", LEFT - 5, MIDDLE_TOP + 7, "end")] if most_in else []),
        *([svg_text(f"{most_out:,}", LEFT - 5, MIDDLE_FOOT, "end")] if most_out else []),
        svg_text(f"{most_there:,}", LEFT - 5, STOCK_TOP + 7, "end"), svg_text("0", LEFT - 5, STOCK_FOOT, "end"),
        svg_line("grid", LEFT, STOCK_TOP, RIGHT, STOCK_TOP),
    ]  # fmt: skip


def _stock(periods: Sequence[PeriodFlow], slot: float, most: int) -> str:
    """Draws how many were there at the end of each period."""
    unit = (STOCK_FOOT - STOCK_TOP) / max(most, 1)
    path = f"M{LEFT} {STOCK_FOOT}"
    for number, period in enumerate(periods):
        path += f"V{STOCK_FOOT - period.there * unit:.1f}H{LEFT + number * slot + slot:.1f}"
    return f'<path class="stock" d="{path}V{STOCK_FOOT}Z"/>'


def _period(period: PeriodFlow, x: float, slot: float, zero: float, unit: float) -> str:
    """Draws the two bars of a period, under a field that shows the numbers when pointed at."""
    width = min(slot * 0.72, 22)
    at = x + (slot - width) / 2
    numbers = f"{period.period}: {period.entered:,} entered, {period.left:,} left, {period.there:,} there at the end"
    bars = ""
    if period.entered:
        height = period.entered * unit
        bars += f'<rect class="in" x="{at:.1f}" y="{zero - height:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    if period.left:
        height = period.left * unit
        bars += f'<rect class="out" x="{at:.1f}" y="{zero:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    field = f'<rect class="field" x="{x:.1f}" y="{MIDDLE_TOP}" width="{slot:.1f}" height="{STOCK_FOOT - MIDDLE_TOP}"/>'
    return f"<g><title>{plain(numbers)}</title>{field}{bars}</g>"


def _labels(periods: Sequence[PeriodFlow], slot: float) -> list[str]:
    """Labels as many periods as there is room for, evenly spaced: the last one always, the first one if possible."""
    last = len(periods) - 1
    gap = next((last // gaps for gaps in (4, 3, 2) if last and last % gaps == 0), last // 4 + 1)
    room = 22  # half a label, so that those at the ends stay within the picture
    places = [(n, min(max(LEFT + slot * (n + 0.5), LEFT + room), RIGHT - room)) for n in range(last, -1, -gap)]
    return [svg_text(periods[n].period, x, STOCK_FOOT + 16, "middle") for n, x in places]
