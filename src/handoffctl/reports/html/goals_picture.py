"""Draws the pace against the goal: what was reached of each aim, and a mark where an even pace would be by now."""

from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.reports.goals.report import GoalsReport
from handoffctl.reports.goals.sentences import goal_sentence, objective_sentence
from handoffctl.reports.html.charts import LEFT, RIGHT, picture, plain

ROW, TOP, HIGH = 46, 20, 12
LEFT_EDGE = LEFT - 30
LONGEST_NAME = 40


class GoalBar(NamedTuple):
    """An aim: what was reached of it, what would be by now at an even pace, and all that in a sentence."""

    name: str
    reached: float
    aim: float
    due: float
    says: str


def goal_bars(result: GoalsReport) -> list[GoalBar]:
    """Returns the goal and each objective that has a pace."""
    bars = []
    goal = result.goal
    if goal and goal.due_by_now is not None:
        says = goal_sentence(goal, result.currency)
        bars.append(GoalBar("Revenue", goal.reached, goal.revenue, goal.due_by_now, says))
    for line in result.objectives:
        if line.value is not None and line.at_least and line.due_by_now is not None:
            says = objective_sentence(line, result.currency)
            bars.append(GoalBar(line.name, line.value, line.at_least, line.due_by_now, says))
    return bars


def draw_goals(bars: Sequence[GoalBar]) -> str:
    """Draws a bar for each aim; each is as wide as the aim, and more than the aim fills it."""
    parts = [_row(bar, number) for number, bar in enumerate(bars)]
    text = " ".join(bar.says for bar in bars)
    return picture("goals-pace", "Pace against goal", text, TOP + ROW * len(bars), parts)


def _row(bar: GoalBar, number: int) -> str:
    y, across = TOP + ROW * number, RIGHT - LEFT_EDGE
    share = min(bar.reached / bar.aim, 1.0)
    mark = LEFT_EDGE + across * min(bar.due / bar.aim, 1.0)
    style = "good" if bar.reached >= bar.due else "late"
    numbers = f"{bar.reached:,.10g} of {bar.aim:,.10g}"
    return (
        f"<g><title>{plain(bar.says)}</title>"
        f'<text class="strong" x="{LEFT_EDGE}" y="{y}">{plain(bar.name[:LONGEST_NAME])}</text>'
        f'<text x="{RIGHT}" y="{y}" text-anchor="end">{plain(numbers)}</text>'
        f'<rect class="track" x="{LEFT_EDGE}" y="{y + 6}" width="{across}" height="{HIGH}"/>'
        f'<rect class="{style}" x="{LEFT_EDGE}" y="{y + 6}" width="{across * share:.1f}" height="{HIGH}"/>'
        f'<line class="target" x1="{mark:.1f}" x2="{mark:.1f}" y1="{y + 2}" y2="{y + HIGH + 10}"/></g>'
    )
