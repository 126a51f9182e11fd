"""Finds criteria that refer to themselves, and criteria nested too deeply to follow."""

from collections.abc import Iterable, Iterator, Mapping

from handoffctl.playbook.criteria.base import DEEPEST, Condition, Path, PlaybookParts

MOST_PARTS = 1000


def circles(playbook: PlaybookParts) -> Iterable[tuple[Path, str]]:
    """Returns each cycle of criteria, and each criterion built of too many parts."""
    named: dict[str, Condition] = {**playbook.conditions, **playbook.criteria}
    refers = {name: set(_refers_to(condition)) & named.keys() for name, condition in named.items()}
    in_order = _in_order(refers)
    left = {name: refers[name] for name in refers if name not in in_order}
    while left:
        circle = _a_circle(left)
        cycle = " -> ".join([*circle, circle[0]])
        yield (_section(playbook, circle[0]), circle[0]), f"it refers to itself ({cycle}), so it can never be met"
        left = {name: refs for name, refs in left.items() if name not in circle}
        done = _in_order({name: refs & left.keys() for name, refs in left.items()})
        left = {name: refs for name, refs in left.items() if name not in done}
    yield from _too_much(playbook, named, in_order)


def _section(playbook: PlaybookParts, name: str) -> str:
    return "criteria" if name in playbook.criteria else "conditions"


def _refers_to(criterion: Condition) -> Iterator[str]:
    for _, part in criterion.with_parts():
        yield from part.items()


def _in_order(refers: dict[str, set[str]]) -> dict[str, None]:
    """Returns names in dependency order; names in or leading to a cycle are left out."""
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
    """Returns one cycle among names that all lead to one, starting with the first name."""
    position = {name: n for n, name in enumerate(left)}
    path = dict.fromkeys([next(iter(left))])
    while (follows := min((n for n in left[next(reversed(path))] if n in left), key=position.__getitem__)) not in path:
        path[follows] = None
    circle = list(path)[list(path).index(follows) :]
    first = circle.index(min(circle, key=position.__getitem__))
    return circle[first:] + circle[:first]


def _too_much(
    playbook: PlaybookParts, named: Mapping[str, Condition], in_order: Iterable[str]
) -> Iterable[tuple[Path, str]]:
    weights: dict[str, tuple[int, int]] = {}
    for name in in_order:
        deep, parts = _weight(named[name], weights)
        if deep > DEEPEST or parts > MOST_PARTS:
            yield (
                (_section(playbook, name), name),
                "it is built of more criteria than anybody can follow; make it simpler",
            )
            deep = parts = 1  # those that refer to it are not to blame
        weights[name] = deep, parts


def _weight(criterion: Condition, weights: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Returns how deep it is and how many parts it has, including criteria it refers to."""
    inner = [_weight(part, weights) for _, part in criterion.parts()]
    inner += [weights[name] for name in criterion.items() if name in weights]
    return 1 + max((deep for deep, _ in inner), default=0), 1 + sum(parts for _, parts in inner)
