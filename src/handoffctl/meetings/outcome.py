"""Says what became of a booked meeting: it was held, or they did not come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoffctl.core.moments import Moment, before, local_date, shown
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import step as step_of
from handoffctl.deals.fields import record_rejected_placeholders, save
from handoffctl.deals.lookup_query import Deal, again
from handoffctl.deals.next_step import NextStep
from handoffctl.deals.playbook import rules_of
from handoffctl.deals.touches import LONGEST_TEXT
from handoffctl.errors import HandoffError, Refused
from handoffctl.follow_up import query as pursuing
from handoffctl.follow_up.rules import tries
from handoffctl.meetings import query as views
from handoffctl.meetings.awaiting import waiting_for_one
from handoffctl.meetings.lookup import end_step_of, find_new_date, having_meetings, meant, still_due
from handoffctl.meetings.model import Meeting
from handoffctl.people.participants import as_criteria_know, whom
from handoffctl.playbook.library import knowing, rules
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class Marked:
    """What became of a meeting, and what comes next.

    `handoffs` are those that were waiting for it. `no_shows` counts them in this stage, of which the playbook allows
    `limit`; None where it says nothing. `still_due` where another step is open whose day has come.
    """

    deal: Deal
    meeting: Meeting
    at: Moment
    step: str | None
    due: Moment | None
    handoffs: tuple[str, ...] = ()
    no_shows: int = 0
    limit: int | None = None
    still_due: bool = False

    @property
    def time_to_decide(self) -> bool:
        return self.limit is not None and self.no_shows >= self.limit

    def as_json(self) -> dict[str, Any]:
        one = self.meeting
        told = {
            "account": self.deal.account.slug, "deal": self.deal.slug, "owner": self.deal.owner, "at": self.at,
            "state": one.state, "with": one.met, "for": one.handoff, "uid": one.uid,
            "step": {"text": self.step, "due": self.due} if self.step else None,
        }  # fmt: skip
        if one.state == "held":
            return told | {"handoffs": list(self.handoffs)}
        return told | {"no_shows": self.no_shows, "limit": self.limit, "time_to_decide": self.time_to_decide}


def held(
    home: Home, ref: str, text: str, which: str, met: str, given: Mapping[str, str], step: NextStep | None,
    allow_prefix: bool,
) -> Marked:  # fmt: skip
    """Records that the meeting was held, with what was learned. One that was held before its hour was held now."""
    _refuse_long(text)
    with home.reading() as query:
        found = having_meetings(query, ref, allow_prefix)
    used = rules_of(home, found)
    playbook = knowing(home, used, found.stage, given)
    with record_rejected_placeholders(home, found), home.writing() as session:
        now = again(session.query, found)
        one = meant(home, session.query, now, which)
        _refuse_later_day(home, now, one)
        waiting = _waiting(home, used.playbook, now, one)
        there = whom(session.query, playbook, now, met) or one.met
        at = home.clock.now if before(home.clock.now, one.at, home.clock.zone) else one.at
        wanted = next((other.receiver or _owner_of(playbook, other) for other in waiting), "")
        _mark(session, now, one, "held", at, as_criteria_know(session.query, playbook, now, there, wanted), text)
        end_step_of(session, now, one, "done_at")
        save(session, home.clock, now, playbook, given, step)
        session.log(_sentence(home, "Held the", now, one, at, text), now.account.id, now.id)
        due = step is None and still_due(home, session.query, now)
        return _marked(session, now, one, at, handoffs=tuple(other.key for other in waiting), still_due=due)


def no_show(home: Home, ref: str, text: str, which: str, step: NextStep | None, allow_prefix: bool) -> Marked:
    """Records that they did not come. The owner stays, and finding a new date becomes the next step."""
    _refuse_long(text)
    with home.reading() as query:
        found = having_meetings(query, ref, allow_prefix)
    playbook = rules_of(home, found).playbook
    with home.writing() as session:
        now = again(session.query, found)
        one = meant(home, session.query, now, which)
        _refuse_to_come(home, now, one)
        _mark(session, now, one, "no-show", one.at, as_criteria_know(session.query, playbook, now, one.met), text)
        if step:
            save(session, home.clock, now, playbook, {}, step)
        find_new_date(session, home, now, one, planned=step is not None)
        session.log(_sentence(home, "They did not come to the", now, one, one.at, text), now.account.id, now.id)
        rule = playbook.stages[now.stage].follow_up
        missed = tries(now.entered_at or one.at, pursuing.touches(session.query, now.id), home.clock).no_shows
        return _marked(session, now, one, one.at, no_shows=missed, limit=rule.no_shows if rule else None)


def _refuse_long(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise Refused(f"The text has {len(text):,} characters; {LONGEST_TEXT:,} is the most.", "Nothing was recorded.")


def _refuse_later_day(home: Home, found: Deal, one: Meeting) -> None:
    zone = home.clock.zone
    if local_date(one.at, zone) > home.clock.today:
        raise Refused(
            f"The {one.called} is on {shown(one.at, zone)}, which is still to come.",
            f"If that is the one: handoffctl meeting move {found.ref} --at today. If it was another one: "
            f"handoffctl touch {found.ref} meeting --outcome held",
        )


def _refuse_to_come(home: Home, found: Deal, one: Meeting) -> None:
    clock = home.clock
    if before(clock.now, one.at, clock.zone):
        raise Refused(
            f"The {one.called} is on {shown(one.at, clock.zone)}, which is still to come.",
            f"If it will not be: handoffctl meeting move {found.ref} --at WHEN, or: "
            f"handoffctl meeting cancel {found.ref}",
        )


def _waiting(home: Home, playbook: Playbook, found: Deal, one: Meeting) -> list[Handoff]:
    """The handoffs for which the meeting was: the one it was booked for, else those that ask for a held meeting."""
    if found.kind != "open":
        return []
    booked_for = [other for other in playbook.leaving(found.stage) if other.key == one.handoff]
    if booked_for:
        return booked_for
    entered = {}
    for name in {other.to_playbook for other in playbook.leaving(found.stage) if other.to_playbook}:
        try:
            entered[name] = rules(home, name).playbook
        except HandoffError:  # what is gone or faulty is told where somebody hands off to it
            continue
    return waiting_for_one(playbook, found.stage, entered)


def _owner_of(playbook: Playbook, handoff: Handoff) -> str:
    return playbook.owner_of(handoff.to_stage) if not handoff.to_playbook else ""


def _mark(session: WriteSession, found: Deal, one: Meeting, state: str, at: Moment, met: str, text: str) -> None:
    """Writes the touch that it came to, at its time, and what became of it."""
    touch = session.add(session.models.Touch(
        account_id=found.account.id, deal_id=found.id, kind="meeting", direction="out", outcome=state, met=met,
        text=" ".join(text.split()), at=at,
    ))  # fmt: skip
    session.effective_at = at
    session.change(session.models.Meeting, one.id, state=state, marked_at=session.at, touch_id=touch.id)


def _sentence(home: Home, begins: str, found: Deal, one: Meeting, at: Moment, text: str) -> str:
    said = f": {' '.join(text.split())}" if text.strip() else "."
    return f"{begins} {one.called} of {found.called} on {shown(at, home.clock.zone)}{said}"


def _marked(session: WriteSession, found: Deal, one: Meeting, at: Moment, **more: Any) -> Marked:
    step = step_of(session.query, found.id)
    return Marked(
        found, views.one(session.query, one.id), at, step.text if step else None, step.due if step else None, **more
    )
