"""The outcomes of triggers: handed off, still waiting, or ended otherwise, and how long the handoffs took."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from handoffctl.core.moments import Moment, days_between
from handoffctl.core.windows import Window
from handoffctl.stats.durations import TimeToEvent, median_estimate, survival_of
from handoffctl.stats.percentiles import percentile_of

Outcome = Literal["handed off", "waiting", "missed"]


class TriggerEvent(NamedTuple):
    """A trigger that occurred during a stay, when its handoff was made from there, and how the stay ended."""

    at: Moment
    handed_off: Sequence[Moment] = ()
    left: bool = False
    left_at: Moment | None = None  # not known, or not left


class TriggerWait(NamedTuple):
    """The outcome of a trigger and the days until then; until now while it waits. None if that is not known."""

    outcome: Outcome
    days: float | None


class WaitFigures(NamedTuple):
    """How often a handoff's trigger occurred, and how many days the handoff took from there.

    `median` is a Kaplan-Meier estimate with its 95 % interval: triggers that still wait or ended otherwise are
    censored. `p85_completed` covers only the handoffs that were made.
    """

    seen: int
    handed_off: int
    still_waiting: int
    median: float | None
    low: float | None
    high: float | None
    p85_completed: float | None


def trigger_wait(trigger: TriggerEvent, window: Window) -> TriggerWait:
    """Returns the outcome at the moment of the report. A handoff made before its trigger occurred took no time."""
    zone = window.clock.zone
    waits = [max(days_between(trigger.at, at, zone), 0.0) for at in trigger.handed_off if window.occurred(at)]
    if waits:
        return TriggerWait("handed off", min(waits))
    if trigger.left and trigger.left_at is None:
        return TriggerWait("missed", None)
    if trigger.left and trigger.left_at is not None and window.occurred(trigger.left_at):
        return TriggerWait("missed", max(days_between(trigger.at, trigger.left_at, zone), 0.0))
    return TriggerWait("waiting", days_between(trigger.at, window.clock.now, zone))


def wait_figures(waits: Iterable[TriggerWait]) -> WaitFigures:
    """Returns the figures of one handoff. Triggers whose end is not known count as seen, but in no time."""
    counted = list(waits)
    times = [TimeToEvent(wait.days, wait.outcome == "handed off") for wait in counted if wait.days is not None]
    survival = survival_of(times)
    estimate = median_estimate(survival)
    return WaitFigures(
        len(counted),
        len(survival.completed),
        sum(wait.outcome == "waiting" for wait in counted),
        estimate.median,
        estimate.low,
        estimate.high,
        percentile_of(survival.completed, 0.85),
    )
