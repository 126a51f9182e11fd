"""Compares two revisions of a playbook by meaning, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from handoffctl.core.yaml.types import is_length
from handoffctl.playbook.criteria import Condition
from handoffctl.playbook.model import Handoff, Playbook, Stage

LONGEST = 60

HEAD = ("playbook", "title", "about", "reviewed", "draft", "confirm_within", "pitching", "verdicts", "value")
# The sections besides stages and handoffs, and what one entry of each is called.
SECTIONS = {
    "roles": "role", "fields": "field", "criteria": "criterion", "signals": "signal", "dispositions": "disposition",
    "sla": "agreement", "objectives": "objective",
}  # fmt: skip


def differences(before: Playbook, after: Playbook) -> list[str]:
    """Each change as a sentence without its full stop, in the order of the file; none where both mean the same."""
    told = [*_keys("", before, after, HEAD)]
    for section, what in list(SECTIONS.items())[:3]:
        told += _entries(what, getattr(before, section), getattr(after, section))
    told += [*_stages(before, after), *_handoffs(before, after)]
    for section, what in list(SECTIONS.items())[3:]:
        told += _entries(what, getattr(before, section), getattr(after, section))
    return told


def _entries(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """A section whose entries have names."""
    yield from (f"{what} {name} is gone" for name in before if name not in after)
    for name, entry in after.items():
        if name not in before:
            yield f"{what} {name} is new"
        elif isinstance(entry, str):
            yield from _one(f"{what} {name}", "", before[name], entry)
        else:
            yield from _keys(f"{what} {name}", before[name], entry)


def _stages(before: Playbook, after: Playbook) -> Iterator[str]:
    old, new = list(before.stages), list(after.stages)
    yield from (f"stage {name} is gone" for name in old if name not in after.stages)
    for place, name in enumerate(new):
        if name not in before.stages:
            yield f"stage {name} is new, {f'after {new[place - 1]}' if place else 'at the beginning'}"
        else:
            yield from _stage(name, before.stages[name], after.stages[name])
    both = [name for name in new if name in before.stages]
    if both != [name for name in old if name in after.stages]:
        yield f"the stages stand in another order: {', '.join(new)}"


def _stage(name: str, before: Stage, after: Stage) -> Iterator[str]:
    if before.target != after.target:
        yield f"target of {name}: {_said(before.target, days=True)} -> {_said(after.target, days=True)}"
    yield from _items(f"leaving {name}", "requires", before.exit, after.exit)
    yield from _items(f"entering {name}", "requires", before.entry, after.entry)
    others = [key for key in Stage.model_fields if key not in ("target", "exit", "entry")]
    yield from _keys(f"stage {name}", before, after, others)


def _items(head: str, verb: str, before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    old, new = list(dict.fromkeys(before)), list(dict.fromkeys(after))
    yield from (f"{head} no longer {verb} {item}" for item in old if item not in new)
    yield from (f"{head} now {verb} {item}" for item in new if item not in old)


def _handoffs(before: Playbook, after: Playbook) -> Iterator[str]:
    old = {(one.from_stage, one.key): one for one in before.handoffs}
    new = {(one.from_stage, one.key): one for one in after.handoffs}
    yield from (f"the handoff {_way(before, one)} is gone" for key, one in old.items() if key not in new)
    for key, one in new.items():
        if key in old:
            yield from _handoff(_way(after, one), old[key], one)
        else:
            yield f"the handoff {_way(after, one)} is new"


def _way(playbook: Playbook, handoff: Handoff) -> str:
    """`Qualified -> Proposal (signed as it stands)`"""
    start = playbook.title_of(handoff.from_stage)
    if not handoff.to:
        return f"{handoff.name or handoff.receiver} (in {start})"
    end = handoff.to if handoff.to_playbook else playbook.title_of(handoff.to)
    return f"{start} -> {end}" + (f" ({handoff.name})" if handoff.name else "")


def _handoff(head: str, before: Handoff, after: Handoff) -> Iterator[str]:
    eased = [item for item in before.required if item in after.nice_to_have and item not in after.required]
    raised = [item for item in after.required if item in before.nice_to_have and item not in before.required]
    yield from (f"{head} no longer requires {item}; it is nice to have" for item in eased)
    yield from (f"{head} now requires {item}, which was nice to have" for item in raised)
    moved = {*eased, *raised}

    def others(items: Iterable[str]) -> list[str]:
        return [item for item in items if item not in moved]

    yield from _items(head, "requires", others(before.required), others(after.required))
    for item in _items(head, "asks", others(before.nice_to_have), others(after.nice_to_have)):
        yield f"{item} as nice to have"
    rest = [key for key in Handoff.model_fields if key not in ("required", "nice_to_have", "from_stage")]
    yield from _keys(head, before, after, rest)


Part = BaseModel | Condition


def _fields(part: Part) -> Mapping[str, FieldInfo]:
    """The keys that a part may have; for a criterion those of every kind, for it may have been one of another kind."""
    model = Condition.written_form() if isinstance(part, Condition) else type(part)
    return cast(Mapping[str, FieldInfo], model.model_fields)


def _keys(head: str, before: Part, after: Part, only: Iterable[str] | None = None) -> Iterator[str]:
    """Yields each key in which two parts differ; nested parts by their own keys."""
    fields = _fields(after)
    for key in only or fields:
        old, new = getattr(before, key, None), getattr(after, key, None)  # a criterion has only those of its kind
        if old == new:
            continue
        name = fields[key].alias or key
        if isinstance(old, Part) and isinstance(new, Part):
            yield from _keys(f"{head}: {name}".removeprefix(": "), old, new)
        elif name == "type":
            yield f"{head}: now of type {new}"
        else:
            yield from _one(head, name, old, new, is_length(fields[key]))


def _one(head: str, key: str, old: Any, new: Any, days: bool = False) -> Iterator[str]:
    if old == new:
        return
    lead = ": ".join(part for part in (head, key) if part)
    yield f"{lead}: {_said(old, days)} -> {_said(new, days)}"


def _said(value: Any, days: bool = False) -> str:
    """Returns a value in words; `days` marks a length of time."""
    if value is None or value in ("", (), {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and days:
        return length(value)
    if isinstance(value, Part):
        fields = _fields(value)
        given = {name: getattr(value, name, None) for name in fields}
        told = {name: _said(one, is_length(fields[name])) for name, one in given.items() if one not in (None, "", ())}
        return ", ".join(f"{fields[name].alias or name}: {said}" for name, said in told.items())
    if isinstance(value, tuple):
        return "; ".join(_said(one) for one in value)
    if isinstance(value, float | int):
        return f"{value:g}" if isinstance(value, float) else str(value)
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def length(days: float) -> str:
    """Returns a length of time as a playbook writes it: `3d`, `4h`, `30m`."""
    for unit, of_a_day in (("d", 1), ("h", 24), ("m", 1440)):
        count = days * of_a_day
        if abs(count - round(count)) < 1e-6:
            return f"{round(count)}{unit}"
    return f"{days:g}d"
