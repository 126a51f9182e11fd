"""Reconstructs what was known of a deal at an earlier moment. What was learned later does not count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.moments import Clock, Moment, Zone, is_before
from handoffctl.playbook.criteria import DealState, item_holds
from handoffctl.playbook.facts import Facts, LearnedValue, SummaryAnswer, Touch
from handoffctl.playbook.model import Playbook


@dataclass(frozen=True)
class RecordedValue:
    """A value that was recorded, in its written form.

    `on_contact` is True for a value of a contact that was added then. Contacts keep no history, so the value may have
    been written later than the contact was added.
    """

    name: str
    value: str
    when: RecordedEvent
    on_contact: bool = False


@dataclass(frozen=True)
class DealHistory:
    """What was recorded of a deal and its account, oldest first; of summaries when each was sent and answered."""

    values: Sequence[RecordedValue]
    touches: Sequence[tuple[Touch, RecordedEvent]]
    summaries: Sequence[tuple[Moment, Moment | None]]

    def facts_before(self, moment: RecordedEvent, zone: Zone, with_contacts: bool = True) -> Facts:
        """Returns what was known before this moment: the newest value of each field."""
        known = [recorded for recorded in self.values if moment.follows(recorded.when, zone)]
        values = {
            recorded.name: recorded.value
            for recorded in sorted(known, key=lambda recorded: not recorded.on_contact)
            if with_contacts or not recorded.on_contact
        }
        learned = tuple(
            LearnedValue(recorded.name, recorded.value, recorded.when.at)
            for recorded in known
            if "." not in recorded.name
        )
        touches = tuple(touch for touch, when in self.touches if moment.follows(when, zone))
        summary, answered_at = None, None
        for sent, answered in self.summaries:
            if not is_before(moment.at, sent, zone):
                is_answered = answered is not None and not is_before(moment.at, answered, zone)
                summary = "confirmed" if is_answered else "sent"
                answered_at = answered if is_answered else answered_at
        answer = self._answer(answered_at, zone) if answered_at else None
        return Facts("", values, touches, summary, answer=answer, learned=learned)

    def _answer(self, at: Moment, zone: Zone) -> SummaryAnswer:
        """Returns the client's answer at this moment: it confirmed what was recorded by then."""
        confirmed = {
            recorded.name: recorded.value for recorded in self.values if not is_before(at, recorded.when.at, zone)
        }
        return SummaryAnswer(answered_at=at, confirmed=confirmed)


def still_missing(
    gaps: Iterable[str],
    rules: Playbook,
    history: DealHistory,
    handed_off: RecordedEvent,
    touch: RecordedEvent,
    zone: Zone,
) -> int:
    """Returns how many of the items that were missing at the handoff were still missing at the first touch.

    What was learned in that touch was not known before it.
    """
    # The handoff's own command may have recorded values, which were known when the gate decided.
    after = RecordedEvent(handed_off.at, handed_off.command + 1)
    then, now = (Clock(moment.at, zone) for moment in (handed_off, touch))
    at_handoff = DealState(rules, history.facts_before(after, zone), then)
    count = 0
    for item in gaps:
        # The item was missing. If the contacts' values say otherwise, those were written later, at an unknown time.
        with_contacts = item_holds(item, at_handoff) is not True
        at_touch = DealState(rules, history.facts_before(touch, zone, with_contacts), now)
        count += item_holds(item, at_touch) is not True
    return count
