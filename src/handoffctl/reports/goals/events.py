"""Everything that can be counted for a goal, as one list of events: what, when, by whom and in which role."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.moments import Moment, days_between
from handoffctl.core.names import fold
from handoffctl.reports.activity import query as activity_query
from handoffctl.reports.activity.report import meeting_events
from handoffctl.reports.context import ReportContext
from handoffctl.reports.goals import query as goals_query
from handoffctl.reports.goals.amounts import KnownAmounts
from handoffctl.reports.goals.history import WON, DealPast, GoalHistory
from handoffctl.reports.goals.query import GoalHandoff, GoalTouch
from handoffctl.reports.sla.cases import COVER

TALKED = ("held", "answered", "replied")
NOBODY_THERE = ("no-show", "no-answer", "left-message", "cancelled")
OLD_ENOUGH = 14  # days after which a handoff would have been returned


class GoalEvent(NamedTuple):
    """Something that happened to a deal. `amount` is 1 where events are counted, and money for pipeline and revenue."""

    what: str
    role: str
    who: str
    deal: int
    at: Moment
    day: date
    amount: float = 1.0


def is_conversation(direction: str, outcome: str) -> bool:
    """True for a touch that was held, answered or replied; what comes in is a reply."""
    return outcome in TALKED or (direction == "in" and outcome not in NOBODY_THERE)


class EventReader:
    """Reads the events of a report."""

    def __init__(self, context: ReportContext, history: GoalHistory, amounts: KnownAmounts) -> None:
        self._context, self._history, self._amounts = context, history, amounts
        self._outgoing: dict[int, list[RecordedEvent]] = defaultdict(list)

    def read(self) -> list[GoalEvent]:
        """Returns every event by the moment of the report."""
        touches = list(self._touches())
        return [*touches, *self._meetings(), *self._handoffs(), *self._entries(), *self._closings()]

    def _event(self, what: str, role: str, who: str, deal: int, at: Moment, amount: float = 1.0) -> GoalEvent:
        return GoalEvent(what, role, who, deal, at, self._context.clock.day_of(at), amount)

    def _touches(self) -> Iterator[GoalEvent]:
        talked: set[tuple[int, date]] = set()
        for touch in goals_query.touches(self._context.query):
            if not self._history.occurred(touch.at):
                continue
            event = RecordedEvent(touch.at, touch.command)
            if touch.direction == "out":
                self._outgoing[touch.deal].append(event)
            owner = self._history.owner_at(touch.deal, event)
            day = self._context.clock.day_of(touch.at)
            whats = list(self._whats(touch, day, talked)) if owner is not None else []
            if owner is None or not whats:
                continue
            who = self._history.roles.names.get(fold(touch.author), owner) if touch.author else owner
            role = self._history.roles.role_of(who, self._history.stage_at(touch.deal, event))
            yield from (GoalEvent(what, role, who, touch.deal, touch.at, day) for what in whats)

    def _whats(self, touch: GoalTouch, day: date, talked: set[tuple[int, date]]) -> Iterator[str]:
        """Yields what a touch counts as. Only the first conversation with a deal on a day is one."""
        spoke = is_conversation(touch.direction, touch.outcome)
        if touch.kind == "call":
            yield "calls"
            if spoke:
                yield "calls_reached"
        if touch.kind == "meeting" and not touch.marks and touch.outcome in ("held", "no-show"):
            yield "meetings" if touch.outcome == "held" else "no_shows"
        if spoke and (touch.deal, day) not in talked:
            talked.add((touch.deal, day))
            yield "conversations"

    def _meetings(self) -> Iterator[GoalEvent]:
        names = {"booked": "meetings_set", "held": "meetings"}
        for meeting in activity_query.meetings(self._context.query):
            for outcome, moment, command in meeting_events(self._context, meeting):
                if moment is None or outcome == "moved" or not self._history.occurred(moment):
                    continue
                event = RecordedEvent(moment, command)
                owner = self._history.owner_at(meeting.deal, event)
                if owner is not None:
                    role = self._history.roles.role_of(owner, self._history.stage_at(meeting.deal, event))
                    yield self._event(names.get(outcome, outcome), role, owner, meeting.deal, moment)

    def _handoffs(self) -> Iterator[GoalEvent]:
        playbook = self._context.playbook.playbook
        for handoff in goals_query.handoffs(self._context.query):
            if handoff.name == COVER or not self._history.occurred(handoff.at):
                continue
            if handoff.playbook == playbook:
                yield from self._completed(handoff)
            if handoff.to_playbook == playbook and handoff.from_owner != handoff.to_owner:
                yield from self._received(handoff)

    def _completed(self, handoff: GoalHandoff) -> Iterator[GoalEvent]:
        """Yields the handoff for its sender; if it is at least 14 days old, also that, and whether it was returned."""
        role = self._history.roles.role_of(handoff.from_owner, handoff.from_stage)
        old = ["handoffs_old", *(["returned"] if self._is_returned(handoff) else [])] if self._is_old(handoff) else []
        for what in ("handoffs", *old):
            yield self._event(what, role, handoff.from_owner, handoff.deal, handoff.at)

    def _received(self, handoff: GoalHandoff) -> Iterator[GoalEvent]:
        """Yields the handoff for its receiver, by the moment when it was made, and when it was accepted."""
        role = self._history.roles.role_of(handoff.to_owner, handoff.to_stage)
        for what in ("received", *(["sent_back"] if self._is_returned(handoff) else [])):
            yield self._event(what, role, handoff.to_owner, handoff.deal, handoff.at)
        if handoff.accepted_at and self._history.occurred(handoff.accepted_at):
            yield self._event("accepted", role, handoff.to_owner, handoff.deal, handoff.accepted_at)

    def _is_old(self, handoff: GoalHandoff) -> bool:
        clock = self._context.clock
        return days_between(handoff.at, clock.now, clock.zone) >= OLD_ENOUGH

    def _is_returned(self, handoff: GoalHandoff) -> bool:
        return handoff.returned_at is not None and self._history.occurred(handoff.returned_at)

    def _entries(self) -> Iterator[GoalEvent]:
        """Yields the first entry of each deal into the first stage of each role, with its amount then."""
        playbook, zone = self._context.playbook.playbook, self._context.clock.zone
        for past in self._history.pasts.values():
            for role, stage in self._history.roles.first_stage.items():
                place = past.first_entry(playbook, stage)
                if place is None:
                    continue
                event = past.event(place)
                who = self._history.owner_at(past.deal, event) or role
                yield self._event("leads", role, who, past.deal, event.at)
                if any(not event.follows(touch, zone) for touch in self._outgoing.get(past.deal, ())):
                    yield self._event("worked", role, who, past.deal, event.at)
                yield self._money("pipeline", role, who, past.deal, event.at, self._amounts.at(past.deal, event.at))

    def _money(self, what: str, role: str, who: str, deal: int, at: Moment, amount: float | None) -> GoalEvent:
        if amount is None:
            return self._event(f"{what}_unknown", role, who, deal, at)
        return self._event(what, role, who, deal, at, amount)

    def _closings(self) -> Iterator[GoalEvent]:
        """Yields the ends of sales, for each role whose first stage the deal had reached."""
        for past in self._history.pasts.values():
            for closing in past.closings:
                event = closing.event
                for role in self._roles_reached(past, closing.place):
                    who = self._history.owner_in_role(past, role, closing.place)
                    if closing.how != WON:
                        yield self._event(closing.how, role, who, past.deal, event.at)
                        continue
                    yield self._event("wins", role, who, past.deal, event.at)
                    amount = self._amounts.at_or_after(past.deal, event.at)
                    yield self._money("revenue", role, who, past.deal, event.at, amount)

    def _roles_reached(self, past: DealPast, place: int) -> list[str]:
        """Returns the roles whose first stage the deal had reached, and the empty one, which stands for all."""
        stages = self._history.roles.first_stage.items()
        return ["", *(role for role, stage in stages if self._history.reached(past, stage, place))]


def total(events: Iterable[GoalEvent]) -> float:
    """Returns the sum of the amounts."""
    return sum(event.amount for event in events)
