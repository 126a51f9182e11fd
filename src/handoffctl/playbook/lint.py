"""Checks that a playbook makes sense: names are known, handoffs have reasons, stages can be reached.

The models check shapes; each kind of criterion reports the names it refers to and whether it can be met.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from handoffctl.errors import closest
from handoffctl.playbook.criteria.base import FIELD, ITEM, ROLE, Check
from handoffctl.playbook.criteria.circles import circles
from handoffctl.playbook.lint_sections import section_faults
from handoffctl.playbook.model import BUILT_IN, NEXT_STEP, Handoff, Playbook
from handoffctl.playbook.symbols import Declared, Found, Names, Path, unknown

MOST_FAULTS = 100


@dataclass(frozen=True)
class Fault:
    """An error in one place, with the path of YAML keys that leads there."""

    path: Path
    sentence: str


def faults(rules: Playbook, declared: Declared | None = None) -> list[Fault]:
    """Returns the semantic errors of a playbook, at most a hundred. Empty for a sound one."""
    known = declared or Declared.by(rules)
    found = (Fault(path, said) for look in _LOOKS for path, said in look(rules, known))
    return list(islice(found, MOST_FAULTS))


def _names_taken(rules: Playbook, known: Declared) -> Found:
    for name in rules.fields:
        if name in BUILT_IN or name == NEXT_STEP:
            yield ("fields", name), f'"{name}" is built in; take it out here, or give the field another name'
    for name in rules.criteria:
        if name in BUILT_IN or name == NEXT_STEP:
            yield ("criteria", name), f'"{name}" is built in; give the criterion another name'
        elif name in (known.fields or ()):
            yield ("criteria", name), f'"{name}" is the name of a field too; give the criterion another name'
    for name, described in rules.fields.items():
        folded = [choice.casefold() for choice in described.choices]
        for choice in dict.fromkeys(choice for choice in described.choices if folded.count(choice.casefold()) > 1):
            yield ("fields", name, "choices"), f'"{choice}" is there more than once; capitals make no difference'
            break


def _items(rules: Playbook, known: Declared) -> Found:
    if known.items is None:
        return
    for path, names in _lists(rules):
        for n, name in enumerate(names):
            yield from unknown("field or criterion", name, known.items, (*path, n))
    meant: dict[str, Names] = {ITEM: known.items, FIELD: [*(known.fields or ()), *BUILT_IN]}
    for path, criterion in rules.conditions():
        for reference in criterion.names():
            if reference.what in meant:
                yield from unknown(reference.what, reference.name, meant[reference.what], (*path, reference.key))


def _lists(rules: Playbook) -> Iterator[tuple[Path, Names]]:
    for name, stage in rules.stages.items():
        yield ("stages", name, "exit"), stage.exit
        yield ("stages", name, "entry"), stage.entry
    for n, handoff in enumerate(rules.handoffs):
        yield ("handoffs", n, "required"), handoff.required
        yield ("handoffs", n, "nice_to_have"), handoff.nice_to_have


def _roles(rules: Playbook, known: Declared) -> Found:
    if not known.roles:  # a playbook without roles may call people what it likes
        return
    used: list[tuple[Path, str]] = [(("stages", name, "owner"), stage.owner) for name, stage in rules.stages.items()]
    for n, handoff in enumerate(rules.handoffs):
        used += [(("handoffs", n, "sender"), handoff.sender), (("handoffs", n, "receiver"), handoff.receiver)]
    for path, criterion in rules.conditions():
        used += [((*path, named.key), named.name) for named in criterion.names() if named.what == ROLE]
    for path, role in used:
        if role:
            yield from unknown("role", role, known.roles, path)


def _handoffs(rules: Playbook, known: Declared) -> Found:
    for n, handoff in enumerate(rules.handoffs):
        path = ("handoffs", n)
        yield from unknown("stage", handoff.from_stage, known.stages, (*path, "from"))
        left = rules.stages.get(handoff.from_stage)
        if left and left.kind != "open":
            yield (*path, "from"), f'a handoff leaves an open stage; "{handoff.from_stage}" is {left.kind}'
        yield from _destination(rules, handoff, known, path)
        if not rules.draft:
            for key, lack in _WORDS_OWED.items():
                if not getattr(handoff, key):
                    yield (*path, key), f'"{key}" is missing; {lack}'


_WORDS_OWED = {
    "trigger": "say what the prospect does that calls for this handoff",
    "reason": "say why the deal is passed on",
    "benefit": "say what the prospect gains by it",
}


def _destination(rules: Playbook, handoff: Handoff, known: Declared, path: Path) -> Found:
    if handoff.to is None:
        if not handoff.receiver:  # the sender's own role will do: one person of it hands over to another
            yield (*path, "to"), 'without "to" only the person changes, so it needs a "receiver"'
    elif "/" not in handoff.to:
        yield from unknown("stage", handoff.to, known.stages, (*path, "to"))
        if handoff.to == handoff.from_stage:
            yield (*path, "to"), 'it leads back to where it begins; leave "to" out where only the person changes'
    elif handoff.to.count("/") > 1 or not all(handoff.to.split("/")):
        yield (*path, "to"), f'"{handoff.to}" is neither a stage nor PLAYBOOK/STAGE'
    elif handoff.to_playbook == rules.playbook:
        yield (*path, "to"), f'it stays in this playbook; write "{handoff.to_stage}" alone'


def _same_names(rules: Playbook, known: Declared) -> Found:
    seen: dict[tuple[str, str], int] = {}
    for n, handoff in enumerate(rules.handoffs):
        if not handoff.key:
            continue
        first = seen.setdefault((handoff.from_stage, handoff.key.casefold()), n)
        if first == n:
            continue
        twin = rules.handoffs[first]
        if not handoff.name and not twin.name:
            said = f"it joins the same stages as handoffs[{first}]; give each a name"
        else:
            said = f'handoffs[{first}] leaves "{handoff.from_stage}" under the same name, "{handoff.key}"'
        yield ("handoffs", n, "name"), said


def _ways(rules: Playbook, known: Declared) -> Found:
    if not known.ways:
        return
    opened = [name for name, stage in rules.stages.items() if stage.kind == "open"]
    if not opened:
        yield ("stages",), "no stage is open; a deal needs one to begin in"
        return
    leads: dict[str, set[str]] = {name: set() for name in rules.stages}
    for handoff in rules.handoffs:
        if handoff.to and not handoff.to_playbook:  # a misspelt name is told of elsewhere, and counts as what it meant
            left, entered = (_meant(name, rules.stages) for name in (handoff.from_stage, handoff.to))
            leads.get(left, set()).add(entered)
    reached = _reached_from(opened[0], leads)
    for name in opened:
        if name not in reached:
            yield ("stages", name), f'nothing leads to "{name}"; it needs a handoff from a stage that a deal can reach'
            reached |= _reached_from(name, leads)  # what only follows from it is not a fault of its own


def _meant(name: str, stages: Iterable[str]) -> str:
    return name if name in stages else closest(name, list(stages))


def _reached_from(stage: str, leads: dict[str, set[str]]) -> set[str]:
    reached, fresh = {stage}, [stage]
    while fresh:
        new = leads.get(fresh.pop(), set()) - reached
        reached |= new
        fresh += new
    return reached


def _criteria(rules: Playbook, known: Declared) -> Found:
    yield from circles(rules)
    check = Check(rules)
    for path, criterion in rules.conditions():
        for key, said in criterion.unsatisfiable(check):
            if key == "not" and path[0] == "dispositions":  # it is looked at day by day; it may hold until it does not
                continue
            yield (*path, key) if key else path, said


_LOOKS: Sequence[Callable[[Playbook, Declared], Found]] = (
    _names_taken, _items, _roles, _handoffs, _same_names, _ways, _criteria, section_faults
)  # fmt: skip
