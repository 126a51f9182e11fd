"""Since when criteria hold, from the moments at which values were learned and clients were in touch."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from handoffctl.core.moments import Clock, Moment, is_before, sort_key
from handoffctl.playbook.criteria.base import Condition, Criterion, DealState
from handoffctl.playbook.criteria.comparison import Comparison
from handoffctl.playbook.criteria.known import Known
from handoffctl.playbook.criteria.named import every_part
from handoffctl.playbook.criteria.negation import Not
from handoffctl.playbook.criteria.next_step import NEXT_STEP
from handoffctl.playbook.criteria.several import AllOf, AnyOf
from handoffctl.playbook.criteria.touches import Touches
from handoffctl.playbook.facts import Facts


def holds_since(criteria: Sequence[Criterion], deal: DealState) -> Moment | None:
    """Returns the moment since which all the criteria have held.

    Returns None if they do not hold now, or if they look at something that is kept without its moment: at contacts and
    other built-in fields, at steps, summaries and meetings, or at a day that moves (`before: +14d`).
    """
    if not can_tell_since(criteria, deal) or not _hold(criteria, deal):
        return None
    zone = deal.clock.zone
    moments = {learned.at for learned in deal.facts.learned} | {touch.at for touch in deal.facts.touches}
    past = [at for at in moments if not is_before(deal.clock.now, at, zone)]
    for at in sorted(past, key=lambda at: sort_key(at, zone), reverse=True):
        # Between two events nothing can begin to hold, so it is enough to look at the moment before each.
        before = DealState(deal.playbook, _facts_before(deal.facts, at, deal.clock), Clock(at, zone))
        if not _hold(criteria, before):
            return at
    return None


def can_tell_since(criteria: Iterable[Criterion], deal: DealState) -> bool:
    """Returns True if everything the criteria look at is kept with its moment."""
    return all(
        _is_dated(part, deal) for criterion in criteria for part in every_part(criterion, deal.playbook.criteria)
    )


def _is_dated(part: Condition, deal: DealState) -> bool:
    if isinstance(part, Known):
        return part.known in deal.playbook.criteria or not (part.known == NEXT_STEP or "." in part.known)
    if isinstance(part, Comparison):
        return "." not in part.field and not _moves(part, deal)
    if isinstance(part, Not):  # what has not happened for some days began to hold at no event
        inner = every_part(part.negated, deal.playbook.criteria)
        return not any(isinstance(one, Touches) and one.touches.within is not None for one in inner)
    return isinstance(part, (AnyOf, AllOf, Touches))


def _moves(part: Comparison, deal: DealState) -> bool:
    """Returns True if a date is compared with a day that moves."""
    field = deal.playbook.field(part.field)
    texts = (text for texts in part.comparisons().values() for text in texts)
    return field is not None and field.type == "date" and not all(text[:4].isdigit() for text in texts)


def _hold(criteria: Iterable[Criterion], deal: DealState) -> bool:
    return all(criterion.holds(deal) for criterion in criteria)


def _facts_before(facts: Facts, at: Moment, clock: Clock) -> Facts:
    """Returns what was known before the moment, of what is kept with its moment."""
    learned = tuple(one for one in facts.learned if is_before(one.at, at, clock.zone))
    touches = tuple(touch for touch in facts.touches if is_before(touch.at, at, clock.zone))
    return replace(facts, values={one.name: one.value for one in learned}, touches=touches, learned=learned)
