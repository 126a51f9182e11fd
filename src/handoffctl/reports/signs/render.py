"""Renders the report on signs of gaming: a sentence for each thing to look at, then the counts and their deals."""

from collections.abc import Iterator

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.core.moments import Clock
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.reports.signs.report import OwnerLine, PlainCount, SignDeal, SignsReport, SurgeFigures, WorseFigures
from handoffctl.stats.constants import FEWEST_HANDOFFS

MOST_LISTED = 20  # deals in the table for people
WIDEST_WORDS = 40  # places for what there is to look at
SIGNS = {
    "least_words": "short",
    "same_text": "same text",
    "held_at_once": "at once",
    "no_shows": "no-shows",
}
LEGEND = {
    "short": "answers with exactly the least number of words.",
    "same text": "answers in the same words for several accounts.",
    "at once": "meetings marked as held within five minutes of booking, without another touch that day.",
    "no-shows": "of the meetings they booked.",
}


def render(result: SignsReport, owner: str = "", explain: bool = False) -> Report:
    """Returns the report as sentences and tables; every figure and the deals where one owner was asked for."""
    title = "Signs of handing off to hit a number"
    if result.off:
        return Report(title, [], _figures(result), [_off(result), *_left_out(result)])
    said = [sentence for line in result.owners for sentence in sentences(line, result.per, bool(owner) or explain)]
    parts = [Part(_counts(result, owner), "To look at")] if result.owners else []
    parts += [Part(table, "Deals behind the figures") for table in _deals(result) if owner]
    parts += [Part(_explained(result), "Why")] if explain and any(not line.is_silent for line in result.owners) else []
    nothing = f"{owner or 'Nobody'} has handed {'nothing' if owner else 'a deal'} off yet."
    says = [*_first(result), *(said or [nothing]), *_left_out(result)]
    return Report(title, parts, _figures(result), says)


def sentences(line: OwnerLine, per: str, everything: bool = False) -> list[str]:
    """Returns what there is to look at for one owner, or all figures; one sentence if there is nothing."""
    if line.surge is None or line.late is None or line.bare is None:
        return [f"{line.owner}: not enough yet: {line.handoffs} of {FEWEST_HANDOFFS} handoffs in the {per}s judged."]
    found = [
        (line.surge.stands_out, _surge(line.surge, per)),
        (line.late.stands_out, _worse(line.late, f"on the last three working days of a {per}")),
        (line.bare.stands_out, _worse(line.bare, "with nothing to spare")),
    ]
    said = [f"{line.owner}: look at this. {words}" for stands_out, words in found if stands_out and words]
    said = said or [f"{line.owner}: nothing stands out in {line.handoffs:,} handoffs."]
    return said + [f"{line.owner}: {words}" for stands_out, words in found if everything and not stands_out and words]


def _surge(surge: SurgeFigures, per: str) -> str:
    return (
        f"{surge.late:,} of {surge.handoffs:,} handoffs fell on the last three working days of a {per}; "
        f"about {surge.evenly:.0f} would if all days were alike."
    )


def _worse(worse: WorseFigures, which: str) -> str:
    """Returns the counts and the difference with its interval; empty if there was no such handoff."""
    if not worse.handoffs:
        return ""
    fact = f"Of {worse.handoffs:,} handed off {which}, {worse.bad:,} came back or were lost within 14 days"
    if worse.difference is None or worse.low is None or worse.high is None:
        return f"{fact}; there are no others."
    others = f"of the {worse.other_handoffs:,} others {worse.other_bad:,}"
    return f"{fact}; {others}: {_points(worse.difference)} points ({_points(worse.low)} to {_points(worse.high)})."


def _points(share: float) -> str:
    return f"{share * 100:+.0f}"


def _off(result: SignsReport) -> str:
    if not result.owners_here:
        return "This report is off: it is for a team, and nobody owns a deal here yet."
    return "This report is off: it is for a team, and one person owns every deal here."


def _first(result: SignsReport) -> list[str]:
    """Returns which months are judged, and what the figures are for."""
    number = len(result.judged)
    months = f"the {number} whole {result.per}s" if number > 1 else f"the whole {result.per}"
    judged = f"Judged by {months} that ended more than 14 days ago."
    if not number:
        judged = f"No whole {result.per} ended more than 14 days ago, so there are no verdicts yet."
    return [judged, "These are things to look at. Show each person their own first, with --owner NAME."]


def _left_out(result: SignsReport) -> list[str]:
    counts = [(result.test, "on test accounts"), (result.undated, "of deals that were lost without a date")]
    said = [f"{count:,} {words}" for count, words in counts if count]
    return [f"Left out: {', '.join(said)}."] if said else []


def _counts(result: SignsReport, owner: str) -> Table:
    rows: list[list[Cell]] = [[line.owner, line.handoffs_in_all, *_cells(line)] for line in result.owners]
    below = [] if owner else ["See the deals of one with: handoffctl report signs --owner NAME"]
    few = any(not line.counts for line in result.owners)
    below += [f"-: fewer than {FEWEST_HANDOFFS} handoffs, so not enough yet."] if few else []
    return Table(["owner", "handoffs", *SIGNS.values()], rows, below, LEGEND)


