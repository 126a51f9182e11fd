"""Records the outcome of a booked meeting: held or no-show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffctl.core.json_record import OMITTED, Omitted
from handoffctl.core.moments import Moment, format_local, is_before, local_date
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import step as step_of
from handoffctl.deals.fields import record_rejected_placeholders, save
from handoffctl.deals.lookup_query import Deal, again
from handoffctl.deals.next_step import TypedStep
from handoffctl.deals.playbook import rules_of
from handoffctl.deals.touches import LONGEST_TEXT
from handoffctl.errors import HandoffError, Refused
from handoffctl.follow_up import query as follow_up
from handoffctl.follow_up.rules import count_attempts
from handoffctl.meetings import query as meetings
from handoffctl.meetings.guests import receiving_role
from handoffctl.meetings.lookup import booked_meetings, deal_with_meetings, find_booked
from handoffctl.meetings.model import Meeting
from handoffctl.meetings.next_step import close_step_of, end_step, has_due_step, plan_new_date, step_to_ask_about
from handoffctl.meetings.query import OpenStep
from handoffctl.people.participants import as_criteria_know, whom
from handoffctl.playbook.criteria import Criterion
from handoffctl.playbook.criteria.meeting import Meeting as MeetingCriterion
from handoffctl.playbook.criteria.negation import Not
from handoffctl.playbook.handoff_names import next_handoffs
from handoffctl.playbook.library import load_with_stage, with_destination_fields
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of
from handoffctl.workspace.home import Home, Notice

if TYPE_CHECKING:
    from handoffctl.db.models.touch import TouchRecord

OUTCOMES = ("held", "no-show", "cancelled")  # outcomes of a touch that are states of a meeting too


class StepAfterMeeting(NamedTuple):
    """The open next step of the deal after the outcome was recorded."""

    text: str
    due: Moment | None


class MarkedMeeting(NamedTuple):
    """A `MeetingOutcome` as `meeting held --json` and `meeting no-show --json` print it.

    A held meeting has `handoffs`, a no-show the fields after it.
    """

    account: str
    deal: str
    owner: str
    at: Moment
    state: str
    with_: str
    for_: str | None
    uid: str
    step: StepAfterMeeting | None
    handoffs: Sequence[str] | Omitted
    no_shows: int | Omitted
    limit: int | Omitted | None
    time_to_decide: bool | Omitted


@dataclass(frozen=True)
class MeetingOutcome:
    """The outcome of a meeting, and the next step.

    `handoffs` are those that were waiting for it. `no_shows` counts them in this stage, of which the playbook allows
    `limit`, None without such a rule. `still_due` is True if another step is open and due. `ended` is the text of the
    step that was done with the meeting, or None.
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
    ended: str | None = None

    @property
    def time_to_decide(self) -> bool:
        """True if as many meetings were missed as the playbook allows."""
        return self.limit is not None and self.no_shows >= self.limit

    def as_json(self) -> MarkedMeeting:
        deal, meeting = self.deal, self.meeting
        held = meeting.state == "held"
        return MarkedMeeting(
            deal.account.slug, deal.slug, deal.owner, self.at, meeting.state, meeting.met, meeting.handoff, meeting.uid,
            StepAfterMeeting(self.step, self.due) if self.step else None,
            self.handoffs if held else OMITTED,
            OMITTED if held else self.no_shows,
            OMITTED if held else self.limit,
            OMITTED if held else self.time_to_decide,
        )  # fmt: skip


