"""Clients who signed: renewals, churn, revenue kept and expanded, and how long their contracts run."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from handoffctl.reports.goals.amounts import KnownAmounts
from handoffctl.reports.goals.history import GoalHistory
from handoffctl.reports.goals.periods import Period, next_month
from handoffctl.reports.goals.query import DealValue
from handoffctl.stats.percentiles import percentile_of

TERM_ENDS = "term_ends"  # the field with the day on which a contract ends
BEFORE_END = 90  # days before the end of a term from which a later end, typed, is another term


class Change(NamedTuple):
    """The kind of the stage in which a client is from a day on."""

    day: date
    kind: str


class TypedEnd(NamedTuple):
    """A term's end as it was typed on a day."""

    day: date
    ends: date


class Client(NamedTuple):
    """A deal that was signed: on which day, its stays since, and the ends of its term as they were typed."""

    deal: int
    owner: str
    signed: date
    changes: Sequence[Change]
    ends: Sequence[TypedEnd]

    def is_active(self, day: date) -> bool:
        """True if they had signed by the end of the day and had not ended by then."""
        kinds = [change.kind for change in self.changes if change.day <= day]
        return self.signed <= day and bool(kinds) and kinds[-1] != "lost"


class Term(NamedTuple):
    """A term that ends on a day, as known before it was decided. `renewed` is None while nobody has decided."""

    deal: int
    ends: date
    renewed: bool | None


class Renewals(NamedTuple):
    """The terms that end in the time: renewed of those decided, and overdue ones of which nothing is known.

    The share renewed lies between `low` (no overdue one renews) and `high` (all do). `still_to_come` end later.
    """

    renewed: int
    decided: int
    overdue: int
    still_to_come: int
    low: float | None
    high: float | None


class Churn(NamedTuple):
    """Clients active at the start, those of them who ended, and the share; over several months 1 - product(1 - m)."""

    active: int
    ended: int
    share: float | None


class Retention(NamedTuple):
    """The amounts of clients active at the start, then and now: what is kept of it (gross), and kept and added (net).

    `expansion` is the sum of increases over the sum before. `unknown` clients have no amount.
    """

    before: float
    after: float
    gross: float | None
    net: float | None
    expansion: float | None
    unknown: int


class ContractLength(NamedTuple):
    """The median days from the signature to the end of the first term, of clients who signed in the time."""

    clients: int
    median_days: float | None


class Clients(NamedTuple):
    """All figures of clients over one period."""

    begins: str
    ends: str
    renewals: Renewals
    churn: Churn
    retention: Retention
    contract_length: ContractLength


def read_clients(history: GoalHistory, ends: dict[int, list[DealValue]]) -> list[Client]:
    """Returns every deal that was signed by the moment of the report."""
    clients = []
    day_of = history.clock.day_of
    for past in history.pasts.values():
        if past.signed is None:
            continue
        changes = [Change(day_of(stay.entered_at), stay.kind) for stay in past.stays[past.signed :] if stay.entered_at]
        typed = [
            TypedEnd(day_of(value.at), date.fromisoformat(value.value))
            for value in ends.get(past.deal, [])
            if history.occurred(value.at)
        ]
        owner = history.present_owner(past)
        clients.append(Client(past.deal, owner, changes[0].day, changes, typed))
    return clients


def terms(client: Client) -> list[Term]:
    """Returns the terms of a client, each with its end as known before the day on which it was decided."""
    found: list[Term] = []
    decisions = sorted(
        [*((change.day, change.kind) for change in client.changes[1:] if change.kind in ("won", "lost")),
         *((day, "won") for day in _later_ends(client.ends))]
    )  # fmt: skip
    last: date | None = None
    for day, kind in decisions:
        ends = _known_before(client.ends, day)
        if ends is None or ends == last:
            continue
        found.append(Term(client.deal, ends, kind == "won"))
        last = ends
    present = client.ends[-1].ends if client.ends else None
    ended = client.changes[-1].kind == "lost"
    if present is not None and present != last and not ended:
        found.append(Term(client.deal, present, None))
    return found


def _known_before(ends: Sequence[TypedEnd], day: date) -> date | None:
    earlier = [typed.ends for typed in ends if typed.day < day] or [typed.ends for typed in ends[:1]]
    return earlier[-1] if earlier else None


