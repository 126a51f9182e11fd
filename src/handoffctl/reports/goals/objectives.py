"""What each objective of the playbook has reached, beside its quality, and the pace that its aim asks for."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from handoffctl.core.moments import Clock, is_date
from handoffctl.core.names import fold
from handoffctl.core.windows import Window
from handoffctl.playbook.sections import Objective
from handoffctl.reports.context import ReportContext
from handoffctl.reports.goals.closings import CLOSED, Cycle, cycle, cycle_entries, win_rate
from handoffctl.reports.goals.customers import Client, churn, contract_length, renewals, retention
from handoffctl.reports.goals.events import GoalEvent, total
from handoffctl.reports.goals.expected import Expected
from handoffctl.reports.goals.history import Closing, DealPast, GoalHistory, KnownAmounts
from handoffctl.reports.goals.periods import Pace, Period, WorkingDays, pace_of, period_of, usual_a_day, working_days
from handoffctl.reports.goals.query import TypedNumber
from handoffctl.reports.value import report as value_report

MONEY = ("pipeline", "revenue")
COUNTED = (
    "leads", "worked", "calls", "conversations", "meetings_set", "meetings", "handoffs", "accepted", "wins", *MONEY,
)  # fmt: skip


class Span(NamedTuple):
    """The time an objective is looked at: a calendar period, or the window that was asked for (then without a pace)."""

    window: Window
    period: Period
    paced: bool

    def days(self, context: ReportContext) -> WorkingDays | None:
        return working_days(self.period, context.clock.today, context.home.week) if self.paced else None


class Measured(NamedTuple):
    """What was reached, and the quality beside it in words; `amounts` by day tell the usual pace.

    `ended` counts the deals behind a share, which is None below five of them.
    """

    value: float | None
    beside: str
    low: float | None = None
    high: float | None = None
    amounts: Sequence[tuple[date, float]] = ()
    ended: int | None = None


class ObjectiveLine(NamedTuple):
    """An objective: what was reached from `begins` to `ends`, and what its aim asks for a working day from now on.

    `value` is None where it is not known. The pace is None where nothing is counted day by day, and where the period
    is not one of the calendar. `expected_from_open` is what open deals are expected to bring by the end of the period.
    `ended` counts the deals behind a win rate.
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


class Counted(NamedTuple):
    """Everything that objectives are measured by, read once."""

    context: ReportContext
    history: GoalHistory
    events: Sequence[GoalEvent]
    amounts: KnownAmounts
    clients: Sequence[Client]
    typed: Sequence[TypedNumber]
    qualifying: Callable[[Objective], set[int] | None]
    expected: Callable[[date, str, set[int] | None], Expected | None]
    anchor: date


def span_of(context: ReportContext, anchor: date, per: str, first: date) -> Span:
    """Returns the period in which the anchor lies, or the window that was asked for, from the first day on record."""
    window, clock = context.window, context.clock
    if window.is_unbounded:
        period = period_of(anchor, per)
        return Span(period.window(clock), period, True)
    begins = clock.day_of(window.since) if window.since else first
    ends = [clock.day_of(window.until) if window.until else clock.today]
    ends += [_last_day_before(window.before, clock)] if window.before else []
    return Span(window, Period(begins, max(min(ends), begins)), False)


def _last_day_before(moment: str, clock: Clock) -> date:
    return clock.day_of(moment) - timedelta(days=1 if is_date(moment) else 0)


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
    span = span_of(counted.context, counted.anchor, objective.per, _first_day(counted))
    measured = _measure(counted, name, objective, person, span)
    pace = _pace(counted, objective, measured, span)
    expected = _expected(counted, objective, person, span)
    return ObjectiveLine(
        name, objective.role, person, objective.measure, objective.serves, objective.per, objective.at_least,
        objective.at_most, span.period.begins.isoformat(), span.period.ends.isoformat(), measured.value, measured.low,
        measured.high, measured.beside, _reached(objective, measured.value),
        pace and pace.to_go, pace and pace.days_left, pace and pace.a_day, pace and pace.usual, pace and pace.due,
        expected, measured.ended,
    )  # fmt: skip


