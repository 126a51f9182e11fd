"""Renders the report on goals: a sentence for each aim, then counts, win rates and cycles as tables."""

from datetime import date

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.reports.goals.closings import CLOSED, CycleDay, WinRate
from handoffctl.reports.goals.counts import CountsLine
from handoffctl.reports.goals.figures_table import figures_table
from handoffctl.reports.goals.report import GoalsReport, ListedDeal
from handoffctl.reports.goals.sentences import (
    client_sentences,
    furthest_behind,
    goal_sentence,
    objective_sentence,
    receiver_sentence,
)
from handoffctl.stats.constants import FEWEST_ENDED, FEWEST_ENDED_ENTRIES

WIDEST_NAME = 18
WIDEST_ROLE = 12  # beside a name
MOST_LISTED = 20
WORDS = {
    "wins": "won", "lost": "lost", "disqualified": "disqualified", "nurture": "put aside", "no_shows": "no-show",
    "returned": "returned", "pipeline_unknown": "came without an amount", "revenue_unknown": "won without an amount",
}  # fmt: skip
WHAT_TO_WRITE = (
    "The playbook has no goal yet. Write one with `handoffctl playbook edit {}`, as in: "
    "goal: {{revenue: 200000, per: year}}, and what leads to it: "
    "objectives: {{calls: {{role: {}, measure: calls, at_least: 20, per: week, serves: Enough first talks.}}}}"
)
EXPLAINED = (
    "Each count belongs to the owner of the deal at that time, and a touch to the person who recorded it if "
    "`person list` has them. leads: first entries into the role's first stage. worked: of these, with an outgoing "
    "touch. "
    "talks: touches held, answered or replied, one a deal and day. set: meetings booked; a new date is none. "
    "pipeline: amounts when they came. won and lost: of deals that had reached the role's first stage; disqualified "
    "ones are out unless they had reached sales.",
    "Pace: by working days, today included. Usual: a working day, in the last 60 before today. Expected: what open "
    "deals bring by then if they go on as earlier ones of their age; see `handoffctl report forecast`.",
)


def render(result: GoalsReport, explain: bool = False) -> Report:
    """Returns the report as sentences and tables; with `explain` also the deals behind them and the rules."""
    parts = []
    if result.counts:
        parts.append(Part(_activity(result), f"What was done, {result.title}"))
        parts.append(Part(_outcomes(result), f"What came of it, {result.title}"))
    if any(rate.won + rate.lost + rate.put_aside for rate in result.win_rates):
        parts.append(Part(_win_rates(result), "Won of those that ended"))
    if any(cycle.won_counted or cycle.ended >= FEWEST_ENDED_ENTRIES for cycle in result.cycles):
        parts.append(Part(_cycles(result), "How long it takes to win"))
    if explain and result.deals:
        parts.append(Part(_deals(result), "The deals behind the figures"))
    return Report("Goals", parts, figures_table(result), _says(result, explain))


def _says(result: GoalsReport, explain: bool) -> list[str]:
    today = date.fromisoformat(result.today)
    says = [goal_sentence(result.goal, result.currency)] if result.goal else []
    says += [objective_sentence(line, result.currency) for line in result.objectives]
    says += furthest_behind(result.objectives)
    says += _what_to_write(result)
    says += [receiver_sentence(queue, today) for queue in result.receivers]
    says += client_sentences(result.clients) if result.clients else []
    says += [] if result.counts else [f"Nothing was counted in {result.title}."]
    says += _left_out(result)
    if explain:
        return [*says, *EXPLAINED]
    return [*says, *(["The deals behind the figures: handoffctl report goals --explain"] if result.deals else [])]


def _what_to_write(result: GoalsReport) -> list[str]:
    """Says how to write a goal, if the playbook has none of its own and no objectives."""
    if result.has_aims:
        return []
    return [WHAT_TO_WRITE.format(result.head.playbook, result.roles[0] if result.roles else "ROLE")]


def _left_out(result: GoalsReport) -> list[str]:
    counts = [(result.test, "on test accounts"), (result.undated, "without the dates of their stages")]
    left_out = [f"{count:,} {words}" for count, words in counts if count]
    return [f"Left out: {', '.join(left_out)}."] if left_out else []


