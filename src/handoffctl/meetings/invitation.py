"""The invitation to a meeting as a calendar file: from the seller to the contact and to the person who takes over."""

from dataclasses import replace
from pathlib import Path

from handoffctl.core.ics import CalendarEntry, can_invite
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import contacts
from handoffctl.deals.lookup_query import Deal
from handoffctl.meetings.model import Meeting
from handoffctl.people.participants import persons_meant
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import WriteFile


def uid_line(uid: str) -> str:
    """Returns the line by which a calendar file is recognized as belonging to this meeting."""
    return f"UID:{uid}"


def put_invitation(
    home: Home, query: Query, put: WriteFile, path: Path, deal: Deal, playbook: Playbook, meeting: Meeting
) -> list[str]:
    """Writes the file. Returns the addresses that it invites; none if it is only for the user's own calendar."""
    from handoffctl.core.ics_document import calendar  # imports icalendar

    entry = _entry(home, query, deal, playbook, meeting)
    inviting = can_invite(entry)
    if not inviting:
        entry = replace(entry, says="\n".join([entry.says, *_reminders(deal, meeting)]))
    put(path, calendar([entry], home.clock.zone, request=inviting))
    return [address for _, address in entry.attendees] if inviting else []


def _entry(home: Home, query: Query, deal: Deal, playbook: Playbook, meeting: Meeting) -> CalendarEntry:
    """The prospect reads this too: no stage, no score, only who meets whom, and the name of a handoff."""
    me, cancelled = home.configuration, meeting.state == "cancelled"
    booked_for = (handoff.name for handoff in playbook.leaving(deal.stage) if handoff.key == meeting.handoff)
    title = next(booked_for, "") or "meeting"
    whom = " and ".join(dict.fromkeys(name for name in (me.name, meeting.met) if name))
    text = f"{deal.account.name} meets {whom}." if whom else f"A meeting with {deal.account.name}."
    return CalendarEntry(
        meeting.uid, f"{deal.called}: {title}", meeting.at, meeting.minutes, text, home.clock.now,
        meeting.moves + cancelled, cancelled, (me.name, me.email) if me.email else None,
        _attendees(query, deal, meeting.met, me.email),
    )  # fmt: skip


def _reminders(deal: Deal, meeting: Meeting) -> list[str]:
    waits = [f"The handoff {meeting.handoff} waits for it."] if meeting.handoff else []
    return [*waits, f"When it was: handoffctl meeting held {deal.ref}"]


def _attendees(query: Query, deal: Deal, met: str, own_address: str) -> tuple[tuple[str, str], ...]:
    """Returns names and addresses: the contact it is with, else the main one; and the teammate. Never the user's."""
    reachable = [(contact.name or "", contact.email) for contact in contacts(query, deal.account.id) if contact.email]
    named = [attendee for attendee in reachable if met and met in attendee]
    teammates = persons_meant(query, met) if met and not named else []
    ours = [(person.name, person.email) for person in teammates if person.email]
    attendees = {address.casefold(): (name, address) for name, address in [*(named or reachable[:1]), *ours]}
    return tuple(attendee for address, attendee in attendees.items() if address != own_address.casefold())
