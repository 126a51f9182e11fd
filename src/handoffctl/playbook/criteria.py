"""Whether a criterion holds, and which command would make it hold.

The answer has three values: None means that what it asks about is not known. `not` of the unknown is unknown, so
learning something can never turn a met criterion into a gap.
"""

from collections.abc import Iterable

from handoffctl.core.field_values import BadValue, Comparable, comparable, parsed, to_type
from handoffctl.core.moments import Clock, days_between
from handoffctl.playbook.criterion import COMPARISONS, Criterion, TouchRule
from handoffctl.playbook.facts import Facts, Touch
from handoffctl.playbook.fix import Fix, FixKind
from handoffctl.playbook.model import NEXT_STEP, Playbook
from handoffctl.playbook.sections import Signal

Truth = bool | None


def holds(criterion: Criterion, rules: Playbook, facts: Facts, clock: Clock) -> Truth:
    """True, False, or None where it is not known."""

    def ask(inner: Criterion) -> Truth:
        return holds(inner, rules, facts, clock)

    if criterion.known is not None:
        return name_holds(criterion.known, rules, facts, clock)
    if criterion.any_of is not None:
        return _any(map(ask, criterion.any_of))
    if criterion.all_of is not None:
        return _all(map(ask, criterion.all_of))
    if criterion.negated is not None:
        inner = ask(criterion.negated)
        return None if inner is None else not inner
    if criterion.field is not None:
        return _compares(criterion, rules, facts, clock)
    if criterion.score is not None:
        return points(rules, facts, clock) >= criterion.score
    return _happened(criterion, facts, clock)


def points(rules: Playbook, facts: Facts, clock: Clock) -> int:
    """What the signals add up to that hold now."""
    return sum(signal.points for signal in rules.signals.values() if _gives(signal, rules, facts, clock))


def _gives(signal: Signal, rules: Playbook, facts: Facts, clock: Clock) -> bool:
    return all(holds(criterion, rules, facts, clock) for criterion in signal.when)


def _silent_signals(rules: Playbook, facts: Facts, clock: Clock) -> list[Criterion]:
    """What is still unmet of the signals that give no points yet, those of most points first."""
    silent = [signal for signal in rules.signals.values() if not _gives(signal, rules, facts, clock)]
    silent.sort(key=lambda signal: -signal.points)
    return [one for signal in silent for one in signal.when if not holds(one, rules, facts, clock)]


def name_holds(name: str, rules: Playbook, facts: Facts, clock: Clock) -> Truth:
    """The same for an item's name: a criterion, the next step, or a field, which is either known or not."""
    if name in rules.criteria:
        return holds(rules.criteria[name], rules, facts, clock)
    if name == NEXT_STEP:
        return facts.step is not None or None
    return name in facts.values or None


def _any(answers: Iterable[Truth]) -> Truth:
    seen = list(answers)
    return True if True in seen else (None if None in seen else False)


def _all(answers: Iterable[Truth]) -> Truth:
    seen = list(answers)
    return False if False in seen else (None if None in seen else True)


def _compares(criterion: Criterion, rules: Playbook, facts: Facts, clock: Clock) -> Truth:
    value = facts.values.get(criterion.field or "")
    described = rules.field(criterion.field or "")
    if value is None or described is None:
        return None

    def limit(text: str) -> Comparable | None:
        return comparable(described, parsed(described, text, clock))

    try:
        mine = comparable(described, value)
    except ValueError:  # written when the field had another type
        return None
    try:
        return all(
            mine is not None and (other := getattr(criterion, key)) is not None and _agrees(key, mine, other, limit)
            for key in COMPARISONS
            if getattr(criterion, key) is not None
        )
    except (BadValue, TypeError):  # the playbook's check refuses such a limit; a kept revision may still hold one
        return False


def _agrees(key: str, mine, other, limit) -> bool:  # type: ignore[no-untyped-def]
    if key == "one_of":
        return mine in [limit(text) for text in other]
    bound = limit(other)
    if key == "equals":
        return bool(mine == bound)
    if key in ("at_least", "after"):
        return bool(mine >= bound if key == "at_least" else mine > bound)
    return bool(mine <= bound if key == "at_most" else mine < bound)


