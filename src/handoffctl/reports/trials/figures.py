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
    """An item that could be left out next: `seconds` to answer, times the share of first tries without it.

    The one that the playbook names comes first; its seconds are None while nobody has answered it on the spot.
    """

    name: str
    label: str
    seconds: float | None
    missing: int
    asked: int
    seconds_a_handoff: float | None
    of_playbook: bool = False


class Outcomes(NamedTuple):
    """How many of the deals were returned or lost within 30 days."""

    failed: int
    total: int


def candidates(lines: Sequence[FieldLine], left_out: Iterable[str], named: str | None = None) -> list[Candidate]:
    """Returns the one that the playbook names, then the items that take the most time, those first.

    `left_out` are the names of those that are out, and `named` is the playbook's candidate, if it was never tried.
    """
    out = set(left_out)
    listed = []
    for line in lines:
        candidate = _candidate(line, named)
        if line.item == NEXT_STEP or candidate.name in out:
            continue
        if candidate.of_playbook or candidate.seconds_a_handoff:
            listed.append(candidate)
    listed.sort(key=lambda each: (not each.of_playbook, -(each.seconds_a_handoff or 0), each.name))
    return listed[:MOST_CANDIDATES]


def _candidate(line: FieldLine, named: str | None) -> Candidate:
    name = f"{line.handoff}.{line.item}"
    share, seconds = line.missing_share, line.median_seconds
    a_handoff = None if seconds is None or share is None else round(seconds * share, 1)
    return Candidate(name, line.label, seconds, line.missing, line.asked, a_handoff, name == named)


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
