"""What needs attention today, most urgent first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from handoffctl.core.moments import Moment, days_between
from handoffctl.core.names import fold
from handoffctl.db.query import Query, QueryConnection
from handoffctl.deals import lookup_query as finding
from handoffctl.errors import HandoffError, NotFound, UsageFault, nearest
from handoffctl.people import query as persons
from handoffctl.people.members import roles_in_use
from handoffctl.playbook.library import archived_playbook, load_playbook
from handoffctl.playbook.model import Playbook
from handoffctl.today import query as views
from handoffctl.today.items import items_of
from handoffctl.today.query import DealRow
from handoffctl.today.ranking import Item, beside, in_order, loud, rank
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
        account, deal = finding.account_or_deal(query, ref) if ref else (None, None)
        owners = _owners(home, query, owner, role)
        remarks: list[str] = []
        whose = account.id if account else None
        board = TodaySnapshot(home.clock, home.week, query, whose, lambda name: _rules(home, query, name, remarks))
        found = list(items_of(board))
        absent = {one.name: one.away_to or "" for one in persons.people(query) if one.away_on(home.clock.today)}
    if deal is not None:
        found = [item for item in found if item.deal == deal]
    if owners is not None:
        found = [item for item in found if board.places[item.deal].owner in owners]
    told = loud(found) if brief else found
    shown: Iterable[Item] = islice(in_order(told, home.clock.zone), most)
    first = [(item, board.places[item.deal]) for item in (beside(shown, found) if brief else shown)]
    away = {place.owner: absent[place.owner] for _, place in first if place.owner in absent}
    overdue = sum(item.overdue for item in found)
    return TodayList(home.clock.now, first, len(found), len(told), overdue, away, remarks)


def _owners(home: Home, query: QueryConnection, owner: str, role: str) -> set[str] | None:
    """Returns the owner names meant; None for all. Raises NotFound for an unknown name."""
    if not owner and not role:
        return None

    wanted = fold(owner or role)
    people = [one.name for one in persons.people(query)]
    known = {fold(name): name for name in (*roles_in_use(home, query), *people, *views.owners(query))}
    if wanted not in known:
        raise NotFound(
            f'Nobody is called "{(owner or role)[:60]}" {nearest(wanted, list(known))}'.rstrip() + ".",
            f"There are: {', '.join(sorted(known.values())) or 'none yet'}.",
        )
    return {known[wanted]} if owner else set(persons.owners_in(query, known[wanted]))


def _rules(home: Home, query: Query, name: str, remarks: list[str]) -> Playbook | None:
    """Returns the playbook, or the archived revision if its file is gone or faulty. Without any, less can be told."""
    try:
        return load_playbook(home, name).playbook
    except HandoffError as fault:
        old = archived_playbook(query, name)
        instead = "The content kept when it was last used stands in for it." if old else "Its targets are not known."
        remarks.append(f"{fault.message} {instead}")
        return old


def as_json(found: TodayList, home: Home) -> dict[str, Any]:
    """Returns what `today --json` prints: the first items and the total."""
    return {
        "as_of": found.now,
        "total": found.total,
        "overdue": found.overdue,
        "items": [_item(item, place, home, found.away.get(place.owner)) for item, place in found.items],
    }


def _item(item: Item, place: DealRow, home: Home, away: str | None) -> dict[str, Any]:
    since = item.due or item.since
    return {
        "account": place.account, "name": place.name, "deal": place.slug, "ref": item.ref, "playbook": place.playbook,
        "stage": place.stage, "owner": place.owner, "owner_away_until": away,
        "kind": item.kind, "rule": rank(item), "what": item.what,
        "since": item.since, "due": item.due, "overdue": item.overdue,
        "days": None if since is None else days_between(since, home.clock.now, home.clock.zone),
        "command": item.command,
    }  # fmt: skip


def rules_met(items: Iterable[Item]) -> list[int]:
    """Returns the numbers of the rules that order these items."""
    return sorted({rank(item) for item in items})
