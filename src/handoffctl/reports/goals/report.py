"""The report on goals: objectives with their pace, what each person did, win rates, cycles, clients and receivers."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.names import fold
from handoffctl.deals.stays_query import deal_names
from handoffctl.errors import NotFound, Refused, nearest
from handoffctl.playbook.sections import Objective
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.forecast.typed import TypedFacts
from handoffctl.reports.goals import query as goals_query
from handoffctl.reports.goals.closings import CLOSED, ENTERED, Cycle, WinRate, win_rate
from handoffctl.reports.goals.customers import TERM_ENDS, Clients, clients_over, read_clients
from handoffctl.reports.goals.events import EventReader, GoalEvent
from handoffctl.reports.goals.expected import Expected, OpenDeals, known_facts
from handoffctl.reports.goals.history import GoalHistory, KnownAmounts
from handoffctl.reports.goals.objectives import (
    Counted,
    ObjectiveLine,
    Span,
    measure_objectives,
    owned_by,
    role_cycle,
    span_of,
)
from handoffctl.reports.goals.options import GoalsOptions
from handoffctl.reports.goals.periods import Pace, pace_of, parse_month, usual_a_day
from handoffctl.reports.goals.qualifying import Qualifying
from handoffctl.reports.goals.receivers import ReceiverQueue, receiver_queues

ALL_ROLES = ""
LISTED = (
    "wins", "lost", "disqualified", "nurture", "no_shows", "returned", "pipeline_unknown", "revenue_unknown",
)  # fmt: skip


class GoalLine(NamedTuple):
    """The revenue goal and what was reached of it; the pace as in an objective, None in a window of one's own."""

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


class CountsLine(NamedTuple):
    """What a person (`who`, None for all together) did in a role in the time, each count beside its quality.

    `handoffs_old` are the handoffs at least 14 days old; `returned` of them came back. Amounts are in `currency`;
    the counts `..._unknown` are of deals without an amount.
    """

    role: str
    who: str | None
    leads: int
    worked: int
    calls: int
    calls_reached: int
    conversations: int
    meetings_set: int
    meetings: int
    no_shows: int
    cancelled: int
    handoffs: int
    handoffs_old: int
    returned: int
    accepted: int
    pipeline: float
    pipeline_unknown: int
    wins: int
    lost: int
    disqualified: int
    nurture: int
    revenue: float
    revenue_unknown: int


class ListedDeal(NamedTuple):
    """A deal behind a figure, and the command that opens it."""

    what: str
    deal: str
    who: str
    at: Moment
    command: str


class GoalsReport(NamedTuple):
    """The goals of a playbook. Plain counts are from `begins` to `ends`; `title` is what people call that time.

    Deals on `test` accounts and `undated` ones are in no figure of stages.
    """

    head: ReportHead
    title: str
    begins: str
    ends: str
    person: str | None
    currency: str
    goal: GoalLine | None
    objectives: list[ObjectiveLine]
    counts: list[CountsLine]
    win_rates: list[WinRate]
    cycles: list[Cycle]
    clients: Clients | None
    receivers: list[ReceiverQueue]
    deals: list[ListedDeal]
    test: int
    undated: int


def build(context: ReportContext, options: GoalsOptions = GoalsOptions()) -> GoalsReport:  # noqa: B008  # immutable
    """Computes the report. Raises Refused for a month, and NotFound for a person nobody knows."""
    anchor = _anchor(context, options.month)
    history = GoalHistory(context)
    facts = known_facts(context)
    amounts = KnownAmounts(context, facts)
    events = EventReader(context, history, amounts).read()
    person = _person(history, events, options.person)
    clients = read_clients(history, _term_ends(context, history))
    expected = _expected(context, history, facts)
    _remark_on_people(context, history)
    counted = Counted(
        context, history, events, amounts, clients, goals_query.typed_numbers(context.query, context.playbook.playbook),
        _qualifying(context, history), expected, anchor,
    )  # fmt: skip
    first = min((event.day for event in events), default=context.clock.today)
    span = span_of(context, anchor, "month", first)
    own_clients = [client for client in clients if not person or client.owner == person]
    return GoalsReport(
        context.head, span.period.title if span.paced else "this time", span.period.begins.isoformat(),
        span.period.ends.isoformat(), person or None, context.home.configuration.currency,
        _goal(counted, person, first), measure_objectives(counted, person), _counts(events, history, span, person),
        _win_rates(history, span, person), _cycles(context, history, person),
        clients_over(own_clients, amounts, span.period, context.clock.today) if own_clients else None,
        _receivers(context, history, person), _listed(context, events, span, person), history.test, history.undated,
    )  # fmt: skip


