"""Checks the further sections of a playbook: the names they use, and scores that can be reached."""

from handoffctl.errors import closest
from handoffctl.playbook.criteria import Condition
from handoffctl.playbook.criteria.next_step import NEXT_STEP, NextStep
from handoffctl.playbook.criteria.score import Score, asks_score
from handoffctl.playbook.criteria.summary import Summary
from handoffctl.playbook.criteria.time_facts import PoolLeft
from handoffctl.playbook.model import BUILT_IN, Handoff, Playbook
from handoffctl.playbook.reasons import KIND_OF_ENDING, OCCASIONS, reasons_for
from handoffctl.playbook.sections import Objective
from handoffctl.playbook.symbols import DeclaredNames, Path, PlacedFaults, unknown


def section_faults(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    """Returns the semantic errors in signals, dispositions, sla, objectives, value, reasons and improve."""
    yield from _scores(playbook, declared)
    yield from _agreements(playbook, declared)
    yield from _pool(playbook)
    for name, objective in playbook.objectives.items():
        yield from _role(objective.role, declared, ("objectives", name, "role"))
        if objective.of is not None:
            yield from _counted_deals(objective, ("objectives", name, "of"), playbook)
    yield from _value(playbook, declared)
    yield from _improve(playbook)
    yield from _reasons(playbook, declared)


def _counted_deals(objective: Objective, path: Path, playbook: Playbook) -> PlacedFaults:
    """Finds criteria that no deal can be counted by: where no deals are counted, or where no moment is kept."""
    if objective.measure in ("typed", "first_value"):
        yield path, f"measure: {objective.measure} counts no deals that could meet it"
    if not objective.of or not _keeps_moments(objective.of, playbook, set()):
        yield path, "what was true on an earlier day cannot be told of it; name fields, touches or meetings"


def _keeps_moments(criterion: Condition, playbook: Playbook, seen: set[str]) -> bool:
    """True if everything that the criterion looks at is kept with its moment."""
    for _, part in criterion.with_parts():
        if isinstance(part, (Summary, Score, NextStep)) or NEXT_STEP in part.items():
            return False
        for name in part.items():
            if name in playbook.criteria and name not in seen:
                seen.add(name)
                if not _keeps_moments(playbook.criteria[name], playbook, seen):
                    return False
    return True


def _scores(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    """Finds signals that wait for the score they are part of, and scores no signals add up to."""
    for name, signal in playbook.signals.items():
        if any(asks_score(criterion, playbook.criteria) for criterion in signal.when):
            yield ("signals", name, "when"), "a signal cannot wait for a score, which is made of signals"
    if not declared.points:
        return
    for path, criterion in playbook.every_condition():
        if not isinstance(criterion, Score) or path[0] == "signals":
            continue
        if sentence := criterion.out_of_reach(playbook.signals):
            yield (*path, "score"), sentence


def _pool(playbook: Playbook) -> PlacedFaults:
    """Finds conditions on the target accounts that are left in a playbook that does not say how many there are."""
    if playbook.targets is None:
        for path, condition in playbook.every_condition():
            if isinstance(condition, PoolLeft):
                yield (*path, "pool_left"), "it needs to know how many accounts there are to win, as in `targets: 150`"


def _agreements(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    handoffs = list(dict.fromkeys(handoff.key for handoff in playbook.handoffs))
    # A handoff without a name is called by a stage or role; a misspelt one is reported elsewhere.
    stages_and_roles = [*playbook.stages, *playbook.roles]
    names = {
        closest(handoff.key, stages_and_roles)
        for handoff in playbook.handoffs
        if not handoff.name and handoff.key not in stages_and_roles
    }
    for name, agreement in playbook.sla.items():
        path = ("sla", name)
        yield from _role(agreement.giver, declared, (*path, "from"))
        yield from _role(agreement.taker, declared, (*path, "to"))
        if agreement.stage is not None:
            yield from unknown("stage", agreement.stage, declared.stages, (*path, "stage"))
        if agreement.handoff is not None and declared.handoffs and agreement.handoff not in names:
            yield from unknown("handoff", agreement.handoff, handoffs, (*path, "handoff"))


def _role(role: str, declared: DeclaredNames, path: Path) -> PlacedFaults:
    if declared.roles:  # a playbook without roles may call people what it likes
        yield from unknown("role", role, declared.roles, path)


def _value(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    value = playbook.value
    if value is None or declared.fields is None:
        return
    fields = [*declared.fields, *BUILT_IN]
    for key, name in (("seen", value.seen), ("log", value.log)):
        if name is not None:
            yield from unknown("field", name, fields, ("value", key))
    if value.signed is not None:
        yield from unknown("stage", value.signed, declared.stages, ("value", "signed"))
    if value.first is None or declared.stages is None or value.first in declared.stages:
        return
    yield from unknown("stage or field", value.first, [*declared.stages, *fields], ("value", "first"))
    field = playbook.field(value.first)
    if field and field.type != "date":
        wanted = "what is wanted is a stage, or a field of type date"
        yield ("value", "first"), f'"{value.first}" is a field of type {field.type}; {wanted}'


def _improve(playbook: Playbook) -> PlacedFaults:
    """Finds a candidate that its handoff does not ask for. What another playbook asks for on entry is not looked at."""
    candidate = playbook.improve.candidate if playbook.improve else None
    if candidate is None:
        return
    path = ("improve", "candidate")
    for handoff in playbook.handoffs:
        if not candidate.startswith(f"{handoff.key}."):
            continue
        item = candidate[len(handoff.key) + 1 :]
        if not handoff.to_playbook and item not in _asked(playbook, handoff):
            yield path, f'the handoff {handoff.key} does not ask for "{item}"'
        return
    keys = list(dict.fromkeys(handoff.key for handoff in playbook.handoffs))
    yield path, f'"{candidate}" is no HANDOFF.ITEM; the handoffs are: {", ".join(keys)}'


def _asked(playbook: Playbook, handoff: Handoff) -> set[str]:
    left = playbook.stages[handoff.from_stage].exit if handoff.from_stage in playbook.stages else ()
    entered = playbook.stages[handoff.to_stage].entry if handoff.to and handoff.to_stage in playbook.stages else ()
    return {*handoff.required, *handoff.nice_to_have, *left, *entered}


def _reasons(playbook: Playbook, declared: DeclaredNames) -> PlacedFaults:
    """Finds reasons that read the same, and lists for endings that the playbook has no stage for."""
    kinds = {stage.kind for stage in playbook.stages.values()}
    for occasion in OCCASIONS:
        reasons, first_by_words = reasons_for(occasion, [playbook]), dict[str, str]()
        for name, words in reasons.items():
            first = first_by_words.setdefault(words.casefold(), name)
            if first != name:
                yield ("reasons", occasion, name), f'"{name}" says the same as "{first}"; people could not choose'
        wanted = KIND_OF_ENDING.get(occasion)
        if reasons and wanted and declared.ways and wanted not in kinds:
            yield ("reasons", occasion), f"no stage is of kind {wanted}, so no deal can end for these reasons"
