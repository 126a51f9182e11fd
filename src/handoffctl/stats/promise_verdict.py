"""Whether teams keep a promise out of habit: the verdicts of one run over all its promises."""

from collections.abc import Sequence
from enum import StrEnum
from math import ceil
from typing import NamedTuple

from handoffctl.stats.binomial import binomial_at_most, most_successes_within
from handoffctl.stats.constants import FEWEST_DUE, MOST_VOID, ROUNDING, TEST_SIZE
from handoffctl.stats.multiple_tests import holm


class PromiseWord(StrEnum):
    """What can be said of a promise."""

    MET = "met"
    BROKEN = "broken"
    SHORT = "short, could be chance"
    NOT_ENOUGH = "not enough yet"
    MOSTLY_VOID = "too many void"


class PromiseCounts(NamedTuple):
    """Of the `due` handoffs whose due moment has passed, `kept` were in time, and `promised` is the share promised.

    Shares are from 0 to 1. `void` counts those closed, undone or taken over before they were due, which `due` does not
    include.
    """

    kept: int
    due: int
    promised: float
    void: int = 0


class PromiseVerdict(NamedTuple):
    """The word for a promise.

    `too_many_late` says how many fewer late ones would have met it. `p` is the exact probability of so few kept if the
    promise were kept exactly, `adjusted_p` that of Holm over all promises of the run; both are None without a verdict.
    `broken_at_most` is the largest number kept that would be "broken" if this were the only promise, or None.
    """

    word: PromiseWord
    too_many_late: int
    p: float | None
    adjusted_p: float | None
    broken_at_most: int | None


def judge_promises(promises: Sequence[PromiseCounts]) -> list[PromiseVerdict]:
    """Returns the verdicts of one run of a report, in the order given.

    Met if the share kept is at least the one promised; broken if so few would be chance in at most 5 % of runs.
    """
    judged = [number for number, promise in enumerate(promises) if _without_verdict(promise) is None]
    p_values = [binomial_at_most(promises[number].kept, *promises[number][1:3]) for number in judged]
    adjusted = dict(zip(judged, zip(p_values, holm(p_values), strict=True), strict=True))
    return [_verdict(promise, adjusted.get(number)) for number, promise in enumerate(promises)]


def _without_verdict(promise: PromiseCounts) -> PromiseWord | None:
    """Returns the reason why the promise has no verdict, or None if it has one."""
    if promise.due < FEWEST_DUE:
        return PromiseWord.NOT_ENOUGH
    if promise.void > MOST_VOID * (promise.due + promise.void) + ROUNDING:
        return PromiseWord.MOSTLY_VOID
    return None


def _verdict(promise: PromiseCounts, p_values: tuple[float, float] | None) -> PromiseVerdict:
    late = max(ceil(promise.promised * promise.due - ROUNDING) - promise.kept, 0)
    if p_values is None:
        return PromiseVerdict(_without_verdict(promise) or PromiseWord.NOT_ENOUGH, late, None, None, None)
    word = PromiseWord.MET if not late else PromiseWord.BROKEN if p_values[1] <= TEST_SIZE else PromiseWord.SHORT
    most = most_successes_within(TEST_SIZE, promise.due, promise.promised)
    return PromiseVerdict(word, late, *p_values, most if most >= 0 else None)