def _cells(line: OwnerLine) -> list[Cell]:
    by_sign = {count.sign: count for count in line.counts}
    return [_cell(by_sign.get(sign)) for sign in SIGNS]


def _cell(count: PlainCount | None) -> Cell:
    return f"{count.count_:,} of {count.of:,}" if count else "-"


def _deals(result: SignsReport) -> Iterator[Table]:
    """Yields one table with the deals behind the figures, if there are any: a row for each deal and day."""
    clock = Clock(result.head.as_of, None)
    rows_by_deal: dict[tuple[str, str], tuple[SignDeal, dict[str, None], dict[str, None]]] = {}
    for sign, deal in (each for line in result.owners for each in _listed(line)):
        _, signs, words = rows_by_deal.setdefault((deal.command, deal.day), (deal, {}, {}))
        signs[sign] = None
        words.update({deal.what: None} if deal.what else {})
    rows: list[list[Cell]] = [
        [
            deal.account,
            weekday_and_day(deal.day, clock),
            ", ".join(signs),
            cut_short("; ".join(words) or "-", WIDEST_WORDS),
        ]
        for deal, signs, words in list(rows_by_deal.values())[:MOST_LISTED]
    ]
    more = len(rows_by_deal) - len(rows)
    below = ["See one with: handoffctl show ACCOUNT"]
    below += [f"{more:,} more are in --csv and --json."] if more else []
    if rows:
        yield Table(["account", "day", "sign", "what"], rows, below)


def _listed(line: OwnerLine) -> Iterator[tuple[str, SignDeal]]:
    """Yields the deals of one owner: those behind a verdict that stands out, then those behind the counts."""
    if line.surge and line.late and (line.surge.stands_out or line.late.stands_out):
        yield from (("end", deal) for deal in line.surge.deals)
    if line.bare and line.bare.stands_out:
        yield from (("nothing to spare", deal) for deal in line.bare.deals)
    for count in line.counts:
        yield from ((SIGNS[count.sign], deal) for deal in count.deals)


def _explained(result: SignsReport) -> Table:
    rows: list[list[Cell]] = [
        [line.owner, sign, _p(figures.p), _p(figures.q), "look at" if figures.stands_out else "-"]
        for line in result.owners
        for sign, figures in (("end", line.surge), ("end, bad", line.late), ("nothing to spare", line.bare))
        if figures is not None
    ]
    below = [
        "end: the share of all sets of three days with as many handoffs; the second smallest p of three periods.",
        "The others: a score test that takes a day as one piece of evidence; the interval must also be above 0.",
        "nothing to spare: exactly the points that the gate asks for, and no nice-to-have item known.",
        "q: by Benjamini and Hochberg over all owners; look at 5% or less.",
    ]
    return Table(["owner", "sign", "p", "q", "verdict"], rows, below)


def _p(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _figures(result: SignsReport) -> Table:
    """Returns one row for each figure of an owner, and one for each deal behind it."""
    columns = ["row", "owner", "sign", "count", "of", "evenly", "other_count", "other_of", "low", "high",
               "stands_out", "account", "deal", "day", "what"]  # fmt: skip
    rows = [row for line in result.owners for row in _rows(line)]
    return Table(columns, rows)


def _rows(line: OwnerLine) -> Iterator[list[Cell]]:
    none: list[Cell] = [None] * 4
    if surge := line.surge:
        yield ["figure", line.owner, "end", surge.late, surge.handoffs, surge.evenly, None, None, None, None,
               _word(surge.stands_out), *none]  # fmt: skip
    for sign, worse in (("end_bad", line.late), ("nothing_to_spare", line.bare)):
        if worse:
            yield ["figure", line.owner, sign, worse.bad, worse.handoffs, None, worse.other_bad, worse.other_handoffs,
                   worse.low, worse.high, _word(worse.stands_out), *none]  # fmt: skip
    for count in line.counts:
        yield ["figure", line.owner, count.sign, count.count_, count.of, *[None] * 6, *none]
    if line.is_silent:
        yield ["figure", line.owner, "not_enough", line.handoffs, FEWEST_HANDOFFS, *[None] * 6, *none]
    for sign, deals in _every_deal(line):
        for deal in deals:
            yield ["deal", line.owner, sign, *[None] * 8, deal.account, deal.deal, deal.day, deal.what]


def _every_deal(line: OwnerLine) -> Iterator[tuple[str, list[SignDeal]]]:
    if line.surge and line.bare:
        yield "end", line.surge.deals
        yield "nothing_to_spare", line.bare.deals
    yield from ((count.sign, count.deals) for count in line.counts)


def _word(stands_out: bool) -> str:
    return "yes" if stands_out else "no"
