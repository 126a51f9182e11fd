"""Checks the further sections of a playbook: the names they use, and scores that can be reached."""

from handoffctl.errors import closest
from handoffctl.playbook.criteria import Condition
from handoffctl.playbook.criteria.score import Score
from handoffctl.playbook.model import BUILT_IN, Playbook
from handoffctl.playbook.symbols import Declared, Found, Path, unknown


def section_faults(rules: Playbook, known: Declared) -> Found:
    """Returns the semantic errors in signals, dispositions, sla, objectives and value."""
    yield from _scores(rules, known)
    yield from _agreements(rules, known)
    for name, objective in rules.objectives.items():
        yield from _role(objective.role, known, ("objectives", name, "role"))
    yield from _value(rules, known)


def _scores(rules: Playbook, known: Declared) -> Found:
    """Finds signals that wait for the score they are part of, and scores no signals add up to."""
    for name, signal in rules.signals.items():
        if any(_asks_score(criterion, rules, set()) for criterion in signal.when):
            yield ("signals", name, "when"), "a signal cannot wait for a score, which is made of signals"
    if not known.points:
        return
    for path, criterion in rules.conditions():
        if isinstance(criterion, Score) and path[0] != "signals" and (said := criterion.out_of_reach(rules.signals)):
            yield (*path, "score"), said


def _asks_score(criterion: Condition, rules: Playbook, seen: set[str]) -> bool:
    """True if it, or a criterion it refers to, requires a score."""
    for _, part in criterion.with_parts():
        if isinstance(part, Score):
            return True
        for name in part.items():
            if name in rules.criteria and name not in seen:
                seen.add(name)
                if _asks_score(rules.criteria[name], rules, seen):
                    return True
    return False


def _agreements(rules: Playbook, known: Declared) -> Found:
    handoffs = list(dict.fromkeys(handoff.key for handoff in rules.handoffs))
    places = [*rules.stages, *rules.roles]  # a handoff without a name is called by one; if misspelt, told of elsewhere
    meant = {closest(one.key, places) for one in rules.handoffs if not one.name and one.key not in places}
    for name, agreed in rules.sla.items():
        path = ("sla", name)
        yield from _role(agreed.giver, known, (*path, "from"))
        yield from _role(agreed.taker, known, (*path, "to"))
        if agreed.stage is not None:
            yield from unknown("stage", agreed.stage, known.stages, (*path, "stage"))
        if agreed.handoff is not None and known.handoffs and agreed.handoff not in meant:
            yield from unknown("handoff", agreed.handoff, handoffs, (*path, "handoff"))


def _role(role: str, known: Declared, path: Path) -> Found:
    if known.roles:  # a playbook without roles may call people what it likes
        yield from unknown("role", role, known.roles, path)


def _value(rules: Playbook, known: Declared) -> Found:
    kept = rules.value
    if kept is None or known.fields is None:
        return
    fields = [*known.fields, *BUILT_IN]
    for key, name in (("seen", kept.seen), ("log", kept.log)):
        if name is not None:
            yield from unknown("field", name, fields, ("value", key))
    if kept.signed is not None:
        yield from unknown("stage", kept.signed, known.stages, ("value", "signed"))
    if kept.first is None or known.stages is None or kept.first in known.stages:
        return
    yield from unknown("stage or field", kept.first, [*known.stages, *fields], ("value", "first"))
    described = rules.field(kept.first)
    if described and described.type != "date":
        said = f'"{kept.first}" is a field of type {described.type}; what is wanted is a stage, or a field of type date'
        yield ("value", "first"), said
