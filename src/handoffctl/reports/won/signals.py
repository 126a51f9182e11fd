"""Which signals can be judged as of an earlier moment, and whether one held."""

from collections.abc import Iterable

from handoffctl.playbook.criteria import Criterion, DealState, Truth
from handoffctl.playbook.criteria.base import SignalRule
from handoffctl.playbook.criteria.comparison import Comparison
from handoffctl.playbook.criteria.known import Known
from handoffctl.playbook.criteria.named import every_part
from handoffctl.playbook.criteria.negation import Not
from handoffctl.playbook.criteria.next_step import NEXT_STEP
from handoffctl.playbook.criteria.several import AllOf, AnyOf
from handoffctl.playbook.criteria.touches import Touches
from handoffctl.playbook.model import Playbook

# Kinds that look only at values, contacts and touches, of which the moments are kept.
DATED_KINDS = (Known, Comparison, Not, AnyOf, AllOf, Touches)


def is_dated(signal: SignalRule, playbook: Playbook) -> bool:
    """Returns True if everything that the signal looks at is kept with its moment."""
    return all(is_dated_criterion(criterion, playbook) for criterion in signal.when)


def is_dated_criterion(criterion: Criterion, playbook: Playbook) -> bool:
    """Returns True if everything that the criterion looks at is kept with its moment."""
    return all(
        isinstance(part, DATED_KINDS) and NEXT_STEP not in part.items()
        for part in every_part(criterion, playbook.criteria)
    )


def names_used(signals: Iterable[SignalRule], playbook: Playbook) -> set[str]:
    """Returns the names of all fields and criteria that the signals refer to, at any depth."""
    parts = (
        part for signal in signals for criterion in signal.when for part in every_part(criterion, playbook.criteria)
    )
    return {reference.name for part in parts for reference in part.names()}


def judge(signal: SignalRule, state: DealState) -> Truth:
    """Returns True, False, or None if it was not known."""
    truths = [criterion.holds(state) for criterion in signal.when]
    return False if any(truth is False for truth in truths) else None if None in truths else True
