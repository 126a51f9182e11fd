"""What a new playbook asks at a handoff that the present one did not, or asked otherwise. Pure rules."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from handoffctl.deals.facts_query import BUILT_IN_BEGIN
from handoffctl.playbook.criteria.base import FIELD, ITEM, ROLE, Condition, PlaybookParts
from handoffctl.playbook.criteria.comparison import Comparison
from handoffctl.playbook.criteria.known import Known
from handoffctl.playbook.criteria.negation import Not
from handoffctl.playbook.criteria.next_step import NEXT_STEP
from handoffctl.playbook.criteria.score import Score
from handoffctl.playbook.criteria.several import AllOf, AnyOf
from handoffctl.playbook.criteria.summary import Summary
from handoffctl.playbook.requirements import Requirements

# Kinds of criteria that look at values and at nothing else.
ABOUT_VALUES = (Known, Comparison, AnyOf, AllOf, Not, Score)


class Change(StrEnum):
    """How a handoff asks for an item now, compared with before."""

    NEW = "new"
    REQUIRED = "required now"
    NICE_TO_HAVE = "nice to have now"
    CHANGED = "changed"
    DROPPED = "no longer asked"


class ItemChange(NamedTuple):
    """An item that is asked for otherwise. `level` and `level_before` are required, nice_to_have or None."""

    item: str
    change: Change
    level: str | None
    level_before: str | None


class Needs(NamedTuple):
    """What an item looks at: fields, roles that must have been met, and whether a summary must have been sent."""

    fields: frozenset[str]
    roles: frozenset[str]
    summary: bool


class FactsNeeded(NamedTuple):
    """Which facts decide over some items, besides the values of fields.

    `built_in` are values of contacts, accounts and deals; `others` are touches, summaries and whatever else there is.
    """

    built_in: bool
    step: bool
    others: bool


def item_changes(before: Requirements | None, after: Requirements) -> list[ItemChange]:
    """Returns the items that are asked for otherwise: those of the new playbook in its order, then what was dropped."""
    levels, levels_before = _levels(after), _levels(before) if before else {}
    changes = []
    for item, level in levels.items():
        change = _change(item, before, after, level, levels_before.get(item))
        if change:
            changes.append(ItemChange(item, change, level, levels_before.get(item)))
    dropped = [item for item in levels_before if item not in levels]
    return [*changes, *(ItemChange(item, Change.DROPPED, None, levels_before[item]) for item in dropped)]


def _levels(requirements: Requirements) -> dict[str, str]:
    levels = dict.fromkeys(requirements.required, "required")
    return levels | {name: "nice_to_have" for name in requirements.nice_to_have if name not in levels}


def _change(
    item: str, before: Requirements | None, after: Requirements, level: str, level_before: str | None
) -> Change | None:
    if before is None or level_before is None:
        return Change.NEW
    if _meaning(item, before.playbook) != _meaning(item, after.playbook):
        return Change.CHANGED
    if level == level_before:
        return None
    return Change.REQUIRED if level == "required" else Change.NICE_TO_HAVE


def facts_needed(items: Iterable[tuple[str, PlaybookParts]]) -> FactsNeeded:
    """Returns which facts decide over these items, each with its playbook. Reading fewer is faster."""
    built_in = step = others = False
    for item, playbook in items:
        needs, parts = needs_of(item, playbook), list(_parts(item, playbook, set()))
        built_in = built_in or any(name.startswith(BUILT_IN_BEGIN) for name in needs.fields)
        step = (
            step or item == NEXT_STEP or any(NEXT_STEP in part.items() for part in parts if not isinstance(part, str))
        )
        others = others or not all(isinstance(part, (str, *ABOUT_VALUES)) for part in parts)
    return FactsNeeded(built_in, step or others, others)


def needs_of(item: str, playbook: PlaybookParts) -> Needs:
    """Returns what an item looks at, through the criteria and signals that it refers to."""
    fields: set[str] = set()
    roles: set[str] = set()
    summary = False
    for part in _parts(item, playbook, set()):
        summary = summary or isinstance(part, Summary)
        for reference in () if isinstance(part, str) else part.names():
            if reference.what == FIELD:
                fields.add(reference.name)
            elif reference.what == ROLE:
                roles.add(reference.name)
        if isinstance(part, str):
            fields.add(part)
    return Needs(frozenset(fields), frozenset(roles), summary)


def _parts(item: str, playbook: PlaybookParts, seen: set[str]) -> Iterator[Condition | str]:
    """Yields the criteria that an item is made of, and the names of the fields that must be known."""
    if item in seen or item == NEXT_STEP:
        return
    seen.add(item)
    criterion = playbook.criteria.get(item)
    if criterion is None:
        yield item
    else:
        yield from _parts_of(criterion, playbook, seen)


def _parts_of(criterion: Condition, playbook: PlaybookParts, seen: set[str]) -> Iterator[Condition | str]:
    for _, part in criterion.with_parts():
        yield part
        for reference in part.names():
            if reference.what == ITEM:
                yield from _parts(reference.name, playbook, seen)
        for signal in playbook.signals.values() if isinstance(part, Score) else ():
            for condition in signal.when:
                yield from _parts_of(condition, playbook, seen)


def _meaning(item: str, playbook: PlaybookParts) -> list[Any]:
    """Returns what decides whether an item holds, without labels and reasons: to be compared with another."""
    meaning: list[Any] = []
    for part in _parts(item, playbook, set()):
        if isinstance(part, str):
            meaning.append(part)
            continue
        keys = {name: value for name, value in vars(part).items() if name not in ("label", "why")}
        own = {name: value for name, value in keys.items() if not _has_conditions(value)}
        types = [getattr(playbook.field(ref.name), "type", None) for ref in part.names() if ref.what == FIELD]
        points = [(name, signal.points, signal.only_one_of) for name, signal in playbook.signals.items()]
        parts = len(list(part.parts()))
        meaning.append((type(part).__name__, parts, own, types, points if isinstance(part, Score) else None))
    return meaning


def _has_conditions(value: Any) -> bool:
    return isinstance(value, Condition) or (isinstance(value, tuple) and any(isinstance(v, Condition) for v in value))
