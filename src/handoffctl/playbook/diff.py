"""Compares two revisions of a playbook by meaning, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from handoffctl.core.yaml.types import KeyInfo, StrictModel, is_length
from handoffctl.playbook.criteria import Condition
from handoffctl.playbook.criteria.time_facts import StageLength
from handoffctl.playbook.model import Handoff, Playbook, Stage

LONGEST = 60

HEAD = (
    "playbook", "title", "about", "reviewed", "draft", "confirm_within", "pitching", "verdicts", "value", "goal",
    "targets", "reasons", "wake_when", "improve",
)  # fmt: skip
# The sections besides stages and handoffs, and what one entry of each is called.
SECTIONS = {
    "roles": "role", "fields": "field", "criteria": "criterion", "signals": "signal", "conditions": "condition",
    "dispositions": "disposition", "sla": "agreement", "objectives": "objective",
}  # fmt: skip


def differences(before: Playbook, after: Playbook) -> list[str]:
    """Returns each change as a sentence without its full stop, in the order of the file; none if both mean the same."""
    changes = [*_key_changes("", before, after, HEAD)]
    for section, what in list(SECTIONS.items())[:3]:
        changes += _section_changes(what, getattr(before, section), getattr(after, section))
    changes += [*_stage_order_changes(before, after), *_handoff_list_changes(before, after)]
    for section, what in list(SECTIONS.items())[3:]:
        changes += _section_changes(what, getattr(before, section), getattr(after, section))
    return changes


def _section_changes(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yields what was added, removed or changed in a section, one named entry after the other."""
    yield from (f"{what} {name} is gone" for name in before if name not in after)
    for name, entry in after.items():
        if name not in before:
            yield f"{what} {name} is new"
        elif isinstance(entry, str):
            yield from _change(f"{what} {name}", "", before[name], entry)
        else:
            yield from _key_changes(f"{what} {name}", before[name], entry)


def _stage_order_changes(before: Playbook, after: Playbook) -> Iterator[str]:
    old, new = list(before.stages), list(after.stages)
    yield from (f"stage {name} is gone" for name in old if name not in after.stages)
    for position, name in enumerate(new):
        if name not in before.stages:
            yield f"stage {name} is new, {f'after {new[position - 1]}' if position else 'at the beginning'}"
        else:
            yield from _stage_changes(name, before.stages[name], after.stages[name])
    both = [name for name in new if name in before.stages]
    if both != [name for name in old if name in after.stages]:
        yield f"the stages stand in another order: {', '.join(new)}"


def _stage_changes(name: str, before: Stage, after: Stage) -> Iterator[str]:
    if before.target != after.target:
        yield f"target of {name}: {_in_words(before.target, days=True)} -> {_in_words(after.target, days=True)}"
    yield from _item_changes(f"leaving {name}", "requires", before.exit, after.exit)
    yield from _item_changes(f"entering {name}", "requires", before.entry, after.entry)
    others = [key for key in Stage.key_infos() if key not in ("target", "exit", "entry")]
    yield from _key_changes(f"stage {name}", before, after, others)


