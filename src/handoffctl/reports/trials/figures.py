"""The candidates for the next trial, and what followed a step before and after it was left out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment, days_between
from handoffctl.playbook.model import NEXT_STEP
from handoffctl.reports.fields.report import FieldLine
from handoffctl.reports.trials.query import EarlierHandoff
from handoffctl.trials.judge import DAYS
from handoffctl.trials.model import TrialDeal

MOST_CANDIDATES = 5


class Candidate(NamedTuple):
    """An item that could be left out next: `seconds` to answer, times the share of first tries without it."""

    name: str
    label: str
    seconds: float
    missing: int
    asked: int
    seconds_a_handoff: float


class Outcomes(NamedTuple):
    """How many of the deals were returned or lost within 30 days."""

    failed: int
    total: int


def candidates(lines: Sequence[FieldLine], left_out: Iterable[str]) -> list[Candidate]:
    """Returns the items that take the most time, those first; `left_out` are the names of those that are out."""
    out = set(left_out)
    found = []
    for line in lines:
        name = f"{line.handoff}.{line.item}"
        if line.item == NEXT_STEP or name in out or line.median_seconds is None or not line.missing_share:
            continue
        seconds = round(line.median_seconds * line.missing_share, 1)
        found.append(Candidate(name, line.label, line.median_seconds, line.missing, line.asked, seconds))
    found.sort(key=lambda candidate: (-candidate.seconds_a_handoff, candidate.name))
    return found[:MOST_CANDIDATES]


def outcomes_before(handoffs: Iterable[EarlierHandoff], start: Moment, clock: Clock) -> Outcomes:
    """Counts the handoffs made before the trial began whose 30 days are over."""
    known = [each for each in handoffs if clock.is_before(each.at, start) and _is_old(each.at, clock)]
    return Outcomes(sum(_failed(each, clock) for each in known), len(known))


def outcomes_after(deals: Iterable[TrialDeal], clock: Clock) -> Outcomes:
    """Counts the deals that went without the step whose 30 days are over."""
    known = [deal for deal in deals if _is_old(deal.at, clock)]
    return Outcomes(sum(deal.failed for deal in known), len(known))


def _is_old(at: Moment, clock: Clock) -> bool:
    return days_between(at, clock.now, clock.zone) >= DAYS


def _failed(handoff: EarlierHandoff, clock: Clock) -> bool:
    ends = [end for end in (handoff.returned_at, handoff.lost_at) if end and not clock.is_before(clock.now, end)]
    return any(days_between(handoff.at, end, clock.zone) <= DAYS for end in ends)
