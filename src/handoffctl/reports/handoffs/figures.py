"""How handoffs went: done, blocked, returned, how soon they were taken up, and how ready the receiver was. In days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from handoffctl.core.event_order import Recorded, earliest
from handoffctl.core.moments import Clock, days_between
from handoffctl.stats.survival import Survival


@dataclass(frozen=True)
class Wait:
    """The days until something happened; or, where it did not, until it no longer could or the report was made."""

    days: float
    over: bool


@dataclass(frozen=True)
class Hold:
    """The time in which the receiver had the deal: from the handoff until it was returned, handed on or left."""

    begin: Recorded
    end: Recorded | None = None

    def until(self, event: Recorded | None, clock: Clock) -> Wait:
        """How long they waited for this. Who had the deal no longer is counted up to then, not as never."""
        last = event or self.end
        days = days_between(self.begin.at, last.at if last else clock.now, clock.zone)
        return Wait(max(days, 0.0), event is not None)

    def first(self, events: Iterable[Recorded], clock: Clock) -> Recorded | None:
        """The first of these that falls into the hold."""
        zone = clock.zone
        inside = (
            event
            for event in events
            if event.follows(self.begin, zone) and not (self.end and event.follows(self.end, zone))
        )
        return earliest(inside, zone)


@dataclass(frozen=True)
class Attempt:
    """One handoff as it stands. A blocked one has neither waits nor readiness."""

    way: tuple[str, str, str]  # its name, from where, to where
    sender: str
    receiver: str
    to_accept: Wait | None = None
    to_touch: Wait | None = None
    held: bool = False  # the receiver has it still
    returned: bool = False
    ready: float | None = None


def readiness(asked: int, missing: int) -> float | None:
    """The share of the items asked that was known (0 to 1), or None where nothing was asked."""
    return (asked - missing) / asked if asked else None


def tally(attempts: Sequence[Attempt]) -> dict[str, Any]:
    """The figures of these attempts: counts, shares (0 to 1), days as medians with their 95 % interval.

    The medians are Kaplan and Meier's, so that whoever waits still is counted with the time waited so far.
    """
    done = [one for one in attempts if one.to_accept]
    returned = sum(one.returned for one in done)
    ready = [one.ready for one in done if one.ready is not None]
    touches = [one.to_touch for one in done if one.to_touch]
    waiting = [one.to_touch.days for one in done if one.held and one.to_touch and not one.to_touch.over]
    accepts = [one.to_accept for one in done if one.to_accept]
    return {
        "attempts": len(attempts),
        "completed": len(done),
        "blocked": len(attempts) - len(done),
        "accepted": sum(wait.over for wait in accepts),
        "returned": returned,
        "returned_share": returned / len(done) if done else None,
        "days_to_accept": median(accepts),
        "days_to_first_touch": median(touches),
        "waiting": len(waiting),
        "longest_wait_days": max(waiting, default=None),
        "readiness": sum(ready) / len(ready) if ready else None,
        "readiness_of": len(ready),
    }


def median(waits: Iterable[Wait]) -> dict[str, float | None]:
    """The median in days with the ends of its 95 % interval; None where too few waits are over to tell."""
    lengths: list[float] = []
    ages: list[float] = []
    for wait in waits:
        (lengths if wait.over else ages).append(wait.days)
    estimate = Survival(sorted(lengths), sorted(ages))
    low, high = estimate.interval()
    return {"median": estimate.median, "low": low, "high": high}
