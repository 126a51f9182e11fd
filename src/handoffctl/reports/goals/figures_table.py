"""The report on goals as one table for `--csv`."""

from collections.abc import Iterator

from handoffctl.console.table import Cell, Table
from handoffctl.reports.goals.closings import Cycle, WinRate
from handoffctl.reports.goals.counts import CountsLine
from handoffctl.reports.goals.customers import Clients
from handoffctl.reports.goals.goal import GoalLine
from handoffctl.reports.goals.objectives import ObjectiveLine
from handoffctl.reports.goals.report import GoalsReport

COLUMNS = [
    "row", "role", "who", "measure", "value", "low", "high", "aim", "to_go", "a_day", "usual", "expected", "begins",
    "ends",
]  # fmt: skip
Figure = list[Cell]  # the cells up to `high`


def figures_table(result: GoalsReport) -> Table:
    """Returns a row for the goal, each objective, count, win rate, day of a cycle, figure of clients and receiver."""
    rows = [_goal(result.goal, result.person)] if result.goal else []
    rows += [_objective(line) for line in result.objectives]
    rows += [[*figure, *[None] * 5, result.begins, result.ends] for figure in _figures(result)]
    return Table(COLUMNS, rows)


def _goal(goal: GoalLine, person: str | None) -> list[Cell]:
    return [
        "goal", None, person, "revenue", goal.reached, None, None, goal.revenue, goal.to_go, goal.a_day_needed,
        goal.usual_a_day, goal.expected_from_open, goal.begins, goal.ends,
    ]  # fmt: skip


def _objective(line: ObjectiveLine) -> list[Cell]:
    aim = line.at_least if line.at_least is not None else line.at_most
    return [
        f"objective {line.name}", line.role, line.person or None, line.measure, line.value, line.low, line.high, aim,
        line.to_go, line.a_day_needed, line.usual_a_day, line.expected_from_open, line.begins, line.ends,
    ]  # fmt: skip


def _figures(result: GoalsReport) -> Iterator[Figure]:
    for line in result.counts:
        for name in CountsLine._fields[2:]:
            yield ["count", line.role, line.who, name, getattr(line, name), None, None]
    for rate in result.win_rates:
        yield from _win_rate(rate)
    for cycle in result.cycles:
        yield from _cycle(cycle)
    if result.clients:
        yield from _clients(result.clients)
    for queue in result.receivers:
        yield ["receiver", None, queue.who, "open", queue.open, None, None]
        yield ["receiver", None, queue.who, "taken a week", queue.a_week, None, None]


def _win_rate(rate: WinRate) -> Iterator[Figure]:
    row = f"win rate {rate.by}"
    for measure, value in (("won", rate.won), ("lost", rate.lost), ("put_aside", rate.put_aside)):
        yield [row, rate.role, None, measure, value, None, None]
    yield [row, rate.role, None, "rate", rate.rate, rate.low, rate.high]


def _cycle(cycle: Cycle) -> Iterator[Figure]:
    for day in cycle.won_by:
        yield ["cycle", cycle.role, None, f"won by day {day.day}", day.share, day.low, day.high]
    yield ["cycle", cycle.role, None, "median days of won", cycle.median_days_of_won, None, None]


def _clients(clients: Clients) -> Iterator[Figure]:
    renewals, kept = clients.renewals, clients.retention
    for measure, value in (
        ("churn", clients.churn.share), ("gross retention", kept.gross), ("net retention", kept.net),
        ("expansion", kept.expansion), ("contract days", clients.contract_length.median_days),
    ):  # fmt: skip
        yield ["clients", None, None, measure, value, None, None]
    yield ["clients", None, None, "renewed", renewals.renewed, renewals.low, renewals.high]
