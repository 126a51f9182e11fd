"""Judges signals with the facts as they were known at a moment: nothing learned later changes the result."""

from collections.abc import Iterable
from datetime import date, timedelta

from handoffctl.core.moments import Clock, Moment, as_datetime, is_before, is_date, to_instant
from handoffctl.playbook.criteria import Condition, DealState, Truth
from handoffctl.playbook.criteria.base import SignalRule
from handoffctl.playbook.criteria.comparison import Comparison
from handoffctl.playbook.criteria.known import Known
from handoffctl.playbook.criteria.negation import Not
from handoffctl.playbook.criteria.next_step import NEXT_STEP
from handoffctl.playbook.criteria.several import AllOf, AnyOf
from handoffctl.playbook.criteria.touches import Touches
from handoffctl.playbook.facts import Facts, Touch
from handoffctl.playbook.model import Playbook
from handoffctl.reports.won.query import KnownValue

# Kinds that look only at values and touches, of which the moments are kept.
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


def landmark_clock(entered_at: Moment, days: int, clock: Clock) -> Clock:
    """Returns a clock that stands so many days after the entry."""
    if is_date(entered_at):
        return Clock((date.fromisoformat(entered_at) + timedelta(days=days)).isoformat(), clock.zone)
    return Clock(to_instant(as_datetime(entered_at) + timedelta(days=days)), clock.zone)


def facts_at(values: Iterable[KnownValue], touches: Iterable[Touch], deal: int, clock: Clock) -> Facts:
    """Returns the facts of a deal as known at the clock's moment."""

    def known_then(at: Moment) -> bool:
        return not is_before(clock.now, at, clock.zone)

    known = {one.name: one.value for one in values if one.deal in (None, deal) and known_then(one.at)}
    return Facts(str(deal), known, tuple(touch for touch in touches if known_then(touch.at)))


def judge(signal: SignalRule, state: DealState) -> Truth:
    """Returns True, False, or None if it was not known."""
    truths = [criterion.holds(state) for criterion in signal.when]
    return False if any(truth is False for truth in truths) else None if None in truths else True