def mark_held(
    home: Home, ref: str, text: str, which: str, met: str, values: Mapping[str, str], step: TypedStep | None,
    ends_step: bool | None = None,
) -> MeetingOutcome:  # fmt: skip
    """Records that the meeting was held, with what was learned. If its time is still to come today, it was held now.

    `ends_step` says whether the open step is done with it; None if the user was not asked (see `end_step`).

    Raises NotFound, NotReady without a booked meeting, Refused for a later day, a long text or a bad value.
    """
    _refuse_long(text)
    with home.reading() as query:
        seen = deal_with_meetings(query, ref)
    own_rules = rules_of(home, seen)
    playbook = with_destination_fields(home, own_rules, seen.stage, values)
    with record_rejected_placeholders(home, seen), home.writing() as session:
        deal = again(session.query, seen)
        meeting = find_booked(home, session.query, deal, which)
        _refuse_later_day(home, deal, meeting)
        waiting = _waiting_handoffs(home, own_rules.playbook, deal, meeting)
        participant = whom(session.query, playbook, deal, met) or meeting.met
        at = home.clock.now if is_before(home.clock.now, meeting.at, home.clock.zone) else meeting.at
        ahead = waiting or next_handoffs(own_rules.playbook, deal.stage)
        role = next((receiving_role(own_rules.playbook, handoff) for handoff in ahead), "")
        met_role = as_criteria_know(session.query, playbook, deal, participant, role)
        _record_outcome(session, deal, meeting, "held", at, met_role, text)
        ended = end_step(session, deal, meeting, ends_step)
        save(session, home.clock, deal, playbook, values, step)
        session.log(_sentence(home, "Held the", deal, meeting, at, text), deal.account.id, deal.id)
        still_due = step is None and ends_step is None and has_due_step(home, session.query, deal)
        keys = tuple(handoff.key for handoff in waiting)
        return _outcome(session, deal, meeting, at, handoffs=keys, still_due=still_due, ended=ended)


def mark_no_show(home: Home, ref: str, text: str, which: str, step: TypedStep | None) -> MeetingOutcome:
    """Records that nobody came. The owner stays, and finding a new date becomes the next step.

    Raises NotFound, NotReady without a booked meeting, Refused before its time.
    """
    _refuse_long(text)
    with home.reading() as query:
        seen = deal_with_meetings(query, ref)
    playbook = rules_of(home, seen).playbook
    with home.writing() as session:
        deal = again(session.query, seen)
        meeting = find_booked(home, session.query, deal, which)
        _refuse_future(home, deal, meeting)
        met_role = as_criteria_know(session.query, playbook, deal, meeting.met)
        _record_outcome(session, deal, meeting, "no-show", meeting.at, met_role, text)
        if step:
            save(session, home.clock, deal, playbook, {}, step)
        plan_new_date(session, home, deal, meeting, planned=step is not None)
        sentence = _sentence(home, "They did not come to the", deal, meeting, meeting.at, text)
        session.log(sentence, deal.account.id, deal.id)
        rule = playbook.stages[deal.stage].follow_up
        attempts = count_attempts(deal.entered_at or meeting.at, follow_up.touches(session.query, deal.id), home.clock)
        limit = rule.no_shows if rule else None
        return _outcome(session, deal, meeting, meeting.at, no_shows=attempts.no_shows, limit=limit)


def step_that_held_meeting_ends(home: Home, ref: str, which: str) -> OpenStep | None:
    """Returns the open step to ask about before the booked meeting is marked as held. Raises as `mark_held` does."""
    with home.reading() as query:
        deal = deal_with_meetings(query, ref)
        meeting = find_booked(home, query, deal, which)
        _refuse_later_day(home, deal, meeting)
        return step_to_ask_about(home, query, deal, meeting)


def meeting_reported_on(query: Query, home: Home, deal: Deal, kind: str, outcome: str, at: Moment) -> Meeting | None:
    """Returns the booked meeting that a touch reports on: the one of that day, else the latest before it."""
    zone = home.clock.zone
    if kind != "meeting" or outcome not in OUTCOMES:
        return None
    day = local_date(at, zone)
    booked = booked_meetings(query, deal, zone)
    that_day = [meeting for meeting in booked if local_date(meeting.at, zone) == day]
    earlier = [meeting for meeting in booked if local_date(meeting.at, zone) < day]
    if not that_day and not earlier:
        return None
    return that_day[0] if that_day else earlier[-1]


def apply_touch_outcome(
    session: WriteSession, home: Home, deal: Deal, touch: "TouchRecord", meeting: Meeting
) -> Meeting | None:
    """Marks the booked meeting that a touch reports on.

    Returns the meeting after a no-show, because a new date must be found; else None.
    """
    zone = home.clock.zone
    if touch.outcome == "cancelled":
        close_step_of(session, deal, meeting, "replaced_at")
    session.change(
        session.models.Meeting, meeting.id, state=touch.outcome, marked_at=session.at, touch_id=touch.id
    )  # fmt: skip
    sentence = f"The {meeting.called} booked for {format_local(meeting.at, zone)} is marked: {touch.outcome}."
    home.notices.append(Notice(sentence))
    return meeting if touch.outcome == "no-show" else None


