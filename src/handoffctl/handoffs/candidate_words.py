"""Says in a sentence whether somebody can take a deal over."""

from datetime import date

from handoffctl.core.moments import Clock
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.handoffs.candidates import Candidate, Candidates


def describe(candidate: Candidate, among: Candidates, clock: Clock, with_presence: bool = True) -> str:
    """Returns a sentence: `Bea Lind is there today, has 4 open; of this kind 9 of 20 went on`, without a full stop."""
    parts = [_presence(candidate, among.meant.step_day, clock)] if with_presence and candidate.is_person else []
    parts.append(f"has {load_in_words(candidate)}")
    record = record_in_words(candidate, among)
    return f"{candidate.name} {', '.join(parts)}{f'; {record}' if record else ''}"


def load_in_words(candidate: Candidate) -> str:
    """Returns `4 open of 12, 1 late`."""
    enough = f" of {candidate.capacity}" if candidate.capacity else ""
    return f"{candidate.open} open{enough}" + (f", {candidate.late} late" if candidate.late else "")


def record_in_words(candidate: Candidate, among: Candidates) -> str:
    """Returns `of this kind 9 of 20 went on`; empty if no handoff of anybody is old enough to tell."""
    if not any(each.handoffs for each in among.everybody):
        return ""
    wider = f" ({among.kind.wider_because})" if among.kind.wider_because else ""
    if not candidate.handoffs:
        return f"{among.kind.in_words} none is old enough to tell{wider}"
    return f"{among.kind.in_words} {candidate.went_on} of {candidate.handoffs} went on{wider}"


def _presence(candidate: Candidate, step_day: date | None, clock: Clock) -> str:
    if candidate.away_until:
        return f"is away until {weekday_and_day(candidate.away_until, clock)}"
    if candidate.there_on_step_day is False and step_day:
        return f"is there today and away on {weekday_and_day(step_day.isoformat(), clock)}, when the next step is due"
    return "is there today"
