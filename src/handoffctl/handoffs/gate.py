"""The gate: the only place that decides whether a handoff may happen, and names every reason why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, Omitted
from handoffctl.core.moments import Clock
from handoffctl.playbook.criteria import DealState, item_fields, item_fix, item_holds
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.fix import Fix
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.requirements import Requirements, item_label, item_why


class MissingItemJson(NamedTuple):
    """A missing item as `--json` prints it; `or` has the further commands, and is left out where there are none."""

    name: str
    label: str
    why: str
    fix: str
    or_: list[str] | Omitted


@dataclass(frozen=True)
class MissingItem:
    """One item that is missing: its name and label, why it is needed, and the command that fixes it.

    `fields` are the fields to ask for, in order; `other_fixes` are further commands that would do as well.
    """

    name: str
    label: str
    why: str
    fix: Fix
    fields: tuple[str, ...] = ()
    other_fixes: tuple[Fix, ...] = ()

    def as_json(self) -> MissingItemJson:
        other_fixes = [str(fix) for fix in self.other_fixes]
        return MissingItemJson(self.name, self.label, self.why, str(self.fix), other_fixes or OMITTED)


@dataclass(frozen=True)
class Verdict:
    """The gate's answer. It is clear when nothing required is missing."""

    missing: tuple[MissingItem, ...]
    nice_to_have: tuple[MissingItem, ...]

    @property
    def clear(self) -> bool:
        return not self.missing

    @property
    def all_missing(self) -> tuple[MissingItem, ...]:
        """The required and the nice-to-have items that are missing, in this order."""
        return (*self.missing, *self.nice_to_have)


def decide(requirements: Requirements, facts: Facts, clock: Clock) -> Verdict:
    """Decides whether a handoff may happen, and names every missing item. Nice-to-have items never block."""
    deal = DealState(requirements.playbook, facts, clock)
    return Verdict(
        _missing_items(requirements.required, requirements.playbook, deal),
        _missing_items(requirements.nice_to_have, requirements.playbook, deal),
    )


def _missing_items(names: Iterable[str], playbook: Playbook, deal: DealState) -> tuple[MissingItem, ...]:
    return tuple(_missing_item(name, playbook, deal) for name in names if not item_holds(name, deal))


def _missing_item(name: str, playbook: Playbook, deal: DealState) -> MissingItem:
    criterion = playbook.criteria.get(name)
    return MissingItem(
        name,
        item_label(playbook, name) + (criterion.progress(deal) if criterion else ""),
        item_why(playbook, name),
        item_fix(name, deal),
        tuple(item_fields(name, deal)),
        tuple(criterion.other_fixes(deal)) if criterion else (),
    )
