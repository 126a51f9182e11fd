"""`touches`: so many calls, e-mails or the like, perhaps within some days."""

from typing import Annotated, Literal

from handoffctl.core.moments import Clock, days_between
from handoffctl.core.yaml.types import Days, Key, StrictModel
from handoffctl.playbook.criteria.base import Check, Criterion, DealState, PlaybookParts, Truth
from handoffctl.playbook.facts import Touch
from handoffctl.playbook.fix import Fix, FixKind
from handoffctl.playbook.quantities import length

TouchKind = Literal["call", "email", "meeting", "message", "note"]
Direction = Literal["in", "out"]

_KINDS = {
    "call": ("call", "calls"), "email": ("e-mail", "e-mails"), "meeting": ("meeting", "meetings"),
    "message": ("message", "messages"), "note": ("note", "notes"), None: ("touch", "touches"),
}  # fmt: skip
_DIRECTIONS = {"in": " from them", "out": " to them", None: ""}


class TouchRule(StrictModel):
    """So many touches: calls, e-mails, meetings, messages or notes."""

    kind: TouchKind | None = Key(None, description="What kind counts; else each.")
    direction: Direction | None = Key(None, description="From them (`in`) or to them (`out`); else both.")
    at_least: Annotated[int, Key(ge=1, le=1000)] = Key(1, description="How many there must be.")
    within: Days | None = Key(None, description="How far back is counted; else from the beginning.")

    def counts(self, touch: Touch, clock: Clock) -> bool:
        """True for a touch of this kind and direction that is recent enough; one that is still to come is not."""
        if (self.kind and touch.kind != self.kind) or (self.direction and touch.direction != self.direction):
            return False
        return self.within is None or 0 <= days_between(touch.at, clock.now, clock.zone) <= self.within


class Touches(Criterion):
    """There were so many touches."""

    touches: TouchRule = Key(description="There were so many calls, e-mails or the like.")

    def holds(self, deal: DealState) -> Truth:
        return sum(self.touches.counts(touch, deal.clock) for touch in deal.facts.touches) >= self.touches.at_least

    def fix(self, deal: DealState) -> Fix:
        kind, direction = self.touches.kind or "call", self.touches.direction or "out"
        return Fix(FixKind.RECORD_TOUCH, deal.facts.ref, touch=kind, direction=direction)

    def fix_if_negated(self, deal: DealState) -> Fix:
        return Fix(FixKind.WAIT, deal.facts.ref)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        rule = self.touches
        single, several = _KINDS[rule.kind]
        what = f"{single if rule.at_least == 1 else several}{_DIRECTIONS[rule.direction]}"
        return f"at least {rule.at_least} {what}" + (
            f" within {length(rule.within)}" if rule.within is not None else ""
        )

    def can_be_undone(self, check: Check, depth: int = 0) -> bool:
        return self.touches.within is not None
