"""Renders the report on dispositions: what was followed and overruled in a sentence, then rules and deals as tables."""

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table
from handoffctl.reports.dispositions.figures import RuleFigures, Whereabouts
from handoffctl.reports.dispositions.report import DispositionsReport

MOST_DEALS = 20  # in the table for people

_PROPOSED = {"lost": "give up", "disqualified": "disqualify", "nurture": "put aside", "keep": "keep"}
_DECIDED = {
    "lost": "given up", "disqualified": "disqualified", "nurture": "put aside", "keep": "kept",
    "snooze": "gone on with", "won": "won",
}  # fmt: skip
_NOW = {"open": "open", "won": "won", "lost": "lost", "nurture": "put aside"}


def render(result: DispositionsReport) -> Report:
    """Returns the report as sentences and tables."""
    parts = [Part(_rules(result), "By rule")] if result.rules else []
    overruled = [deal for deal in result.deals if not deal.followed]
    parts += [Part(_deals(result), "Overruled")] if overruled else []
    return Report("Dispositions", parts, _figures(result), [*_summary(result), *_left_out(result)])


def _summary(result: DispositionsReport) -> list[str]:
    if not result.decided:
        return ["Nothing was decided yet about a deal for which a rule spoke. See the proposals: handoffctl dispose"]
    sentences = [
        f"Of {result.decided:,} {'deal' if result.decided == 1 else 'deals'} for which a rule spoke, "
        f"{result.followed:,} went as proposed and {result.overruled:,} did not."
    ]
    if result.overruled:
        now = _in_all([rule.overruled_now for rule in result.rules])
        sentences.append(f"Where a proposal was overruled: {_counts(now)} by now.")
    return sentences


def _in_all(parts: list[Whereabouts]) -> Whereabouts:
    return Whereabouts(*(sum(counts) for counts in zip(*parts, strict=True)))


def _counts(where: Whereabouts) -> str:
    named = zip(("won", "lost", "put aside", "open"), where, strict=True)
    return ", ".join(f"{count:,} {name}" for name, count in named if count) or "none"


def _left_out(result: DispositionsReport) -> list[str]:
    return [f"Left out: {result.test:,} on test accounts."] if result.test else []


def _rules(result: DispositionsReport) -> Table:
    rows: list[list[Cell]] = [
        [rule.rule, _PROPOSED[rule.proposed], rule.decided, rule.followed, rule.overruled, _counts(rule.overruled_now)]
        for rule in result.rules
    ]
    below = ["A deal counts once for each rule, by the newest decision about it."]
    return Table(["rule", "proposes", "deals", "followed", "overruled", "overruled, now"], rows, below)


def _deals(result: DispositionsReport) -> Table:
    overruled = [deal for deal in result.deals if not deal.followed]
    rows: list[list[Cell]] = [
        [deal.deal, _PROPOSED[deal.proposed], _DECIDED[deal.decided], _NOW[deal.now], deal.because]
        for deal in overruled[:MOST_DEALS]
    ]
    more = len(overruled) - MOST_DEALS
    below = ["Open one with: handoffctl show DEAL", *([f"{more:,} more are in --csv."] if more > 0 else [])]
    return Table(["deal", "proposed", "instead", "now", "because"], rows, below)


def _figures(result: DispositionsReport) -> Table:
    """Returns one row for each rule and each deal."""
    columns = [
        "row", "rule", "proposed", "deal", "at", "decided", "followed", "overruled", "won", "lost", "put_aside", "open",
        "now", "because",
    ]  # fmt: skip
    rows = [row for rule in result.rules for row in _figures_of(rule)]
    for deal in result.deals:
        rows.append(
            ["deal", deal.rule, deal.proposed, deal.deal, deal.at, deal.decided, int(deal.followed),
             int(not deal.followed), None, None, None, None, deal.now, deal.because]
        )  # fmt: skip
    return Table(columns, rows)


def _figures_of(rule: RuleFigures) -> list[list[Cell]]:
    head: list[Cell] = [rule.rule, rule.proposed, "", None, rule.decided, rule.followed, rule.overruled]
    return [
        ["rule", *head, *rule.overruled_now, "", ""],
        ["rule followed", *head, *rule.followed_now, "", ""],
    ]
