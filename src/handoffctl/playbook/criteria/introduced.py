"""`introduced`: the prospect has met a role."""

from collections.abc import Iterable

from handoffctl.core.yaml.types import Key, Text
from handoffctl.playbook.criteria.base import ROLE, Criterion, DealState, PlaybookParts, Reference, Truth
from handoffctl.playbook.fix import Fix, FixKind

NOT_MET = ("no-show", "cancelled", "booked", "no-answer")


class Introduced(Criterion):
    """The prospect has met this role in a touch that took place."""

    introduced: Text = Key(description="The prospect has met this role.")

    def holds(self, deal: DealState) -> Truth:
        return any(touch.met == self.introduced and touch.outcome not in NOT_MET for touch in deal.facts.touches)

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.HOLD_MEETING, deal.facts.ref, met=self.introduced)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"{self.introduced} was introduced to them"

    def names(self) -> Iterable[Reference]:
        return (Reference(ROLE, self.introduced, "introduced"),)
