"""The gate: the only place that decides whether a handoff may happen, and names every reason why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, Omitted
from handoffctl.core.moments import Clock
from handoffctl.playbook.criteria import (
    DealState,
    SignalState,
    item_fields,
    item_fix,
    item_holds,
    item_progress,
    item_signals,
)
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.fix import Fix
from handoffctl.playbook.model import Playbook, in_words
from handoffctl.playbook.requirements import Requirements, item_label, item_why


class MissingSignal(NamedTuple):
    """A buying signal of a score that is too low: its points, whether it holds, and the questions still open."""

    name: str
    label: str
    points: int
    holds: bool
    ask: list[str]


class MissingItemJson(NamedTuple):
    """A missing item as `--json` prints it; `or` has the further commands, `signals` those of a score.

    Either is left out where there are none.
    """

    name: str
    label: str
    why: str
    fix: str
    or_: list[str] | Omitted
    signals: list[MissingSignal] | Omitted = OMITTED


@dataclass(frozen=True)
class MissingItem:
    """One item that is missing: its name and label, why it is needed, and the command that fixes it.

    `fields` are the fields to ask for, in order; `other_fixes` are further commands that would do as well; `signals`
    are those of a score that is too low.
    """

    name: str
    label: str
    why: str
    fix: Fix
    fields: tuple[str, ...] = ()
    other_fixes: tuple[Fix, ...] = ()
    signals: tuple[MissingSignal, ...] = ()

    def as_json(self) -> MissingItemJson:
        other_fixes = [str(fix) for fix in self.other_fixes]
        signals = list(self.signals) or OMITTED
        return MissingItemJson(self.name, self.label, self.why, str(self.fix), other_fixes or OMITTED, signals)


class NotAskedItem(NamedTuple):
    """An item that is not known and not asked either, because a trial leaves it out."""

    name: str
    label: str
    trial_id: int
    running: bool

    @property
    def says(self) -> str:
        """The sentence that says so."""
        return f"{self.label} is {'on probation' if self.running else 'left out since a trial'}: not asked."


@dataclass(frozen=True)
class Verdict:
    """The gate's answer. It is clear when nothing required is missing. `not_asked` is what a trial leaves out."""

    missing: tuple[MissingItem, ...]
    nice_to_have: tuple[MissingItem, ...]
    not_asked: tuple[NotAskedItem, ...] = ()

    @property
    def clear(self) -> bool:
        return not self.missing

    @property
    def all_missing(self) -> tuple[MissingItem, ...]:
        """The required and the nice-to-have items that are missing, in this order."""
        return (*self.missing, *self.nice_to_have)


def decide(requirements: Requirements, facts: Facts, clock: Clock) -> Verdict:
    """Decides whether a handoff may happen, and names every missing item. Nice-to-have items never block."""
    deal, playbook = DealState(requirements.playbook, facts, clock), requirements.playbook
    left_out = {item.name for item in requirements.not_asked}
    not_asked = tuple(
        NotAskedItem(item.name, item_label(playbook, item.name), item.trial_id, item.running)
        for item in requirements.not_asked
        if not item_holds(item.name, deal)
    )
    return Verdict(
        _missing_items((name for name in requirements.required if name not in left_out), playbook, deal),
        _missing_items((name for name in requirements.nice_to_have if name not in left_out), playbook, deal),
        not_asked,
    )


def _missing_items(names: Iterable[str], playbook: Playbook, deal: DealState) -> tuple[MissingItem, ...]:
    return tuple(_missing_item(name, playbook, deal) for name in names if not item_holds(name, deal))


def _missing_item(name: str, playbook: Playbook, deal: DealState) -> MissingItem:
    criterion = playbook.criteria.get(name)
    return MissingItem(
        name,
        item_label(playbook, name) + item_progress(name, deal),
        item_why(playbook, name),
        item_fix(name, deal),
        tuple(item_fields(name, deal)),
        tuple(criterion.other_fixes(deal)) if criterion else (),
        tuple(_missing_signal(state, playbook) for state in item_signals(name, deal)),
    )


def _missing_signal(state: SignalState, playbook: Playbook) -> MissingSignal:
    fields = ((playbook.field(name), playbook.label_of(name)) for name in state.unknown)
    questions = [(field and field.ask) or label for field, label in fields]
    return MissingSignal(state.name, state.label or in_words(state.name), state.points, state.holds, questions)
