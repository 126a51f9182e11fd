"""What a handoff requires and would like to know, by item: its label and why it is needed."""

from collections.abc import Iterable
from dataclasses import dataclass

from handoffctl.playbook.model import NEXT_STEP, Handoff, Playbook, in_words

WHY_NEXT_STEP = "A deal without a next step is forgotten."


@dataclass(frozen=True)
class Requirements:
    """The items of one handoff: exit items of the stage left, its own, entry items of the stage entered."""

    rules: Playbook
    required: tuple[str, ...]
    nice_to_have: tuple[str, ...]


def requirements_of(rules: Playbook, handoff: Handoff, entered: Playbook | None = None) -> Requirements:
    """Returns the items of a handoff; `entered` is the other playbook if it leads to one."""
    into = entered or rules
    leaves = handoff.to is not None
    required = [*(rules.stages[handoff.from_stage].exit if leaves else ()), *handoff.required]
    if leaves:
        required += into.stages[handoff.to_stage].entry
    nice = list(handoff.nice_to_have)
    (required if handoff.next_step == "required" else nice).append(NEXT_STEP)
    return Requirements(_both(rules, entered), *_apart(required, nice))


def requirements_to_close(rules: Playbook, stage: str, won: str) -> Requirements:
    """Returns the items on a way into a won stage that the playbook has no handoff for."""
    return Requirements(rules, *_apart([*rules.stages[stage].exit, *rules.stages[won].entry], []))


def item_label(rules: Playbook, name: str) -> str:
    """Returns what people call the item."""
    return "Next step" if name == NEXT_STEP else rules.label_of(name)


def item_why(rules: Playbook, name: str) -> str:
    """Returns why the item is needed, in the playbook's words if it has some."""
    if name == NEXT_STEP:
        return WHY_NEXT_STEP
    said = rules.criteria.get(name) or rules.field(name)
    return (said and said.why) or f"The playbook asks for it: {in_words(name).casefold()}."


def _apart(required: Iterable[str], nice: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    must = tuple(dict.fromkeys(required))
    return must, tuple(name for name in dict.fromkeys(nice) if name not in must)


def _both(rules: Playbook, entered: Playbook | None) -> Playbook:
    """Combines two playbooks whose items are required at once; the one left takes precedence for names."""
    if entered is None:
        return rules
    fields = {**entered.fields, **rules.fields}
    criteria = {**entered.criteria, **rules.criteria}
    signals = {**entered.signals, **rules.signals}  # a score that entering asks for is made of those
    return rules.model_copy(update={"fields": fields, "criteria": criteria, "signals": signals})
