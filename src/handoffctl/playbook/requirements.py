"""The items that a handoff requires or would like to know, with their labels and why they are needed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from handoffctl.playbook.model import NEXT_STEP, Handoff, Playbook, in_words

WHY_NEXT_STEP = "A deal without a next step is forgotten."


class NotAsked(NamedTuple):
    """An item that a trial leaves out. `mode` is probation or randomized; a trial that is over left it out for good."""

    name: str
    trial_id: int
    mode: str
    running: bool


@dataclass(frozen=True)
class Requirements:
    """The items of one handoff: exit items of the stage left, its own, entry items of the stage entered.

    `not_asked` are those of them that a trial leaves out.
    """

    playbook: Playbook
    required: tuple[str, ...]
    nice_to_have: tuple[str, ...]
    not_asked: tuple[NotAsked, ...] = ()

    def with_arms_hidden(self) -> "Requirements":
        """Returns them as if no arm were drawn: a randomized trial asks both arms until the attempt."""
        return replace(self, not_asked=tuple(item for item in self.not_asked if item.mode != "randomized"))


def requirements_of(playbook: Playbook, handoff: Handoff, destination: Playbook | None = None) -> Requirements:
    """Returns the items of a handoff; `destination` is the other playbook if it leads to one."""
    into = destination or playbook
    leaves = handoff.to is not None
    required = [*(playbook.stages[handoff.from_stage].exit if leaves else ()), *handoff.required]
    if leaves:
        required += into.stages[handoff.to_stage].entry
    nice = list(handoff.nice_to_have)
    (required if handoff.next_step == "required" else nice).append(NEXT_STEP)
    return Requirements(_combined(playbook, destination), *_without_duplicates(required, nice))


def requirements_to_close(playbook: Playbook, stage: str, won: str) -> Requirements:
    """Returns the items on a way into a won stage that the playbook has no handoff for."""
    return Requirements(playbook, *_without_duplicates([*playbook.stages[stage].exit, *playbook.stages[won].entry], []))


def item_label(playbook: Playbook, name: str) -> str:
    """Returns what people call the item."""
    return "Next step" if name == NEXT_STEP else playbook.label_of(name)


def item_why(playbook: Playbook, name: str) -> str:
    """Returns why the item is needed, in the playbook's words if it has some."""
    if name == NEXT_STEP:
        return WHY_NEXT_STEP
    item = playbook.criteria.get(name) or playbook.field(name)
    return (item and item.why) or f"The playbook asks for it: {in_words(name).casefold()}."


def _without_duplicates(required: Iterable[str], nice: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    must = tuple(dict.fromkeys(required))
    return must, tuple(name for name in dict.fromkeys(nice) if name not in must)


def _combined(playbook: Playbook, destination: Playbook | None) -> Playbook:
    """Combines two playbooks whose items are required at once; the one left takes precedence for names."""
    if destination is None:
        return playbook
    fields = {**destination.fields, **playbook.fields}
    criteria = {**destination.criteria, **playbook.criteria}
    signals = {**destination.signals, **playbook.signals}  # a score that entering asks for is made of those
    return playbook.with_values(fields=fields, criteria=criteria, signals=signals)
