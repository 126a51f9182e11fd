"""Criteria that no command can ever meet: comparisons that cannot come true, and criteria that wait for themselves."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date

from handoffctl.core.field_values import ORDERED, BadValue, Comparable, comparable, parsed
from handoffctl.core.moments import Clock
from handoffctl.playbook.criterion import COMPARISONS, Criterion
from handoffctl.playbook.model import Field, Playbook

DEEPEST, MOST_PARTS = 50, 1000
ANY_DAY = Clock("2026-01-01T12:00:00Z", UTC)  # on which to read `+30d`; only whether it can be read matters

UNDONE = (
    'what is known or has happened is never undone, so this could not be met again; "not" stands over comparisons '
    'of fields and over touches with "within"'
)


def unmeetable(criterion: Criterion, rules: Playbook, known: dict[str, bool]) -> Iterator[tuple[str, str]]:
    """The key and the sentence of each reason why this criterion, its parts left aside, cannot be met.

    `known` keeps which names can be undone, from one criterion to the next.
    """
    if criterion.negated is not None and not _can_be_undone(criterion.negated, rules, known):
        yield "not", UNDONE
    described = rules.field(criterion.field) if criterion.field else None
    if described is None:
        return
    limits: dict[str, list[Comparable]] = {}
    for key in COMPARISONS:
        said = getattr(criterion, key)
        if said is None:
            continue
        wrong = _without_order(key, described) or _unreadable(said, described, limits.setdefault(key, []))
        if wrong:
            yield {"equals": "is"}.get(key, key), wrong
            return
    if (described.type != "date" or _same_kind_of_day(criterion)) and not _any_value(limits, described):
        yield "", "these comparisons contradict each other; no value can meet them all"


def _without_order(key: str, described: Field) -> str:
    if key in ("before", "after") and described.type != "date":
        return f'"{key}" compares dates, and this field is of type {described.type}'
    if key in ("at_least", "at_most") and described.type not in ORDERED:
        return f'"{key}" compares {", ".join(ORDERED)}, and this field is of type {described.type}'
    return ""


def _unreadable(said: str | tuple[str, ...], described: Field, into: list[Comparable]) -> str:
    for text in (said,) if isinstance(said, str) else said:
        try:
            value = comparable(described, parsed(described, text, ANY_DAY))
        except BadValue as fault:
            return f"{str(fault).rstrip('.')}, so no value can meet it"
        if value is not None:
            into.append(value)
    return ""


def _same_kind_of_day(criterion: Criterion) -> bool:
    """False where a fixed day is compared with one that moves (`+30d`): their order changes as time goes by."""
    texts = [getattr(criterion, key) for key in ("equals", "at_least", "at_most", "before", "after")]
    fixed = [text[:4].isdigit() for text in [*texts, *(criterion.one_of or ())] if text is not None]
    return all(fixed) or not any(fixed)


def _any_value(limits: dict[str, list[Comparable]], described: Field) -> bool:
    named = [set(limits[key]) for key in ("equals", "one_of") if key in limits]
    low = [_scaled(value, described) for value in limits.get("at_least", [])]
    low += [_scaled(value, described) + 1 for value in limits.get("after", [])]
    high = [_scaled(value, described) for value in limits.get("at_most", [])]
    high += [_scaled(value, described) - 1 for value in limits.get("before", [])]
    if not named:
        return not (low and high) or max(low) <= min(high)
    left = set.intersection(*named)
    if not low and not high:
        return bool(left)
    return any(all(_scaled(v, described) >= at for at in low) and all(_scaled(v, described) <= at for at in high)
               for v in left)  # fmt: skip


def _scaled(value: Comparable, described: Field) -> float:
    """The value on a line of numbers: dates as days."""
    return date.fromisoformat(str(value)).toordinal() if described.type == "date" else float(value)


def _can_be_undone(criterion: Criterion, rules: Playbook, known: dict[str, bool], depth: int = 0) -> bool:
    name = criterion.known
    if name is not None and name in known:
        return known[name]
    if name is not None:
        known[name] = name in rules.criteria  # for a circle, which is a fault of its own
        if known[name] and depth < DEEPEST:
            known[name] = _can_be_undone(rules.criteria[name], rules, known, depth + 1)
        return known[name]
    if criterion.touches is not None:
        return criterion.touches.within is not None
    parts = _parts(criterion)
    return all(_can_be_undone(part, rules, known, depth) for part in parts) if parts else criterion.field is not None


def _parts(criterion: Criterion) -> tuple[Criterion, ...]:
    return criterion.any_of or criterion.all_of or (() if criterion.negated is None else (criterion.negated,))


def circles(rules: Playbook) -> Iterable[tuple[tuple[str | int, ...], str]]:
    """Each circle of criteria that refer to each other, and each criterion built of more than can be followed."""
    refers = {name: set(_refers_to(criterion)) & rules.criteria.keys() for name, criterion in rules.criteria.items()}
    in_order = _in_order(refers)
    left = {name: refers[name] for name in refers if name not in in_order}
    while left:
        circle = _a_circle(left)
        said = " -> ".join([*circle, circle[0]])
        yield ("criteria", circle[0]), f"it refers to itself ({said}), so it can never be met"
        left = {name: refs for name, refs in left.items() if name not in circle}
        done = _in_order({name: refs & left.keys() for name, refs in left.items()})
        left = {name: refs for name, refs in left.items() if name not in done}
    yield from _too_much(rules, in_order)


def _refers_to(criterion: Criterion) -> Iterator[str]:
    if criterion.known is not None:
        yield criterion.known
    for part in _parts(criterion):
        yield from _refers_to(part)


def _in_order(refers: dict[str, set[str]]) -> dict[str, None]:
    """The names, each after those it refers to; names in a circle, or that lead to one, are left out."""
    users: dict[str, list[str]] = {name: [] for name in refers}
    waits = {name: len(refs) for name, refs in refers.items()}
    for name, refs in refers.items():
        for ref in refs:
            users[ref].append(name)
    ready = [name for name, count in waits.items() if not count]
    for name in ready:
        for user in users[name]:
            waits[user] -= 1
            if not waits[user]:
                ready.append(user)
    return dict.fromkeys(ready)


def _a_circle(left: dict[str, set[str]]) -> list[str]:
    """One circle among names that all lead to one, begun with the name that comes first."""
    place = {name: n for n, name in enumerate(left)}
    path = dict.fromkeys([next(iter(left))])
    while (follows := min((n for n in left[next(reversed(path))] if n in left), key=place.__getitem__)) not in path:
        path[follows] = None
    circle = list(path)[list(path).index(follows) :]
    first = circle.index(min(circle, key=place.__getitem__))
    return circle[first:] + circle[:first]


def _too_much(rules: Playbook, in_order: Iterable[str]) -> Iterable[tuple[tuple[str | int, ...], str]]:
    weights: dict[str, tuple[int, int]] = {}
    for name in in_order:
        deep, parts = _weight(rules.criteria[name], weights)
        if deep > DEEPEST or parts > MOST_PARTS:
            yield ("criteria", name), "it is built of more criteria than anybody can follow; make it simpler"
            deep = parts = 1  # those that refer to it are not to blame
        weights[name] = deep, parts


def _weight(criterion: Criterion, weights: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """How deep it goes and of how many parts it consists, those of the criteria it refers to included."""
    inner = [_weight(part, weights) for part in _parts(criterion)]
    if criterion.known in weights:
        inner = [weights[criterion.known]]
    return 1 + max((deep for deep, _ in inner), default=0), 1 + sum(parts for _, parts in inner)
