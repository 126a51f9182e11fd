"""`next_step`: the deal has a next step."""

from typing import Literal

from pydantic import Field as Key

from handoffctl.playbook.criteria.base import Criterion, DealState, PlaybookParts, Truth
from handoffctl.playbook.fix import Fix, FixKind

NEXT_STEP = "next_step"  # its name as an item of a handoff


class NextStep(Criterion):
    """A next step is set."""

    next_step: Literal["set"] = Key(description="The deal has a next step.")

    def holds(self, deal: DealState) -> Truth:
        return deal.facts.step is not None

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.PLAN_STEP, deal.facts.ref)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return "a next step is set"
