"""`next_step`: the deal has a next step."""

from typing import Literal

from handoffctl.core.moments import local_date
from handoffctl.core.screen_dates import day_and_time
from handoffctl.core.yaml.types import Key
from handoffctl.playbook.criteria.base import Criterion, DealState, PlaybookParts, Truth
from handoffctl.playbook.fix import Fix, FixKind

NEXT_STEP = "next_step"  # its name as an item of a handoff


def has_current_step(deal: DealState) -> bool:
    """Returns True if a next step is open whose day has not passed; one without a date never passes."""
    step = deal.facts.step
    return step is not None and not (step.due and deal.clock.is_past_day(step.due))


def overdue_step(deal: DealState) -> str:
    """Returns what follows the words `Next step` if the open one is overdue: its text and day; else an empty text."""
    step = deal.facts.step
    if step is None or step.due is None or has_current_step(deal):
        return ""
    day = local_date(step.due, deal.clock.zone).isoformat()
    return f': "{step.text}" was due on {day_and_time(day, deal.clock)}'


class NextStep(Criterion):
    """A next step is set, and its day has not passed."""

    next_step: Literal["set"] = Key(description="The deal has a next step.")

    def holds(self, deal: DealState) -> Truth:
        return has_current_step(deal)

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.PLAN_STEP, deal.facts.ref)

    def progress(self, deal: DealState) -> str:
        return overdue_step(deal)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return "a next step is set"
