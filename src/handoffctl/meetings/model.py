"""A meeting with a prospect: its record, its order among others, and the line that describes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.moments import (
    Clock,
    Moment,
    Zone,
    as_datetime,
    format_local,
    is_date,
    is_over,
    local_date,
    sort_key,
)

MINUTES_A_DAY = 1440
CLIENT, OURS = "client", "ours"  # the sides of a meeting


class MeetingGuest(NamedTuple):
    """Somebody who is to be there; `side` is client or ours."""

    name: str
    email: str | None
    side: str


class ShownMeeting(NamedTuple):
    """A meeting as the JSON of its deal shows it: whom it is with, and the handoff that waits for it."""

    at: Moment
    minutes: int
    with_: str
    for_: str | None
    state: str
    place: str
    subject: str
    guests: Sequence[MeetingGuest]


@dataclass(frozen=True)
class Meeting:
    """One meeting as it is recorded.

    `met` is the role or contact it is with, `handoff` the name of the handoff that waits for it. `state` is booked,
    held, no-show, cancelled or moved; `moves` counts how often it got another time. `place` is where it is, an address
    or a link.
    """

    id: int
    uid: str
    at: Moment
    minutes: int
    met: str
    handoff: str | None
    state: str
    booked_at: Moment
    moves: int
    step_id: int | None
    place: str = ""
    subject: str = ""
    guests: tuple[MeetingGuest, ...] = ()

    @property
    def called(self) -> str:
        """The words by which sentences name it."""
        return f"meeting with {self.met}" if self.met else "meeting"

    @property
    def participants(self) -> str:
        """The names of all who are to be there, those of our side first; a role stands for whom nobody named."""
        by_side = sorted(self.guests, key=lambda guest: guest.side != OURS)
        names = [guest.name for guest in by_side]
        of_a_role = [self.met] if self.met and not any(guest.side == OURS for guest in by_side) else []
        return ", ".join(dict.fromkeys([*of_a_role, *names]))

    def as_json(self) -> ShownMeeting:
        return ShownMeeting(
            self.at, self.minutes, self.met, self.handoff, self.state, self.place, self.subject, self.guests
        )


class ListedMeeting(NamedTuple):
    """A `DealMeeting` as `meeting list --json` prints it. `name` is the account's."""

    account: str
    name: str
    deal: str
    at: Moment
    minutes: int
    ref: str
    with_: str
    for_: str | None
    state: str
    moves: int
    unmarked: bool
    place: str
    subject: str
    guests: Sequence[MeetingGuest]


@dataclass(frozen=True)
class DealMeeting:
    """A meeting with the account and deal it belongs to; `ref` is how a command names the deal."""

    meeting: Meeting
    account: str
    name: str
    deal: str
    ref: str

    def is_unmarked(self, clock: Clock) -> bool:
        """Returns True if the meeting is over and nobody has recorded its outcome."""
        return self.meeting.state == "booked" and is_over(self.meeting.at, self.meeting.minutes, clock)

    def as_json(self, clock: Clock) -> ListedMeeting:
        meeting = self.meeting
        return ListedMeeting(
            self.account, self.name, self.deal, meeting.at, meeting.minutes, self.ref, meeting.met, meeting.handoff,
            meeting.state, meeting.moves, self.is_unmarked(clock), meeting.place, meeting.subject, meeting.guests,
        )  # fmt: skip


def describe_booking(meeting: Meeting, clock: Clock) -> str:
    """Describes a booked meeting on one line: when and where it is, with whom, about what, and what waits for it."""
    about = f" {meeting.subject}" if meeting.subject else ""
    whom = f" with {meeting.participants}" if meeting.participants else ""
    place = f", {meeting.place}" if meeting.place else ""
    waits = f", for {meeting.handoff}" if meeting.handoff else ""
    question = ": held, or no-show?" if is_over(meeting.at, meeting.minutes, clock) else ""
    return f"{format_local(meeting.at, clock.zone)}{about}{whom}{place}{waits}{question}"


def earliest_first(meetings: Iterable[Meeting], zone: Zone) -> list[Meeting]:
    """Sorts meetings by the time they take place."""
    return sorted(meetings, key=lambda meeting: (sort_key(meeting.at, zone), meeting.id))


def meetings_at(meetings: Sequence[Meeting], when: Moment, zone: Zone) -> list[Meeting]:
    """Returns the meetings at exactly this moment; if there are none, or `when` is only a date, those of that day."""
    exact = [
        meeting
        for meeting in meetings
        if not is_date(when) and not is_date(meeting.at) and as_datetime(meeting.at) == as_datetime(when)
    ]
    return exact or [meeting for meeting in meetings if local_date(meeting.at, zone) == local_date(when, zone)]