def _anchor(context: ReportContext, month: str) -> date:
    """Returns the day whose periods are looked at: today, or the last day of an earlier month."""
    today = context.clock.today
    if not month:
        return today
    period = parse_month(month)
    if period is None:
        raise Refused(f'"{month[:20]}" is not a month.', "Write one like: --month 2026-03")
    if context.window.since or context.window.until:
        raise Refused("--month is a time of its own.", "Leave --since and --until out.")
    if period.begins > today:
        raise Refused(f"{month} is still to come.", "Nothing has been counted in it.")
    return min(period.ends, today)


def _person(history: GoalHistory, events: Iterable[GoalEvent], name: str) -> str:
    """Returns the person or owner of this name. Raises NotFound."""
    if not name:
        return ""
    known = {**{fold(event.who): event.who for event in events}, **history.roles.names}
    if fold(name) not in known:
        names = sorted(known.values())
        raise NotFound(
            f'Nobody here is called "{name[:60]}" {nearest(name, names)}'.rstrip() + ".",
            f"There are: {', '.join(names)}." if names else "Add someone with: handoffctl person add NAME",
        )
    return known[fold(name)]


def _remark_on_people(context: ReportContext, history: GoalHistory) -> None:
    """Remarks on objectives for somebody who is not among the people here."""
    for name, objective in context.playbook.objectives.items():
        if objective.person and fold(objective.person) not in history.roles.names:
            context.remarks.append(
                f'The objective {name} is for "{objective.person[:60]}", who is not among the people here. '
                "See: handoffctl person list"
            )


def _term_ends(context: ReportContext, history: GoalHistory) -> dict[int, list[goals_query.DealValue]]:
    of_account: dict[int, list[int]] = defaultdict(list)
    for past in history.pasts.values():
        of_account[past.account].append(past.deal)
    return goals_query.values_by_deal(goals_query.values(context.query, TERM_ENDS), of_account)


def _qualifying(context: ReportContext, history: GoalHistory) -> Callable[[Objective], set[int] | None]:
    qualifying = Qualifying(context, history)
    return lambda objective: qualifying.deals(objective.of)


def _expected(
    context: ReportContext, history: GoalHistory, facts: dict[int, TypedFacts]
) -> Callable[[date, str, set[int] | None], Expected | None]:
    open_deals: list[OpenDeals] = []  # read when the first wins or revenue are expected

    def expected(last: date, person: str, deals: set[int] | None) -> Expected | None:
        if not open_deals:
            open_deals.append(OpenDeals(context, facts))
        meant = {
            deal
            for deal in open_deals[0].ids
            if deal in history.pasts and (deals is None or deal in deals) and _is_owned(history, deal, person)
        }
        found = open_deals[0].expected_by(last, meant)
        return found if len(meant) > found.not_weighted else None

    return expected


def _is_owned(history: GoalHistory, deal: int, person: str) -> bool:
    return not person or history.present_owner(history.pasts[deal]) == person