def _first_day(counted: Counted) -> date:
    days = [event.day for event in counted.events]
    return min(days, default=counted.context.clock.today)


def _reached(objective: Objective, value: float | None) -> bool | None:
    if value is None:
        return None
    return value >= objective.at_least if objective.at_least is not None else value <= (objective.at_most or 0.0)


def _pace(counted: Counted, objective: Objective, measured: Measured, span: Span) -> Pace | None:
    days = span.days(counted.context)
    counts = objective.measure in (*COUNTED, "typed")
    if days is None or not counts or objective.at_least is None or measured.value is None:
        return None
    usual = usual_a_day(measured.amounts, counted.context.clock.today, counted.context.home.week)
    return pace_of(measured.value, objective.at_least, days, usual)


def _expected(counted: Counted, objective: Objective, person: str, span: Span) -> float | None:
    if objective.measure not in ("wins", "revenue") or not span.paced:
        return None
    if span.period.ends < counted.context.clock.today:
        return None
    expected = counted.expected(span.period.ends, person, counted.qualifying(objective))
    if expected is None:
        return None
    return round(expected.wins if objective.measure == "wins" else expected.revenue, 4)


def _measure(counted: Counted, name: str, objective: Objective, person: str, span: Span) -> Measured:
    measure = objective.measure
    if measure in COUNTED:
        return _count(counted, objective, person, span)
    if measure == "typed":
        return _typed(counted, name, span)
    if measure == "win_rate":
        return _win_rate(counted, objective, person, span)
    if measure == "cycle":
        return _cycle(counted, objective, person)
    if measure == "first_value":
        times = value_report.build(counted.context).days_to_first_value
        return Measured(times.median, "the median days from the signature to the first value", times.low, times.high)
    return _of_clients(counted, objective, person, span)


def chosen(events: Iterable[GoalEvent], role: str, person: str, deals: set[int] | None) -> list[GoalEvent]:
    """Returns the events of a role; with a person only theirs, with deals only those of these deals."""
    return [
        event
        for event in events
        if event.role == role and (not person or event.who == person) and (deals is None or event.deal in deals)
    ]


def _count(counted: Counted, objective: Objective, person: str, span: Span) -> Measured:
    events = chosen(counted.events, objective.role, person, counted.qualifying(objective))
    within: Counter[str] = Counter()
    for event in events:
        if span.window.contains(event.at):
            within[event.what] += 1
    own = [event for event in events if event.what == objective.measure]
    value = total(event for event in own if span.window.contains(event.at))
    return Measured(value, beside(objective.measure, within), amounts=[(event.day, event.amount) for event in own])


def beside(measure: str, counts: Counter[str]) -> str:
    """Returns the quality that stands beside a count, in words; empty if there is nothing to say."""
    match measure:
        case "leads":
            return f"{counts['worked']} worked"
        case "worked":
            return f"of {counts['leads']} leads"
        case "calls":
            return f"{counts['calls_reached']} reached somebody"
        case "meetings_set" | "meetings":
            cancelled = f", {counts['cancelled']} cancelled" if counts["cancelled"] else ""
            shows = f"{counts['no_shows']} no-show{'' if counts['no_shows'] == 1 else 's'}{cancelled}"
            return shows if measure == "meetings" else f"{counts['meetings']} held, {shows}"
        case "accepted":
            return f"{counts['gave_back']} returned to the sender"
        case "handoffs":
            return f"of {counts['handoffs_old']} at least 14 days old {counts['returned']} returned"
        case "pipeline":
            unknown = counts["pipeline_unknown"]
            return f"{unknown} without an amount when they came" if unknown else f"{counts['leads']} deals"
        case "wins":
            return f"lost {counts['lost']}, put aside {counts['nurture']}"
        case "revenue":
            of_them = f", {counts['revenue_unknown']} without an amount" if counts["revenue_unknown"] else ""
            return f"{counts['wins']} wins{of_them}"
        case _:
            return ""


