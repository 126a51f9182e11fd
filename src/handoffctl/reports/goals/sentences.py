"""The sentences of the report on goals: the goal, each objective, receivers and clients."""

from collections.abc import Sequence
from datetime import date

from handoffctl.core.screen_dates import MONTHS
from handoffctl.playbook.describe_rules import RATES, share
from handoffctl.playbook.quantities import counted
from handoffctl.reports.goals.customers import Clients
from handoffctl.reports.goals.goal import GoalLine
from handoffctl.reports.goals.measured import MONEY
from handoffctl.reports.goals.objectives import ObjectiveLine
from handoffctl.reports.goals.receivers import ReceiverQueue
from handoffctl.stats.constants import FEWEST_ENDED

DAYS = ("cycle", "contract_length", "first_value")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SOON = 7  # days within which a queue that runs dry is called by its weekday


def goal_sentence(goal: GoalLine, currency: str) -> str:
    """Returns how the revenue stands against the goal: `Revenue: 120,000 of 200,000 EUR a year; 80,000 to go ...`."""
    money = f" {currency}" if currency else ""
    fact = f"Revenue: {goal.reached:,.0f} of {goal.revenue:,.0f}{money} a {goal.per}"
    unknown = f"; {goal.without_amount:,} won without an amount{_in(currency)}" if goal.without_amount else ""
    if goal.working_days_left is None:
        return f"{fact}{unknown}."
    pace = _pace(goal.to_go, goal.working_days_left, goal.a_day_needed, goal.usual_a_day, True)
    due = f"; {goal.due_by_now:,.0f} would be on pace" if goal.due_by_now and goal.to_go else ""
    return f"{fact}; {pace}{due}{_expected(goal.expected_from_open, goal.not_weighted, True)}{unknown}."


def _in(currency: str) -> str:
    return f" in {currency}" if currency else ""


def objective_sentence(line: ObjectiveLine, currency: str = "") -> str:
    """Returns `calls (sales): 96 of 120 a month; 24 to go in 2 days: 12 a day (your usual: 5). 40 reached somebody.`"""
    whose = f"{line.role}, {line.person}" if line.person else line.role
    beside = f" {line.beside[:1].upper()}{line.beside[1:]}." if line.beside else ""
    return f"{line.name} ({whose}): {_state(line, currency)}.{beside}"


def _state(line: ObjectiveLine, currency: str) -> str:
    if line.value is None:
        between = range_in_words(line.low, line.high)
        few = "not known yet" if line.ended is None else f"not enough yet: {line.ended} of {FEWEST_ENDED}"
        return f"{between or few}; aim {_aim(line)} a {line.per}"
    if line.to_go is None or line.at_least is None or line.working_days_left is None:
        between = f" ({_interval(line)})" if line.low is not None and line.high != line.low else ""
        state = "reached" if line.reached else "not reached"
        return f"{_amount(line, line.value)}{between}; aim {_aim(line)} a {line.per}: {state}"
    money = line.measure in MONEY
    unit = f" {currency}" if money and currency else ""
    pace = _pace(line.to_go, line.working_days_left, line.a_day_needed, line.usual_a_day, money)
    fact = f"{_amount(line, line.value)} of {_amount(line, line.at_least)}{unit} a {line.per}"
    return f"{fact}; {pace}{_expected(line.expected_from_open, line.not_weighted, money)}"


def _aim(line: ObjectiveLine) -> str:
    bound = "at most" if line.at_least is None else "at least"
    return f"{bound} {_amount(line, line.at_most if line.at_least is None else line.at_least)}"


def _interval(line: ObjectiveLine) -> str:
    if line.measure in RATES:
        return f"{line.low:.0%} to {line.high:.0%}"
    return f"{_amount(line, line.low)} to {_amount(line, line.high)}"


def _amount(line: ObjectiveLine, value: float | None) -> str:
    if value is None:
        return "-"
    if line.measure in RATES:
        return share(round(value, 3))
    if line.measure in DAYS:
        return f"{value:,.0f} days"
    return f"{value:,.0f}" if line.measure in MONEY else f"{value:,.10g}"


def _pace(to_go: float, days: int, a_day: float | None, usual: float | None, money: bool) -> str:
    """Returns `24 to go in 2 days: 12 a day (your usual: 5)`."""
    if not to_go:
        return "reached"
    if a_day is None:
        return f"{_number(to_go, money)} short, and no working day left"
    often = f" (your usual: {_number(usual, money)})" if usual is not None else ""
    return f"{_number(to_go, money)} to go in {counted(days, 'day')}: {_number(a_day, money)} a day{often}"


def _number(value: float, money: bool) -> str:
    """Returns money in whole units, counts with one decimal where they are not whole."""
    if money:
        return f"{value:,.0f}"
    return f"{value:,.1f}".removesuffix(".0") if value >= 0.05 or value == 0 else "under 0.1"


def _expected(expected: float | None, not_weighted: int | None, money: bool) -> str:
    if expected is None:
        return ""
    without = f" ({not_weighted:,} more not weighted)" if not_weighted else ""
    return f"; expected from open deals by then: {_number(expected, money)}{without}"


def furthest_behind(objectives: Sequence[ObjectiveLine]) -> list[str]:
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
        return WEEKDAYS[day.weekday()]
    year = "" if day.year == today.year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1]}{year}"


def client_sentences(clients: Clients) -> list[str]:
    """Returns what can be said of renewals, churn, revenue kept and contracts; nothing of what nobody has."""
    says = []
    renewals, churn, kept, length = clients.renewals, clients.churn, clients.retention, clients.contract_length
    if between := range_in_words(renewals.low, renewals.high):
        overdue = f" and {renewals.overdue} overdue" if renewals.overdue else ""
        says.append(f"Renewals: {renewals.renewed} of {renewals.decided} decided{overdue}: {between}.")
    if churn.share is not None:
        says.append(f"Clients: {churn.active} active at the start, {churn.ended} ended: churn {churn.share:.0%}.")
    if kept.gross is not None and kept.net is not None and kept.expansion is not None:
        unknown = f" {kept.unknown} without an amount." if kept.unknown else ""
        shares = f"gross {kept.gross:.0%}, net {kept.net:.0%}; expansion {kept.expansion:.0%}"
        says.append(f"Revenue kept: {shares}.{unknown}")
    if length.median_days is not None:
        says.append(f"Contracts signed: {length.clients}, median length {length.median_days:,.0f} days.")
    return says


def range_in_words(low: float | None, high: float | None) -> str:
    """Returns `between 69% and 92%`, or one share if both ends are the same; empty if nothing is known."""
    if low is None or high is None:
        return ""
    return f"{low:.0%}" if low == high else f"between {low:.0%} and {high:.0%}"
