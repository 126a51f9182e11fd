"""Pictures for the page: bars, step curves and flows as inline SVG. They load nothing."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import floor, log10
from typing import Any

from handoffctl.core.names import visible

Point = Sequence[float]  # day, share still there

WIDE = 360
LEFT, RIGHT = 38, 350  # between these stands what is drawn
FINE = 0.5  # steps closer than this cannot be told apart


def escaped(text: object) -> str:
    """Text for a page: marks are escaped, what steers is made visible, very long words may break."""
    words = visible(str(text)).split(" ")
    return " ".join("<wbr>".join(escape(part) for part in _parts(word)) for word in words)


def _parts(word: str) -> Iterable[str]:
    return [word] if len(word) <= 28 else [word[at : at + 10] for at in range(0, len(word), 10)]


def plain(text: object) -> str:
    """The same for attributes and the words within a picture, where nothing may break."""
    return escape(visible(str(text)).replace("\n", " "))


def days(length: float) -> str:
    """A length in days: `3`, `3.5`, `<0.1`."""
    if 0 < length < 0.05:
        return "<0.1"
    return f"{length:,.1f}".removesuffix(".0")


def days_in_words(length: float) -> str:
    """The same in a sentence: `1 day`, `3.5 days`, `less than 0.1 days`."""
    return f"{days(length).replace('<', 'less than ')} {'day' if days(length) == '1' else 'days'}"


def bar(length: float | None, at_least: float, target: float | None, longest: float) -> str:
    """A bar against its target on a scale from 0 to `longest` days; an open end where only the least is known."""
    known = length if length is not None else at_least
    late = target is not None and known > target
    look = ("open late" if late else "open") if length is None else "late" if late else "good"
    parts = ['<rect class="track" width="100%" height="12" y="3"/>']
    if known > 0:
        parts.append(f'<rect class="{look}" width="{_share(known, longest)}" height="12" y="3"/>')
    if target is not None:
        at = _share(target, longest)
        parts.append(f'<line class="target" x1="{at}" x2="{at}" y1="0" y2="18"/>')
    return f'<svg class="bar" width="100%" height="18" aria-hidden="true">{"".join(parts)}</svg>'


def _share(length: float, longest: float) -> str:
    share = min(length / longest, 1) * 99 if longest > 0 else 0  # a mark at the very end is still seen
    return f"{max(share, 0.4 if length > 0 else 0):.2f}%"


def known(points: Sequence[Point]) -> bool:
    """Whether the points say how long anybody stayed, and not merely that everybody is there on day 0."""
    return any(day > 0 or share < 1 for day, share in points)


def whole(points: Sequence[Point]) -> list[Point]:
    """The points with the beginning: on day 0, before anybody left, everybody is there."""
    begun = bool(points) and points[0][0] == 0 and points[0][1] == 1
    return [*([] if begun else [(0.0, 1.0)]), *points]


def steps(points: Sequence[Point], across: float, up: float) -> list[tuple[float, float]]:
    """The corners of a step curve, `across` places for one day and `up` for the whole share, measured from (0, 0).

    The share holds until the next point, where it drops straight down. Drops too close to be told apart are one.
    """
    corners: list[tuple[float, float]] = []
    for day, share in whole(points):
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
    last = floor(whole(points)[-1][0] * across / FINE + 1e-9) * FINE
    return corners if corners[-1][0] == last else [*corners, (last, corners[-1][1])]


def ticks(most: float, wanted: int = 5) -> list[float]:
    """Round numbers from 0 up to `most`, which is above 0: at most as many steps of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(most / wanted))
    step = next(power * times for times in (1, 2, 5, 10) if most / (power * times) <= wanted + 1e-9)
    return [round(step * n, 10) for n in range(floor(most / step + 1e-9) + 1)]


def picture(name: str, title: str, told: str, high: int, parts: Iterable[str]) -> str:
    """An SVG that says what it shows to whoever cannot see it. `name` is its own on the page."""
    return (
        f'<svg class="picture" role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {WIDE} {high}">'
        f'<title id="{name}-t">{plain(title)}</title><desc id="{name}-d">{plain(told)}</desc>{"".join(parts)}</svg>'
    )


def _line(look: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{look}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'


def _text(words: object, x: float, y: float, anchor: str = "start", look: str = "") -> str:
    which = f' class="{look}"' if look else ""
    return f'<text{which} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{plain(words)}</text>'


def told_of_curve(stage: Mapping[str, Any]) -> str:
    """What the curve says, in a sentence or two."""
    points, median, target = stage["points"], stage["median_days"], stage["target_days"]
    if median is None:
        told = f"More than half are still there after {days_in_words(points[-1][0])}."
    else:
        told = f"Half have left after {days_in_words(median)}."
    return told if target is None else f"{told} The target is {days_in_words(target)}."


CURVE_TOP, CURVE_FOOT = 20, 150


def curve(name: str, stage: Mapping[str, Any]) -> str:
    """The share of deals still in a stage, by the days since they entered it; median and target are marked."""
    points, median, target = stage["points"], stage["median_days"], stage["target_days"]
    most = max(points[-1][0], target or 0) or 1.0
    across, up = (RIGHT - LEFT) / most, CURVE_FOOT - CURVE_TOP
    parts = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = CURVE_FOOT - share * up
        parts.append(_line("axis" if share == 0 else "grid", LEFT, y, RIGHT, y))
        parts += [_text(f"{share:.0%}", LEFT - 5, y + 4, "end")] if share in (0, 0.5, 1) else []
    for mark in ticks(most):
        x = LEFT + mark * across
        parts += [_line("axis", x, CURVE_FOOT, x, CURVE_FOOT + 4), _text(f"{mark:g}", x, CURVE_FOOT + 17, "middle")]
    parts.append(_text("days since they entered", RIGHT, CURVE_FOOT + 32, "end"))
    parts += _target(target, across)
    corners = [(LEFT + x, CURVE_FOOT - y) for x, y in steps(points, across, up)]
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)
    parts.append(f'<path class="under" d="{path}V{CURVE_FOOT}H{LEFT}Z"/><path class="curve" d="{path}"/>')
    parts += _median(median, across, up)
    return picture(name, f"How long deals stay in {stage['title']}", told_of_curve(stage), CURVE_FOOT + 38, parts)


