"""Each objective of the playbook: what it has reached, beside its quality, and the pace that its aim asks for."""

from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.core.names import fold
from handoffctl.playbook.sections import Objective
from handoffctl.reports.goals.counted import Counted
from handoffctl.reports.goals.expected import Expected
from handoffctl.reports.goals.measured import COUNTED, Measured
from handoffctl.reports.goals.measures import measure
from handoffctl.reports.goals.periods import Pace, pace_of, usual_a_day
from handoffctl.reports.goals.spans import Span


class ObjectiveLine(NamedTuple):
    """An objective: what was reached from `begins` to `ends`, and what its aim asks for a working day from now on.

    `value` is None where it is not known. The pace is None where nothing is counted day by day, and where the period
    is not one of the calendar. `expected_from_open` is what open deals are expected to bring by the end of the period,
    where `not_weighted` of them have too little history to be counted in. `ended` counts the deals behind a
    win rate.
    """

    name: str
    role: str
    person: str
    measure: str
    serves: str
    per: str
    at_least: float | None
    at_most: float | None
    begins: str
    ends: str
    value: float | None
    low: float | None
    high: float | None
    beside: str
    reached: bool | None
    to_go: float | None
    working_days_left: int | None
    a_day_needed: float | None
    usual_a_day: float | None
    due_by_now: float | None
    expected_from_open: float | None
    ended: int | None
    not_weighted: int | None


def measure_objectives(counted: Counted, person: str) -> list[ObjectiveLine]:
    """Returns the objectives of the playbook in its order; with a person those of their roles, for what they did."""
    roles = counted.history.roles
    lines = []
    for name, objective in counted.context.playbook.objectives.items():
        whose = objective.person or person
        if person and (fold(whose) != fold(person) or not _has_role(roles.of_person.get(person, []), objective.role)):
            continue
        lines.append(_line(counted, name, objective, roles.names.get(fold(whose), whose)))
    return lines


def _has_role(own: Sequence[str], role: str) -> bool:
    return not own or role in own


def _line(counted: Counted, name: str, objective: Objective, person: str) -> ObjectiveLine:
    span = counted.span(objective.per)
    measured = measure(counted, name, objective, person, span)
    pace = _pace(counted, objective, measured, span)
    expected = _expected(counted, objective, measured, person, span)
    brings = None if expected is None else expected.wins if objective.measure == "wins" else expected.revenue
    return ObjectiveLine(
        name, objective.role, person, objective.measure, objective.serves, objective.per, objective.at_least,
        objective.at_most, span.period.begins.isoformat(), span.period.ends.isoformat(), measured.value, measured.low,
        measured.high, measured.beside, _reached(objective, measured.value),
        pace and pace.to_go, pace and pace.days_left, pace and pace.a_day, pace and pace.usual, pace and pace.due,
        None if brings is None else round(brings, 4), measured.ended, expected and expected.not_weighted,
    )  # fmt: skip


def _reached(objective: Objective, value: float | None) -> bool | None:
    if value is None:
        return None
    return value >= objective.at_least if objective.at_least is not None else value <= (objective.at_most or 0.0)


def _pace(counted: Counted, objective: Objective, measured: Measured, span: Span) -> Pace | None:
    """Returns the pace of what is counted one by one in a calendar period."""
    days = span.days(counted.context)
    counts = objective.measure in (*COUNTED, "typed")
    if days is None or not counts or objective.at_least is None or measured.value is None:
        return None
    today = counted.context.clock.today
    usual = usual_a_day(measured.amounts, measured.begun or today, today, counted.context.home.week)
    return pace_of(measured.value, objective.at_least, days, usual)


def _expected(
    counted: Counted, objective: Objective, measured: Measured, person: str, span: Span
) -> Expected | None:  # fmt: skip
    """Returns what open deals are expected to add to wins or revenue of a calendar period that is not over."""
    if objective.measure not in ("wins", "revenue") or measured.value is None or not span.paced:
        return None
    if span.is_over(counted.context):
        return None
    return counted.expected(span.period.ends, person, counted.qualifying.deals(objective.of))
