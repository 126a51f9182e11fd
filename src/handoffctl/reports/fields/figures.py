"""Counts what handoffs asked for and what followed, item by item.

A first attempt is the first one in a stay, of one handoff.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handoffctl.reports.fields.verdict import Evidence, HandoffsAfter
from handoffctl.stats.durations import TimeToEvent, survival_of
from handoffctl.stats.percentiles import percentile_of

ItemNames = Collection[str]


@dataclass(frozen=True)
class Completion:
    """The completed handoff of a stay and its outcome.

    `days` is the time in the next stage so far. `over` is True if the deal went on from there; a deal that was returned
    or is still there is censored at `days`.
    """

    asked: ItemNames
    without: ItemNames
    returned: bool = False
    days: float | None = None
    over: bool = False


@dataclass(frozen=True)
class FirstAttempt:
    """The first attempt at one handoff in one stay: the items it asked for, those that were missing, and the outcome.

    `filled` were answered during the attempt, `left` were still missing when it was decided. `placeholders` are the
    items for which one was typed during the stay; `seconds` is how long answering each item took there.
    """

    asked: ItemNames
    filled: ItemNames = ()
    left: ItemNames = ()
    blocked: bool = False
    completion: Completion | None = None
    placeholders: ItemNames = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemCounts:
    """The counts of one item. `seconds` is the median time to answer; None if nobody was asked."""

    asked: int
    missing: int
    filled: int
    blocked: int
    missing_though_completed: int
    seconds: float | None
    evidence: Evidence

    @property
    def missing_share(self) -> float | None:
        """The share (0 to 1) of the first attempts at which the item was missing."""
        return self.missing / self.asked if self.asked else None


def count_item(item: str, required: bool, attempts: Sequence[FirstAttempt], named: int = 0) -> ItemCounts:
    """Counts an item over the first attempts at its handoff; `named` is how many returns named it."""
    asking = [attempt for attempt in attempts if item in attempt.asked]
    filled = sum(item in attempt.filled for attempt in asking)
    left = [attempt for attempt in asking if item in attempt.left]
    seconds = sorted(attempt.seconds[item] for attempt in asking if item in attempt.seconds)
    known, lacking = _completed(item, required, attempts)
    placeholders = sum(item in attempt.placeholders for attempt in asking)
    return ItemCounts(
        asked=len(asking),
        missing=filled + len(left),
        filled=filled,
        blocked=sum(attempt.blocked for attempt in left),
        missing_though_completed=0 if required else lacking.handoffs,
        seconds=percentile_of(seconds, 0.5),
        evidence=Evidence(required, len(asking), len(left), placeholders, named, known, lacking),
    )


def _completed(item: str, required: bool, attempts: Sequence[FirstAttempt]) -> tuple[HandoffsAfter, HandoffsAfter]:
    """Returns what followed the completed handoffs with the item known, and with the item lacking."""
    if required:
        completed = [
            (attempt.completion, item in attempt.left)
            for attempt in attempts
            if item in attempt.asked and attempt.completion
        ]
    else:
        completions = [attempt.completion for attempt in attempts if attempt.completion]
        completed = [(each, item in each.without) for each in completions if item in each.asked]
    known, lacking = ([each for each, lacked in completed if lacked is side] for side in (False, True))
    return after_handoffs(known), after_handoffs(lacking)


def after_handoffs(completions: Iterable[Completion]) -> HandoffsAfter:
    """Returns what followed these handoffs. Stays that go on, or that ended with the return, are censored."""
    completions = list(completions)
    times = (TimeToEvent(each.days, each.over) for each in completions if each.days is not None)
    return HandoffsAfter(len(completions), sum(each.returned for each in completions), survival_of(times))
