"""The figures of handoffs: completed, blocked, returned, the days until they were taken up, and readiness."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent, earliest
from handoffctl.core.moments import Clock, days_between
from handoffctl.reports.handoff_path import HandoffPath
from handoffctl.stats.durations import MedianEstimate, TimeToEvent, median_estimate, survival_of


@dataclass(frozen=True)
class Tenure:
    """The time in which the receiver had the deal: from the handoff until it was returned, handed on or left."""

    begin: RecordedEvent
    end: RecordedEvent | None = None

    def time_until(self, event: RecordedEvent | None, clock: Clock) -> TimeToEvent:
        """Returns the waiting time until the event.

        Without one it is censored at the end of the tenure, or at the moment of the clock while that goes on.
        """
        last = event or self.end
        days = days_between(self.begin.at, last.at if last else clock.now, clock.zone)
        return TimeToEvent(max(days, 0.0), event is not None)

    def first(self, events: Iterable[RecordedEvent], clock: Clock) -> RecordedEvent | None:
        """Returns the first of the events that fall into the tenure, or None."""
        zone = clock.zone
        inside = (
            event
            for event in events
            if event.follows(self.begin, zone) and not (self.end and event.follows(self.end, zone))
        )
        return earliest(inside, zone)


@dataclass(frozen=True)
class AttemptOutcome:
    """One handoff attempt as it stands. A blocked one has neither waiting times nor readiness.

    `held` is True while the receiver still has the deal. `readiness` is a share from 0 to 1.
    """

    path: HandoffPath
    sender: str
    receiver: str
    to_accept: TimeToEvent | None = None
    to_first_touch: TimeToEvent | None = None
    held: bool = False
    returned: bool = False
    readiness: float | None = None


class HandoffFigures(NamedTuple):
    """The figures of several attempts: counts, shares (0 to 1), and medians in days with their 95 % interval.

    The medians are Kaplan-Meier estimates, so those that still wait count with the time waited so far.
    """

    attempts: int
    completed: int
    blocked: int
    accepted: int
    returned: int
    returned_share: float | None
    days_to_accept: MedianEstimate
    days_to_first_touch: MedianEstimate
    waiting: int
    longest_wait_days: float | None
    readiness: float | None
    readiness_of: int


def readiness(items: int, missing: int) -> float | None:
    """Returns the share (0 to 1) of the items asked for that was known, or None if nothing was asked for."""
    return (items - missing) / items if items else None


def summarize(outcomes: Sequence[AttemptOutcome]) -> HandoffFigures:
    """Returns the figures of these attempts."""
    completed = [outcome for outcome in outcomes if outcome.to_accept]
    returned = sum(outcome.returned for outcome in completed)
    known = [outcome.readiness for outcome in completed if outcome.readiness is not None]
    accepts = [outcome.to_accept for outcome in completed if outcome.to_accept]
    touches = [outcome.to_first_touch for outcome in completed if outcome.to_first_touch]
    waits = [
        outcome.to_first_touch.days
        for outcome in completed
        if outcome.held and outcome.to_first_touch and not outcome.to_first_touch.occurred
    ]
    return HandoffFigures(
        attempts=len(outcomes),
        completed=len(completed),
        blocked=len(outcomes) - len(completed),
        accepted=sum(time.occurred for time in accepts),
        returned=returned,
        returned_share=returned / len(completed) if completed else None,
        days_to_accept=median_estimate(survival_of(accepts)),
        days_to_first_touch=median_estimate(survival_of(touches)),
        waiting=len(waits),
        longest_wait_days=max(waits, default=None),
        readiness=sum(known) / len(known) if known else None,
        readiness_of=len(known),
    )
