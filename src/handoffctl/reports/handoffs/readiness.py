"""What of a deal was known at an earlier moment, by what was recorded until then: nothing learned later counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handoffctl.core.event_order import Recorded
from handoffctl.core.moments import Clock, Moment, Zone, before
from handoffctl.playbook.criteria import DealState, item_holds
from handoffctl.playbook.facts import Facts, Touch
from handoffctl.playbook.model import Playbook


@dataclass(frozen=True)
class Told:
    """A value that was given, in its written form. `standing`: it stands on a contact that was added then.

    A contact keeps no history, so what stands on it may have been written there later than it was added.
    """

    name: str
    value: str
    when: Recorded
    standing: bool = False


@dataclass(frozen=True)
class Story:
    """What was recorded of a deal and its account, oldest first; of summaries, when sent and when answered."""

    values: Sequence[Told]
    touches: Sequence[tuple[Touch, Recorded]]
    summaries: Sequence[tuple[Moment, Moment | None]]

    def facts(self, moment: Recorded, zone: Zone, standing: bool = True) -> Facts:
        """What was known before this, by the newest word of each."""
        values = {
            told.name: told.value
            for told in sorted(self.values, key=lambda told: not told.standing)
            if (standing or not told.standing) and moment.follows(told.when, zone)
        }
        touches = tuple(touch for touch, when in self.touches if moment.follows(when, zone))
        summary = None
        for sent, answered in self.summaries:
            if not before(moment.at, sent, zone):
                is_answered = answered is not None and not before(moment.at, answered, zone)
                summary = "confirmed" if is_answered else "sent"
        return Facts("", values, touches, summary)


def still_missing(
    gaps: Iterable[str], rules: Playbook, story: Story, done: Recorded, touch: Recorded, zone: Zone
) -> int:
    """How many of the items that were missing when the handoff was done were still missing at the first touch.

    What was learned in that touch was not known before it.
    """
    # Its own command may have told values; they were known when the gate decided.
    after = Recorded(done.at, done.command + 1)
    then, now = (Clock(one.at, zone) for one in (done, touch))
    as_it_was = DealState(rules, story.facts(after, zone), then)
    count = 0
    for item in gaps:
        # It was missing. Where what stands on contacts says otherwise, that was written there later, nobody knows when.
        standing = item_holds(item, as_it_was) is not True
        count += item_holds(item, DealState(rules, story.facts(touch, zone, standing), now)) is not True
    return count
