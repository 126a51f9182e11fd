"""Which signals can be judged as of an earlier moment, and whether one held."""

from collections.abc import Iterable, Iterator

from handoffctl.playbook.criteria import Condition, DealState, Truth
from handoffctl.playbook.criteria.base import SignalRule
from handoffctl.playbook.criteria.comparison import Comparison
from handoffctl.playbook.criteria.known import Known
from handoffctl.playbook.criteria.negation import Not
from handoffctl.playbook.criteria.next_step import NEXT_STEP
from handoffctl.playbook.criteria.several import AllOf, AnyOf
from handoffctl.playbook.criteria.touches import Touches
from handoffctl.playbook.model import Playbook

# Kinds that look only at values, contacts and touches, of which the moments are kept.
DATED_KINDS = (Known, Comparison, Not, AnyOf, AllOf, Touches)


def is_dated(signal: SignalRule, playbook: Playbook) -> bool:
    """Returns True if everything that the signal looks at is kept with its moment."""
    return all(_is_dated(criterion, playbook) for criterion in signal.when)


def _is_dated(criterion: Condition, playbook: Playbook) -> bool:
    for _, part in criterion.with_parts():
        if not isinstance(part, DATED_KINDS) or NEXT_STEP in part.items():
            return False
        inner = (playbook.criteria.get(name) for name in part.items())
        if not all(_is_dated(one, playbook) for one in inner if one is not None):
            return False
    return True


def names_used(signals: Iterable[SignalRule], playbook: Playbook) -> set[str]:
    """Returns the names of all fields and criteria that the signals refer to, at any depth."""
    return {name for signal in signals for criterion in signal.when for name in _names(criterion, playbook)}


def _names(criterion: Condition, playbook: Playbook) -> Iterator[str]:
    for _, part in criterion.with_parts():
        for reference in part.names():
            yield reference.name
            inner = playbook.criteria.get(reference.name)
            if inner is not None:
                yield from _names(inner, playbook)


def judge(signal: SignalRule, state: DealState) -> Truth:
    """Returns True, False, or None if it was not known."""
    truths = [criterion.holds(state) for criterion in signal.when]
    return False if any(truth is False for truth in truths) else None if None in truths else True
