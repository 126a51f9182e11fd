"""The questions that the receiver of a deal still has to ask."""

from collections.abc import Sequence

from handoffctl.core.moments import Clock
from handoffctl.playbook.criteria import DealState, item_fields, item_holds
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.handoff_names import next_handoffs
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of

MOST_QUESTIONS = 3


def open_questions(facts: Facts, playbook: Playbook, stage: str, clock: Clock) -> tuple[str, ...]:
    """Returns the questions to ask in this stage, at most three.

    First come the required items of the handoffs from this stage, then what the handoffs into it required and is not
    known (any more), then what both would like to know.
    """
    state = DealState(playbook, facts, clock)
    names = [
        field
        for item in _items_to_ask(playbook, stage)
        if (playbook.field(item) or item in playbook.criteria) and not item_holds(item, state)
        for field in item_fields(item, state)
        if field not in facts.values
    ]
    asked = [(field := playbook.field(name)) and (field.ask or f"{playbook.label_of(name)}?") for name in names]
    return tuple(dict.fromkeys(question for question in asked if question))[:MOST_QUESTIONS]


def _items_to_ask(playbook: Playbook, stage: str) -> list[str]:
    if stage not in playbook.stages:
        return []
    onward = [_items(playbook, handoff) for handoff in next_handoffs(playbook, stage)]
    earlier = [_items(playbook, handoff) for handoff in _handoffs_into(playbook, stage)]
    required = [name for items in (*onward, *earlier) for name in items[0]]
    welcome = [name for items in (*onward, *earlier) for name in items[1]]
    return [*required, *playbook.stages[stage].entry, *welcome]


def _handoffs_into(playbook: Playbook, stage: str) -> list[Handoff]:
    """Returns the handoffs of this playbook that lead into the stage from an earlier one."""
    earlier = list(playbook.stages)[: list(playbook.stages).index(stage)]
    return [
        handoff
        for handoff in playbook.handoffs
        if handoff.to and not handoff.to_playbook and handoff.to_stage == stage and handoff.from_stage in earlier
    ]


def _items(playbook: Playbook, handoff: Handoff) -> tuple[Sequence[str], Sequence[str]]:
    """Returns the required and the nice-to-have items that this playbook knows of a handoff."""
    if handoff.to_playbook:
        return (*playbook.stages[handoff.from_stage].exit, *handoff.required), handoff.nice_to_have
    items = requirements_of(playbook, handoff)
    return items.required, items.nice_to_have
