"""Finds the people of both sides who are to be at a meeting, from the names that a command gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoffctl.db.query import Query
from handoffctl.deals.facts_query import contacts
from handoffctl.deals.lookup_query import Deal
from handoffctl.meetings.model import CLIENT, OURS, MeetingGuest
from handoffctl.people.participants import as_criteria_know, persons_meant, whom
from handoffctl.playbook.handoff_names import next_handoffs
from handoffctl.playbook.model import Handoff, Playbook


@dataclass(frozen=True)
class InvitedPeople:
    """Who is to be at a meeting: the participants as they were named, the guests, and the one that `met` records."""

    named: tuple[str, ...]
    guests: tuple[MeetingGuest, ...]
    met: str


def invited_people(
    query: Query, playbook: Playbook, deal: Deal, names: Sequence[str], handoff: Handoff | None
) -> InvitedPeople:
    """Returns the people that the names mean: roles, contacts or teammates. Raises NotFound for an unknown one.

    Where no contact is named, the main one is a guest too. A role is a guest only if it means one person.
    """
    named = tuple(dict.fromkeys(filter(None, (whom(query, playbook, deal, name) for name in names))))
    of_client = [
        MeetingGuest(contact.name or contact.email or "", contact.email, CLIENT)
        for contact in contacts(query, deal.account.id)
        if contact.name or contact.email
    ]
    invited = [guest for guest in of_client if {guest.name, guest.email} & {*named}]
    ours = [
        MeetingGuest(person.name, person.email, OURS)
        for name in named
        if not any(name in (guest.name, guest.email) for guest in invited)
        for person in persons_meant(query, name)
    ]
    guests = (*(invited or _main_guest(of_client)), *dict.fromkeys(ours))
    return InvitedPeople(named, guests, _met(query, playbook, deal, named, handoff))


def _main_guest(of_client: Sequence[MeetingGuest]) -> Sequence[MeetingGuest]:
    """Returns the first contact who can be invited, else the first."""
    return [guest for guest in of_client if guest.email][:1] or of_client[:1]


def _met(query: Query, playbook: Playbook, deal: Deal, named: Sequence[str], handoff: Handoff | None) -> str:
    """Returns the participant whom the criteria are about: who takes over, else another of our side, else a contact."""
    handoffs = [handoff] if handoff else next_handoffs(playbook, deal.stage)
    receivers = [receiving_role(playbook, each) for each in handoffs]
    ours = {name: as_criteria_know(query, playbook, deal, name) for name in named}
    ours = {name: role for name, role in ours.items() if role in playbook.roles}
    for name in ours:
        if any(as_criteria_know(query, playbook, deal, name, receiver) == receiver for receiver in receivers):
            return name
    return next(iter([*ours, *named]), "")


def receiving_role(playbook: Playbook, handoff: Handoff) -> str:
    """Returns the role that a handoff leads to, or an empty text if another playbook names it."""
    return handoff.receiver or ("" if handoff.to_playbook else playbook.owner_of(handoff.to_stage))