def _refuse_long(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise Refused(f"The text has {len(text):,} characters; {LONGEST_TEXT:,} is the most.", "Nothing was recorded.")


def _refuse_later_day(home: Home, deal: Deal, meeting: Meeting) -> None:
    zone = home.clock.zone
    if local_date(meeting.at, zone) > home.clock.today:
        raise Refused(
            f"The {meeting.called} is on {format_local(meeting.at, zone)}, which is still to come.",
            f"If that is the one: handoffctl meeting move {deal.ref} --at today. If it was another one: "
            f"handoffctl touch {deal.ref} meeting --outcome held",
        )


def _refuse_future(home: Home, deal: Deal, meeting: Meeting) -> None:
    clock = home.clock
    if is_before(clock.now, meeting.at, clock.zone):
        raise Refused(
            f"The {meeting.called} is on {format_local(meeting.at, clock.zone)}, which is still to come.",
            f"If it will not be: handoffctl meeting move {deal.ref} --at WHEN, or: "
            f"handoffctl meeting cancel {deal.ref}",
        )


def _waiting_handoffs(home: Home, playbook: Playbook, deal: Deal, meeting: Meeting) -> list[Handoff]:
    """Returns the handoff that the meeting was booked for, else those that require a held meeting."""
    if deal.kind != "open":
        return []
    leaving = playbook.leaving(deal.stage)
    booked_for = [handoff for handoff in leaving if handoff.key == meeting.handoff]
    if booked_for:
        return booked_for
    entered = {}
    for name, stage in {(handoff.to_playbook, handoff.to_stage) for handoff in leaving if handoff.to_playbook}:
        try:
            entered[name] = load_with_stage(home, name, stage).playbook
        except HandoffError:  # a missing or faulty playbook is reported by the handoff into it
            continue
    return [
        handoff for handoff in leaving if _requires_meeting(playbook, handoff, entered.get(handoff.to_playbook or ""))
    ]


def _requires_meeting(playbook: Playbook, handoff: Handoff, entered: Playbook | None) -> bool:
    """Returns True if a required criterion or the trigger of the handoff asks for a held meeting."""
    if handoff.to and handoff.to_stage not in (entered or playbook).stages:
        return False
    requirements = requirements_of(playbook, handoff, entered)
    triggers = handoff.trigger.when if handoff.trigger else ()
    criteria = requirements.playbook.criteria
    required = [criteria[name] for name in requirements.required if name in criteria]
    return any(
        isinstance(part, MeetingCriterion)
        for criterion in (*required, *triggers)
        for part in _parts(criterion, criteria, ())
    )


def _parts(criterion: Criterion, criteria: Mapping[str, Criterion], seen: tuple[str, ...]) -> Iterator[Criterion]:
    """Yields the criterion and everything it is made of, except what it negates."""
    yield criterion
    for name in criterion.items():
        if name in criteria and name not in seen:
            yield from _parts(criteria[name], criteria, (*seen, name))
    if not isinstance(criterion, Not):
        for _, part in criterion.parts():
            yield from _parts(part, criteria, seen)


def _record_outcome(
    session: WriteSession, deal: Deal, meeting: Meeting, state: str, at: Moment, met: str, text: str
) -> None:
    """Writes the touch, at the time of the meeting, and the state of the meeting."""
    touch = session.add(session.models.Touch(
        account_id=deal.account.id, deal_id=deal.id, kind="meeting", direction="out", outcome=state, met=met,
        text=" ".join(text.split()), at=at,
    ))  # fmt: skip
    session.effective_at = at
    session.change(session.models.Meeting, meeting.id, state=state, marked_at=session.at, touch_id=touch.id)


def _sentence(home: Home, beginning: str, deal: Deal, meeting: Meeting, at: Moment, text: str) -> str:
    ending = f": {' '.join(text.split())}" if text.strip() else "."
    return f"{beginning} {meeting.called} of {deal.called} on {format_local(at, home.clock.zone)}{ending}"


def _outcome(session: WriteSession, deal: Deal, meeting: Meeting, at: Moment, **more: Any) -> MeetingOutcome:
    step = step_of(session.query, deal.id)
    text, due = (step.text, step.due) if step else (None, None)
    return MeetingOutcome(deal, meetings.by_id(session.query, meeting.id), at, text, due, **more)
