"""Renders the report on reasons: a table with the deals behind each count."""

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.reports.reasons.figures import ReasonLine
from handoffctl.reports.reasons.report import ReasonsReport

MAX_TITLE = 40
MAX_REF = 24
MOST_NAMED = 3  # deals of each reason
HEADINGS = {"return": "Returned", "lost": "Lost", "disqualified": "Disqualified", "nurture": "Put aside"}


def render(result: ReasonsReport) -> Report:
    """Returns a table of reasons for each way a deal came back or ended, or a sentence if none did."""
    lines = {occasion: [line for line in result.reasons if line.occasion == occasion] for occasion in HEADINGS}
    parts = [
        Part(_table(of_occasion), f"{HEADINGS[occasion]} ({sum(line.times for line in of_occasion):,})")
        for occasion, of_occasion in lines.items()
        if of_occasion
    ]
    return Report("Reasons", parts, _figures(result), _says(result))


def _says(result: ReasonsReport) -> list[str]:
    says = []
    if not result.reasons:
        when = "in this time" if result.head.limited else "so far"
        says.append(f"No deal was returned, lost, disqualified or put aside {when}.")
    elif not result.listed:
        says.append(
            f"The playbook {result.head.playbook} has no list of reasons. Add one (reasons), and name them with --as."
        )
    counts = [(result.test, "on test accounts"), (result.undated, "without a known day")]
    left_out = [f"{count:,} {words}" for count, words in counts if count]
    return [*says, *([f"Left out: {', '.join(left_out)}."] if left_out else [])]


def _table(lines: list[ReasonLine]) -> Table:
    rows: list[list[Cell]] = [
        [cut_short(line.title, MAX_TITLE), line.times, f"{line.share:.0%}", _deals(line)] for line in lines
    ]
    below = ["Counted on the day of the return or the close. See one with: handoffctl show ACCOUNT"]
    return Table(["reason", "times", "share", "deals"], rows, below)


def _deals(line: ReasonLine) -> str:
    refs = list(dict.fromkeys(deal.ref for deal in line.deals))
    shown = ", ".join(cut_short(ref, MAX_REF) for ref in refs[:MOST_NAMED])
    return shown + (f" and {len(refs) - MOST_NAMED:,} more" if len(refs) > MOST_NAMED else "")


def _figures(result: ReasonsReport) -> Table:
    """Returns one row per deal and reason, with how often the reason was given."""
    columns = ["occasion", "reason", "title", "times", "share", "account", "deal", "at", "because"]
    rows: list[list[Cell]] = [
        [line.occasion, line.reason, line.title, line.times, line.share, deal.account, deal.ref, deal.at, deal.because]
        for line in result.reasons
        for deal in line.deals
    ]
    return Table(columns, rows)
