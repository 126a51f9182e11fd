"""The page with every report, for a browser: HTML that loads nothing, runs nothing and sends nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handoffctl.console.report import Report
from handoffctl.console.table import Table, format_cell, numeric_columns, without
from handoffctl.reports.html import charts
from handoffctl.reports.html.charts import days, days_in_words, escaped, plain
from handoffctl.reports.html.style import STYLE
from handoffctl.reports.throughput.render import BAR

# How every page of ours begins: by it a page is known, and may be written anew.
BEGINS = "<!doctype html>\n<!-- report page of handoffctl -->\n"
NOTHING_IN = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

Stage = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """What the page is about, as people read it: moments in local time, empty where the window has no end."""

    title: str
    as_of: str
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page that the contents lead to."""

    anchor: str
    title: str
    body: str


def page(
    made: Made,
    papers: Sequence[tuple[str, Report]],
    curves: Sequence[Stage],
    flows: Sequence[Stage],
    remarks: Sequence[str] = (),
) -> str:
    """The whole page. `papers` are the reports by name; `curves` and `flows` one picture for each stage."""
    reports = [Section(name, paper.title, _report(paper)) for name, paper in papers]
    pictures = [
        Section("staying", "How long deals stay", _curves(curves)),
        Section("flow", "In and out, by month", _flows(flows)),
    ]
    sections = [Section("time", "Time in stage", _bars(curves)), *reports[:1], *pictures, *reports[1:]]
    return f"""{BEGINS}<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{NOTHING_IN}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{plain(made.title)}, {plain(made.as_of)}</title>
<style>
{STYLE}</style>
</head>
<body>
<div class="sheet">
{_header(made, remarks)}
<nav aria-label="Contents"><ol>{"".join(map(_leads_to, sections))}</ol></nav>
<main>
{"".join(map(_section, sections))}</main>
<footer>Made by handoffctl. This page holds names of your customers: mind whom you send it to.</footer>
</div>
</body>
</html>
"""


def _header(made: Made, remarks: Sequence[str]) -> str:
    ends = [f"from {made.since}"] if made.since else []
    ends += [f"until {made.until}"] if made.until else []
    window = f" Only what began {' '.join(ends)}." if ends else ""
    told = f"<ul>{''.join(f'<li>{escaped(one)}</li>' for one in remarks)}</ul>" if remarks else ""
    moment = escaped(f"All reports as of {made.as_of}.{window}")
    return f"<header><h1>{escaped(made.title)}</h1><p>{moment}</p>{told}</header>"


def _leads_to(one: Section) -> str:
    return f'<li><a href="#{one.anchor}">{escaped(one.title)}</a></li>'


def _section(one: Section) -> str:
    head = f'<h2 id="{one.anchor}-title">{escaped(one.title)}</h2>'
    return f'<section id="{one.anchor}" aria-labelledby="{one.anchor}-title">\n{head}\n{one.body}\n</section>\n'


def _report(paper: Report) -> str:
    """Its sentences first, then its tables under their headings."""
    blocks = [f"<p>{escaped(sentence)}</p>" for sentence in paper.says]
    for part in paper.parts:
        blocks += [f"<h3>{escaped(part.heading)}</h3>"] if part.heading else []
        blocks.append(table(without(part.table, BAR), part.heading or paper.title))  # the page has drawn ones
    return "\n".join(blocks)


def table(one: Table, about: str) -> str:
    """A table in a box of its own, within which it may scroll; its notes below."""
    notes = "".join(map(_note, one.below))
    if not one.rows:
        return f'<p class="none">Nothing to show yet.</p>{notes}'
    right = numeric_columns(one)
    head = "".join(f'<th scope="col"{_side(right[n])}>{escaped(name)}</th>' for n, name in enumerate(one.columns))
    rows = "\n".join(f"<tr>{''.join(_cell(cell, n, right[n]) for n, cell in enumerate(row))}</tr>" for row in one.rows)
    return f"{_box(f'<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>', about)}{notes}"


def _note(words: str) -> str:
    return f'<p class="note">{escaped(words)}</p>'


def _cell(cell: Any, number: int, right: bool) -> str:
    if number == 0 and not right:
        return f'<th scope="row">{escaped(format_cell(cell))}</th>'
    return f"<td{_side(right)}>{escaped(format_cell(cell))}</td>"


def _side(right: bool) -> str:
    return ' class="n"' if right else ""