def _goal(counted: Counted, person: str, first: date) -> GoalLine | None:
    goal = counted.context.playbook.goal
    if goal is None:
        return None
    span = span_of(counted.context, counted.anchor, goal.per, first)
    own = [event for event in counted.events if event.role == ALL_ROLES and (not person or event.who == person)]
    within = [event for event in own if span.window.contains(event.at)]
    reached = sum(event.amount for event in within if event.what == "revenue")
    days = span.days(counted.context)
    pace: Pace | None = None
    if days is not None:
        amounts = [(event.day, event.amount) for event in own if event.what == "revenue"]
        usual = usual_a_day(amounts, counted.context.clock.today, counted.context.home.week)
        pace = pace_of(reached, goal.revenue, days, usual)
    still_open = pace is not None and span.period.ends >= counted.context.clock.today
    expected = counted.expected(span.period.ends, person, None) if still_open else None
    whats = Counter(event.what for event in within)
    return GoalLine(
        goal.revenue, goal.per, span.period.begins.isoformat(), span.period.ends.isoformat(), reached, whats["wins"],
        whats["revenue_unknown"], max(goal.revenue - reached, 0.0), pace and pace.days_left, pace and pace.a_day,
        pace and pace.usual, pace and pace.due, round(expected.revenue, 2) if expected else None,
    )  # fmt: skip


def _counts(events: Iterable[GoalEvent], history: GoalHistory, span: Span, person: str) -> list[CountsLine]:
    """Returns a line for each role and person who did something; for a role of several people also one for all."""
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for event in events:
        if event.role != ALL_ROLES and (not person or event.who == person) and span.window.contains(event.at):
            sums[event.role, event.who][event.what] += event.amount
    lines = []
    for role in dict.fromkeys([*history.roles.all, *(role for role, _ in sorted(sums))]):
        people = sorted(who for of_role, who in sums if of_role == role)
        if len(people) > 1:
            lines.append(_counts_line(role, None, [sums[role, who] for who in people]))
        lines += [_counts_line(role, who, [sums[role, who]]) for who in people]
    return lines


def _counts_line(role: str, who: str | None, sums: list[dict[str, float]]) -> CountsLine:
    names = CountsLine._fields[2:]
    amounts = {name: sum(each.get(name, 0.0) for each in sums) for name in names}
    whole = {name: amount if name in ("pipeline", "revenue") else int(amount) for name, amount in amounts.items()}
    return CountsLine(role, who, **whole)  # type: ignore[arg-type]


def _win_rates(history: GoalHistory, span: Span, person: str) -> list[WinRate]:
    wanted = owned_by(history, person, None)
    rates = [
        win_rate(history, role, by, span.window, wanted)
        for role in history.roles.first_stage
        for by in (CLOSED, ENTERED)
    ]
    return [rate for rate in rates if any(rate[2:7])]


def _cycles(context: ReportContext, history: GoalHistory, person: str) -> list[Cycle]:
    wanted = owned_by(history, person, None)
    cycles = [role_cycle(context, history, role, stage, wanted) for role, stage in history.roles.first_stage.items()]
    return [cycle for cycle in cycles if cycle.entries]


def _receivers(context: ReportContext, history: GoalHistory, person: str) -> list[ReceiverQueue]:
    open_by_owner = Counter(
        history.present_owner(past) for past in history.pasts.values() if past.stays[-1].kind == "open"
    )
    queues = receiver_queues(history, goals_query.handoffs(context.query), open_by_owner, context.home.week)
    return [queue for queue in queues if not person or queue.who == person]


def _listed(context: ReportContext, events: Iterable[GoalEvent], span: Span, person: str) -> list[ListedDeal]:
    """Returns the deals behind wins, losses, no-shows, returns and unknown amounts, each once for a figure."""
    meant = {
        (event.what, event.deal, event.at): event
        for event in events
        if event.what in LISTED and (not person or event.who == person) and span.window.contains(event.at)
    }
    ordered = sorted(meant.values(), key=lambda event: (LISTED.index(event.what), event.day, event.deal))
    names = deal_names(context.query, {event.deal for event in ordered}) if ordered else {}
    return [
        ListedDeal(event.what, names[event.deal].ref, event.who, event.at, f"handoffctl show {names[event.deal].ref}")
        for event in ordered
    ]
