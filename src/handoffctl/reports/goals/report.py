"""The report on goals: objectives with their pace, what each person did, win rates, cycles, clients and receivers."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.names import fold
from handoffctl.deals.stays_query import deal_names
from handoffctl.errors import NotFound, Refused, nearest
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.forecast import query as forecast_query
from handoffctl.reports.forecast.typed import TypedFacts, typed_facts
from handoffctl.reports.goals import query as goals_query
from handoffctl.reports.goals.amounts import KnownAmounts
from handoffctl.reports.goals.closings import CLOSED, ENTERED, Cycle, WinRate, role_cycle, win_rate
from handoffctl.reports.goals.counted import Counted, owned_by
from handoffctl.reports.goals.counts import CountsLine, count_by_person
from handoffctl.reports.goals.customers import TERM_ENDS, Client, Clients, clients_over, read_clients
from handoffctl.reports.goals.events import EventReader, GoalEvent
from handoffctl.reports.goals.expected import Expected, OpenDeals
from handoffctl.reports.goals.goal import GoalLine, measure_goal
from handoffctl.reports.goals.history import GoalHistory
from handoffctl.reports.goals.objectives import ObjectiveLine, measure_objectives
from handoffctl.reports.goals.options import GoalsOptions
from handoffctl.reports.goals.periods import parse_month
from handoffctl.reports.goals.qualifying import Qualifying
from handoffctl.reports.goals.receivers import ReceiverQueue, receiver_queues
from handoffctl.reports.goals.spans import Span

LISTED = (
    "wins", "lost", "disqualified", "nurture", "no_shows", "returned", "pipeline_unknown", "revenue_unknown",
)  # fmt: skip


class ListedDeal(NamedTuple):
    """A deal behind a figure, and the command that opens it."""

    what: str
    deal: str
    who: str
    at: Moment
    command: str


class GoalsReport(NamedTuple):
    """The goals of a playbook. Plain counts are from `begins` to `ends`; `title` is what people call that time.
    `has_aims` is True if the playbook has a goal, or objectives of anybody.

    Deals on `test` accounts and `undated` ones are in no figure of stages.
    """

    head: ReportHead
    today: str
    title: str
    begins: str
    ends: str
    person: str | None
    currency: str
    roles: list[str]
    goal: GoalLine | None
    has_aims: bool
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
    counted = _read(context, anchor)
    history, events = counted.history, counted.events
    person = _person(history, events, options.person)
    span = counted.span("month")
    _remark_on_people(context, history)
    return GoalsReport(
        context.head, context.clock.today.isoformat(), span.title, span.period.begins.isoformat(),
        span.period.ends.isoformat(), person or None, context.home.configuration.currency, history.roles.all,
        measure_goal(counted, person), bool(context.playbook.goal or context.playbook.objectives),
        measure_objectives(counted, person), count_by_person(events, history.roles, span, person),
        _win_rates(history, span, person), _cycles(context, history, person), _clients(counted, span, person),
        _receivers(context, history, person), _listed(context, events, span, person), history.test, history.undated,
    )  # fmt: skip


def _read(context: ReportContext, anchor: date) -> Counted:
    history, currency = GoalHistory(context), context.home.configuration.currency
    versions = list(forecast_query.deal_versions(context.query))
    facts = typed_facts(versions, forecast_query.typed_currencies(context.query), currency, context.clock)
    amounts = KnownAmounts(versions, facts, currency, context.clock)
    return Counted(
        context, history, EventReader(context, history, amounts).read(), amounts,
        read_clients(history, _term_ends(context, history)),
        goals_query.typed_numbers(context.query, context.playbook.playbook), Qualifying(context, history),
        _expected(context, history, facts), anchor,
    )  # fmt: skip


def _clients(counted: Counted, span: Span, person: str) -> Clients | None:
    """Returns the figures of clients, of a playbook that knows a signature or the end of a term."""
    clients: list[Client] = [client for client in counted.clients if not person or client.owner == person]
    value = counted.context.playbook.value
    if not clients or (not (value and value.signed) and not any(client.ends for client in clients)):
        return None
    return clients_over(clients, counted.amounts, span.period, counted.context.clock.today)


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


def _win_rates(history: GoalHistory, span: Span, person: str) -> list[WinRate]:
    """Returns the rates by close date and by entry of each role that has deals to tell of."""
    rates = [
        win_rate(history, role, by, span.window, owned_by(history, role, person, None))
        for role in history.roles.first_stage
        for by in (CLOSED, ENTERED)
    ]
    return [rate for rate in rates if any(rate[2:7])]


def _cycles(context: ReportContext, history: GoalHistory, person: str) -> list[Cycle]:
    cycles = [
        role_cycle(history, role, context.window, owned_by(history, role, person, None))
        for role in history.roles.first_stage
    ]
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
