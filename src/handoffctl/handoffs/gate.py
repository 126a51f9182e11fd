"""The gate: the only place that knows whether a handoff may happen, and every reason why not."""

from collections.abc import Iterable
from dataclasses import dataclass

from handoffctl.core.moments import Clock
from handoffctl.playbook.criteria import DealState, item_fields, item_fix, item_holds
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
    deal = DealState(handoff.rules, facts, now)
    return Verdict(_gaps(handoff.required, handoff.rules, deal), _gaps(handoff.nice_to_have, handoff.rules, deal))


def _gaps(names: Iterable[str], rules: Playbook, deal: DealState) -> tuple[Gap, ...]:
    return tuple(_gap(name, rules, deal) for name in names if not item_holds(name, deal))


def _gap(name: str, rules: Playbook, deal: DealState) -> Gap:
    criterion = rules.criteria.get(name)
    return Gap(
        name,
        label(rules, name) + (criterion.progress(deal) if criterion else ""),
        why(rules, name),
        item_fix(name, deal),
        tuple(item_fields(name, deal)),
        tuple(criterion.other_fixes(deal)) if criterion else (),
    )
