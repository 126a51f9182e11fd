"""What came of triggers that were seen: handed off, still waiting, or ended otherwise; and how long the waits were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from handoffctl.core.moments import Moment, days_between
from handoffctl.core.windows import Window
from handoffctl.stats.percentiles import percentile
from handoffctl.stats.survival import Survival

Outcome = Literal["handed off", "waiting", "missed"]


@dataclass(frozen=True)
class Seen:
    """A trigger that was seen in a stay; when its handoff was made from there, and when the deal left."""

    at: Moment
    handed_off: Sequence[Moment] = ()
    left: bool = False
    left_at: Moment | None = None  # unknown, or not left


@dataclass(frozen=True)
class Wait:
    """What came of a trigger, and the days from when it was seen until then; until now while it waits."""

    outcome: Outcome
    days: float | None


@dataclass(frozen=True)
class Waits:
    """How often a handoff's trigger was seen, and how long the handoff took from there. Days.

    `median` is Kaplan and Meier's, with its 95 % interval: those still waiting, and those that ended otherwise, count
    as having waited at least so long. `p85_completed` is of the handoffs that were made alone.
    """

    seen: int
    handed_off: int
    still_waiting: int
    median: float | None
    low: float | None
    high: float | None
    p85_completed: float | None


@dataclass(frozen=True)
class Stay:
    """One of a deal's stays, as much as it takes to say whether the deal is there at some moment."""

    entered_at: Moment | None
    left_at: Moment | None
    ended: bool


def wait(seen: Seen, window: Window) -> Wait:
    """What had come of it at the moment of the report. A handoff made before its trigger was seen took no time."""
    zone = window.clock.zone
    made = [max(days_between(seen.at, at, zone), 0.0) for at in seen.handed_off if window.happened(at)]
    if made:
        return Wait("handed off", min(made))
    if has_left(seen.left, seen.left_at, window):
        return Wait("missed", None if seen.left_at is None else max(days_between(seen.at, seen.left_at, zone), 0.0))
    return Wait("waiting", days_between(seen.at, window.clock.now, zone))


def has_left(ended: bool, left_at: Moment | None, window: Window) -> bool:
    """Whether a stay was over at the moment of the report. One that ended nobody knows when is over."""
    return ended and (left_at is None or window.happened(left_at))


def waits(found: Iterable[Wait]) -> Waits:
    """The waits of one handoff in figures. Those that ended nobody knows when count as seen, and no further."""
    known = list(found)
    lengths = sorted(one.days for one in known if one.outcome == "handed off" and one.days is not None)
    ages = sorted(one.days for one in known if one.outcome != "handed off" and one.days is not None)
    lasting = Survival(lengths, ages)
    low, high = lasting.interval() if lengths else (None, None)
    return Waits(
        len(known), len(lengths), sum(one.outcome == "waiting" for one in known),
        lasting.quantile(0.5) if lengths else None, low, high, percentile(0.85, len(lengths), lengths.__getitem__),
    )  # fmt: skip


def present(stays: Sequence[Stay], window: Window) -> int | None:
    """Which of a deal's stays, given in order, it was in at the moment of the report. None where it had none yet."""
    begun = [n for n, stay in enumerate(stays) if stay.entered_at is None or window.happened(stay.entered_at)]
    there = [n for n in begun if not has_left(stays[n].ended, stays[n].left_at, window)]
    return there[-1] if there else None
