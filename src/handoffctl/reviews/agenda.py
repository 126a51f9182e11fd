"""Builds the agenda of the meeting with the receivers: deals handed to them, returns, and what is usually missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from handoffctl.core.moments import Moment, days_between, format_local, is_before, local_date, sort_key
from handoffctl.core.names import fold
from handoffctl.core.windows import Window
from handoffctl.db.query import Query
from handoffctl.deals.stays_query import deal_names
from handoffctl.errors import NotFound, Refused, nearest
from handoffctl.people import query as people_query
from handoffctl.people.members import readable, roles_in_use
from handoffctl.people.query import Person
from handoffctl.playbook.model import NEXT_STEP, Playbook, in_words
from handoffctl.playbook.requirements import item_label
from handoffctl.reviews import query as reviews_query
from handoffctl.reviews.history import last_review
from handoffctl.reviews.model import (
    EVERYBODY,
    Agenda,
    AgendaStep,
    HandedDeal,
    ReceiverAgenda,
    ReturnedDeal,
    ReturnGap,
    UsuallyMissing,
)
from handoffctl.reviews.query import FirstTry, HandedRow
from handoffctl.workspace.home import Home

DEFAULT_DAYS = 7  # how far the first review looks back
MOST_MISSING = 5

HandoffKey = tuple[str, str, str]  # playbook, the stage left, name


def agenda(home: Home, receiver: str, since: str) -> Agenda:
    """Returns the agenda for one receiver, for a role with its people, or for everybody if `receiver` is empty.

    It looks back to `since` if that is given, else to the last review on an earlier day, else seven days. Raises
    NotFound for the receiver and Refused for a moment that cannot be read or is still to come.
    """
    clock = home.clock
    with home.reading() as query:
        team = people_query.people(query)
        name, included = _resolve_receiver(home, query, team, receiver)
        last = last_review(query, clock, _covering_receivers(name, team))
        begin = _since(home, since) or last or (clock.today - timedelta(days=DEFAULT_DAYS)).isoformat()
        handoffs = _RecentHandoffs(home, query, Window(clock, begin))
        parts = handoffs.by_receiver()
        names = included if included is not None else sorted(parts, key=fold)
        people = {person.name for person in team}
        receivers = [
            handoffs.receiver_agenda(each, "person" if each in people else "role", parts.get(each) or _Part())
            for each in names
        ]
        return Agenda(clock.now, begin, last, name or None, receivers)


def _since(home: Home, text: str) -> Moment | None:
    clock = home.clock
    since = home.moment("--since", text) if text else None
    if since and is_before(clock.now, since, clock.zone):
        raise Refused(
            f"{format_local(since, clock.zone)} is still to come; a review looks back.", "As in: --since -14d"
        )
    return since


def _resolve_receiver(home: Home, query: Query, team: Sequence[Person], text: str) -> tuple[str, list[str] | None]:
    """Returns the receiver's recorded name, and all names that it includes; None for all there are."""
    if not text:
        return EVERYBODY, None
    person = people_query.named(team, text)
    if person:
        return person.name, [person.name]
    names = dict.fromkeys([*roles_in_use(home, query), *reviews_query.receivers(query)])
    name = next((each for each in names if fold(each) == fold(text)), None)
    if name is None:
        candidates = [*(person.name for person in team), *names]
        raise NotFound(
            f'Nobody receives under the name "{text[:60]}" {nearest(text, candidates)}'.rstrip() + ".",
            f"There are: {', '.join(dict.fromkeys(candidates))}.",
        )
    return name, [name, *(person.name for person in team if name in person.roles)]


def _covering_receivers(name: str, team: Sequence[Person]) -> set[str]:
    """Returns the receivers whose reviews covered this one: itself, its roles, everybody."""
    roles = next((person.roles for person in team if person.name == name), ())
    return {EVERYBODY, name, *roles}


@dataclass
class _Part:
    """The deals and first attempts of one receiver."""

    handed: list[HandedDeal] = field(default_factory=list)
    returned: list[ReturnedDeal] = field(default_factory=list)
    tries: list[FirstTry] = field(default_factory=list)


