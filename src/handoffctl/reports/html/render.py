"""Renders the page with every report for a browser: HTML that loads nothing, runs nothing and sends nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from handoffctl.console.report import Report
from handoffctl.console.table import Cell, Table, format_cell, numeric_columns, without
from handoffctl.reports.html.charts import (
    bar,
    curve_text,
    days,
    days_in_words,
    draw_curve,
    draw_flow,
    escaped,
    flow_text,
    has_durations,
    plain,
)
from handoffctl.reports.html.style import STYLE
from handoffctl.reports.throughput.figures import StageCurve, StageFlow
from handoffctl.reports.throughput.render import BAR_COLUMN

# How every page of ours begins. A file that begins so may be overwritten by a new page.
BEGINNING = "<!doctype html>\n<!-- report page of handoffctl -->\n"
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class PageInfo:
    """The title of the page, its moment and its window in local time; an open end of the window is empty."""

    title: str
    as_of: str
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page with an entry in the table of contents."""

    anchor: str
    title: str
    body: str


def page(
    info: PageInfo,
    reports: Sequence[tuple[str, Report]],
    curves: Sequence[StageCurve],
    flows: Sequence[StageFlow],
    remarks: Sequence[str] = (),
    pictures: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Returns the whole page. `reports` come by name; `curves` and `flows` give one picture for each stage.

    `pictures` are those that stand in the section of a report, by its name.
    """
    tables = [Section(name, report.title, _report(report, pictures.get(name, ""))) for name, report in reports]
    of_stages = [
        Section("staying", "How long deals stay", _curves(curves)),
        Section("flow", "In and out, by month", _flows(flows)),
    ]
    sections = [Section("time", "Time in stage", _bars(curves)), *tables[:1], *of_stages, *tables[1:]]
    return f"""{BEGINNING}<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{plain(info.title)}, {plain(info.as_of)}</title>
<style>
{STYLE}</style>
</head>
<body>
<div class="sheet">
{_header(info, remarks)}
<nav aria-label="Contents"><ol>{"".join(map(_contents_entry, sections))}</ol></nav>
<main>
{"".join(map(_section, sections))}</main>
<footer>Made by handoffctl. This page holds names of your customers: mind whom you send it to.</footer>
</div>
</body>
</html>
"""


def _header(info: PageInfo, remarks: Sequence[str]) -> str:
    ends = [f"from {info.since}"] if info.since else []
    ends += [f"until {info.until}"] if info.until else []
    window = f" Only what began {' '.join(ends)}." if ends else ""
    items = f"<ul>{''.join(f'<li>{escaped(remark)}</li>' for remark in remarks)}</ul>" if remarks else ""
    moment = escaped(f"All reports as of {info.as_of}.{window}")
    return f"<header><h1>{escaped(info.title)}</h1><p>{moment}</p>{items}</header>"


def _contents_entry(section: Section) -> str:
    return f'<li><a href="#{section.anchor}">{escaped(section.title)}</a></li>'


def _section(section: Section) -> str:
    id, title = f"{section.anchor}-title", escaped(section.title)
    heading = f'<h2 id="{id}">{title}</h2>'
    return f'<section id="{section.anchor}" aria-labelledby="{id}">\n{heading}\n{section.body}\n</section>\n'


def _report(report: Report, pictures: str = "") -> str:
    """Returns the sentences of a report, its pictures, then its tables under their headings."""
    blocks = [f"<p>{escaped(sentence)}</p>" for sentence in report.says]
    blocks += [pictures] if pictures else []
    for part in report.parts:
        blocks += [f"<h3>{escaped(part.heading)}</h3>"] if part.heading else []
        # The bars of characters are left out, because the page draws its own.
        blocks.append(html_table(without(part.table, BAR_COLUMN), part.heading or report.title))
    return "\n".join(blocks)


def html_table(table: Table, label: str) -> str:
    """Returns a table in a box within which it can scroll, with its notes below."""
    notes = "".join(map(_note, table.below))
    if not table.rows:
        return f'<p class="none">Nothing to show yet.</p>{notes}'
    right = numeric_columns(table)
    head = "".join(f'<th scope="col"{_align(right[n])}>{escaped(name)}</th>' for n, name in enumerate(table.columns))
    rows = "\n".join(
        f"<tr>{''.join(_cell(cell, n, right[n]) for n, cell in enumerate(row))}</tr>" for row in table.rows
    )
    return f"{_box(f'<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>', label)}{notes}"


def _note(text: str) -> str:
    return f'<p class="note">{escaped(text)}</p>'


def _cell(cell: Cell, number: int, right: bool) -> str:
    if number == 0 and not right:
        return f'<th scope="row">{escaped(format_cell(cell))}</th>'
    return f"<td{_align(right)}>{escaped(format_cell(cell))}</td>"


def _align(right: bool) -> str:
    return ' class="n"' if right else ""


def _box(content: str, label: str) -> str:
    """Returns a box that can be focused by keyboard, because it may have to be scrolled."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{plain(label)}">{content}</div>'


def _bars(curves: Sequence[StageCurve]) -> str:
    """Returns the median time in each stage as a bar against its target."""
    if not curves:
        return '<p class="none">No deal has been in an open stage yet.</p>'
    longest = max(max(curve.median_days or 0, _lower_bound(curve), curve.target_days or 0) for curve in curves)
    head = "".join(f'<th scope="col"{_align(n in (1, 2))}>{name}</th>' for n, name in enumerate(_BAR_HEADS))
    rows = "\n".join(_bar_row(curve, longest) for curve in curves)
    content = f'<table class="bars"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return _box(content, "Time in stage") + "".join(map(_note, _BAR_NOTES))


_BAR_HEADS = ("stage", "half left by, days", "target", "", "against the target")
_BAR_NOTES = (
    "Half left by: the days within which half of the deals have left, those still there counted in.",
    "A bar with a broken edge: more than half are still there, so it is at least that long. Upright line: the target.",
)


def _lower_bound(curve: StageCurve) -> float:
    """Returns the lower bound of the median if more than half are still in the stage: the longest age; else 0."""
    return 0 if curve.median_days is not None or not curve.points else float(curve.points[-1][0])


def _bar_row(curve: StageCurve, longest: float) -> str:
    median, target, least = curve.median_days, curve.target_days, _lower_bound(curve)
    length = days(median) if median is not None else f"over {days(least)}" if least else ""
    style, verdict = _against_target(
        median if median is not None else least, target, has_durations(curve.points), median is None
    )
    return (
        f'<tr><th scope="row">{escaped(curve.title)}</th>'
        f"{_days_cell('half left by', length)}{_days_cell('target', '' if target is None else days(target))}"
        f'<td class="drawn">{bar(median, least, target, longest)}</td>'
        f"<td{style}>{verdict}</td></tr>"
    )


def _days_cell(name: str, length: str) -> str:
    """Returns a cell of days; on a phone, where the headings have no room, it shows its heading itself."""
    return f'<td class="n" data-head="{name}">{length}</td>' if length else '<td class="n none">-</td>'


def _against_target(length: float, target: float | None, observed: bool, still_growing: bool) -> tuple[str, str]:
    """Returns the class attribute of the cell, and in words how the length compares: colour is not the only sign."""
    if not observed:
        return "", "not known yet"
    if target is None:
        return "", "no target"
    if length > target:
        at_least = "at least " if still_growing else ""
        return ' class="over"', f"▲ {at_least}{days_in_words(length - target)} over"
    return "", "too early to say" if still_growing else "within"


def _curves(curves: Sequence[StageCurve]) -> str:
    drawn = [curve for curve in curves if has_durations(curve.points)]
    figures = [
        figure(curve.title, curve_text(curve), draw_curve(f"staying-{n}", curve)) for n, curve in enumerate(drawn, 1)
    ]
    intro = "The share of deals still in a stage, by the days since they entered it. Those still there are counted in."
    return _stage_cards(intro, figures, [curve.title for curve in curves if curve not in drawn])


def _flows(flows: Sequence[StageFlow]) -> str:
    drawn = [flow for flow in flows if any(period.entered or period.left or period.there for period in flow.periods)]
    figures = [
        figure(flow.title, flow_text(flow), draw_flow(f"flow-{n}", flow) + _numbers(flow))
        for n, flow in enumerate(drawn, 1)
    ]
    intro = "Bars upward: deals that entered. Bars downward: deals that left. Below: how many were there at the end."
    return _stage_cards(intro, figures, [flow.title for flow in flows if flow not in drawn])


def figure(title: str, text: str, picture: str) -> str:
    """Returns a picture with its caption."""
    caption = f"<figcaption><h3>{escaped(title)}</h3><p>{escaped(text)}</p></figcaption>"
    return f"<figure>{caption}{picture}</figure>"


def cards(figures: Sequence[str]) -> str:
    """Returns figures beside each other, as many as there is room for."""
    return "\n".join(['<div class="cards">', *figures, "</div>"])


def _stage_cards(intro: str, figures: Sequence[str], idle: Sequence[str]) -> str:
    left_out = _note(f"Nothing known yet of: {', '.join(idle)}.") if idle else ""
    if not figures:
        return f'<p class="none">Nothing to draw yet.</p>{left_out}'
    return f"<p>{intro}</p>\n{cards(figures)}{left_out}"


def _numbers(flow: StageFlow) -> str:
    """Returns the numbers behind a picture as a table that can be opened."""
    rows: list[list[Cell]] = [[period.period, period.entered, period.left, period.there] for period in flow.periods]
    table = Table(("period", "entered", "left", "there at the end"), rows)
    return f"<details><summary>The numbers</summary>{html_table(table, f'Flow through {flow.title}')}</details>"
