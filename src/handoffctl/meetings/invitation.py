"""The invitation to a meeting, as a calendar file: from the seller to the contact and to whoever takes over."""

from dataclasses import replace
from pathlib import Path

from handoffctl.core.ics import Entry, can_invite
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import contacts
from handoffctl.deals.lookup_query import Deal
from handoffctl.meetings.model import Meeting
from handoffctl.people.participants import persons_meant
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import Put


def mark_of(uid: str) -> str:
    """The line by which a file is known to be of this meeting."""
    return f"UID:{uid}"


def put_invitation(
    home: Home, query: Query, put: Put, path: Path, found: Deal, playbook: Playbook, one: Meeting
) -> list[str]:
    """Writes the file. Gives the addresses that it invites; none where it is only for one's own calendar."""
    entry = _entry(home, query, found, playbook, one)
    inviting = can_invite(entry)
    if not inviting:
        entry = replace(entry, says="\n".join([entry.says, *_for_oneself(found, one)]))
    from handoffctl.core.ics_document import calendar

    put(path, calendar([entry], home.clock.zone, request=inviting))
    return [address for _, address in entry.attendees] if inviting else []


def _entry(home: Home, query: Query, found: Deal, playbook: Playbook, one: Meeting) -> Entry:
    """What the prospect reads too: no stage, no score, only who meets whom, and a handoff's name if it has one."""
    me, off = home.configuration, one.state == "cancelled"
    what = next((known.name for known in playbook.leaving(found.stage) if known.key == one.handoff), "") or "meeting"
    whom = " and ".join(dict.fromkeys(name for name in (me.name, one.met) if name))
    says = f"{found.account.name} meets {whom}." if whom else f"A meeting with {found.account.name}."
    return Entry(
        one.uid, f"{found.called}: {what}", one.at, one.minutes, says, home.clock.now, one.moves + off, off,
        (me.name, me.email) if me.email else None, _attendees(query, found, one.met, me.email),
    )  # fmt: skip


def _for_oneself(found: Deal, one: Meeting) -> list[str]:
    waits = [f"The handoff {one.handoff} waits for it."] if one.handoff else []
    return [*waits, f"When it was: handoffctl meeting held {found.ref}"]


def _attendees(query: Query, found: Deal, met: str, mine: str) -> tuple[tuple[str, str], ...]:
    """The contact it is with, else the main one; and the person it is with. Nobody is invited by themselves."""
    theirs = contacts(query, found.account.id)
    with_address = [(one["name"] or "", one["email"]) for one in theirs if one["email"]]
    named = [one for one in with_address if met and met in one]
    ours = [(one.name, one.email) for one in persons_meant(query, met) if one.email] if met and not named else []
    people = {address.casefold(): (name, address) for name, address in [*(named or with_address[:1]), *ours]}
    return tuple(one for address, one in people.items() if address != mine.casefold())