def _happened(criterion: Criterion, facts: Facts, clock: Clock) -> Truth:
    if criterion.summary is not None:
        answered = ("confirmed", "corrected")
        return facts.summary in (answered if criterion.summary == "confirmed" else (*answered, "sent", "silent"))
    if criterion.meeting is not None:
        # A call that was held is a meeting too: most first ones are calls.
        return any(touch.kind in ("meeting", "call") and touch.outcome == "held" for touch in facts.touches)
    if criterion.introduced is not None:
        return any(touch.met == criterion.introduced and touch.outcome not in NOT_MET for touch in facts.touches)
    if criterion.touches is not None:
        return sum(_counts(touch, criterion.touches, clock) for touch in facts.touches) >= criterion.touches.at_least
    return facts.step is not None


NOT_MET = ("no-show", "cancelled", "booked", "no-answer")


def _counts(touch: Touch, rule: TouchRule, clock: Clock) -> bool:
    if (rule.kind and touch.kind != rule.kind) or (rule.direction and touch.direction != rule.direction):
        return False
    return rule.within is None or 0 <= days_between(touch.at, clock.now, clock.zone) <= rule.within


def fix(criterion: Criterion, rules: Playbook, facts: Facts, clock: Clock) -> Fix:
    """The command that meets the criterion, or its first part that is unmet."""
    if criterion.negated and criterion.negated.touches:
        return Fix(FixKind.WAIT, facts.ref)
    if criterion.negated and criterion.negated.field:
        return _set(criterion.negated.field, rules, facts)
    parts = criterion.any_of or criterion.all_of or (criterion.negated and (criterion.negated,)) or ()
    if parts:
        unmet = [part for part in parts if not holds(part, rules, facts, clock)] or list(parts)
        return fix(unmet[0], rules, facts, clock)
    if criterion.known is not None:
        return fix_of(criterion.known, rules, facts, clock)
    if criterion.score is not None:
        unmet = _silent_signals(rules, facts, clock)
        return fix(unmet[0], rules, facts, clock) if unmet else Fix(FixKind.SHOW, facts.ref)
    if criterion.field is not None:
        wanted = criterion.equals or "|".join(criterion.one_of or ())
        return _set(criterion.field, rules, facts, wanted)
    return _do(criterion, facts)


def other_fixes(name: str, rules: Playbook, facts: Facts, clock: Clock) -> list[Fix]:
    """The further commands that would do as well, where any of several things is enough."""
    ways = rules.criteria[name].any_of if name in rules.criteria else None
    return [fix(way, rules, facts, clock) for way in (ways or ())[1:]]


def fix_of(name: str, rules: Playbook, facts: Facts, clock: Clock) -> Fix:
    """The same for an item's name."""
    if name in rules.criteria:
        return fix(rules.criteria[name], rules, facts, clock)
    if name == NEXT_STEP:
        return Fix(FixKind.PLAN_STEP, facts.ref)
    return _set(name, rules, facts)


def _set(name: str, rules: Playbook, facts: Facts, wanted: str = "") -> Fix:
    described = rules.field(name)
    value = wanted or (to_type(described) if described else "TEXT")
    return Fix(FixKind.SET_VALUE, facts.ref, field=name, value=value)


def _do(criterion: Criterion, facts: Facts) -> Fix:
    if criterion.summary is not None:
        return Fix(FixKind.SEND_SUMMARY if criterion.summary == "sent" else FixKind.CONFIRM_SUMMARY, facts.ref)
    if criterion.touches is not None:
        rule = criterion.touches
        kind, direction = rule.kind or "call", rule.direction or "out"
        return Fix(FixKind.RECORD_TOUCH, facts.ref, touch=kind, direction=direction)
    if criterion.next_step is not None:
        return Fix(FixKind.PLAN_STEP, facts.ref)
    return Fix(FixKind.HOLD_MEETING, facts.ref, met=criterion.introduced or "")


def fields_asked(name: str, rules: Playbook, facts: Facts, clock: Clock) -> list[str]:
    """The fields whose answers could meet this item, in the order in which to ask for them."""
    if name not in rules.criteria:
        return [name] if rules.field(name) else []
    return list(dict.fromkeys(_asked(rules.criteria[name], rules, facts, clock)))


def _asked(criterion: Criterion, rules: Playbook, facts: Facts, clock: Clock) -> Iterable[str]:
    if criterion.known is not None:
        yield from fields_asked(criterion.known, rules, facts, clock)
    elif criterion.field is not None:
        yield criterion.field
    elif criterion.score is not None:
        for part in _silent_signals(rules, facts, clock):
            yield from _asked(part, rules, facts, clock)
    for part in criterion.any_of or criterion.all_of or (criterion.negated and (criterion.negated,)) or ():
        if not holds(part, rules, facts, clock):
            yield from _asked(part, rules, facts, clock)