def _typed(counted: Counted, name: str, span: Span) -> Measured:
    """Returns the sum over the months of the newest number typed for each by now."""
    months = span.period.months()
    newest = {
        typed.month: typed.number
        for typed in counted.typed
        if typed.objective == name and typed.month in months and counted.history.occurred(typed.at)
    }
    if not newest:
        return Measured(None, f"type it: handoffctl goals set {name} NUMBER --month {months[-1]}")
    missing = [month for month in months if month not in newest and month <= f"{counted.context.clock.today:%Y-%m}"]
    return Measured(sum(newest.values()), f"typed; not for {', '.join(missing)}" if missing else "typed")


def owned_by(history: GoalHistory, person: str, deals: set[int] | None) -> Callable[[DealPast, Closing | None], bool]:
    """Returns a test for deals that a person owned when they ended, or owns now; and that are among `deals`."""

    def wanted(past: DealPast, closing: Closing | None) -> bool:
        if deals is not None and past.deal not in deals:
            return False
        event = closing.event if closing else past.event(len(past.stays) - 1)
        return not person or history.any_owner_at(past.deal, event) == person

    return wanted


def _win_rate(counted: Counted, objective: Objective, person: str, span: Span) -> Measured:
    if objective.role not in counted.history.roles.first_stage:
        return Measured(None, f"{objective.role} owns no open stage")
    wanted = owned_by(counted.history, person, counted.qualifying(objective))
    rate = win_rate(counted.history, objective.role, CLOSED, span.window, wanted)
    words = f"won {rate.won}, lost {rate.lost}, put aside {rate.put_aside}; by close date"
    return Measured(rate.rate, words, rate.low, rate.high, ended=rate.won + rate.lost)


def _cycle(counted: Counted, objective: Objective, person: str) -> Measured:
    stage = counted.history.roles.first_stage.get(objective.role)
    if stage is None:
        return Measured(None, f"{objective.role} owns no open stage")
    wanted = owned_by(counted.history, person, counted.qualifying(objective))
    found = role_cycle(counted.context, counted.history, objective.role, stage, wanted)
    return Measured(found.median_days_of_won, f"the median days of {found.won_counted} won")


def role_cycle(
    context: ReportContext, history: GoalHistory, role: str, stage: str,
    wanted: Callable[[DealPast, Closing | None], bool],
) -> Cycle:  # fmt: skip
    """Returns how long it takes a role to win, of all entries, or of those in the window that was asked for."""
    return cycle(role, stage, cycle_entries(history, stage, context.window, wanted))


def _of_clients(counted: Counted, objective: Objective, person: str, span: Span) -> Measured:
    deals = counted.qualifying(objective)
    clients = [
        client
        for client in counted.clients
        if (not person or client.owner == person) and (deals is None or client.deal in deals)
    ]
    today = counted.context.clock.today
    match objective.measure:
        case "renewal":
            found = renewals(clients, span.period, today)
            overdue = f", {found.overdue} overdue" if found.overdue else ""
            words = f"{found.renewed} of {found.decided} decided{overdue}"
            settled = found.low if found.low == found.high else None
            return Measured(settled, words, found.low, found.high)
        case "churn":
            lost = churn(clients, span.period, today)
            return Measured(lost.share, f"{lost.ended} of {lost.active} active at the start ended")
        case "contract_length":
            length = contract_length(clients, lambda day: span.period.begins <= day <= span.period.ends)
            return Measured(length.median_days, f"the median days of {length.clients} contracts")
        case _:
            return _revenue_of_clients(counted, objective, clients, span)


def _revenue_of_clients(counted: Counted, objective: Objective, clients: list[Client], span: Span) -> Measured:
    kept = retention(clients, counted.amounts, span.period, counted.context.clock.today)
    unknown = f"; {kept.unknown} without an amount" if kept.unknown else ""
    if objective.measure == "expansion":
        return Measured(kept.expansion, f"increases over {kept.before:,.0f}{unknown}")
    net = f"net {kept.net:.0%}" if kept.net is not None else "no client with an amount at the start"
    return Measured(kept.gross, f"of the revenue, before increases; {net}{unknown}")
