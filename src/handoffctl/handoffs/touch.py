"""Records a touch with everything that follows from it: values, the next step, a meeting's outcome, a trigger."""

from dataclasses import dataclass

from handoffctl.core.moments import Moment, format_local, is_before
from handoffctl.db.session import WriteSession
from handoffctl.deals.fields import record_rejected_placeholders, save
from handoffctl.deals.lookup_query import Deal, again, deal_to_record_for
from handoffctl.deals.playbook import rules_of
from handoffctl.deals.touches import LONGEST_TEXT, OUTCOMES, NewTouch
from handoffctl.errors import Refused, UsageFault, nearest
from handoffctl.handoffs.felt_readiness import (
    asked_twice_note,
    fields_by_names,
    playbooks_around,
    record_asked_twice,
)
from handoffctl.handoffs.triggers import record_reported_trigger
from handoffctl.meetings.next_step import end_step, plan_new_date, step_to_ask_about
from handoffctl.meetings.outcome import apply_touch_outcome, meeting_reported_on
from handoffctl.meetings.query import OpenStep
from handoffctl.people.participants import as_criteria_know, whom
from handoffctl.playbook.handoff_names import find_handoff
from handoffctl.playbook.library import with_destination_fields
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class RecordedTouch:
    """A touch that was recorded: the deal, the moment it happened, and the handoff whose trigger it was, if any.

    `ended` is the text of the step that was done with it. `still_due` is the open step if it may have been done with
    it, and nobody said so.
    """

    deal: Deal
    at: Moment
    handoff: Handoff | None
    ended: str | None = None
    still_due: OpenStep | None = None


def touch(home: Home, ref: str, new: NewTouch) -> RecordedTouch:
    """Records a touch and what came of it in one transaction.

    Raises NotFound for no such deal, participant, field or trigger; UsageFault for an unknown outcome; Refused for a
    text that is too long, a moment in the future, or a value that does not fit.
    """
    _refuse_invalid(new)
    at = _past_moment(home, new)
    with home.reading() as query:
        deal = deal_to_record_for(query, ref)
    playbook = with_destination_fields(home, rules_of(home, deal), deal.stage, new.values)
    with record_rejected_placeholders(home, deal), home.writing() as session:
        return _record(session, home, again(session.query, deal), playbook, new, at)


def step_that_touch_ends(home: Home, ref: str, new: NewTouch) -> OpenStep | None:
    """Returns the open step to ask about before the touch is recorded; None unless the touch was held."""
    if new.outcome != "held":
        return None
    at = _past_moment(home, new)
    with home.reading() as query:
        deal = deal_to_record_for(query, ref)
        meeting = meeting_reported_on(query, home, deal, new.kind, new.outcome, at)
        return step_to_ask_about(home, query, deal, meeting)


def _record(
    session: WriteSession, home: Home, deal: Deal, playbook: Playbook, new: NewTouch, at: Moment
) -> RecordedTouch:
    """Writes the touch and what follows from it."""
    handoff = find_handoff(playbook, deal.stage, new.trigger) if new.trigger else None
    participant = whom(session.query, playbook, deal, new.met)
    met = as_criteria_know(session.query, playbook, deal, participant)
    text = " ".join(new.text.split())
    row = session.models.Touch(
        account_id=deal.account.id, deal_id=deal.id, kind=new.kind, direction=new.direction, outcome=new.outcome,
        met=met, text=text, at=at,
    )  # fmt: skip
    session.add(row)
    session.effective_at = at
    meeting = meeting_reported_on(session.query, home, deal, new.kind, new.outcome, at)
    asked_about = step_to_ask_about(home, session.query, deal, meeting) if new.outcome == "held" else None
    missed_meeting = apply_touch_outcome(session, home, deal, row, meeting) if meeting else None
    ended = end_step(session, deal, meeting, new.ends_step) if new.outcome == "held" or new.ends_step else None
    asked_twice = _asked_twice(session, home, deal, new)
    save(session, home.clock, deal, playbook, new.values, new.step)
    if missed_meeting:
        plan_new_date(session, home, deal, missed_meeting, planned=new.step is not None)
    if handoff:
        record_reported_trigger(session, home.clock.zone, deal, handoff, at)
    note = asked_twice_note(asked_twice)
    parts = [
        _opening(home, deal, new, at),
        f" ({new.outcome})" if new.outcome else "",
        f", with {met}" if met else "",
        f": {text}" if text else f"{note}.",
        f" The trigger was seen: {handoff.key}." if handoff else "",
        note if text else "",
    ]
    session.log("".join(parts), deal.account.id, deal.id)
    unanswered = new.ends_step is None and new.step is None and ended is None
    return RecordedTouch(deal, at, handoff, ended, asked_about if unanswered else None)


def _asked_twice(session: WriteSession, home: Home, deal: Deal, new: NewTouch) -> list[str]:
    """Records what the client was asked again. Returns the labels of the fields."""
    if not new.asked_twice:
        return []
    fields = fields_by_names(new.asked_twice, playbooks_around(home, session.query, deal))
    record_asked_twice(session, deal, list(fields))
    return list(fields.values())


def _refuse_invalid(new: NewTouch) -> None:
    if len(new.text) > LONGEST_TEXT:
        raise Refused(
            f"The text has {len(new.text):,} characters; {LONGEST_TEXT:,} is the most.", "Nothing was recorded."
        )
    if new.outcome and new.outcome not in OUTCOMES:
        raise UsageFault(
            f'"{new.outcome[:40]}" is no outcome {nearest(new.outcome, OUTCOMES)}'.rstrip() + ".",
            f"There are: {', '.join(OUTCOMES)}.",
        )


def _past_moment(home: Home, new: NewTouch) -> Moment:
    """Returns the moment at which the touch happened. Raises Refused for one in the future."""
    at = home.moment("--at", new.at) if new.at else home.clock.now
    if is_before(home.clock.now, at, home.clock.zone):
        instead = "record a step: handoffctl step ACCOUNT TEXT --due WHEN"
        if new.outcome == "booked":
            instead = "book the meeting: handoffctl meeting book ACCOUNT --at WHEN"
        raise Refused(
            f"{format_local(at, home.clock.zone)} is in the future; a touch is something that happened.",
            f"For what is to come, {instead}",
        )
    return at


def _opening(home: Home, deal: Deal, new: NewTouch, at: Moment) -> str:
    """Returns how the log's sentence begins: `Call from Acme Corp on 2026-03-02`."""
    preposition = {"meeting": "with", "note": "on"}.get(new.kind, "from" if new.direction == "in" else "to")
    when = f" on {format_local(at, home.clock.zone)}" if at != home.clock.now else ""
    return f"{new.kind.capitalize()} {preposition} {deal.called}{when}"
