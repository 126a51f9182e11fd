"""The invitation to a meeting as a calendar file: from the seller to the client and to the colleagues who come along.

The client reads what stands in it, so it holds nothing but the subject, the place, the time and the names.
"""

import re
from pathlib import Path

from handoffctl.core.ics import CalendarEntry, can_invite
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import contacts
from handoffctl.deals.lookup_query import Deal
from handoffctl.meetings.model import Meeting
from handoffctl.people.participants import persons_meant
from handoffctl.people.query import people
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.configuration import Configuration
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import WriteFile

Attendees = tuple[tuple[str, str], ...]  # names and addresses

_ON_SCREEN_OR_PHONE = re.compile(r"\w+://|www\.|\+?[\d ()/-]{6,}\Z")


def uid_line(uid: str) -> str:
    """Returns the line by which a calendar file is recognized as belonging to this meeting."""
    return f"UID:{uid}"


def put_invitation(
    home: Home, query: Query, put: WriteFile, path: Path, deal: Deal, playbook: Playbook, meeting: Meeting
) -> list[str]:
    """Writes the file. Returns the addresses that it invites; none if it is only for the user's own calendar."""
    from handoffctl.core.ics_document import calendar  # imports icalendar

    me = home.configuration
    attendees = _attendees(query, deal, meeting, me.email)
    entry = _entry(home, meeting, _title_for_client(me, meeting), _names(me, meeting, attendees), attendees)
    inviting = can_invite(entry)
    if not inviting:
        reminders = "\n".join([entry.says, *_reminders(deal, meeting)]).strip()
        entry = _entry(home, meeting, _own_title(deal, playbook, meeting), reminders, attendees)
    put(path, calendar([entry], home.clock.zone, request=inviting))
    return [address for _, address in entry.attendees] if inviting else []


def _entry(home: Home, meeting: Meeting, title: str, says: str, attendees: Attendees) -> CalendarEntry:
    me, cancelled = home.configuration, meeting.state == "cancelled"
    return CalendarEntry(
        meeting.uid, title, meeting.at, meeting.minutes, says, home.clock.now, meeting.moves + cancelled, cancelled,
        (me.name, me.email) if me.email else None, attendees, meeting.place,
    )  # fmt: skip


def _title_for_client(me: Configuration, meeting: Meeting) -> str:
    if meeting.subject:
        return meeting.subject
    there = meeting.place and not _ON_SCREEN_OR_PHONE.match(meeting.place)
    return ("Meeting" if there else "Call") + (f" with {me.name}" if me.name else "")


def _names(me: Configuration, meeting: Meeting, attendees: Attendees) -> str:
    """Returns the names of everybody who is to be there."""
    names = [*(name for name, _ in attendees), *(guest.name for guest in meeting.guests), me.name]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _own_title(deal: Deal, playbook: Playbook, meeting: Meeting) -> str:
    """Returns what the user's own calendar shows; nobody else reads it."""
    booked_for = (handoff.name for handoff in playbook.leaving(deal.stage) if handoff.key == meeting.handoff)
    return f"{deal.called}: {meeting.subject or next(booked_for, '') or 'meeting'}"


def _reminders(deal: Deal, meeting: Meeting) -> list[str]:
    waits = [f"The handoff {meeting.handoff} waits for it."] if meeting.handoff else []
    return [*waits, f"When it was: handoffctl meeting held {deal.ref}"]


def _attendees(query: Query, deal: Deal, meeting: Meeting, own_address: str) -> Attendees:
    """Returns names and addresses of the guests, with the addresses known by now. Never the user's."""
    known = {contact.name: contact.email for contact in contacts(query, deal.account.id)}
    known |= {person.name: person.email for person in people(query)}
    named = [(guest.name, guest.email or known.get(guest.name) or "") for guest in meeting.guests]
    named = named or _attendees_without_guests(query, deal, meeting.met)
    by_address = {address.casefold(): (name, address) for name, address in named if address}
    return tuple(attendee for address, attendee in by_address.items() if address != own_address.casefold())


def _attendees_without_guests(query: Query, deal: Deal, met: str) -> list[tuple[str, str]]:
    """Returns the attendees of a meeting that was booked before guests were recorded, or that has none."""
    reachable = [(contact.name or "", contact.email) for contact in contacts(query, deal.account.id) if contact.email]
    named = [attendee for attendee in reachable if met and met in attendee]
    teammates = persons_meant(query, met) if met and not named else []
    ours = [(person.name, person.email) for person in teammates if person.email]
    return [*(named or reachable[:1]), *ours]
