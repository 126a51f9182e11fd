"""Books, moves and cancels meetings. What came of one is recorded in `outcome`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from handoffctl.core.json_record import OMITTED, Omitted
from handoffctl.core.moments import Moment, format_local, is_before, local_date
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts
from handoffctl.deals.facts_query import step as step_of
from handoffctl.deals.lookup_query import Deal, again, deal_or_customer
from handoffctl.deals.playbook import rules_of
from handoffctl.errors import NotReady, Refused
from handoffctl.meetings import query as meetings
from handoffctl.meetings.guests import invited_people, receiving_role
from handoffctl.meetings.invitation import put_invitation, uid_line
from handoffctl.meetings.lookup import deal_with_meetings, find_booked
from handoffctl.meetings.model import OURS, Meeting, MeetingGuest
from handoffctl.meetings.next_step import close_step_of, make_next_step
from handoffctl.people.participants import away_on
from handoffctl.people.query import people
from handoffctl.playbook.criteria import DealState, item_holds
from handoffctl.playbook.handoff_names import find_handoff, next_handoffs
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.workspace.calendar_files import refuse_foreign_file
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import WriteFile, publish_at_end

LONGEST_LINE = 200  # of the place or the subject of a meeting


class Booking(NamedTuple):
    """A `BookedMeeting` as `meeting book --json` prints it, and the commands that move or cancel one."""

    account: str
    deal: str
    at: Moment
    minutes: int
    with_: str
    for_: str | None
    state: str
    uid: str
    moves: int
    step: str | None
    invited: Sequence[str]
    criteria: Mapping[str, bool] | Omitted
    before: Moment | Omitted
    ics: str | None
    place: str
    subject: str
    guests: Sequence[MeetingGuest]


@dataclass(frozen=True)
class MeetingToBook:
    """A meeting as a command gives it: when, with whom, for which handoff, how long, where, and about what."""

    at: str
    names: Sequence[str] = ()
    for_: str = ""
    minutes: int = 30
    place: str = ""
    subject: str = ""


@dataclass(frozen=True)
class BookedMeeting:
    """A meeting after it was booked, moved or cancelled.

    `step` is the text of the next step if one was made, `ics` the calendar file if one was asked for, `invited` the
    addresses in it. `criteria` tells which held when it was booked; `before` is its former time if it was moved. `away`
    has a sentence for each participant who will be away. `nothing_next` is True if an open deal was left without a
    step. `newcomer` is the colleague among the guests who would take the deal over next, if there is one.
    """

    deal: Deal
    meeting: Meeting
    step: str | None = None
    ics: Path | None = None
    invited: Sequence[str] = ()
    criteria: Mapping[str, bool] | None = None
    before: Moment | None = None
    away: Sequence[str] = ()
    nothing_next: bool = False
    newcomer: str = ""

    def as_json(self) -> Booking:
        meeting = self.meeting
        return Booking(
            self.deal.account.slug, self.deal.slug, meeting.at, meeting.minutes, meeting.met, meeting.handoff,
            meeting.state, meeting.uid, meeting.moves, self.step, self.invited,
            OMITTED if self.criteria is None else self.criteria,
            OMITTED if self.before is None else self.before,
            str(self.ics) if self.ics else None, meeting.place, meeting.subject, meeting.guests,
        )  # fmt: skip


def book_meeting(home: Home, ref: str, given: MeetingToBook, ics: Path | None) -> BookedMeeting:
    """Books a meeting, and makes it the next step if the deal has none.

    Raises NotFound, NotReady if the deal is closed, Refused for a past moment or one that is booked already, or for a
    long text.
    """
    when = _future_moment(home, given.at)
    _refuse_long(given)
    with home.reading() as query:
        seen = deal_or_customer(query, ref)
    _refuse_closed(seen)
    playbook = rules_of(home, seen).playbook
    with publish_at_end() as put, home.writing() as session:
        deal = again(session.query, seen)
        _refuse_closed(deal)
        _refuse_twice(home, session, deal, when)
        handoff = find_handoff(playbook, deal.stage, given.for_) if given.for_ else None
        invitees = invited_people(session.query, playbook, deal, given.names, handoff)
        new = NewMeeting(when, given.minutes, invitees.met, handoff, _one_line(given.place), _one_line(given.subject))
        meeting, criteria = _add_meeting(session, home, deal, playbook, new, invitees.guests)
        step = make_next_step(session, deal, meeting, when)
        invited = _invite(home, session, put, ics, deal, playbook, meeting)
        purpose = f", for the handoff {handoff.key}." if handoff else "."
        sentence = f"Booked a {meeting.called} for {deal.called}, {format_local(when, home.clock.zone)}{purpose}"
        session.log(sentence, deal.account.id, deal.id)
        away = _away(home, session, meeting, invitees.named, when)
        newcomer = _newcomer(session, playbook, deal, meeting)
    return BookedMeeting(deal, meeting, step, ics, invited, criteria, away=away, newcomer=newcomer)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _refuse_long(given: MeetingToBook) -> None:
    for option, text in (("--where", given.place), ("--subject", given.subject)):
        if len(text) > LONGEST_LINE:
            raise Refused(
                f"{option} has {len(text):,} characters; {LONGEST_LINE} is the most.", "Nothing was recorded."
            )


def _away(home: Home, session: WriteSession, meeting: Meeting, named: Sequence[str], when: Moment) -> list[str]:
    day = local_date(when, home.clock.zone)
    return [sentence for name in named or [meeting.met] for sentence in away_on(session.query, name, day)]


def _newcomer(session: WriteSession, playbook: Playbook, deal: Deal, meeting: Meeting) -> str:
    """Returns the first guest of our side who would take the deal over next and does not have it yet."""
    handoffs = playbook.leaving(deal.stage)
    waiting = [handoff for handoff in handoffs if handoff.key == meeting.handoff] or next_handoffs(playbook, deal.stage)
    receivers = {receiving_role(playbook, handoff) for handoff in waiting}
    takers = {person.name for person in people(session.query) if receivers & {*person.roles}}
    names = [guest.name for guest in meeting.guests if guest.side == OURS]
    return next((name for name in names if name in takers and name != deal.owner), "")


def _future_moment(home: Home, at: str) -> Moment:
    clock = home.clock
    when = home.moment("--at", at)
    if is_before(when, clock.now, clock.zone):
        raise Refused(
            f"{format_local(when, clock.zone)} is past; a meeting is booked for what is to come.",
            "Record one that took place with: handoffctl touch ACCOUNT meeting --outcome held --at WHEN",
        )
    return when


def _refuse_closed(deal: Deal, verb: str = "booked") -> None:
    if deal.kind in ("lost", "nurture"):
        raise NotReady(
            f"{deal.called} is closed, as {deal.kind}; nothing was {verb}.",
            f"Take it up again first: handoffctl reopen {deal.ref}",
        )


def _refuse_twice(home: Home, session: WriteSession, deal: Deal, when: Moment) -> None:
    for meeting in meetings.of_deal(session.query, deal.id, "booked"):
        if meeting.at == when:
            raise Refused(
                f"{deal.called} has a {meeting.called} booked for {format_local(when, home.clock.zone)} already.",
                "Give another --at, or see what is booked: handoffctl meeting list",
            )


@dataclass(frozen=True)
class NewMeeting:
    """A meeting that is about to be recorded; `met` is the participant whom the criteria are about."""

    at: Moment
    minutes: int
    met: str
    handoff: Handoff | None
    place: str
    subject: str


def _add_meeting(
    session: WriteSession, home: Home, deal: Deal, playbook: Playbook, new: NewMeeting, guests: Sequence[MeetingGuest]
) -> tuple[Meeting, dict[str, bool]]:
    """Writes the meeting with its guests, and which criteria hold now."""
    handoff = new.handoff
    row = session.add(session.models.Meeting(
        deal_id=deal.id, visit_id=deal.visit_id, uid=f"{uuid4()}@handoffctl.invalid", at=new.at, minutes=new.minutes,
        met=new.met, handoff=handoff.key if handoff else None, state="booked", booked_at=session.at, place=new.place,
        subject=new.subject,
    ))  # fmt: skip
    assert row.id is not None
    for guest in guests:
        session.add(session.models.MeetingGuest(
            meeting_id=row.id, name=guest.name, email=guest.email, side=guest.side
        ))  # fmt: skip
    state = DealState(playbook, facts(session.query, deal), home.clock)
    names = dict.fromkeys([*playbook.criteria, *(handoff.required if handoff else ())])
    criteria = {name: bool(item_holds(name, state)) for name in names}
    for name, holds in criteria.items():
        session.add(session.models.MeetingCriterion(meeting_id=row.id, name=name, held=int(holds)))
    return meetings.by_id(session.query, row.id), criteria


def _invite(
    home: Home,
    session: WriteSession,
    put: WriteFile,
    ics: Path | None,
    deal: Deal,
    playbook: Playbook,
    meeting: Meeting,
) -> Sequence[str]:
    """Writes the calendar file together with the records: if one of the two fails, neither is kept."""
    if ics is None:
        return ()
    refuse_foreign_file(home, ics, uid_line(meeting.uid))
    session.command.wrote_file = str(ics).encode("utf-8", "backslashreplace").decode()
    return put_invitation(home, session.query, put, ics, deal, playbook, meeting)


def move_meeting(home: Home, ref: str, given: MeetingToBook, which: str, ics: Path | None) -> BookedMeeting:
    """Gives the earliest booked meeting another time, and another place or subject if one is given.

    A no-show stays one: a new meeting is booked instead. Raises NotFound, NotReady if the deal is closed or has no
    meeting, Refused for a moment that does not fit or a long text.
    """
    when, zone = _future_moment(home, given.at), home.clock.zone
    _refuse_long(given)
    with home.reading() as query:
        seen = deal_with_meetings(query, ref)
    playbook = rules_of(home, seen).playbook
    with publish_at_end() as put, home.writing() as session:
        deal = again(session.query, seen)
        _refuse_closed(deal, "moved")
        old = _no_show_to_rebook(session, deal, which)
        rebooked = old is not None
        if old is None:
            old = find_booked(home, session.query, deal, which, "--from")
        if not rebooked and old.at == when:
            raise Refused(f"It is booked for {format_local(when, zone)} already.", "Nothing was changed.")
        _refuse_twice(home, session, deal, when)
        moved = _rebook(session, home, deal, playbook, old, when) if rebooked else _move(session, old, when)
        moved = _describe(session, moved, given)
        step = make_next_step(session, deal, moved, when)
        invited = _invite(home, session, put, ics, deal, playbook, moved)
        away = away_on(session.query, moved.met, local_date(when, zone))
        sentence = (
            f"Moved the {old.called} of {deal.called} from {format_local(old.at, zone)} to {format_local(when, zone)}."
        )
        session.log(sentence, deal.account.id, deal.id)
    return BookedMeeting(deal, moved, step, ics, invited, before=old.at, away=away)


def _no_show_to_rebook(session: WriteSession, deal: Deal, which: str) -> Meeting | None:
    """Returns the last no-show if no meeting is booked and none was named."""
    missed = meetings.of_deal(session.query, deal.id, "no-show")
    if which or not missed or meetings.of_deal(session.query, deal.id, "booked"):
        return None
    return missed[-1]


def _rebook(session: WriteSession, home: Home, deal: Deal, playbook: Playbook, old: Meeting, when: Moment) -> Meeting:
    handoff = next((handoff for handoff in playbook.leaving(deal.stage) if handoff.key == old.handoff), None)
    new = NewMeeting(when, old.minutes, old.met, handoff, old.place, old.subject)
    return _add_meeting(session, home, deal, playbook, new, old.guests)[0]


def _describe(session: WriteSession, meeting: Meeting, given: MeetingToBook) -> Meeting:
    """Gives the meeting the place and the subject that were given, and returns it."""
    changes = {"place": _one_line(given.place), "subject": _one_line(given.subject)}
    if changes := {column: text for column, text in changes.items() if text}:
        session.change(session.models.Meeting, meeting.id, **changes)
        return meetings.by_id(session.query, meeting.id)
    return meeting


def _move(session: WriteSession, old: Meeting, when: Moment) -> Meeting:
    """Changes the time of the meeting. A row in state `moved` keeps its former time and when it was changed."""
    row = session.get(session.models.Meeting, old.id)
    session.add(session.models.Meeting(
        deal_id=row.deal_id, visit_id=row.visit_id, uid=f"{old.uid}#{old.moves}", at=old.at, minutes=old.minutes,
        met=old.met, handoff=old.handoff, state="moved", booked_at=old.booked_at, marked_at=session.at, moves=old.moves,
        place=old.place, subject=old.subject,
    ))  # fmt: skip
    session.change(session.models.Meeting, old.id, at=when, moves=old.moves + 1)
    present = meetings.open_step_of(session.query, row.deal_id)
    if present and present.id == old.step_id:
        session.change(session.models.Step, present.id, due=when)
    return meetings.by_id(session.query, old.id)


def cancel_meeting(home: Home, ref: str, which: str, because: str, ics: Path | None) -> BookedMeeting:
    """Cancels the earliest booked meeting and closes the step that stands for it. Raises NotFound, NotReady."""
    with home.reading() as query:
        seen = deal_with_meetings(query, ref)
    playbook = rules_of(home, seen).playbook
    with publish_at_end() as put, home.writing() as session:
        deal = again(session.query, seen)
        meeting = find_booked(home, session.query, deal, which)
        session.change(session.models.Meeting, meeting.id, state="cancelled", marked_at=session.at)
        close_step_of(session, deal, meeting, "replaced_at")
        cancelled = meetings.by_id(session.query, meeting.id)
        invited = _invite(home, session, put, ics, deal, playbook, cancelled)
        why = f": {' '.join(because.split())}" if because.strip() else "."
        sentence = f"Cancelled the {meeting.called} of {deal.called}, {format_local(meeting.at, home.clock.zone)}{why}"
        session.log(sentence, deal.account.id, deal.id)
        nothing_next = deal.kind == "open" and step_of(session.query, deal.id) is None
    return BookedMeeting(deal, cancelled, None, ics, invited, nothing_next=nothing_next)
