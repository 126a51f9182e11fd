"""`known`: a field is known, or another criterion holds. Items of stages and handoffs mean the same."""

from collections.abc import Iterable, Iterator

from handoffctl.core.yaml.types import Key, Text
from handoffctl.playbook.criteria.base import (
    ITEM,
    Check,
    Criterion,
    DealState,
    PlaybookParts,
    Reference,
    SignalState,
    Truth,
    label_within,
    named_condition,
)
from handoffctl.playbook.criteria.fixes import set_field
from handoffctl.playbook.criteria.next_step import NEXT_STEP, has_current_step, overdue_step
from handoffctl.playbook.fix import Fix, FixKind


class Known(Criterion):
    """A field that is known, or a criterion of the playbook that holds."""

    known: Text = Key(
        description="The name of a field that must be known, or of another criterion. A bare name means the same."
    )

    def holds(self, deal: DealState) -> Truth:
        return item_holds(self.known, deal)

    def fix(self, deal: DealState) -> Fix:
        return item_fix(self.known, deal)

    def fields_asked(self, deal: DealState) -> Iterator[str]:
        yield from item_fields(self.known, deal)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return describe_item(self.known, playbook, ancestors)

    def signals(self, deal: DealState) -> list[SignalState]:
        return item_signals(self.known, deal)

    def names(self) -> Iterable[Reference]:
        return (Reference(ITEM, self.known, "known"),)

    def can_be_undone(self, check: Check, depth: int = 0) -> bool:
        return check.name_can_be_undone(self.known, depth)


def item_holds(name: str, deal: DealState) -> Truth:
    """Returns whether an item is met: a criterion, the next step, or a field (known or not). None if unknown."""
    criterion = named_condition(deal.playbook, name)
    if criterion is not None:
        return criterion.holds(deal)
    if name == NEXT_STEP:
        return has_current_step(deal) or None
    return name in deal.facts.values or None


def item_fix(name: str, deal: DealState) -> Fix:
    """Returns the command that meets an item."""
    criterion = named_condition(deal.playbook, name)
    if criterion is not None:
        return criterion.fix(deal)
    return Fix(FixKind.PLAN_STEP, deal.facts.ref) if name == NEXT_STEP else set_field(name, deal)


def item_progress(name: str, deal: DealState) -> str:
    """Returns an addition to the label of an unmet item: how far a criterion is, or which step is overdue."""
    criterion = named_condition(deal.playbook, name)
    if criterion is not None:
        return criterion.progress(deal)
    return overdue_step(deal) if name == NEXT_STEP else ""


def item_fields(name: str, deal: DealState) -> list[str]:
    """Yields the fields whose answers could meet an item, in the order to ask, each once."""
    criterion = named_condition(deal.playbook, name)
    if criterion is not None:
        return list(dict.fromkeys(criterion.fields_asked(deal)))
    return [name] if deal.playbook.field(name) else []


def item_signals(name: str, deal: DealState) -> list[SignalState]:
    """Returns the buying signals that would meet an item which asks for a score; empty for others."""
    criterion = named_condition(deal.playbook, name)
    return criterion.signals(deal) if criterion is not None and not criterion.holds(deal) else []


def describe_item(name: str, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
    """Returns what an item requires in words: a criterion by its content, not its name."""
    if name == NEXT_STEP:
        return "a next step is set"
    criterion = named_condition(playbook, name)
    if criterion is not None and name not in ancestors:  # a circle is a fault of the playbook, and ends here
        return criterion.describe(playbook, (*ancestors, name))
    return f"{label_within(name, playbook)} is known"
