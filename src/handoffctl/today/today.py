"""What would slip if nobody looked: everything that waits for somebody today, the most urgent first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from handoffctl.core.moments import Moment, days_between
from handoffctl.core.names import folded
from handoffctl.db.query import Query, QueryConnection
from handoffctl.deals import lookup_query as finding
from handoffctl.errors import HandoffError, NotFound, UsageFault, nearest
from handoffctl.people import query as persons
from handoffctl.people.members import roles_in_use
from handoffctl.playbook.library import kept, rules
from handoffctl.playbook.model import Playbook
from handoffctl.today import query as views
from handoffctl.today.items import items_of
from handoffctl.today.query import Place
from handoffctl.today.ranking import Item, beside, in_order, loud, rank
from handoffctl.today.snapshot import Board
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class Today:
    """The first items in their order, each with its deal; how many there are in all, and in how many lines.

    `away` has the owners of these deals who are away today, with their last day; `remarks` what could not be looked at.
    """

    now: Moment
    items: Sequence[tuple[Item, Place]]
    total: int
    lines: int
    overdue: int
    away: Mapping[str, str]
    remarks: Sequence[str] = field(default_factory=list)


def today(home: Home, most: int, ref: str = "", owner: str = "", role: str = "", brief: bool = False) -> Today:
    """What waits today, so many items of it at the most: of all deals, of one account or deal, of one owner, or of a
    role and its people. `brief` for somebody who reads: what is less urgent at a deal stands beside what is more."""
    if owner and role:
        raise UsageFault("Either --owner or --role.", "Leave one of them out.")
    with home.reading() as query:
        account, deal = finding.account_or_deal(query, ref) if ref else (None, None)
        owners = _owners(home, query, owner, role)
        remarks: list[str] = []
        whose = account.id if account else None
        board = Board(home.clock, home.week, query, whose, lambda name: _rules(home, query, name, remarks))
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
    return Today(home.clock.now, first, len(found), len(told), overdue, away, remarks)


def _owners(home: Home, query: QueryConnection, owner: str, role: str) -> set[str] | None:
    """The names under which the deals meant stand; None where all are. Raises NotFound for a name nobody has."""
    if not owner and not role:
        return None

    wanted = folded(owner or role)
    people = [one.name for one in persons.people(query)]
    known = {folded(name): name for name in (*roles_in_use(home, query), *people, *views.owners(query))}
    if wanted not in known:
        raise NotFound(
            f'Nobody is called "{(owner or role)[:60]}" {nearest(wanted, list(known))}'.rstrip() + ".",
            f"There are: {', '.join(sorted(known.values())) or 'none yet'}.",
        )
    return {known[wanted]} if owner else set(persons.owners_in(query, known[wanted]))


def _rules(home: Home, query: Query, name: str, remarks: list[str]) -> Playbook | None:
    """The playbook; the content kept last where its file is gone or faulty. Without any, less can be told."""
    try:
        return rules(home, name).playbook
    except HandoffError as fault:
        old = kept(query, name)
        instead = "The content kept when it was last used stands in for it." if old else "Its targets are not known."
        remarks.append(f"{fault.message} {instead}")
        return old


def as_json(found: Today, home: Home) -> dict[str, Any]:
    """What `today --json` prints: the first items, and how many there are in all."""
    return {
        "as_of": found.now,
        "total": found.total,
        "overdue": found.overdue,
        "items": [_item(item, place, home, found.away.get(place.owner)) for item, place in found.items],
    }


def _item(item: Item, place: Place, home: Home, away: str | None) -> dict[str, Any]:
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
    """The numbers of the rules by which these items are in order."""
    return sorted({rank(item) for item in items})