def _later_ends(ends: Sequence[TypedEnd]) -> list[date]:
    """Returns the days on which a later end was typed although the one before was near: another term."""
    pairs = pairwise(ends)
    near = timedelta(days=BEFORE_END)
    return [new.day for old, new in pairs if new.ends > old.ends and new.day >= old.ends - near]


def renewals(clients: Iterable[Client], period: Period, today: date) -> Renewals:
    """Returns the renewals of terms that end in the period."""
    due = [term for client in clients for term in terms(client) if period.begins <= term.ends <= period.ends]
    decided = [term for term in due if term.renewed is not None]
    renewed = sum(bool(term.renewed) for term in decided)
    overdue = sum(term.renewed is None and term.ends < today for term in due)
    of = len(decided) + overdue
    low, high = (renewed / of, (renewed + overdue) / of) if of else (None, None)
    return Renewals(renewed, len(decided), overdue, len(due) - of, low, high)


def churn(clients: Sequence[Client], period: Period, today: date) -> Churn:
    """Returns the churn of the period so far. A period of several months combines those of its months."""
    active, ended = _ended(clients, period, today)
    kept = 1.0
    for month in _months_so_far(period, today):
        at_start, left = _ended(clients, month, today)
        kept *= 1 - len(left) / len(at_start) if at_start else 1.0
    any_active = active or any(_ended(clients, month, today)[0] for month in _months_so_far(period, today))
    return Churn(len(active), len(ended), 1 - kept if any_active else None)


def _months_so_far(period: Period, today: date) -> list[Period]:
    """Returns the months of the period that have begun; a shorter period is taken whole."""
    months, begins = [], period.begins
    while begins <= min(period.ends, today):
        ends = min(next_month(begins) - timedelta(days=1), period.ends)
        months.append(Period(begins, ends))
        begins = ends + timedelta(days=1)
    return months


def _ended(clients: Iterable[Client], period: Period, today: date) -> tuple[list[Client], list[Client]]:
    """Returns the clients active at the start of the period, and those of them who are not at its end or today."""
    before, end = period.begins - timedelta(days=1), min(period.ends, today)
    active = [client for client in clients if client.is_active(before)]
    return active, [client for client in active if not client.is_active(end)]


def retention(clients: Iterable[Client], amounts: KnownAmounts, period: Period, today: date) -> Retention:
    """Returns the revenue kept and added of the clients active at the start."""
    before_day, end = period.begins - timedelta(days=1), min(period.ends, today)
    before = after = kept = increases = 0.0
    unknown = 0
    for client in clients:
        if not client.is_active(before_day):
            continue
        old = amounts.at(client.deal, before_day.isoformat())
        if old is None:
            unknown += 1
            continue
        new = (amounts.at(client.deal, end.isoformat()) or 0.0) if client.is_active(end) else 0.0
        before, after = before + old, after + new
        kept, increases = kept + min(old, new), increases + max(new - old, 0.0)
    gross, net, expansion = (part / before if before else None for part in (kept, after, increases))
    return Retention(before, after, gross, net, expansion, unknown)


def contract_length(clients: Iterable[Client], within: Callable[[date], bool]) -> ContractLength:
    """Returns the length of the first contract of the clients who signed in the time."""
    lengths = []
    for client in clients:
        first = _first_end(client)
        if within(client.signed) and first is not None and first >= client.signed:
            lengths.append((first - client.signed).days)
    return ContractLength(len(lengths), percentile_of(sorted(map(float, lengths)), 0.5))


def _first_end(client: Client) -> date | None:
    """Returns the end of the first term as last known before it was decided."""
    known = terms(client)
    return known[0].ends if known else client.ends[-1].ends if client.ends else None


def clients_over(clients: Sequence[Client], amounts: KnownAmounts, period: Period, today: date) -> Clients:
    """Returns all figures of clients over a period."""
    return Clients(
        period.begins.isoformat(), period.ends.isoformat(), renewals(clients, period, today),
        churn(clients, period, today), retention(clients, amounts, period, today),
        contract_length(clients, lambda day: period.begins <= day <= period.ends),
    )  # fmt: skip
