"""`meeting`: a meeting or a call was held."""

from typing import Literal

from handoffctl.core.yaml.types import Key
from handoffctl.playbook.criteria.base import Criterion, DealState, PlaybookParts, Truth
from handoffctl.playbook.fix import Fix, FixKind


class Meeting(Criterion):
    """A meeting that was held. A call that was held is a meeting too: most first ones are calls."""

    meeting: Literal["held"] = Key(description="A meeting or a call was held; one that is only booked does not count.")

    def holds(self, deal: DealState) -> Truth:
        return any(touch.kind in ("meeting", "call") and touch.outcome == "held" for touch in deal.facts.touches)

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.HOLD_MEETING, deal.facts.ref)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return "a meeting was held"
