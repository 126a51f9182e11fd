"""Renders the report on goals: a sentence for each aim, then counts, win rates, cycles and clients as tables."""

from collections.abc import Sequence
from datetime import date

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.core.screen_dates import MONTHS
from handoffctl.playbook.describe_rules import RATES, share
from handoffctl.reports.goals.closings import CLOSED, CycleDay, WinRate
from handoffctl.reports.goals.objectives import MONEY, ObjectiveLine
from handoffctl.reports.goals.receivers import ReceiverQueue
from handoffctl.reports.goals.report import CountsLine, GoalLine, GoalsReport, ListedDeal
from handoffctl.stats.constants import FEWEST_ENDED, FEWEST_ENDED_ENTRIES

DAYS = ("cycle", "contract_length", "first_value")
WIDEST_NAME = 18
WIDEST_WHO = 26
MOST_LISTED = 20
FULL_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SOON = 7  # days within which a queue that runs dry is called by its weekday
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
    "Each count belongs to the owner of the deal at that moment; a touch to the person who recorded it, if they are in "
    "`person list`. leads: first entries into the role's first stage. worked: of these, with an outgoing touch. "
    "talks: touches held, answered or replied, one a deal and day. set: meetings booked; a new date is none. "
    "pipeline: amounts when they came. won and lost: of deals that had reached the role's first stage; disqualified "
    "ones are out unless they had reached sales.",
    "Pace: by working days, today included. Usual: a working day, in the last 60 before today. Expected: what open "
    "deals bring by then if they go on as earlier ones of their age; see `handoffctl report forecast`.",
)


def render(result: GoalsReport, explain: bool = False) -> Report:
    """Returns the report as sentences and tables; with `explain` also the deals behind them and the rules."""
    parts = [
        Part(_activity(result), f"What was done, {result.title}"),
        Part(_outcomes(result), f"What came of it, {result.title}"),
    ]
    parts = parts if result.counts else []
    parts += [Part(_win_rates(result), "Won of those that ended")] if result.win_rates else []
    parts += [Part(_cycles(result), "How long it takes to win")] if result.cycles else []
    parts += [Part(_deals(result), "The deals behind the figures")] if explain and result.deals else []
    return Report("Goals", parts, _figures(result), _says(result, explain))


def _says(result: GoalsReport, explain: bool) -> list[str]:
    says = [goal_sentence(result.goal, result.currency)] if result.goal else []
    says += [objective_sentence(line, result.currency) for line in result.objectives]
    says += _furthest_behind(result.objectives)
    if not result.goal and not result.objectives and not result.person:
        role = next(iter([line.role for line in result.counts]), "seller")
        says.append(WHAT_TO_WRITE.format(result.head.playbook, role))
    says += [receiver_sentence(queue, date.fromisoformat(result.head.as_of[:10])) for queue in result.receivers]
    says += _clients(result)
    says += [] if result.counts else [f"Nothing was counted in {result.title}."]
    says += _left_out(result)
    return [*says, *(EXPLAINED if explain else ())]


def goal_sentence(goal: GoalLine, currency: str) -> str:
    """Returns how the revenue stands against the goal: `Revenue: 120,000 of 200,000 EUR a year; 80,000 to go ...`."""
    money = f" {currency}" if currency else ""
    fact = f"Revenue: {goal.reached:,.0f} of {goal.revenue:,.0f}{money} a {goal.per}"
    unknown = f"; {goal.without_amount} won without an amount" if goal.without_amount else ""
    if goal.working_days_left is None:
        return f"{fact}{unknown}."
    pace = _pace(goal.to_go, goal.working_days_left, goal.a_day_needed, goal.usual_a_day, True)
    due = f"; {goal.due_by_now:,.0f} would be on pace" if goal.due_by_now and goal.to_go else ""
    return f"{fact}; {pace}{due}{_expected(goal.expected_from_open, True)}{unknown}."


def objective_sentence(line: ObjectiveLine, currency: str = "") -> str:
    """Returns `calls (sales): 96 of 120 a month; 24 to go in 2 days: 12 a day (your usual: 5). 40 reached somebody.`"""
    whose = f"{line.role}, {line.person}" if line.person else line.role
    beside = f" {line.beside[:1].upper()}{line.beside[1:]}." if line.beside else ""
    return f"{line.name} ({whose}): {_reached(line, currency)}.{beside}"