def _box(inside: str, about: str) -> str:
    """Reached by the keyboard too, since it may have to be scrolled."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{plain(about)}">{inside}</div>'


def _bars(stages: Sequence[Stage]) -> str:
    """The time in which half the deals have left each stage, as a bar against its target."""
    if not stages:
        return '<p class="none">No deal has been in an open stage yet.</p>'
    seen = [max(stage["median_days"] or 0, _at_least(stage), stage["target_days"] or 0) for stage in stages]
    longest = max(seen)
    head = "".join(f'<th scope="col"{_side(n in (1, 2))}>{name}</th>' for n, name in enumerate(_BAR_HEADS))
    rows = "\n".join(_bar_row(stage, longest) for stage in stages)
    inside = f'<table class="bars"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return _box(inside, "Time in stage") + "".join(map(_note, _BAR_NOTES))


_BAR_HEADS = ("stage", "half left by, days", "target", "", "against the target")
_BAR_NOTES = (
    "Half left by: the days within which half of the deals have left, those still there counted in.",
    "A bar with a broken edge: more than half are still there, so it is at least that long. Upright line: the target.",
)


def _at_least(stage: Stage) -> float:
    """Where more than half are still there, the days of the one that is there longest: the half takes longer yet."""
    return 0 if stage["median_days"] is not None or not stage["points"] else float(stage["points"][-1][0])


def _bar_row(stage: Stage, longest: float) -> str:
    median, target, least = stage["median_days"], stage["target_days"], _at_least(stage)
    length = days(median) if median is not None else f"over {days(least)}" if least else ""
    look, told = _against(
        median if median is not None else least, target, charts.known(stage["points"]), median is None
    )
    return (
        f'<tr><th scope="row">{escaped(stage["title"])}</th>'
        f"{_days_cell('half left by', length)}{_days_cell('target', '' if target is None else days(target))}"
        f'<td class="drawn">{charts.bar(median, least, target, longest)}</td>'
        f"<td{look}>{told}</td></tr>"
    )


def _days_cell(name: str, length: str) -> str:
    """Days under their heading; on a phone, where the headings have no room, they carry its name with them."""
    return f'<td class="n" data-head="{name}">{length}</td>' if length else '<td class="n none">-</td>'


def _against(length: float, target: float | None, known: bool, still: bool) -> tuple[str, str]:
    """How it is set, and in words whether the target is missed: the colour is not the only sign."""
    if not known:
        return "", "not known yet"
    if target is None:
        return "", "no target"
    if length > target:
        return ' class="over"', f"▲ {'at least ' if still else ''}{days_in_words(length - target)} over"
    return "", "too early to say" if still else "within"


def _curves(stages: Sequence[Stage]) -> str:
    drawn = [stage for stage in stages if charts.known(stage["points"])]
    cards = [
        _figure(stage, charts.told_of_curve(stage), charts.curve(f"staying-{n}", stage))
        for n, stage in enumerate(drawn, 1)
    ]
    intro = "The share of deals still in a stage, by the days since they entered it. Those still there are counted in."
    return _cards(intro, cards, [stage["title"] for stage in stages if stage not in drawn])


def _flows(stages: Sequence[Stage]) -> str:
    drawn = [stage for stage in stages if any(any(one[n] for n in _COUNTED) for one in stage["periods"])]
    cards = [
        _figure(stage, charts.told_of_flow(stage), charts.flow(f"flow-{n}", stage) + _periods(stage))
        for n, stage in enumerate(drawn, 1)
    ]
    intro = "Bars upward: deals that entered. Bars downward: deals that left. Below: how many were there at the end."
    idle = [stage["title"] for stage in stages if stage not in drawn]
    return _cards(intro, cards, idle)


_COUNTED = ("entered", "left", "there")


def _figure(stage: Stage, told: str, drawn: str) -> str:
    caption = f"<figcaption><h3>{escaped(stage['title'])}</h3><p>{escaped(told)}</p></figcaption>"
    return f"<figure>{caption}{drawn}</figure>"


def _cards(intro: str, cards: Sequence[str], idle: Sequence[str]) -> str:
    left_out = _note(f"Nothing known yet of: {', '.join(idle)}.") if idle else ""
    if not cards:
        return f'<p class="none">Nothing to draw yet.</p>{left_out}'
    return "\n".join([f"<p>{intro}</p>", '<div class="cards">', *cards, f"</div>{left_out}"])


def _periods(stage: Stage) -> str:
    """The numbers behind the picture, for whoever wants or needs them."""
    rows = [[one["period"], *(one[name] for name in _COUNTED)] for one in stage["periods"]]
    numbers = Table(("period", "entered", "left", "there at the end"), rows)
    inside = table(numbers, f"Flow through {stage['title']}")
    return f"<details><summary>The numbers</summary>{inside}</details>"
