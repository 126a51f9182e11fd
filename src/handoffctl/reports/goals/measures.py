"""What each kind of measure has reached: counts, typed numbers, win rates and the time to win."""

from collections import defaultdict

from handoffctl.playbook.sections import Objective
from handoffctl.reports.goals.client_measures import measure_clients
from handoffctl.reports.goals.closings import CLOSED, role_cycle, win_rate
from handoffctl.reports.goals.counted import Counted, chosen, owned_by
from handoffctl.reports.goals.measured import COUNTED, MONEY, OF_STAGE, Measured
from handoffctl.reports.goals.quality import beside
from handoffctl.reports.goals.spans import Span
from handoffctl.reports.value import report as value_report


def measure(counted: Counted, name: str, objective: Objective, person: str, span: Span) -> Measured:
    """Returns what an objective has reached; its value is None where that is not known."""
    if not counted.qualifying.can_tell(objective.of):
        return Measured(None, "its criterion looks at what is kept without its moment")
    if objective.measure in OF_STAGE and objective.role not in counted.history.roles.first_stage:
        return Measured(None, f"{objective.role} owns no open stage")
    if objective.measure in COUNTED:
        return _count(counted, objective, person, span)
    match objective.measure:
        case "typed":
            return _typed(counted, name, span)
        case "win_rate":
            return _win_rate(counted, objective, person, span)
        case "cycle":
            return _cycle(counted, objective, person)
        case "first_value":
            times = value_report.build(counted.context).days_to_first_value
            return Measured(
                times.median, "the median days from the signature to the first value", times.low, times.high
            )
        case _:
            return measure_clients(counted, objective, person, span)


def _count(counted: Counted, objective: Objective, person: str, span: Span) -> Measured:
    events = chosen(counted.events, objective.role, person, counted.qualifying.deals(objective.of))
    within: dict[str, float] = defaultdict(float)
    for event in events:
        if span.window.contains(event.at):
            within[event.what] += event.amount
    amounts = [(event.day, event.amount) for event in events if event.what == objective.measure]
    reached = within[objective.measure]
    return Measured(
        reached if objective.measure in MONEY else round(reached), beside(objective.measure, within), amounts=amounts,
        begun=min((event.day for event in events), default=None),
    )  # fmt: skip


def _typed(counted: Counted, name: str, span: Span) -> Measured:
    """Returns the sum over the months of the newest number typed for each by now."""
    months = span.period.months()
    newest = {
        typed.month: typed.number
        for typed in counted.typed
        if typed.objective == name and typed.month in months and counted.history.occurred(typed.at)
    }
    begun = [month for month in months if month <= f"{counted.context.clock.today:%Y-%m}"]
    if not newest:
        return Measured(None, f"type it: handoffctl goals set {name} NUMBER --month {begun[-1]}")
    missing = [month for month in begun if month not in newest]
    return Measured(sum(newest.values()), f"typed; not for {', '.join(missing)}" if missing else "typed")


def _win_rate(counted: Counted, objective: Objective, person: str, span: Span) -> Measured:
    wanted = owned_by(counted.history, objective.role, person, counted.qualifying.deals(objective.of))
    rate = win_rate(counted.history, objective.role, CLOSED, span.window, wanted)
    words = f"won {rate.won}, lost {rate.lost}, put aside {rate.put_aside}; by close date"
    return Measured(rate.rate, words, rate.low, rate.high, ended=rate.won + rate.lost)


def _cycle(counted: Counted, objective: Objective, person: str) -> Measured:
    wanted = owned_by(counted.history, objective.role, person, counted.qualifying.deals(objective.of))
    found = role_cycle(counted.history, objective.role, counted.context.window, wanted)
    return Measured(found.median_days_of_won, f"the median days of {found.won_counted} won")