def _reached(line: ObjectiveLine, currency: str) -> str:
    aim = (
        f"at least {_amount(line, line.at_least)}"
        if line.at_least is not None
        else f"at most {_amount(line, line.at_most)}"
    )
    if line.value is None:
        range_ = f"between {line.low:.0%} and {line.high:.0%}" if line.low is not None and line.high is not None else ""
        few = f"not enough yet: {line.ended} of {FEWEST_ENDED}" if line.ended is not None else "not known yet"
        return f"{range_ or few}; aim {aim} a {line.per}"
    if line.to_go is None or line.at_least is None or line.working_days_left is None:
        interval = f" ({line.low:.0%} to {line.high:.0%})" if line.low is not None and line.high != line.low else ""
        state = "reached" if line.reached else "not reached"
        return f"{_amount(line, line.value)}{interval}; aim {aim} a {line.per}: {state}"
    money = line.measure in MONEY
    unit = f" {currency}" if money and currency else ""
    pace = _pace(line.to_go, line.working_days_left, line.a_day_needed, line.usual_a_day, money)
    fact = f"{_amount(line, line.value)} of {_amount(line, line.at_least)}{unit} a {line.per}"
    return f"{fact}; {pace}{_expected(line.expected_from_open, money)}"


def _amount(line: ObjectiveLine, value: float | None) -> str:
    if value is None:
        return "-"
    if line.measure in RATES:
        return share(round(value, 3))
    return (
        f"{value:,.0f} days" if line.measure in DAYS else f"{value:,.0f}" if line.measure in MONEY else f"{value:,.10g}"
    )


def _pace(to_go: float, days: int, a_day: float | None, usual: float | None, money: bool) -> str:
    """Returns `24 to go in 2 days: 12 a day (your usual: 5)`."""
    if not to_go:
        return "reached"
    if a_day is None:
        return f"{_number(to_go, money)} short, and no working day left"
    often = f" (your usual: {_number(usual, money)})" if usual is not None else ""
    return (
        f"{_number(to_go, money)} to go in {days} day{'' if days == 1 else 's'}: {_number(a_day, money)} a day{often}"
    )


def _number(value: float, money: bool) -> str:
    """Returns money in whole units, small counts with one decimal, and others whole."""
    if money or value >= 10:
        return f"{value:,.0f}" if money or value == int(value) else f"{value:,.1f}"
    return f"{value:.1f}".removesuffix(".0") if value >= 0.05 or value == 0 else "under 0.1"


def _expected(expected: float | None, money: bool) -> str:
    return "" if expected is None else f"; expected from open deals by then: {_number(expected, money)}"


def _furthest_behind(objectives: Sequence[ObjectiveLine]) -> list[str]:
    """Says which count is furthest behind an even pace, if one is."""
    behind = [
        line for line in objectives if line.due_by_now and line.value is not None and line.value < line.due_by_now
    ]
    if not behind:
        return []
    line = min(behind, key=lambda line: (line.value or 0.0) / (line.due_by_now or 1.0))
    due = _number(line.due_by_now or 0.0, line.measure in MONEY)
    return [f"Furthest behind an even pace: {line.name}, {_amount(line, line.value)} where {due} would be on pace."]


def receiver_sentence(queue: ReceiverQueue, today: date) -> str:
    """Returns `Alan has 1 open, takes 4 a week: dry by Thursday.`, or `Bea has 14 open of 12.`"""
    of = f" of {queue.capacity}" if queue.capacity is not None else ""
    if queue.over or not queue.taken:
        return f"{queue.who} has {queue.open} open{of}."
    rate = f"{queue.a_week:.1f}".removesuffix(".0")
    dry = f": dry by {_day(date.fromisoformat(queue.dry_on), today)}" if queue.dry_on else ""
    return f"{queue.who} has {queue.open} open{of}, takes {rate} a week{dry}."


def _day(day: date, today: date) -> str:
    if 0 <= (day - today).days < SOON:
        return FULL_WEEKDAYS[day.weekday()]
    year = "" if day.year == today.year else f" {day.year}"
    return f"{FULL_WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1]}{year}"


def _clients(result: GoalsReport) -> list[str]:
    clients = result.clients
    if clients is None:
        return []
    says = []
    renewals, churn, kept, length = clients.renewals, clients.churn, clients.retention, clients.contract_length
    if renewals.low is not None and renewals.high is not None:
        between = (
            f"{renewals.low:.0%}"
            if renewals.low == renewals.high
            else f"between {renewals.low:.0%} and {renewals.high:.0%}"
        )
        overdue = f" and {renewals.overdue} overdue" if renewals.overdue else ""
        says.append(f"Renewals: {renewals.renewed} of {renewals.decided} decided{overdue}: {between}.")
    if churn.share is not None:
        says.append(f"Clients: {churn.active} active at the start, {churn.ended} ended: churn {churn.share:.0%}.")
    if kept.gross is not None and kept.net is not None and kept.expansion is not None:
        unknown = f" {kept.unknown} without an amount." if kept.unknown else ""
        says.append(
            f"Revenue kept: gross {kept.gross:.0%}, net {kept.net:.0%}; expansion {kept.expansion:.0%}.{unknown}"
        )
    if length.median_days is not None:
        says.append(f"Contracts signed: {length.clients}, median length {length.median_days:,.0f} days.")
    return says


