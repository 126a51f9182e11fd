"""Advice on what could be better about a sound playbook. It never refuses one."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from handoffctl.playbook.criteria.base import FIELD, ITEM
from handoffctl.playbook.criteria.summary import Summary
from handoffctl.playbook.model import NEXT_STEP, NEXT_STEPS, Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of
from handoffctl.playbook.shadowed_rules import shadowed_rules

MOST_REQUIRED = 7
MOST_STAGES = 10
LONGEST_UNREVIEWED = 180  # days

Path = tuple[str | int, ...]
Advice = tuple[Path, str]

# By these a benefit is taken to speak of the one who buys. "They" is what most people write.
_OF_THE_BUYER = re.compile(
    r"\b(prospect|client|customer|buyer)s?\b|\b(they|them|their|theirs|themselves)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class AdviceContext:
    """The playbooks that handoffs lead to, and the names that e-mail templates mention."""

    destinations: Mapping[str, Playbook]
    mentioned: Collection[str] = ()


NO_CONTEXT = AdviceContext({})


def advice(playbook: Playbook, context: AdviceContext = NO_CONTEXT) -> list[Advice]:
    """Returns everything that could be better, each with its path of keys. Empty for a good playbook."""
    checks = (
        _too_many_stages, _no_target, _same_beginning, _too_much_asked, _not_for_the_buyer, _unused, _unfinished,
        _confirmed_in_general, _under_next_steps, _unknown_heads, _never_speaks, _unused_conditions,
    )  # fmt: skip
    return [item for check in checks for item in check(playbook, context)]


def advice_on_age(playbook: Playbook, today: date) -> list[Advice]:
    """Returns advice if the playbook has not been reviewed for long. One without a review date gets none."""
    if playbook.reviewed is None or (today - playbook.reviewed).days <= LONGEST_UNREVIEWED:
        return []
    days = (today - playbook.reviewed).days
    return [(("reviewed",), f"last reviewed {days} days ago; go through it again and put today's date here")]


def names_used(playbook: Playbook) -> set[str]:
    """Returns every field or criterion that something in this playbook uses."""
    names = {name for stage in playbook.stages.values() for name in (*stage.exit, *stage.entry)}
    for handoff in playbook.handoffs:
        names |= {*handoff.required, *handoff.nice_to_have, *handoff.like}
    for _, criterion in playbook.every_condition():
        names |= {reference.name for reference in criterion.names() if reference.what in (ITEM, FIELD)}
    if playbook.value:
        names |= {name for name in (playbook.value.seen, playbook.value.first, playbook.value.log) if name}
    return names


def _too_many_stages(playbook: Playbook, context: AdviceContext) -> Iterable[Advice]:
    count = sum(stage.kind == "open" for stage in playbook.stages.values())
    if count > MOST_STAGES:
        yield ("stages",), f"{count} open stages; more than {MOST_STAGES} are not kept up, so join some"


def _no_target(playbook: Playbook, context: AdviceContext) -> Iterable[Advice]:
    for name, stage in playbook.stages.items():
        if stage.kind == "open" and stage.target is None:
            yield ("stages", name), "no target; without one, as in `target: 7d`, nobody sees a deal that stays too long"


def _same_beginning(playbook: Playbook, context: AdviceContext) -> Iterable[Advice]:
    first_with_words: dict[str, str] = {}
    for name, stage in playbook.stages.items():
        words = " ".join(re.findall(r"\w+", stage.begins_when.casefold()))
        if not words:
            continue
        first = first_with_words.setdefault(words, name)
        if first != name:
            yield ("stages", name, "begins_when"), f'"{first}" begins with the same words; say what sets them apart'


def _too_much_asked(playbook: Playbook, context: AdviceContext) -> Iterable[Advice]:
    for n, handoff in enumerate(playbook.handoffs):
        count = len(_facts_asked(playbook, handoff, context))
        if count > MOST_REQUIRED:
            including = "" if count == len(handoff.required) else ", with what its stages ask on leaving and entering"
            required = f"{count} items are required{including}"
            too_many = f"more than {MOST_REQUIRED} are not answered, so make some nice to have"
            yield ("handoffs", n, "required"), f"{required}; {too_many}"


def _facts_asked(playbook: Playbook, handoff: Handoff, context: AdviceContext) -> list[str]:
    destination = context.destinations.get(handoff.to_playbook) if handoff.to_playbook else None
    if handoff.to_playbook and destination is None:
        return list(handoff.required)
    return [name for name in requirements_of(playbook, handoff, destination).required if name != NEXT_STEP]


def _not_for_the_buyer(playbook: Playbook, context: AdviceContext) -> Iterable[Advice]:
    for n, handoff in enumerate(playbook.handoffs):
        if handoff.benefit and not _OF_THE_BUYER.search(handoff.benefit):
            sentence = "does not speak of the prospect or client; say what they gain, not what you do"
            yield ("handoffs", n, "benefit"), sentence


def _unused(playbook: Playbook, context: AdviceContext) -> Iterable[Advice]:
    names = {*names_used(playbook), *context.mentioned}
    for other in context.destinations.values():
        names |= names_used(other)
    for name, field in playbook.fields.items():
        if name not in names and not field.summary:
            yield ("fields", name), "nothing uses this field; let a handoff ask for it, or take it out"


def _unfinished(playbook: Playbook, context: AdviceContext) -> Iterator[Advice]:
    count = sum(not (handoff.reason and handoff.benefit) for handoff in playbook.handoffs)
    if playbook.draft and count:
        they = "handoffs do" if count > 1 else "handoff does"
        those = "they do" if count > 1 else "it does"
        yield (
            ("draft",),
            (f"a draft: {count} {they} not yet say a reason or a benefit, and will be refused until {those}"),
        )


def _confirmed_in_general(playbook: Playbook, context: AdviceContext) -> Iterator[Advice]:
    for path, criterion in playbook.every_condition():
        if isinstance(criterion, Summary) and criterion.summary == "confirmed" and not criterion.covers:
            sentence = "one yes is enough, whatever changes after it; say what it must cover: `covers: [FIELDS]`"
            yield (*path, "summary"), sentence


def _under_next_steps(playbook: Playbook, context: AdviceContext) -> Iterator[Advice]:
    for name, field in playbook.fields.items():
        if field.summary.casefold() == NEXT_STEPS:
            yield (
                ("fields", name, "summary"),
                'nothing prints there any more: under "next steps" stand meetings and promises; take the key out, or '
                "name another head",
            )


def _unknown_heads(playbook: Playbook, context: AdviceContext) -> Iterator[Advice]:
    fed = {field.summary for field in playbook.fields.values()}
    for head in playbook.heads:
        if head not in fed:
            yield ("heads", head), "no field has this head as its `summary`, so clients never read these words"


def _never_speaks(playbook: Playbook, context: AdviceContext) -> Iterator[Advice]:
    for shadowed in shadowed_rules(playbook):
        sentence = f"{shadowed.earlier} stands before it and holds whenever it does, so it never speaks; move it up"
        yield ("dispositions", shadowed.name), sentence


def _unused_conditions(playbook: Playbook, context: AdviceContext) -> Iterator[Advice]:
    names = names_used(playbook)
    for name in playbook.conditions:
        if name not in names:
            yield ("conditions", name), "no disposition names this condition; use it, or take it out"