def _target(target: float | None, across: float) -> list[str]:
    if target is None:
        return []
    x = LEFT + target * across
    side = "end" if x > (LEFT + RIGHT) / 2 else "start"
    words = _text(f"target {days(target)}", x, CURVE_TOP - 8, side, "late")
    return [_line("target", x, CURVE_TOP - 4, x, CURVE_FOOT), words]


def _median(median: float | None, across: float, up: float) -> list[str]:
    if median is None:
        return []
    x, y = LEFT + median * across, CURVE_FOOT - up / 2
    words = (x + 8, y - 6, "start") if x < (LEFT + RIGHT) / 2 else (x - 8, y + 15, "end")
    return [
        _line("median", LEFT, y, x, y), _line("median", x, y, x, CURVE_FOOT),
        f'<circle class="dot" cx="{x:g}" cy="{y:g}" r="4"/>', _text(f"half by {days(median)}", *words, look="strong"),
    ]  # fmt: skip


MIDDLE_TOP, MIDDLE_FOOT, STOCK_TOP, STOCK_FOOT = 22, 112, 146, 186


def told_of_flow(stage: Mapping[str, Any]) -> str:
    """What the flow says, in a sentence."""
    periods = stage["periods"]
    entered, left = (sum(one[name] for one in periods) for name in ("entered", "left"))
    return f"{entered:,} entered, {left:,} left, {periods[-1]['there']:,} there at the end."


def flow(name: str, stage: Mapping[str, Any]) -> str:
    """How many entered (upward) and left (downward) in each period, and below how many were there at its end."""
    periods = stage["periods"]
    slot = (RIGHT - LEFT) / len(periods)
    most_in, most_out, most = (max(one[which] for one in periods) for which in ("entered", "left", "there"))
    unit = (MIDDLE_FOOT - MIDDLE_TOP) / max(most_in + most_out, 1)
    zero = MIDDLE_TOP + most_in * unit
    parts = [
        _text("▲ entered", LEFT, MIDDLE_TOP - 8, look="in"), _text("▼ left", LEFT + 76, MIDDLE_TOP - 8, look="out"),
        _text("there at the end", LEFT, STOCK_TOP - 8, look="strong"),
        *(_text(f"{most_in:,}", LEFT - 5, MIDDLE_TOP + 7, "end") for _ in range(most_in > 0)),
        *(_text(f"{most_out:,}", LEFT - 5, MIDDLE_FOOT, "end") for _ in range(most_out > 0)),
        _text(f"{most:,}", LEFT - 5, STOCK_TOP + 7, "end"), _text("0", LEFT - 5, STOCK_FOOT, "end"),
        _line("grid", LEFT, STOCK_TOP, RIGHT, STOCK_TOP),
    ]  # fmt: skip
    high = (STOCK_FOOT - STOCK_TOP) / max(most, 1)
    path = f"M{LEFT} {STOCK_FOOT}"
    for number, one in enumerate(periods):
        x = LEFT + number * slot
        parts.append(_period(one, x, slot, zero, unit))
        path += f"V{STOCK_FOOT - one['there'] * high:.1f}H{x + slot:.1f}"
    parts.append(f'<path class="stock" d="{path}V{STOCK_FOOT}Z"/>')
    parts += [_line("axis", LEFT, y, RIGHT, y) for y in (zero, STOCK_FOOT)]
    parts += _labels(periods, slot)
    told = f"{periods[0]['period']} to {periods[-1]['period']}: {told_of_flow(stage)}"
    return picture(name, f"Flow through {stage['title']}", told, STOCK_FOOT + 22, parts)


def _period(one: Mapping[str, Any], x: float, slot: float, zero: float, unit: float) -> str:
    """The two bars of a period, under a field that says the numbers when pointed at."""
    wide = min(slot * 0.72, 22)
    at = x + (slot - wide) / 2
    told = f"{one['period']}: {one['entered']:,} entered, {one['left']:,} left, {one['there']:,} there at the end"
    bars = ""
    if one["entered"]:
        high = one["entered"] * unit
        bars += f'<rect class="in" x="{at:.1f}" y="{zero - high:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'
    if one["left"]:
        high = one["left"] * unit
        bars += f'<rect class="out" x="{at:.1f}" y="{zero:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'
    field = f'<rect class="field" x="{x:.1f}" y="{MIDDLE_TOP}" width="{slot:.1f}" height="{STOCK_FOOT - MIDDLE_TOP}"/>'
    return f"<g><title>{plain(told)}</title>{field}{bars}</g>"


def _labels(periods: Sequence[Mapping[str, Any]], slot: float) -> list[str]:
    """As many periods by name as there is room for, evenly: the last among them, and the first where that goes."""
    last = len(periods) - 1
    gap = next((last // gaps for gaps in (4, 3, 2) if last and last % gaps == 0), last // 4 + 1)
    room = 22  # half a name: at the ends it stays within the picture
    places = [(n, min(max(LEFT + slot * (n + 0.5), LEFT + room), RIGHT - room)) for n in range(last, -1, -gap)]
    return [_text(periods[n]["period"], x, STOCK_FOOT + 16, "middle") for n, x in places]
