"""Advice on what could be better about a sound playbook. It never refuses one."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from handoffctl.playbook.criteria.base import FIELD, ITEM
from handoffctl.playbook.model import NEXT_STEP, Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of

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
class Around:
    """The playbooks that handoffs lead to, and the names that e-mail templates mention."""

    entered: Mapping[str, Playbook]
    mentioned: Collection[str] = ()


ALONE = Around({})


def advice(rules: Playbook, around: Around = ALONE) -> list[Advice]:
    """Returns everything that could be better, each with its path of keys. Empty for a good playbook."""
    looks = (_too_many_stages, _no_target, _same_beginning, _too_much_asked, _not_for_the_buyer, _unused, _unfinished)
    return [found for look in looks for found in look(rules, around)]


def advice_on_age(rules: Playbook, today: date) -> list[Advice]:
    """Returns advice if the playbook has not been reviewed for long. One without a review date gets none."""
    if rules.reviewed is None or (today - rules.reviewed).days <= LONGEST_UNREVIEWED:
        return []
    said = f"last reviewed {(today - rules.reviewed).days} days ago; go through it again and put today's date here"
    return [(("reviewed",), said)]


def names_used(rules: Playbook) -> set[str]:
    """Returns every field or criterion that something in this playbook uses."""
    used = {name for stage in rules.stages.values() for name in (*stage.exit, *stage.entry)}
    for handoff in rules.handoffs:
        used |= {*handoff.required, *handoff.nice_to_have}
    for _, criterion in rules.conditions():
        used |= {name.name for name in criterion.names() if name.what in (ITEM, FIELD)}
    if rules.value:
        used |= {name for name in (rules.value.seen, rules.value.first, rules.value.log) if name}
    return used


def _too_many_stages(rules: Playbook, around: Around) -> Iterable[Advice]:
    count = sum(stage.kind == "open" for stage in rules.stages.values())
    if count > MOST_STAGES:
        yield ("stages",), f"{count} open stages; more than {MOST_STAGES} are not kept up, so join some"


def _no_target(rules: Playbook, around: Around) -> Iterable[Advice]:
    for name, stage in rules.stages.items():
        if stage.kind == "open" and stage.target is None:
            yield ("stages", name), "no target; without one, as in `target: 7d`, nobody sees a deal that stays too long"


def _same_beginning(rules: Playbook, around: Around) -> Iterable[Advice]:
    seen: dict[str, str] = {}
    for name, stage in rules.stages.items():
        words = " ".join(re.findall(r"\w+", stage.begins_when.casefold()))
        if not words:
            continue
        first = seen.setdefault(words, name)
        if first != name:
            yield ("stages", name, "begins_when"), f'"{first}" begins with the same words; say what sets them apart'


def _too_much_asked(rules: Playbook, around: Around) -> Iterable[Advice]:
    for n, handoff in enumerate(rules.handoffs):
        count = len(_facts_asked(rules, handoff, around))
        if count > MOST_REQUIRED:
            also = "" if count == len(handoff.required) else ", with what its stages ask on leaving and entering"
            said = f"{count} items are required{also}; more than {MOST_REQUIRED} are not answered, so make some nice"
            yield ("handoffs", n, "required"), f"{said} to have"


def _facts_asked(rules: Playbook, handoff: Handoff, around: Around) -> list[str]:
    entered = around.entered.get(handoff.to_playbook) if handoff.to_playbook else None
    if handoff.to_playbook and entered is None:
        return list(handoff.required)
    return [name for name in requirements_of(rules, handoff, entered).required if name != NEXT_STEP]


def _not_for_the_buyer(rules: Playbook, around: Around) -> Iterable[Advice]:
    for n, handoff in enumerate(rules.handoffs):
        if handoff.benefit and not _OF_THE_BUYER.search(handoff.benefit):
            said = "does not speak of the prospect or client; say what they gain, not what you do"
            yield ("handoffs", n, "benefit"), said


def _unused(rules: Playbook, around: Around) -> Iterable[Advice]:
    used = {*names_used(rules), *around.mentioned}
    for other in around.entered.values():
        used |= names_used(other)
    for name, field in rules.fields.items():
        if name not in used and not field.summary:
            yield ("fields", name), "nothing uses this field; let a handoff ask for it, or take it out"


def _unfinished(rules: Playbook, around: Around) -> Iterator[Advice]:
    count = sum(not (handoff.reason and handoff.benefit) for handoff in rules.handoffs)
    if rules.draft and count:
        they = "handoffs do" if count > 1 else "handoff does"
        those = "they do" if count > 1 else "it does"
        yield (
            ("draft",),
            (f"a draft: {count} {they} not yet say a reason or a benefit, and will be refused until {those}"),
        )
