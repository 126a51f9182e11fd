"""Finds the handoffs and entries to which the promises of a playbook apply, with what was done about each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent, earliest
from handoffctl.core.moments import Moment, Zone
from handoffctl.core.windows import Window
from handoffctl.db.query import QueryConnection
from handoffctl.follow_up.rules import is_response
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.sections import Agreement
from handoffctl.reports.sla import query as sla_query
from handoffctl.reports.sla.figures import PromisedCase
from handoffctl.reports.sla.query import PromisedHandoff, PromisedStay, PromisedTouch

COVER = "cover"  # the name under which a handoff to a colleague in the same stage is recorded
NO_COMMAND = 2**62  # accepting and returning have no command id here: they come last at their moment


class FoundCase(NamedTuple):
    """A handoff or entry before it becomes a case; `handoff` is None for an entry."""

    stay: PromisedStay
    handoff: PromisedHandoff | None
    owner: str
    start: RecordedEvent | None  # None if it is not known when the stay began


class SlaHistory:
    """The stays, handoffs and touches of all deals, read once, as of the end of the window."""

    def __init__(self, query: QueryConnection, playbook: Playbook, window: Window, present_only: bool = False) -> None:
        self.playbook, self.window = playbook, window
        self._stays = sla_query.stays(query, present_only)
        self._handoffs = sla_query.handoffs(query, present_only)
        self._touches = sla_query.touches(query, present_only)
        self._by_id = {stay.id: stay for stay in self._stays}
        self._begun = {stay.handoff: stay for stay in self._stays if stay.handoff is not None}
        self._handoff_by_id = {handoff.id: handoff for handoff in self._handoffs}
        self._tried: dict[int, list[PromisedHandoff]] = defaultdict(list)
        for handoff in self._handoffs:
            if window.occurred(handoff.at):
                self._tried[handoff.stay].append(handoff)
        self._order = {name: number for number, name in enumerate(playbook.stages)}

    @property
    def zone(self) -> Zone:
        return self.window.clock.zone

    def found(self, agreement: Agreement) -> Iterator[FoundCase]:
        """Yields everything to which the agreement applies, on test accounts and without a date, too."""
        if agreement.handoff is not None and agreement.measure != "passed":
            yield from self._made(agreement.handoff)
            return
        ways = [handoff.from_stage for handoff in self.playbook.handoffs if handoff.key == agreement.handoff]
        stages = ways if agreement.handoff is not None else [agreement.stage]
        for stay in self._stays:
            if stay.playbook == self.playbook.playbook and stay.stage in stages:
                begun = self._handoff_that_began(stay) if agreement.measure == "accepted" else None
                yield FoundCase(stay, begun, self._first_owner(stay), _event(stay.entered_at, stay.command))

    def _made(self, name: str) -> Iterator[FoundCase]:
        for handoff in self._handoffs:
            stay = self._begun.get(handoff.id) or self._by_id.get(handoff.stay)
            if stay and not handoff.blocked and (handoff.name, handoff.playbook) == (name, self.playbook.playbook):
                yield FoundCase(stay, handoff, handoff.receiver, RecordedEvent(handoff.at, handoff.command))

    def _handoff_that_began(self, stay: PromisedStay) -> PromisedHandoff | None:
        return self._handoff_by_id.get(stay.handoff or 0)

    def _first_owner(self, stay: PromisedStay) -> str:
        """Returns the owner at the beginning of a stay, who may have passed it on during the stay."""
        return next((handoff.sender for handoff in self._passings(stay)), stay.owner)

    def _passings(self, stay: PromisedStay) -> Sequence[PromisedHandoff]:
        return [handoff for handoff in self._tried[stay.id] if not handoff.blocked]

    def case(self, agreement: Agreement, found: FoundCase, start: RecordedEvent) -> PromisedCase:
        """Returns the case, as it stood at the moment of the report."""
        done = self._done(agreement, found, start)
        end = None if agreement.measure == "converted" else self._end(found, start)
        blocked = tuple(handoff.at for handoff in self._tried[found.stay.id] if handoff.blocked)
        return PromisedCase(found.stay.deal, found.owner, start, done, end, blocked)

    def _left(self, stay: PromisedStay) -> RecordedEvent | None:
        return _event(stay.left_at if self.window.occurred(stay.left_at) else None, stay.next_command or NO_COMMAND)

    def _end(self, found: FoundCase, start: RecordedEvent) -> RecordedEvent | None:
        """Returns when the stay ended, or somebody took the deal over from a colleague in it, not from their role."""
        taken = [
            RecordedEvent(handoff.at, handoff.command)
            for handoff in self._passings(found.stay)
            if handoff.sender != handoff.receiver
            and handoff.command > start.command
            and not (handoff.name == COVER and handoff.sender in self.playbook.roles)
        ]
        left = self._left(found.stay)
        return earliest([*taken, *([left] if left else [])], self.zone)

    def _done(self, agreement: Agreement, found: FoundCase, start: RecordedEvent) -> RecordedEvent | None:
        match agreement.measure:
            case "accepted":
                return self._answered(found.handoff)
            case "passed":
                passings = self._passings(found.stay)
                wanted = [handoff for handoff in passings if agreement.handoff in (None, handoff.name)]
                wanted = [handoff for handoff in wanted if handoff.name != COVER]
                return earliest((RecordedEvent(handoff.at, handoff.command) for handoff in wanted), self.zone)
            case "converted":
                return start if found.stay.kind == "won" else self._left(found.stay) if self._onward(found) else None
            case _:
                return self._touched(agreement, found, start)

    def _answered(self, handoff: PromisedHandoff | None) -> RecordedEvent | None:
        """Returns when a handoff was accepted or returned: both answer it."""
        moments = (handoff.accepted_at, handoff.returned_at) if handoff else ()
        return earliest((RecordedEvent(at, NO_COMMAND) for at in moments if at and self.window.occurred(at)), self.zone)

    def _onward(self, found: FoundCase) -> bool:
        """True if the deal left the stay for a later open stage, for won, or for another playbook."""
        stay = found.stay
        if stay.next_kind not in ("open", "won"):
            return False
        if stay.next_kind == "won" or stay.next_playbook != stay.playbook:
            return True
        return self._order.get(stay.next_stage or "", -1) > self._order.get(stay.stage, len(self._order))

    def _touched(self, agreement: Agreement, found: FoundCase, start: RecordedEvent) -> RecordedEvent | None:
        """Returns the first touch of ours after the start; the one that caused a handoff is recorded before it."""
        end = self._end(found, start)
        touches = [
            touch.recorded
            for touch in self._touches.get(found.stay.deal, ())
            if self.window.occurred(touch.recorded.at)
            and _is_ours(touch, agreement.measure)
            and touch.recorded.follows(start, self.zone)
            and not (end and touch.recorded.follows(end, self.zone))
        ]
        return earliest(touches, self.zone)


def _is_ours(touch: PromisedTouch, measure: str) -> bool:
    if measure == "first_response":
        return is_response(touch.kind, touch.direction, touch.outcome)
    return touch.direction != "in" or touch.outcome == "held"


def _event(at: Moment | None, command: int) -> RecordedEvent | None:
    return RecordedEvent(at, command) if at else None
