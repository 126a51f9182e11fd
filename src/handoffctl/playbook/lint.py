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
from handoffctl.playbook.symbols import DeclaredNames, Names, Path, PlacedFaults, unknown

MOST_FAULTS = 100
JUDGED_DAILY = ("dispositions", "conditions")  # sections whose conditions are looked at day by day


@dataclass(frozen=True)
class Fault:
    """An error in one place, with the path of YAML keys that leads there."""

    path: Path
    sentence: str


def faults(playbook: Playbook, declared: DeclaredNames | None = None) -> list[Fault]:
    """Returns the semantic errors of a playbook, at most a hundred. Empty for a sound one."""
    names = declared or DeclaredNames.by(playbook)
    faults_found = (Fault(path, sentence) for check in _CHECKS for path, sentence in check(playbook, names))
    return list(islice(faults_found, MOST_FAULTS))


def _names_taken(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    for name in playbook.fields:
        if name in BUILT_IN or name == NEXT_STEP:
            yield ("fields", name), f'"{name}" is built in; take it out here, or give the field another name'
    for name in playbook.criteria:
        if name in BUILT_IN or name == NEXT_STEP:
            yield ("criteria", name), f'"{name}" is built in; give the criterion another name'
        elif name in (declared.fields or ()):
            yield ("criteria", name), f'"{name}" is the name of a field too; give the criterion another name'
    for name in playbook.conditions:
        if name in (*BUILT_IN, NEXT_STEP, *(declared.items or ())):
            yield ("conditions", name), f'"{name}" is the name of something else too; give the condition another name'
    for name, field in playbook.fields.items():
        folded = [choice.casefold() for choice in field.choices]
        for choice in dict.fromkeys(choice for choice in field.choices if folded.count(choice.casefold()) > 1):
            yield ("fields", name, "choices"), f'"{choice}" is there more than once; capitals make no difference'
            break


def _items(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    if declared.items is None:
        return
    for path, names in _item_lists(playbook):
        for n, name in enumerate(names):
            yield from unknown("field or criterion", name, declared.items, (*path, n))
    fields = [*(declared.fields or ()), *BUILT_IN]
    for n, handoff in enumerate(playbook.handoffs):
        for m, name in enumerate(handoff.like):
            yield from unknown("field", name, fields, ("handoffs", n, "like", m))
    for path, criterion in playbook.every_condition():
        items = declared.items_of_dispositions if path[0] in JUDGED_DAILY else declared.items
        declared_by_type: dict[str, Names | None] = {ITEM: items, FIELD: fields}
        for reference in criterion.names():
            if reference.what in declared_by_type:
                yield from unknown(
                    reference.what, reference.name, declared_by_type[reference.what], (*path, reference.key)
                )


def _item_lists(playbook: Playbook) -> Iterator[tuple[Path, Names]]:
    for name, stage in playbook.stages.items():
        yield ("stages", name, "exit"), stage.exit
        yield ("stages", name, "entry"), stage.entry
    for n, handoff in enumerate(playbook.handoffs):
        yield ("handoffs", n, "required"), handoff.required
        yield ("handoffs", n, "nice_to_have"), handoff.nice_to_have


def _roles(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    if not declared.roles:  # a playbook without roles may call people what it likes
        return
    references: list[tuple[Path, str]] = [
        (("stages", name, "owner"), stage.owner) for name, stage in playbook.stages.items()
    ]
    for n, handoff in enumerate(playbook.handoffs):
        references += [(("handoffs", n, "sender"), handoff.sender), (("handoffs", n, "receiver"), handoff.receiver)]
    for path, criterion in playbook.every_condition():
        references += [
            ((*path, reference.key), reference.name) for reference in criterion.names() if reference.what == ROLE
        ]
    for path, role in references:
        if role:
            yield from unknown("role", role, declared.roles, path)


def _handoffs(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    for n, handoff in enumerate(playbook.handoffs):
        path = ("handoffs", n)
        yield from unknown("stage", handoff.from_stage, declared.stages, (*path, "from"))
        start = playbook.stages.get(handoff.from_stage)
        if start and start.kind != "open":
            yield (*path, "from"), f'a handoff leaves an open stage; "{handoff.from_stage}" is {start.kind}'
        yield from _destination(playbook, handoff, declared, path)
        if not playbook.draft:
            for key, lack in _REQUIRED_TEXTS.items():
                if not getattr(handoff, key):
                    yield (*path, key), f'"{key}" is missing; {lack}'


_REQUIRED_TEXTS = {
    "trigger": "say what the prospect does that calls for this handoff",
    "reason": "say why the deal is passed on",
    "benefit": "say what the prospect gains by it",
}


def _destination(playbook: Playbook, handoff: Handoff, declared: DeclaredNames, path: Path) -> PlacedFaults:
    if handoff.to is None:
        if not handoff.receiver:  # the sender's own role will do: one person of it hands over to another
            yield (*path, "to"), 'without "to" only the person changes, so it needs a "receiver"'
    elif "/" not in handoff.to:
        yield from unknown("stage", handoff.to, declared.stages, (*path, "to"))
        if handoff.to == handoff.from_stage:
            yield (*path, "to"), 'it leads back to where it begins; leave "to" out where only the person changes'
    elif handoff.to.count("/") > 1 or not all(handoff.to.split("/")):
        yield (*path, "to"), f'"{handoff.to}" is neither a stage nor PLAYBOOK/STAGE'
    elif handoff.to_playbook == playbook.playbook:
        yield (*path, "to"), f'it stays in this playbook; write "{handoff.to_stage}" alone'


def _same_names(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    first_with_key: dict[tuple[str, str], int] = {}
    for n, handoff in enumerate(playbook.handoffs):
        if not handoff.key:
            continue
        first = first_with_key.setdefault((handoff.from_stage, handoff.key.casefold()), n)
        if first == n:
            continue
        other = playbook.handoffs[first]
        if not handoff.name and not other.name:
            sentence = f"it joins the same stages as handoffs[{first}]; give each a name"
        else:
            sentence = f'handoffs[{first}] leaves "{handoff.from_stage}" under the same name, "{handoff.key}"'
        yield ("handoffs", n, "name"), sentence


def _reachability(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    if not declared.ways:
        return
    open_stages = [name for name, stage in playbook.stages.items() if stage.kind == "open"]
    if not open_stages:
        yield ("stages",), "no stage is open; a deal needs one to begin in"
        return
    destinations: dict[str, set[str]] = {name: set() for name in playbook.stages}
    for handoff in playbook.handoffs:
        if handoff.to and not handoff.to_playbook:  # a misspelt name is told of elsewhere, and counts as what it meant
            start, destination = (_closest_stage(name, playbook.stages) for name in (handoff.from_stage, handoff.to))
            destinations.get(start, set()).add(destination)
    reached = _reached_from(open_stages[0], destinations)
    for name in open_stages:
        if name not in reached:
            yield ("stages", name), f'nothing leads to "{name}"; it needs a handoff from a stage that a deal can reach'
            reached |= _reached_from(name, destinations)  # what only follows from it is not a fault of its own


def _closest_stage(name: str, stages: Iterable[str]) -> str:
    return name if name in stages else closest(name, list(stages))


def _reached_from(stage: str, destinations: dict[str, set[str]]) -> set[str]:
    reached, unvisited = {stage}, [stage]
    while unvisited:
        new = destinations.get(unvisited.pop(), set()) - reached
        reached |= new
        unvisited += new
    return reached


def _criteria(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    yield from circles(playbook)
    check = Check(playbook)
    for path, criterion in playbook.every_condition():
        for key, sentence in criterion.unsatisfiable(check):
            if key == "not" and path[0] in JUDGED_DAILY:  # it may hold until it does not
                continue
            yield (*path, key) if key else path, sentence


_CHECKS: Sequence[Callable[[Playbook, DeclaredNames], PlacedFaults]] = (
    _names_taken, _items, _roles, _handoffs, _same_names, _reachability, _criteria, section_faults
)  # fmt: skip
