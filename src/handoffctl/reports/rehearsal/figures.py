"""Counts what a changed item would have asked, whether the answer was known later, and what followed where it was not.

A tried handoff is all attempts at one handoff in one stay. A deal is asked once there, whatever number of attempts.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from handoffctl.reports.fields.price import MONTH_DAYS
from handoffctl.stats.intervals import wilson_interval

ENOUGH = 6  # tried handoffs; with fewer the counts are told, and nothing should be decided by them


class Outcome(StrEnum):
    """What followed a handoff by now. One that was returned counts as that, however the deal ended."""

    RETURNED = "returned"
    LOST = "lost"
    WON = "won"
    PUT_ASIDE = "nurture"
    OPEN = "open"


class Outcomes(NamedTuple):
    """How many tried handoffs had each outcome."""

    handoffs: int
    returned: int
    lost: int
    won: int
    put_aside: int
    open: int


class ReplayedItem(NamedTuple):
    """A changed item at one tried handoff. `asked` is by the new rules, `asked_before` by the present ones.

    `known_later` is True if the item held later, be it in the same interview.
    """

    deal: int
    asked: bool
    asked_before: bool
    known_later: bool
    outcome: Outcome


class ItemFigures(NamedTuple):
    """The counts of a changed item; `low` and `high` are the 95 % Wilson interval of the share that was asked.

    `others` are those that were asked and never knew the answer, `known` those that were not asked.
    """

    handoffs: int
    asked: int
    asked_before: int
    share: float | None
    low: float | None
    high: float | None
    known_later: int
    others: Outcomes
    known: Outcomes


def item_figures(replayed: Sequence[ReplayedItem]) -> ItemFigures:
    """Counts one item over the tried handoffs."""
    count, asked = len(replayed), sum(one.asked for one in replayed)
    low, high = wilson_interval(asked, count) if count else (None, None)
    return ItemFigures(
        count, asked, sum(one.asked_before for one in replayed), asked / count if count else None, low, high,
        sum(one.asked and one.known_later for one in replayed),
        outcomes(one.outcome for one in replayed if never_known(one)),
        outcomes(one.outcome for one in replayed if not one.asked),
    )  # fmt: skip


def never_known(one: ReplayedItem) -> bool:
    """True where the item would have been asked for, and was not known later either."""
    return one.asked and not one.known_later


def outcomes(found: Iterable[Outcome]) -> Outcomes:
    """Counts outcomes."""
    counts = Counter(found)
    return Outcomes(counts.total(), *(counts[outcome] for outcome in Outcome))


def months(days: float) -> float:
    """Returns a span of days in months of 30 days, at least one: a day's handoffs are not scaled up to a month."""
    return max(days / MONTH_DAYS, 1.0)


def seconds_a_month(more: int, median_seconds: float | None, span: float) -> float | None:
    """Returns the seconds that asking `more` times takes in a month, negative for less; None if never timed.

    `span` is the number of months in which it was asked.
    """
    if more == 0:
        return 0.0
    return None if median_seconds is None else round(more * median_seconds / span, 1)
