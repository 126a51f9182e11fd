"""The parts of a criterion at any depth, with those of the named criteria that it refers to."""

from collections.abc import Iterator, Mapping

from handoffctl.playbook.criteria.base import Condition, Criterion


def every_part(criterion: Condition, criteria: Mapping[str, Criterion]) -> Iterator[Condition]:
    """Yields the criterion and all its parts, then those of the named criteria among them, each name once."""
    seen: set[str] = set()
    waiting = [criterion]
    while waiting:
        for _, part in waiting.pop().with_parts():
            yield part
            names = [name for name in part.items() if name in criteria and name not in seen]
            seen.update(names)
            waiting += [criteria[name] for name in names]
