"""The revenue goal: what was reached of it, and the pace that the rest asks for."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.reports.goals.counted import Counted, chosen
from handoffctl.reports.goals.events import GoalEvent
from handoffctl.reports.goals.periods import Pace, pace_of, usual_a_day
from handoffctl.reports.goals.spans import Span

ALL_ROLES = ""


class GoalLine(NamedTuple):
    """The revenue goal, how much of it was reached, and the pace as for an objective.

    With --since or --until there is no pace: its fields are None.
    """

    revenue: float
    per: str
    begins: str
    ends: str
    reached: float
    wins: int
    without_amount: int
    to_go: float
    working_days_left: int | None
    a_day_needed: float | None
    usual_a_day: float | None
    due_by_now: float | None
    expected_from_open: float | None
    not_weighted: int | None


def measure_goal(counted: Counted, person: str) -> GoalLine | None:
    """Returns the goal of the playbook, with a person what they brought; None if the playbook has no goal."""
    goal = counted.context.playbook.goal
    if goal is None:
        return None
    span = counted.span(goal.per)
    own = chosen(counted.events, ALL_ROLES, person, None)
    within = [event for event in own if span.window.contains(event.at)]
    reached = sum(event.amount for event in within if event.what == "revenue")
    pace = _pace(counted, goal.revenue, reached, own, span)
    to_come = span.paced and not span.is_over(counted.context)
    expected = counted.expected(span.period.ends, person, None) if to_come else None
    whats = Counter(event.what for event in within)
    return GoalLine(
        goal.revenue, goal.per, span.period.begins.isoformat(), span.period.ends.isoformat(), reached, whats["wins"],
        whats["revenue_unknown"], max(goal.revenue - reached, 0.0), pace and pace.days_left, pace and pace.a_day,
        pace and pace.usual, pace and pace.due, round(expected.revenue, 2) if expected else None,
        expected and expected.not_weighted,
    )  # fmt: skip


def _pace(
    counted: Counted, revenue: float, reached: float, own: Sequence[GoalEvent], span: Span
) -> Pace | None:  # fmt: skip
    days, today = span.days(counted.context), counted.context.clock.today
    amounts = [(event.day, event.amount) for event in own if event.what == "revenue"]
    begun = min((event.day for event in counted.events), default=today)
    usual = usual_a_day(amounts, begun, today, counted.context.home.week)
    return None if days is None else pace_of(reached, revenue, days, usual)
