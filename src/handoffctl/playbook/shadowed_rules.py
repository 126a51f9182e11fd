"""Finds dispositions that can never speak, because an earlier one matches whenever they do."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.playbook.criteria import Condition
from handoffctl.playbook.criteria.base import DEEPEST, named_condition
from handoffctl.playbook.criteria.score import Score
from handoffctl.playbook.criteria.several import AllOf
from handoffctl.playbook.criteria.time_facts import (
    Attempts,
    PastClose,
    Penetration,
    PoolLeft,
    Slips,
    StageAge,
    Untouched,
)
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.sections import Disposition


class ShadowedRule(NamedTuple):
    """A disposition that can never speak, and the earlier one that always matches when it does."""

    name: str
    earlier: str


def shadowed_rules(playbook: Playbook) -> Iterator[ShadowedRule]:
    """Yields each disposition that can never speak. A rule with conditions of other kinds may be missed."""
    rules = list(playbook.dispositions.items())
    for n, (name, rule) in enumerate(rules):
        earlier = next((other for other, before in rules[:n] if _always_before(before, rule, playbook)), None)
        if earlier is not None:
            yield ShadowedRule(name, earlier)


def _always_before(earlier: Disposition, later: Disposition, playbook: Playbook) -> bool:
    if earlier.propose == "lost" and any(stage.follow_up for stage in playbook.stages.values()):
        return False  # it is silent while attempts are owed
    whens = all(any(_implies(given, part, playbook) for given in _all_parts(later.when, playbook))
                for part in _all_parts(earlier.when, playbook, whole=False))  # fmt: skip
    return whens and all(
        any(_implies(part, exception, playbook) for exception in later.unless) for part in earlier.unless
    )


def _all_parts(
    conditions: tuple[Condition, ...], playbook: Playbook, whole: bool = True, depth: int = 0
) -> Iterator[Condition]:
    """Yields what must hold for all of the conditions: what names stand for, and the parts of `all_of`.

    With `whole`, names and `all_of` are yielded too, beside what they are made of.
    """
    for condition in conditions:
        named = [inner for name in condition.items() if (inner := named_condition(playbook, name))]
        parts = condition.all_of if isinstance(condition, AllOf) else tuple(named)
        if whole or not parts or depth >= DEEPEST:
            yield condition
        if depth < DEEPEST:
            yield from _all_parts(parts, playbook, whole, depth + 1)


def _implies(given: Condition, condition: Condition, playbook: Playbook) -> bool:
    """Returns True if the condition holds whenever the given one does."""
    if given.describe(playbook) == condition.describe(playbook):
        return True
    match given, condition:
        case StageAge(), StageAge():
            days, least = given.stage_age.at_least, condition.stage_age.at_least
            return days is not None and least is not None and days >= least
        case PastClose(), PastClose():
            return given.past_close >= condition.past_close
        case Untouched(), Untouched():
            return given.untouched >= condition.untouched
        case Attempts(), Attempts():
            return given.attempts >= condition.attempts
        case Slips(), Slips():
            return given.slips >= condition.slips
        case Penetration(), Penetration():
            return given.penetration >= condition.penetration
        case PoolLeft(), PoolLeft():
            return given.pool_left <= condition.pool_left
        case Score(), Score():
            return given.score >= condition.score
    return False
