"""What happens next at a deal, as far as clients may read it: promises, meetings, times to offer."""

from collections.abc import Sequence
from datetime import datetime, time

from handoffctl.core.business_time import add_working_days
from handoffctl.core.moments import Moment, Zone, is_over, sort_key
from handoffctl.core.names import first_name_of
from handoffctl.emails.context import DealSnapshot, TouchNote
from handoffctl.emails.mail_dates import mail_moment
from handoffctl.emails.value_writer import ValueWriter
from handoffctl.emails.variable_types import MeetingVariables, NextStepVariables
from handoffctl.meetings.model import Meeting

TOOK_PLACE = ("held", "answered", "")  # outcomes of a call or a meeting
OFFERED_HOURS = (10, 14)


def next_steps(writer: ValueWriter, snapshot: DealSnapshot) -> list[NextStepVariables]:
    """Returns what the client may read of what happens next: what we promised, what they did, booked meetings.

    A private step is never among them, nor a promise of ours that the client was not told.
    """
    still_open = sorted(
        (promise for promise in snapshot.promises if promise.is_open and promise.kind != "milestone"),
        key=lambda promise: (promise.due is None, promise.due or "", promise.number),
    )
    ours = [promise for promise in still_open if promise.kind == "ours" and promise.told]
    theirs = [promise for promise in still_open if promise.kind == "theirs"]
    steps = [
        NextStepVariables(
            promise.kind, third_person(writer, snapshot, promise.kept_by), promise.clause, writer.day(promise.due), None
        )
        for promise in (*ours, *theirs)
    ]
    meetings = [
        NextStepVariables(
            "meeting", None, meeting.subject or None, None, mail_moment(meeting.at, writer.home.clock, writer.phrases)
        )
        for meeting in _booked(writer, snapshot)
    ]
    return [*steps, *meetings]


def third_person(writer: ValueWriter, snapshot: DealSnapshot, owner: str) -> str | None:
    """Returns who keeps a promise where it is neither the client who is written to, nor the seller who writes."""
    contact = snapshot.contacts[0].name if snapshot.contacts else None
    names = {contact, first_name_of(contact) if contact else None, writer.home.configuration.name}
    return owner if owner and owner not in names else None


def _booked(writer: ValueWriter, snapshot: DealSnapshot) -> list[Meeting]:
    clock = writer.home.clock
    booked = [meeting for meeting in snapshot.meetings if meeting.state == "booked"]
    ahead = [meeting for meeting in booked if not is_over(meeting.at, meeting.minutes, clock)]
    return sorted(ahead, key=lambda meeting: sort_key(meeting.at, clock.zone))


def next_meeting(writer: ValueWriter, snapshot: DealSnapshot) -> MeetingVariables | None:
    booked = _booked(writer, snapshot)
    return _meeting(writer, booked[0]) if booked else None


def missed_meeting(writer: ValueWriter, snapshot: DealSnapshot) -> MeetingVariables | None:
    """Returns the last meeting that the client did not come to, unless one was held since."""
    missed = last_missed(snapshot.meetings, writer.home.clock.zone)
    return _meeting(writer, missed) if missed else None


def last_missed(meetings: Sequence[Meeting], zone: Zone) -> Meeting | None:
    """Returns the last meeting that is over if the client did not come to it, else None."""
    over = [meeting for meeting in meetings if meeting.state in ("held", "no-show")]
    last = max(over, key=lambda meeting: sort_key(meeting.at, zone), default=None)
    return last if last and last.state == "no-show" else None


def _meeting(writer: ValueWriter, meeting: Meeting) -> MeetingVariables:
    return MeetingVariables(
        mail_moment(meeting.at, writer.home.clock, writer.phrases), meeting.minutes, meeting.subject or None,
        meeting.place or None, [guest.name for guest in meeting.guests if guest.side == "client"],
        [guest.name for guest in meeting.guests if guest.side == "ours"],
    )  # fmt: skip


def offers(writer: ValueWriter) -> list[str]:
    """Returns two times to offer: the second working day from now in the morning, and the next in the afternoon."""
    home = writer.home
    days = [add_working_days(home.clock.today, count, home.week) for count in (2, 3)] if home.week.workdays else []
    times = [datetime.combine(day, time(hour)) for day, hour in zip(days, OFFERED_HOURS, strict=False)]
    return [writer.phrases.offer(at) for at in times]


def last_call(touches: Sequence[TouchNote]) -> Moment | None:
    """Returns when the last call or meeting took place, that is, was answered or held."""
    held = [touch.at for touch in touches if touch.kind in ("call", "meeting") and touch.outcome in TOOK_PLACE]
    return held[-1] if held else None
