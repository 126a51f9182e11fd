"""Removes a person from the team, after somebody else has taken over their deals, steps, promises and meetings.

All of it is one command, which one undo takes back. The deals change their owners by handoffs from person to person.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from handoffctl.core.names import fold
from handoffctl.core.screen_dates import day_and_time
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.lookup_query import Deal, full_deal_ref
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.playbook import rules_of
from handoffctl.errors import Refused
from handoffctl.handoffs import leave_query
from handoffctl.handoffs.attempt import build_attempt, refuse_going_back
from handoffctl.handoffs.cover import cover_handoff
from handoffctl.handoffs.handoff import hand_over
from handoffctl.handoffs.receiver import absence_remarks
from handoffctl.handoffs.receiver_query import loads
from handoffctl.meetings.query import by_id
from handoffctl.people.members import person_called, refuse_deals_left, remove_person
from handoffctl.people.query import Person, named, people
from handoffctl.playbook.library import refuse_changed
from handoffctl.workspace.home import Home


class LeftDeal(NamedTuple):
    """A deal of the person who leaves, and who can take it over, with how many open deals each of them has."""

    deal: Deal
    stage: str
    role: str
    successors: Mapping[str, int]


class Leaving(NamedTuple):
    """A person who is to leave, with their deals. `others` counts steps, promises and meetings that name them.

    `colleagues` are the names of all others in the team.
    """

    person: Person
    deals: Sequence[LeftDeal]
    others: int
    colleagues: Sequence[str]

    @property
    def open_deals(self) -> list[LeftDeal]:
        return [left for left in self.deals if left.deal.kind == "open"]


class Left(NamedTuple):
    """What happened: the person who left, the number of deals that each successor got, and remarks."""

    person: Person
    deals_by_successor: Mapping[str, int]
    remarks: Sequence[str]


def leaving(home: Home, name: str) -> Leaving:
    """Returns what a person has, and who could take each deal over. Raises NotFound for an unknown name."""
    with home.reading() as query:
        person = person_called(query, name)
        everybody = people(query)
        counts = {owner: load.open for owner, load in loads(query, home.clock).items()}
        deals = [_left_deal(home, deal, person, everybody, counts) for deal in _deals_of(query, person)]
        others = sum(
            len(rows)
            for rows in (
                leave_query.open_steps(query, person.name),
                leave_query.open_promises(query, person.name),
                leave_query.booked_guests(query, person.name),
            )
        )
        return Leaving(person, deals, others, [each.name for each in everybody if each.id != person.id])


def _deals_of(query: Query, person: Person) -> list[Deal]:
    return [
        find_deal(query, full_deal_ref(row.account, row.deal)) for row in leave_query.owned_deals(query, person.name)
    ]


def _left_deal(
    home: Home, deal: Deal, person: Person, everybody: Sequence[Person], counts: Mapping[str, int]
) -> LeftDeal:
    playbook = rules_of(home, deal).playbook
    role = cover_handoff(playbook, deal, None, person.name, person.roles).receiver
    fitting = [each.name for each in everybody if role in each.roles and each.id != person.id]
    fitting.sort(key=lambda name: (counts.get(name, 0), name))
    return LeftDeal(deal, playbook.title_of(deal.stage), role, {name: counts.get(name, 0) for name in fitting})


def leave(home: Home, name: str, to: str = "", successors: Mapping[int, str] | None = None) -> Left:
    """Hands everything of a person over and removes them, all or nothing.

    `to` takes everything over, unless `successors` names somebody for a deal, by its id. Raises NotFound for an unknown
    name, Refused for open deals that nobody takes over and for a successor who lacks the role.
    """
    with home.writing() as session:
        person = person_called(session.query, name)
        heir = _heir(session.query, to, person)
        takers = _hand_over_deals(session, home, person, successors or {}, heir.name if heir else "")
        remarks = _Rest(session, home, person, takers, heir).hand_over()
        for taker in dict.fromkeys(takers.values()):
            remarks += absence_remarks(home, session.query, taker)
        counts = Counter(takers.values())
        remove_person(session, person, _handed_text(counts))
    return Left(person, counts, remarks)


def _heir(query: Query, to: str, person: Person) -> Person | None:
    if not to:
        return None
    heir = person_called(query, to)
    if heir.id == person.id:
        raise Refused(f"{person.name} cannot take over what they leave.", "Name somebody else with --to.")
    return heir


def _hand_over_deals(
    session: WriteSession, home: Home, person: Person, successors: Mapping[int, str], heir: str
) -> dict[int, str]:
    """Hands the deals over to the successors, else to the heir. Returns who has each deal now, by the deal's id.

    Raises Refused if nobody takes over an open deal; one that was put aside may keep its owner's name.
    """
    deals = _deals_of(session.query, person)
    takers = {deal.id: taker for deal in deals if (taker := successors.get(deal.id) or heir)}
    refuse_deals_left(
        session.query, person, [deal.id for deal in deals if deal.kind == "open" and deal.id not in takers]
    )
    return {deal.id: _hand_over(session, home, deal, person, takers[deal.id]) for deal in deals if deal.id in takers}


def _hand_over(session: WriteSession, home: Home, deal: Deal, person: Person, taker: str) -> str:
    """Hands a deal to another person where it is. Returns that person's name as recorded.

    Raises Refused, with the deal in its message, for somebody without the role.
    """
    rules = rules_of(home, deal)
    refuse_changed(home, rules)
    refuse_going_back(deal, home.clock)
    handoff = cover_handoff(rules.playbook, deal, None, taker, person.roles)
    try:
        attempt = build_attempt(home, session.query, rules, deal, handoff, taker)
    except Refused as fault:
        raise Refused(f"Can't hand over {deal.called}: {fault.message}", fault.hint) from None
    hand_over(session, home, attempt)
    return attempt.to_owner


def _handed_text(counts: Mapping[str, int]) -> str:
    handed = [f"{count} {'deal' if count == 1 else 'deals'} to {taker}" for taker, count in counts.items()]
    return f"; handed {', '.join(handed)}" if handed else ""


class _Rest:
    """What names a person besides their deals: steps, promises and meetings.

    It goes to who has the deal now (`takers`, by the deal's id), else to the heir; where there is neither, it keeps
    the name.
    """

    def __init__(
        self, session: WriteSession, home: Home, person: Person, takers: Mapping[int, str], heir: Person | None
    ) -> None:
        self._session, self._home, self._person = session, home, person
        everybody = people(session.query)
        self._takers = {deal: taker for deal, name in takers.items() if (taker := named(everybody, name))}
        self._heir = heir
        self._kept = 0

    def hand_over(self) -> list[str]:
        """Hands it over. Returns a remark for each meeting, and one if something keeps the name."""
        session, name = self._session, self._person.name
        for row in leave_query.open_steps(session.query, name):
            if taker := self._successor(row.deal):
                session.change(session.models.Step, row.id, owner=taker.name)
        for row in leave_query.open_promises(session.query, name):
            if taker := self._successor(row.deal):
                session.change(session.models.Promise, row.id, owner=taker.name)
        for row in leave_query.booked_with(session.query, name):
            if taker := self._takers.get(row.deal, self._heir):
                session.change(session.models.Meeting, row.id, met=taker.name)
        guests = leave_query.booked_guests(session.query, name)
        remarks = [self._replace(guest, taker) for guest in guests if (taker := self._successor(guest.deal))]
        if self._kept:
            verb = "names" if self._kept == 1 else "name"
            remarks.append(f"{self._kept} of the steps, promises and meetings still {verb} {name}.")
        return remarks

    def _successor(self, deal: int) -> Person | None:
        taker = self._takers.get(deal, self._heir)
        self._kept += taker is None
        return taker

    def _replace(self, guest: leave_query.NamedGuest, taker: Person) -> str:
        """Puts the successor on the list of guests. Returns a remark that the client has to be told."""
        session = self._session
        meeting = by_id(session.query, guest.meeting)
        if any(fold(other.name) == taker.folded for other in meeting.guests):
            session.delete(session.models.MeetingGuest, guest.id)
        else:
            session.change(session.models.MeetingGuest, guest.id, name=taker.name, email=taker.email)
        when = day_and_time(meeting.at, self._home.clock)
        return f"Tell {guest.account} that {taker.name} comes instead of {self._person.name} on {when}."
