"""The kinds of criteria: one class each, and the registry that lists them."""

from handoffctl.playbook.criteria.base import Condition, Criterion, DealState, PlaybookParts, SignalState, Truth
from handoffctl.playbook.criteria.known import (
    describe_item,
    item_fields,
    item_fix,
    item_holds,
    item_progress,
    item_signals,
)
from handoffctl.playbook.criteria.registry import CRITERIA, TIME_FACTS

__all__ = [
    "CRITERIA",
    "TIME_FACTS",
    "Condition",
    "Criterion",
    "DealState",
    "PlaybookParts",
    "SignalState",
    "Truth",
    "describe_item",
    "item_fields",
    "item_fix",
    "item_holds",
    "item_progress",
    "item_signals",
]
