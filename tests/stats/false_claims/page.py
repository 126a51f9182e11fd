"""The page of false claims as Markdown."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from tests.stats.false_claims.row import EXACT, Row

PAGE = Path(__file__).parents[3] / "docs" / "false-claims.md"

HEAD = """\
# How often a report claims something false

Each verdict of the reports was tried on data in which there is nothing to find, at its least favourable: a promise kept
exactly as often as promised, signals that say nothing about the outcome, receivers who are equally good, handoffs that
come in batches on any day and are returned batch by batch, a trial whose difference is exactly the margin. *False
claims* is the share of runs of a report that claim anything at all. *Seen* is how often a run finds what is there where
something is, so that silence does not pass for care: a few deals show only large effects.

The aim is at most 5 %. Simulated figures come from 4,000 runs with a fixed seed (*seen* from 1,000), and pass below
6.0 %, which is 5 % and three standard errors. Exact sums have no such error. Newcombe's interval, by which a trial is
decided, holds its 5 % only to within a few tenths: the exact sums for trials reach 5.6 %. All other exact sums stay at
5 % or less.

"worth watching" in `report won` is a hint, not a claim: of five that are named, one may be nothing. The column *hints*
says how often a run names anything so, or claims it, where there is nothing.

`python -m tests.stats.false_claims` writes this page.
"""

WITH_HINTS = "won"  # the only report that hints without a claim
TITLES = {
    "sla": "Promises between teams",
    "won": "What won deals share",
    "receiver": "The right receiver",
    "signs": "Signs of gaming",
    'trial, "keep it out"': "A trial keeps an item out",
    'trial, "put it back"': "A trial puts an item back",
    'probation, "at most"': "Probation says how many may miss an item at most",
}


def page_of(rows: Iterable[Row]) -> str:
    """Returns the whole page."""
    by_report = sorted(rows, key=lambda row: list(TITLES).index(row.report))
    parts = [_table(report, list(group)) for report, group in groupby(by_report, key=lambda row: row.report)]
    return "\n".join([HEAD, *parts])


def _table(report: str, rows: Sequence[Row]) -> str:
    hints = report == WITH_HINTS
    head = [
        "without an effect",
        "size",
        "runs",
        "false claims",
        *(["hints"] if hints else []),
        "with an effect",
        "seen",
    ]
    lines = [f"## {TITLES[report]}", "", _line(head), _line(["---"] * len(head))]
    for row in rows:
        middle = [_percent(row.hints) if row.hints is not None else ""] if hints else []
        runs = "exact" if row.runs == EXACT else f"{row.runs:,}"
        false_claims, power = _percent(row.false_claims), f"{row.power:.0%}"
        lines.append(_line([row.without_effect, row.size, runs, false_claims, *middle, row.effect, power]))
    return "\n".join([*lines, ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _percent(share: float) -> str:
    return f"{share:.1%}"
