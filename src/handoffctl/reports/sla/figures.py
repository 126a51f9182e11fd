"""Decides what became of one promise between teams: kept, late, void or open."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from handoffctl.core.business_time import WorkCalendar, due_after
from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.moments import Clock, Moment, is_before, local_date

WITHIN = 60.0  # days, where the playbook does not say how soon


class PromiseState(StrEnum):
    """What became of one promise. Only what is kept or late is in the share."""

    KEPT = "kept"
    LATE = "late"
    VOID = "void"
    OPEN = "open"
    EARLY = "kept early"  # its due moment is still to come
    DROPPED = "dropped"  # it ended before a due moment that is still to come


class PromisedCase(NamedTuple):
    """One handoff or entry to which a promise applies.

    `done` is what the promise asks for; `end` is when the deal was closed, passed on or taken over. `blocked` has the
    blocked attempts of the stay.
    """

    deal: int
    owner: str
    start: RecordedEvent
    done: RecordedEvent | None
    end: RecordedEvent | None
    blocked: tuple[Moment, ...] = ()


class JudgedCase(NamedTuple):
    """A case with its due moment and what became of it."""

    case: PromisedCase
    due: Moment
    state: PromiseState


def judge_case(case: PromisedCase, within: float, week: WorkCalendar, clock: Clock) -> JudgedCase:
    """Returns what became of a case by the clock's moment; `within` is in days of working time."""
    due = due_after(case.start.at, within, week, clock.zone)
    passed = is_before(due, clock.now, clock.zone)
    if case.done and not is_before(due, case.done.at, clock.zone):
        return JudgedCase(case, due, PromiseState.KEPT if passed else PromiseState.EARLY)
    if case.end and not is_before(due, case.end.at, clock.zone):
        return JudgedCase(case, due, PromiseState.VOID if passed else PromiseState.DROPPED)
    return JudgedCase(case, due, PromiseState.LATE if passed else PromiseState.OPEN)


def with_absence(week: WorkCalendar, away: tuple[str, str] | None) -> WorkCalendar:
    """Returns the week without the days of an absence, from the first to the last ISO date."""
    if away is None:
        return week
    first, last = date.fromisoformat(away[0]), date.fromisoformat(away[1])
    days = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return WorkCalendar(week.workdays, week.holidays | days, week.hours)


def reasons(judged: JudgedCase, week: WorkCalendar, away: tuple[str, str] | None, clock: Clock) -> list[str]:
    """Returns what may explain a late case: blocked attempts, an absence, days off between start and end."""
    start, zone = judged.case.start.at, clock.zone
    until = judged.case.done.at if judged.case.done else clock.now
    first, last = local_date(start, zone), local_date(until, zone)
    blocked = sum(not is_before(at, start, zone) and not is_before(until, at, zone) for at in judged.case.blocked)
    words = [f"{blocked} blocked {'attempt' if blocked == 1 else 'attempts'}"] if blocked else []
    if away and first.isoformat() <= away[1] and last.isoformat() >= away[0]:
        words.append("away")
    due = local_date(judged.due, zone)
    if any(not week.works_on(first + timedelta(days=number)) for number in range(min((due - first).days + 1, 366))):
        words.append("days off between")
    return words


def count_states(judged: Iterable[JudgedCase]) -> Mapping[PromiseState, int]:
    """Counts the cases in each state."""
    counts = dict.fromkeys(PromiseState, 0)
    for one in judged:
        counts[one.state] += 1
    return counts