def _whose(line: CountsLine) -> str:
    """Returns `sales, all` or `sales, Ada`; only the role where deals belong to nobody by name."""
    if line.who == line.role:
        return cut_short(line.role, WIDEST_NAME)
    return f"{cut_short(line.role, WIDEST_ROLE)}, {cut_short('all' if line.who is None else line.who, WIDEST_ROLE)}"


def _activity(result: GoalsReport) -> Table:
    rows: list[list[Cell]] = [
        [_whose(line), line.leads, line.worked, line.calls, line.conversations, line.meetings_set, line.meetings,
         line.no_shows]
        for line in result.counts
    ]  # fmt: skip
    return Table(["who", "leads", "worked", "calls", "talks", "set", "held", "no-shows"], rows)


def _outcomes(result: GoalsReport) -> Table:
    rows: list[list[Cell]] = [
        [_whose(line), line.handoffs, f"{line.returned:,} of {line.handoffs_old:,}", line.accepted,
         round(line.pipeline), line.wins, line.lost, line.nurture, round(line.revenue)]
        for line in result.counts
    ]  # fmt: skip
    columns = ["who", "handoffs", "returned", "accepted", "pipeline", "won", "lost", "aside", "revenue"]
    notes = ["returned: of the handoffs that are at least 14 days old. aside: put aside for later."]
    unknown = sum(line.pipeline_unknown for line in result.counts if line.who is not None)
    notes += [f"pipeline: {unknown:,} came without an amount."] if unknown else []
    return Table(columns, rows, notes, give_way=["accepted", "aside", "handoffs"])


def _win_rates(result: GoalsReport) -> Table:
    rows: list[list[Cell]] = [
        [cut_short(rate.role, WIDEST_NAME), "closed" if rate.by == CLOSED else "entered", rate.won, rate.lost,
         rate.put_aside, rate.open if rate.by != CLOSED else None, *_rate_cells(rate)]
        for rate in result.win_rates
    ]  # fmt: skip
    notes = ["closed: deals that ended in this time. entered: deals that reached the role's first stage in it."]
    return Table(["role", "in this time", "won", "lost", "aside", "open", "rate", "95 %"], rows, notes)


def _rate_cells(rate: WinRate) -> list[Cell]:
    if rate.rate is None:
        return [f"not enough yet: {rate.won + rate.lost} of {FEWEST_ENDED}", None]
    return [f"{rate.rate:.0%}", f"{rate.low:.0%} to {rate.high:.0%}"]


def _cycles(result: GoalsReport) -> Table:
    rows: list[list[Cell]] = [
        [cut_short(cycle.role, WIDEST_NAME), cycle.entries, cycle.ended, *map(_won_by, cycle.won_by),
         "-" if cycle.median_days_of_won is None else f"{cycle.median_days_of_won:,.0f} ({cycle.won_counted})"]
        for cycle in result.cycles
    ]  # fmt: skip
    columns = ["role", "entered", "ended", "by day 30", "60", "90", "180", "median of won"]
    notes = [
        "by day: the share won so soon after entering the role's first stage, of all that entered, open ones counted "
        "in; a dash where no deal has a history so long. median of won: days, of the won only, from entries old enough."
    ]
    if any(cycle.ended < FEWEST_ENDED_ENTRIES for cycle in result.cycles):
        notes.append(f"Shares are given from {FEWEST_ENDED_ENTRIES} ended deals on.")
    return Table(columns, rows, notes)


def _won_by(day: CycleDay) -> Cell:
    return "-" if day.share is None else f"{day.share:.0%}"


def _deals(result: GoalsReport) -> Table:
    rows: list[list[Cell]] = [_deal_row(deal) for deal in result.deals[:MOST_LISTED]]
    more = len(result.deals) - MOST_LISTED
    return Table(["what", "who", "open it with"], rows, [f"{more:,} more are in --json."] if more > 0 else [])


def _deal_row(deal: ListedDeal) -> list[Cell]:
    return [WORDS[deal.what], cut_short(deal.who, WIDEST_NAME), deal.command]
