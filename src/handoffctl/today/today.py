"""What needs attention today, most urgent first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, Omitted
from handoffctl.core.moments import Moment, days_between
from handoffctl.core.names import fold
from handoffctl.db.query import Query, QueryConnection
from handoffctl.deals import lookup_query as finding
from handoffctl.errors import HandoffError, NotFound, UsageFault, nearest
from handoffctl.people import query as persons
from handoffctl.people.members import roles_in_use
from handoffctl.playbook.library import LoadedPlaybook, archived_playbook, load_for_stage, load_playbook
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.query import KeptContent
from handoffctl.today import query as views
from handoffctl.today.improve import improvement_remarks
from handoffctl.today.improve_query import improvements
from handoffctl.today.items import items_of
from handoffctl.today.proposals import proposal_items
from handoffctl.today.query import DealRow
from handoffctl.today.ranking import RULES, Item, OrderingRule, beside, in_order, loud, rank, rules_numbered
from handoffctl.today.snapshot import TodaySnapshot
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class TodayList:
    """The first items in order, each with its deal; the total, and the number of lines.

    `away` has the owners who are away today with their last day; `remarks` what could not be checked.
    """

    now: Moment
    items: Sequence[tuple[Item, DealRow]]
    total: int
    lines: int
    overdue: int
    away: Mapping[str, str]
    remarks: Sequence[str] = field(default_factory=list)


def today(home: Home, most: int, ref: str = "", owner: str = "", role: str = "", brief: bool = False) -> TodayList:
    """Returns what needs attention, at most so many items: of all deals, one account or deal, one owner, or a role and
    its people. With `brief` less urgent items of a deal are named beside the first.
    """
    if owner and role:
        raise UsageFault("Either --owner or --role.", "Leave one of them out.")
    with home.reading() as query:
        account, deal_id = finding.account_or_deal(query, ref) if ref else (None, None)
        owners = _owners(home, query, owner, role)
        remarks: list[str] = []
        whose = account.id if account else None
        snapshot = TodaySnapshot(home.clock, home.week, query, whose, partial(_rules, home, query, remarks),
                                 partial(_newest_rules, home, query, remarks))  # fmt: skip
        items = [*items_of(snapshot), *proposal_items(snapshot, deal_id, owners)]
        if account is None:
            remarks += _improvements(home, query, snapshot)
        away = {
            person.name: person.away_to or "" for person in persons.people(query) if person.away_on(home.clock.today)
        }
    if deal_id is not None:
        items = [item for item in items if item.deal == deal_id]
    if owners is not None:
        items = [item for item in items if snapshot.deals[item.deal].owner in owners]
    lines = loud(items) if brief else items
    first: Iterable[Item] = islice(in_order(lines, home.clock.zone), most)
    shown = [(item, snapshot.deals[item.deal]) for item in (beside(first, items) if brief else first)]
    owners_away = {deal.owner: away[deal.owner] for _, deal in shown if deal.owner in away}
    overdue = sum(item.overdue for item in items)
    return TodayList(home.clock.now, shown, len(items), len(lines), overdue, owners_away, remarks)


def _improvements(home: Home, query: QueryConnection, snapshot: TodaySnapshot) -> list[str]:
    names = sorted({deal.playbook for deal in snapshot.deals.values() if deal.kind == "open"})
    playbooks = [playbook for name in names if (playbook := snapshot.newest_playbook(name)) and playbook.improve]
    return list(improvement_remarks(playbooks, improvements(query), home.clock)) if playbooks else []


def _owners(home: Home, query: QueryConnection, owner: str, role: str) -> set[str] | None:
    """Returns the owner names meant; None for all. Raises NotFound for an unknown name."""
    if not owner and not role:
        return None

    wanted = fold(owner or role)
    people = [person.name for person in persons.people(query)]
    known = {fold(name): name for name in (*roles_in_use(home, query), *people, *views.owners(query))}
    if wanted not in known:
        raise NotFound(
            f'Nobody is called "{(owner or role)[:60]}" {nearest(wanted, list(known))}'.rstrip() + ".",
            f"There are: {', '.join(sorted(known.values())) or 'none yet'}.",
        )
    return {known[wanted]} if owner else set(persons.owners_in(query, known[wanted]))


def _rules(
    home: Home, query: Query, remarks: list[str], name: str, stage: str, content: KeptContent | None
) -> Playbook | None:
    """Returns the playbook as a deal in this stage has it; as `_or_archived` does where it cannot be read."""
    return _or_archived(query, remarks, name, lambda: load_for_stage(home, name, stage, content))


def _newest_rules(home: Home, query: Query, remarks: list[str], name: str) -> Playbook | None:
    """Returns the newest content of the playbook; as `_or_archived` does where it cannot be read."""
    return _or_archived(query, remarks, name, lambda: load_playbook(home, name))


def _or_archived(query: Query, remarks: list[str], name: str, load: Callable[[], LoadedPlaybook]) -> Playbook | None:
    """Returns the playbook that `load` reads, or the archived revision with a remark if its file is gone or faulty.

    Without any, less can be told.
    """
    try:
        return load().playbook
    except HandoffError as fault:
        old = archived_playbook(query, name)
        instead = "The content kept when it was last used stands in for it." if old else "Its targets are not known."
        remark = f"{fault.message} {instead}"
        if remark not in remarks:
            remarks.append(remark)
        return old


class ShownItem(NamedTuple):
    """An item with its deal as `today --json` prints it. `days` is the time since it was due, or since it waits."""

    account: str
    name: str
    deal: str
    ref: str
    playbook: str
    stage: str
    owner: str
    owner_away_until: str | None
    kind: str
    rule: int
    what: str
    since: Moment | None
    due: Moment | None
    overdue: bool
    days: float | None
    command: str


class ShownToday(NamedTuple):
    """A `TodayList` as `today --json` prints it; with --why also the rules that order the items."""

    as_of: Moment
    total: int
    overdue: int
    items: Sequence[ShownItem]
    rules: Sequence[OrderingRule] | Omitted


def shown_today(today_list: TodayList, home: Home, why: bool) -> ShownToday:
    """Returns what `today --json` prints: the first items and the total. With `why` also all rules of the order."""
    items = [_shown_item(item, deal, home, today_list.away.get(deal.owner)) for item, deal in today_list.items]
    rules = rules_numbered(range(1, len(RULES) + 1)) if why else OMITTED
    return ShownToday(today_list.now, today_list.total, today_list.overdue, items, rules)


def _shown_item(item: Item, deal: DealRow, home: Home, away: str | None) -> ShownItem:
    since = item.due or item.since
    days = None if since is None else days_between(since, home.clock.now, home.clock.zone)
    return ShownItem(
        deal.account, deal.name, deal.slug, item.ref, deal.playbook, deal.stage, deal.owner, away, item.kind,
        rank(item), item.what, item.since, item.due, item.overdue, days, item.command,
    )  # fmt: skip


def rules_met(items: Iterable[Item]) -> list[int]:
    """Returns the numbers of the rules that order these items."""
    return sorted({rank(item) for item in items})
