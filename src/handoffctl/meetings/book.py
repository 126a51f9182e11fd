"""Books meetings, moves them and calls them off. What became of one is said in `marking`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from handoffctl.core.moments import Moment, before, local_date, shown
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts
from handoffctl.deals.facts_query import step as step_of
from handoffctl.deals.fields import open_step
from handoffctl.deals.lookup_query import Deal, again, deal_or_customer
from handoffctl.deals.playbook import rules_of
from handoffctl.errors import NotReady, Refused
from handoffctl.meetings import query as views
from handoffctl.meetings.invitation import mark_of, put_invitation
from handoffctl.meetings.lookup import end_step_of, having_meetings, meant
from handoffctl.meetings.model import Meeting
from handoffctl.people.participants import away_on, whom
from handoffctl.playbook.criteria import DealState, item_holds
from handoffctl.playbook.handoff_names import meant_by
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.workspace.calendar_files import refuse_another
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import Put, putting


@dataclass(frozen=True)
class Arranged:
    """A meeting as it stands now. `invited` are the addresses in the file; `step` is the next step where one was made.

    `criteria` says which held when it was booked; `before` is when it was to be, where it was moved. `away` says who
    will not be there. `nothing_next` where an open deal was left without a step.
    """

    deal: Deal
    meeting: Meeting
    step: str | None = None
    invited: Sequence[str] = ()
    criteria: Mapping[str, bool] | None = None
    before: Moment | None = None
    away: Sequence[str] = ()
    nothing_next: bool = False

    def as_json(self) -> dict[str, Any]:
        one = self.meeting
        told = {
            "account": self.deal.account.slug, "deal": self.deal.slug, "at": one.at, "minutes": one.minutes,
            "with": one.met, "for": one.handoff, "state": one.state, "uid": one.uid, "moves": one.moves,
            "step": self.step, "invited": list(self.invited),
        }  # fmt: skip
        told |= {} if self.criteria is None else {"criteria": dict(self.criteria)}
        return told | ({} if self.before is None else {"before": self.before})


def book(
    home: Home, ref: str, at: str, met: str, for_: str, minutes: int, ics: Path | None, allow_prefix: bool
) -> Arranged:
    """Books a meeting, and makes it the next step where the deal has none."""
    when = _to_come(home, at)
    with home.reading() as query:
        found = deal_or_customer(query, ref, allow_prefix)
    _refuse_closed(found)
    playbook = rules_of(home, found).playbook
    with putting() as put, home.writing() as session:
        now = again(session.query, found)
        _refuse_closed(now)
        _refuse_twice(home, session, now, when)
        handoff = meant_by(playbook, now.stage, for_) if for_ else None
        made, criteria = _booked(
            session, home, now, playbook, when, whom(session.query, playbook, now, met), handoff, minutes
        )
        step = _stand_for(session, now, made, when)
        invited = _invitation(home, session, put, ics, now, playbook, made)
        session.log(f"Booked a {made.called} for {now.called}, {shown(when, home.clock.zone)}"
                 + (f", for the handoff {handoff.key}." if handoff else "."), now.account.id, now.id)  # fmt: skip
        away = away_on(session.query, made.met, local_date(when, home.clock.zone))
    return Arranged(now, made, step, invited, criteria, away=away)


def _to_come(home: Home, at: str) -> Moment:
    clock = home.clock
    when = home.moment("--at", at)
    if before(when, clock.now, clock.zone):
        raise Refused(
            f"{shown(when, clock.zone)} is past; a meeting is booked for what is to come.",
            "Record one that took place with: handoffctl touch ACCOUNT meeting --outcome held --at WHEN",
        )
    return when


def _refuse_closed(found: Deal, done: str = "booked") -> None:
    if found.kind in ("lost", "nurture"):
        raise NotReady(
            f"{found.called} is closed, as {found.kind}; nothing was {done}.",
            f"Take it up again first: handoffctl reopen {found.ref}",
        )


def _refuse_twice(home: Home, session: WriteSession, found: Deal, when: Moment) -> None:
    for one in views.of_deal(session.query, found.id, "booked"):
        if one.at == when:
            raise Refused(
                f"{found.called} has a {one.called} booked for {shown(when, home.clock.zone)} already.",
                "Give another --at, or see what is booked: handoffctl meeting list",
            )


def _booked(
    session: WriteSession,
    home: Home,
    found: Deal,
    playbook: Playbook,
    when: Moment,
    met: str,
    handoff: Handoff | None,
    minutes: int,
) -> tuple[Meeting, dict[str, bool]]:
    row = session.add(session.models.Meeting(
        deal_id=found.id, visit_id=found.visit_id, uid=f"{uuid4()}@handoffctl.invalid", at=when, minutes=minutes,
        met=met, handoff=handoff.key if handoff else None, state="booked", booked_at=session.at,
    ))  # fmt: skip
    assert row.id is not None
    state = DealState(playbook, facts(session.query, found), home.clock)
    names = dict.fromkeys([*playbook.criteria, *(handoff.required if handoff else ())])
    criteria = {name: bool(item_holds(name, state)) for name in names}
    for name, held in criteria.items():
        session.add(session.models.MeetingCriterion(meeting_id=row.id, name=name, held=int(held)))
    return views.one(session.query, row.id), criteria


def _stand_for(session: WriteSession, found: Deal, one: Meeting, when: Moment) -> str | None:
    """Makes the meeting the next step where none is open, or only that of finding this date. Gives its text."""
    present = views.open_step(session.query, found.id)
    missed = [other.step_id for other in views.of_deal(session.query, found.id, "no-show")]
    if present and present[0] in missed:
        session.change(session.models.Step, present[0], done_at=session.at)
    elif present:
        return None
    text = one.called if one.met else f"meeting with {found.account.name}"
    open_step(session, found, text, when)
    made = views.open_step(session.query, found.id)
    session.change(session.models.Meeting, one.id, step_id=made and made[0])
    return text


def _invitation(
    home: Home, session: WriteSession, put: Put, ics: Path | None, found: Deal, playbook: Playbook, one: Meeting
) -> Sequence[str]:
    """Where no file can be written, nothing is recorded; where nothing is recorded, no file gets its place."""
    if ics is None:
        return ()

    refuse_another(home, ics, mark_of(one.uid))
    session.command.wrote_file = str(ics).encode("utf-8", "backslashreplace").decode()
    return put_invitation(home, session.query, put, ics, found, playbook, one)


def move(home: Home, ref: str, at: str, which: str, ics: Path | None, allow_prefix: bool) -> Arranged:
    """Gives the earliest booked meeting another time. After a no-show that is a new meeting: the no-show stays one."""
    when = _to_come(home, at)
    with home.reading() as query:
        found = having_meetings(query, ref, allow_prefix)
    playbook = rules_of(home, found).playbook
    with putting() as put, home.writing() as session:
        now = again(session.query, found)
        _refuse_closed(now, "moved")
        old, anew = _to_be_moved(home, session, now, which)
        if not anew and old.at == when:
            raise Refused(f"It is booked for {shown(when, home.clock.zone)} already.", "Nothing was changed.")
        _refuse_twice(home, session, now, when)
        moved = _anew(session, home, now, playbook, old, when) if anew else _moved(session, old, when)
        step = _stand_for(session, now, moved, when)
        invited = _invitation(home, session, put, ics, now, playbook, moved)
        zone = home.clock.zone
        session.log(f"Moved the {old.called} of {now.called} from {shown(old.at, zone)} to {shown(when, zone)}.",
                 now.account.id, now.id)  # fmt: skip
        away = away_on(session.query, moved.met, local_date(when, zone))
    return Arranged(now, moved, step, invited, before=old.at, away=away)


def _to_be_moved(home: Home, session: WriteSession, found: Deal, which: str) -> tuple[Meeting, bool]:
    """The meeting that is meant, and whether it is a no-show, which gets a new one."""
    missed = views.of_deal(session.query, found.id, "no-show")
    if not which and missed and not views.of_deal(session.query, found.id, "booked"):
        return missed[-1], True
    return meant(home, session.query, found, which, "--from"), False


def _anew(session: WriteSession, home: Home, found: Deal, playbook: Playbook, old: Meeting, when: Moment) -> Meeting:
    handoff = next((one for one in playbook.leaving(found.stage) if one.key == old.handoff), None)
    return _booked(session, home, found, playbook, when, old.met, handoff, old.minutes)[0]


def _moved(session: WriteSession, old: Meeting, when: Moment) -> Meeting:
    """The same meeting at another time. A row of its own keeps when it was to be, and when that was changed."""
    row = session.get(session.models.Meeting, old.id)
    session.add(session.models.Meeting(
        deal_id=row.deal_id, visit_id=row.visit_id, uid=f"{old.uid}#{old.moves}", at=old.at, minutes=old.minutes,
        met=old.met, handoff=old.handoff, state="moved", booked_at=old.booked_at, marked_at=session.at, moves=old.moves,
    ))  # fmt: skip
    session.change(session.models.Meeting, old.id, at=when, moves=old.moves + 1)
    present = views.open_step(session.query, row.deal_id)
    if present and present[0] == old.step_id:
        session.change(session.models.Step, present[0], due=when)
    return views.one(session.query, old.id)


def cancel(home: Home, ref: str, which: str, because: str, ics: Path | None, allow_prefix: bool) -> Arranged:
    """Calls the earliest booked meeting off. The step that stood for it is open no more."""
    with home.reading() as query:
        found = having_meetings(query, ref, allow_prefix)
    playbook = rules_of(home, found).playbook
    with putting() as put, home.writing() as session:
        now = again(session.query, found)
        one = meant(home, session.query, now, which)
        session.change(session.models.Meeting, one.id, state="cancelled", marked_at=session.at)
        end_step_of(session, now, one, "replaced_at")
        off = views.one(session.query, one.id)
        invited = _invitation(home, session, put, ics, now, playbook, off)
        why = f": {' '.join(because.split())}" if because.strip() else "."
        session.log(f"Cancelled the {one.called} of {now.called}, {shown(one.at, home.clock.zone)}{why}",
                 now.account.id, now.id)  # fmt: skip
        nothing = now.kind == "open" and step_of(session.query, now.id) is None
    return Arranged(now, off, None, invited, nothing_next=nothing)