class _RecentHandoffs:
    """The handoffs of the period and those left from before; read with a constant number of statements."""

    def __init__(self, home: Home, query: Query, window: Window) -> None:
        assert window.since is not None
        zone = home.clock.zone
        floor = (local_date(window.since, zone) - timedelta(days=1)).isoformat()  # UTC may be a day behind
        self._clock, self._window = home.clock, window
        self._playbook = cache(lambda name: readable(home, query, name))
        self._rows = reviews_query.handed(query, floor)
        until, late = (
            (day + timedelta(days=2)).isoformat() for day in (local_date(window.since, zone), home.clock.today)
        )
        self._earlier = reviews_query.carried(query, until, late)
        self._names = deal_names(query, sorted({row.deal for row in (*self._rows, *self._earlier)}))
        self._tries = [row for row in reviews_query.first_tries(query, floor) if window.contains(row.at)]
        self._lacked: dict[int, set[str]] = defaultdict(set)
        for item in reviews_query.lacked_items(query, floor):
            if item.returned_at is None or window.occurred(item.returned_at):
                self._lacked[item.first].add(item.name)
        self._named: dict[int, list[str]] = defaultdict(list)
        for handoff, name in reviews_query.named_in_returns(query, floor):
            self._named[handoff].append(name)

    def by_receiver(self) -> dict[str, _Part]:
        """Returns for each receiver the deals handed to them that they still have, the returns, and the first attempts.

        A deal that was handed to them before is carried over if nobody accepted it, or if its next step is missing or
        overdue.
        """
        parts: dict[str, _Part] = defaultdict(_Part)
        newest = {row.deal: row for row in self._rows if self._is_still_theirs(row)}
        for row in newest.values():
            parts[row.to_owner].handed.append(self._handed(row))
        carried = {row.deal: row for row in self._earlier if self._is_carried(row)}
        for deal, row in carried.items():
            if deal not in newest:
                parts[row.to_owner].handed.append(self._handed(row, carried=True))
        for row in self._rows:
            if row.returned_at and self._window.contains(row.returned_at):
                parts[row.to_owner].returned.append(self._returned(row, row.returned_at))
        for attempt in self._tries:
            if self._counts(attempt):
                parts[attempt.to_owner].tries.append(attempt)
        return dict(parts)

    def receiver_agenda(self, name: str, kind: str, part: _Part) -> ReceiverAgenda:
        """Returns the agenda of one receiver, the most urgent deals first."""
        handed = sorted(part.handed, key=self._urgency)
        return ReceiverAgenda(name, kind, handed, part.returned, self._usually_missing(part.tries))

    def _urgency(self, deal: HandedDeal) -> tuple[object, ...]:
        """Returns the sort key: new ones first, then those without a step, overdue ones, and by due date."""
        zone = self._clock.zone
        due = deal.step.due if deal.step else None
        return (deal.carried, deal.step is not None, not deal.overdue, due is None, sort_key(due, zone) if due else (),
                sort_key(deal.handed_at, zone), deal.ref)  # fmt: skip

    def _is_still_theirs(self, row: HandedRow) -> bool:
        still = row.owner == row.to_owner and row.kind in ("open", "won") and row.state != "returned"
        return still and self._window.contains(row.at) and self._counts(row)

    def _is_carried(self, row: HandedRow) -> bool:
        """True if the deal was handed over before the period and still needs attention."""
        zone, since = self._clock.zone, self._window.since
        earlier = since is not None and is_before(row.at, since, zone) and row.kind in ("open", "won")
        waits = row.unaccepted or row.step is None or self._is_overdue(row)
        return bool(earlier and waits and self._counts(row))

    def _is_overdue(self, row: HandedRow) -> bool:
        return row.due is not None and is_before(row.due, self._clock.now, self._clock.zone)

    def _counts(self, row: HandedRow | FirstTry) -> bool:
        """True if the owner changed. If one role does all the selling, every handoff counts."""
        if row.from_owner != row.to_owner:
            return True
        playbook = self._playbook(row.rules)
        return playbook is not None and _is_sold_by_one_role(playbook)

    def _handed(self, row: HandedRow, carried: bool = False) -> HandedDeal:
        names, clock = self._names[row.deal], self._clock
        return HandedDeal(
            names.account, names.deal, names.ref, names.name, row.deal_name, row.from_owner, row.from_stage,
            row.handoff, row.at,
            stage=row.stage,
            title=_title(self._playbook(row.playbook), row.stage),
            accepted_at=row.accepted_at,
            days=days_between(row.at, clock.now, clock.zone),
            step=AgendaStep(row.step, row.due) if row.step else None,
            overdue=self._is_overdue(row),
            carried=carried,
        )  # fmt: skip

    def _returned(self, row: HandedRow, returned_at: Moment) -> ReturnedDeal:
        names, playbook = self._names[row.deal], self._playbook(row.rules)
        missing = [ReturnGap(name, _label(playbook, name)) for name in self._named[row.id]]
        return ReturnedDeal(
            names.account, names.deal, names.ref, names.name, row.deal_name, row.from_owner, row.from_stage,
            row.handoff, row.at,
            returned_at=returned_at, because=row.because, missing=missing,
        )  # fmt: skip

    def _usually_missing(self, tries: Iterable[FirstTry]) -> list[UsuallyMissing]:
        """Returns the items that first attempts lacked most often."""
        missing: Counter[str] = Counter()
        attempts: Counter[HandoffKey] = Counter()
        lacking: dict[str, dict[HandoffKey, str]] = defaultdict(dict)
        for attempt in tries:
            key = (attempt.rules, attempt.from_stage, attempt.handoff)
            attempts[key] += 1
            for name in self._lacked[attempt.id]:
                missing[name] += 1
                lacking[name][key] = attempt.rules
        asked = {name: sum(attempts[key] for key in lacking[name]) for name in missing}
        worst = sorted(missing, key=lambda name: (-missing[name], asked[name], name))[:MOST_MISSING]
        return [
            UsuallyMissing(
                name, _label(self._playbook(next(iter(lacking[name].values()))), name), missing[name], asked[name]
            )
            for name in worst
        ]


def _is_sold_by_one_role(playbook: Playbook) -> bool:
    """True if one role owns deals in all open stages."""
    return len({playbook.owner_of(name) for name, stage in playbook.stages.items() if stage.kind == "open"}) == 1


def _label(playbook: Playbook | None, name: str) -> str:
    if playbook is None:
        return "Next step" if name == NEXT_STEP else in_words(name)
    return item_label(playbook, name)


def _title(playbook: Playbook | None, stage: str) -> str:
    return playbook.title_of(stage) if playbook else in_words(stage)
