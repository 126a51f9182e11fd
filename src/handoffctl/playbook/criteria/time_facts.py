"""Facts about time and effort, which only a disposition may wait for. Each stands by itself in its `when` or `unless`.

Nothing decides on dispositions yet, and the facts of a deal do not hold what these ask about; so none is known to hold.
"""

from typing import Annotated

from pydantic import Field as Key

from handoffctl.core.yaml.types import Days
from handoffctl.playbook.criteria.base import Condition, DealState, PlaybookParts, Truth
from handoffctl.playbook.fix import Fix, FixKind
from handoffctl.playbook.quantities import counted, length


class StageAge(Condition):
    """At least so long in the stage."""

    stage_age: Days = Key(description="The deal has been in its stage for so long or longer.")

    def holds(self, deal: DealState) -> Truth:
        return None

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.SHOW, deal.facts.ref)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {length(self.stage_age)} in the stage"


class PastClose(Condition):
    """At least so long past its expected close."""

    past_close: Days = Key(description="The day on which it was expected to close is so long ago or longer.")

    def holds(self, deal: DealState) -> Truth:
        return None

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.SHOW, deal.facts.ref)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {length(self.past_close)} past the expected close"


class Untouched(Condition):
    """At least so long without a touch."""

    untouched: Days = Key(description="Nobody has been in touch for so long or longer.")

    def holds(self, deal: DealState) -> Truth:
        return None

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.SHOW, deal.facts.ref)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {length(self.untouched)} without a touch"


class Attempts(Condition):
    """At least so many attempts to reach somebody."""

    attempts: Annotated[int, Key(ge=1, le=1000)] = Key(
        description="There were so many attempts to reach somebody, or more."
    )

    def holds(self, deal: DealState) -> Truth:
        return None

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.RECORD_TOUCH, deal.facts.ref, touch="call", direction="out")

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {counted(self.attempts, 'attempt')} to reach somebody"