def _item_changes(head: str, verb: str, before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    old, new = list(dict.fromkeys(before)), list(dict.fromkeys(after))
    yield from (f"{head} no longer {verb} {item}" for item in old if item not in new)
    yield from (f"{head} now {verb} {item}" for item in new if item not in old)


def _handoff_list_changes(before: Playbook, after: Playbook) -> Iterator[str]:
    old = {(handoff.from_stage, handoff.key): handoff for handoff in before.handoffs}
    new = {(handoff.from_stage, handoff.key): handoff for handoff in after.handoffs}
    gone = [handoff for key, handoff in old.items() if key not in new]
    yield from (f"the handoff {_handoff_title(before, handoff)} is gone" for handoff in gone)
    for key, handoff in new.items():
        if key in old:
            yield from _handoff_changes(_handoff_title(after, handoff), old[key], handoff)
        else:
            yield f"the handoff {_handoff_title(after, handoff)} is new"


def _handoff_title(playbook: Playbook, handoff: Handoff) -> str:
    """Returns what a handoff is called: `Qualified -> Proposal (signed as it stands)`."""
    start = playbook.title_of(handoff.from_stage)
    if not handoff.to:
        return f"{handoff.name or handoff.receiver} (in {start})"
    end = handoff.to if handoff.to_playbook else playbook.title_of(handoff.to)
    return f"{start} -> {end}" + (f" ({handoff.name})" if handoff.name else "")


def _handoff_changes(head: str, before: Handoff, after: Handoff) -> Iterator[str]:
    no_longer_required = [item for item in before.required if item in after.nice_to_have and item not in after.required]
    newly_required = [item for item in after.required if item in before.nice_to_have and item not in before.required]
    yield from (f"{head} no longer requires {item}; it is nice to have" for item in no_longer_required)
    yield from (f"{head} now requires {item}, which was nice to have" for item in newly_required)
    moved = {*no_longer_required, *newly_required}

    def others(items: Iterable[str]) -> list[str]:
        return [item for item in items if item not in moved]

    yield from _item_changes(head, "requires", others(before.required), others(after.required))
    for item in _item_changes(head, "asks", others(before.nice_to_have), others(after.nice_to_have)):
        yield f"{item} as nice to have"
    rest = [key for key in Handoff.key_infos() if key not in ("required", "nice_to_have", "from_stage")]
    yield from _key_changes(head, before, after, rest)


def _fields(part: StrictModel) -> Mapping[str, KeyInfo]:
    """Returns the keys that a part may have; for a criterion those of every kind, since its kind may have changed."""
    return Condition.written_keys() if isinstance(part, Condition) else part.key_infos()


def _key_changes(
    head: str, before: StrictModel, after: StrictModel, only: Iterable[str] | None = None
) -> Iterator[str]:
    """Yields each key in which two parts differ; nested parts by their own keys."""
    fields = _fields(after)
    for key in only or fields:
        old, new = getattr(before, key, None), getattr(after, key, None)  # a criterion has only those of its kind
        if old == new:
            continue
        name = fields[key].written
        if isinstance(old, StrictModel) and isinstance(new, StrictModel):
            yield from _key_changes(f"{head}: {name}".removeprefix(": "), old, new)
        elif name == "type":
            yield f"{head}: now of type {new}"
        else:
            yield from _change(head, name, old, new, is_length(fields[key]))


def _change(head: str, key: str, old: Any, new: Any, days: bool = False) -> Iterator[str]:
    if old == new:
        return
    lead = ": ".join(part for part in (head, key) if part)
    yield f"{lead}: {_in_words(old, days)} -> {_in_words(new, days)}"


def _in_words(value: Any, days: bool = False) -> str:
    """Returns a value in words; `days` marks a length of time."""
    if value is None or value in ("", (), {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and days:
        return written_length(value)
    if isinstance(value, StageLength) and value.at_least is not None:
        return written_length(value.at_least)
    if isinstance(value, StrictModel):
        fields = _fields(value)
        values = {name: getattr(value, name, None) for name in fields}
        values = {name: item for name, item in values.items() if item not in (None, "", ())}
        texts = {name: _in_words(item, is_length(fields[name])) for name, item in values.items()}
        return ", ".join(f"{fields[name].written}: {text}" for name, text in texts.items())
    if isinstance(value, tuple):
        return "; ".join(_in_words(item) for item in value)
    if isinstance(value, float | int):
        return f"{value:g}" if isinstance(value, float) else str(value)
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def written_length(days: float) -> str:
    """Returns a length of time as a playbook writes it: `3d`, `4h`, `30m`."""
    for unit, of_a_day in (("d", 1), ("h", 24), ("m", 1440)):
        count = days * of_a_day
        if abs(count - round(count)) < 1e-6:
            return f"{round(count)}{unit}"
    return f"{days:g}d"