def _left_out(result: GoalsReport) -> list[str]:
    counts = [(result.test, "on test accounts"), (result.undated, "without the dates of their stages")]
    said = [f"{count:,} {words}" for count, words in counts if count]
    return [f"Left out: {', '.join(said)}."] if said else []


def _whose(line: CountsLine) -> str:
    if line.who is None:
        return cut_short(f"{line.role}, all", WIDEST_WHO)
    return cut_short(line.role if line.who == line.role else f"{line.who} ({line.role})", WIDEST_WHO)


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
    return Table(columns, rows, notes, give_way=["accepted", "aside"])


def _win_rates(result: GoalsReport) -> Table:
    rows: list[list[Cell]] = [
        [cut_short(rate.role, WIDEST_NAME), "closed" if rate.by == CLOSED else "entered", rate.won, rate.lost,
         rate.put_aside, rate.open if rate.by != CLOSED else None, *_rate_cells(rate)]
        for rate in result.win_rates
    ]  # fmt: skip
    notes = ["closed: deals that ended in this time. entered: deals that reached the role's first stage in it."]
    return Table(["role", "in this time", "won", "lost", "aside", "open", "rate", "95 %"], rows, notes)


def _rate_cells(rate: WinRate) -> list[Cell]:
    if rate.rate is None or rate.low is None or rate.high is None:
        return [f"{rate.won + rate.lost} of {FEWEST_ENDED}", "not enough yet"]
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


def _figures(result: GoalsReport) -> Table:
    """Returns one row for the goal, each objective, each count, each win rate, day of a cycle and receiver."""
    columns = [
        "row",
        "role",
        "who",
        "measure",
        "value",
        "low",
        "high",
        "aim",
        "to_go",
        "a_day",
        "usual",
        "expected",
        "begins",
        "ends",
    ]
    rows: list[list[Cell]] = []
    if result.goal:
        goal = result.goal
        rows.append(
            ["goal", None, result.person, "revenue", goal.reached, None, None, goal.revenue, goal.to_go,
             goal.a_day_needed, goal.usual_a_day, goal.expected_from_open, goal.begins, goal.ends]
        )  # fmt: skip
    for line in result.objectives:
        aim = line.at_least if line.at_least is not None else line.at_most
        rows.append(
            [f"objective {line.name}", line.role, line.person or None, line.measure, line.value, line.low, line.high,
             aim, line.to_go, line.a_day_needed, line.usual_a_day, line.expected_from_open, line.begins, line.ends]
        )  # fmt: skip
    rows += [row for line in result.counts for row in _count_rows(result, line)]
    for rate in result.win_rates:
        for measure, value in (("won", rate.won), ("lost", rate.lost), ("put_aside", rate.put_aside)):
            rows.append(_short(result, f"win rate {rate.by}", rate.role, None, measure, value))
        rows.append(_short(result, f"win rate {rate.by}", rate.role, None, "rate", rate.rate, rate.low, rate.high))
    for cycle in result.cycles:
        rows += [
            _short(result, "cycle", cycle.role, None, f"won by day {day.day}", day.share, day.low, day.high)
            for day in cycle.won_by
        ]
        rows.append(_short(result, "cycle", cycle.role, None, "median days of won", cycle.median_days_of_won))
    for queue in result.receivers:
        rows.append(_short(result, "receiver", None, queue.who, "open", queue.open))
        rows.append(_short(result, "receiver", None, queue.who, "taken a week", queue.a_week))
    return Table(columns, rows)


def _count_rows(result: GoalsReport, line: CountsLine) -> list[list[Cell]]:
    return [_short(result, "count", line.role, line.who, name, getattr(line, name)) for name in CountsLine._fields[2:]]


def _short(
    result: GoalsReport, row: str, role: Cell, who: Cell, measure: str, value: Cell, low: Cell = None, high: Cell = None
) -> list[Cell]:
    return [row, role, who, measure, value, low, high, *[None] * 5, result.begins, result.ends]
