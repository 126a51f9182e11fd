"""The gate: the only place that knows whether a handoff may happen, and every reason why not."""

from collections.abc import Iterable
from dataclasses import dataclass

from handoffctl.core.moments import Clock
from handoffctl.playbook.criteria import fields_asked, fix_of, name_holds, other_fixes, points
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.fix import Fix
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.requirements import Asks, label, why


@dataclass(frozen=True)
class Gap:
    """One item that is missing: its name and label, why it is needed, and the command that fixes it."""

    name: str
    label: str
    why: str
    fix: Fix
    asks: tuple[str, ...] = ()
    others: tuple[Fix, ...] = ()  # further commands that would do as well


@dataclass(frozen=True)
class Verdict:
    """The gate's answer. Clear when nothing required is missing."""

    missing: tuple[Gap, ...]
    nice_to_have: tuple[Gap, ...]

    @property
    def clear(self) -> bool:
        return not self.missing


def decide(handoff: Asks, facts: Facts, now: Clock) -> Verdict:
    """Whether the handoff may happen, with every gap named. Nice-to-have items never block."""
    return Verdict(_gaps(handoff.required, handoff, facts, now), _gaps(handoff.nice_to_have, handoff, facts, now))


def _gaps(names: Iterable[str], handoff: Asks, facts: Facts, now: Clock) -> tuple[Gap, ...]:
    rules = handoff.rules
    return tuple(
        Gap(name, label(rules, name) + _score(rules, name, facts, now), why(rules, name),
            fix_of(name, rules, facts, now), tuple(fields_asked(name, rules, facts, now)),
            tuple(other_fixes(name, rules, facts, now)))
        for name in names
        if not name_holds(name, rules, facts, now)
    )  # fmt: skip


def _score(rules: Playbook, name: str, facts: Facts, now: Clock) -> str:
    """How far a score is from what is asked."""
    asked = rules.criteria[name].score if name in rules.criteria else None
    return "" if asked is None else f" ({points(rules, facts, now)} of {asked} points)"
