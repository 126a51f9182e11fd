"""Whether a randomized trial shows that an item can be left out: the verdict, and the looks at harm before its end."""

from enum import StrEnum
from typing import NamedTuple

from handoffctl.stats.constants import HARM_SIZE, RETURNS_TO_PUT_BACK, Z90
from handoffctl.stats.fisher import fisher_exact
from handoffctl.stats.intervals import newcombe_interval
from handoffctl.stats.trial_size import keeps_out, puts_back


class TrialWord(StrEnum):
    """What to do with the item of a trial."""

    KEEP_OUT = "keep it out"
    PUT_BACK = "put it back"
    NOT_SHOWN = "not shown"
    GOING_ON = "going on"


class TrialCounts(NamedTuple):
    """Failures (returned or lost within 30 days) of the deals drawn to go without the item, and of those with it."""

    without: int
    without_total: int
    with_item: int
    with_total: int


class TrialVerdict(NamedTuple):
    """The word, the difference (without - with) with its 90 % interval (Newcombe), and Fisher's two-sided p.

    `harm` says that it ended because of harm. The figures are None if an arm has no deals.
    """

    word: TrialWord
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    harm: bool


def judge_trial(counts: TrialCounts, margin: float, finished: bool, named_returns: int = 0) -> TrialVerdict:
    """Returns the verdict of a trial whose item may cost at most `margin` (a share) more failures.

    Before it is `finished` only harm decides: significantly more failures without the item, or three returns whose
    reason names it (`named_returns`). If both limits hold at the end, the item is kept out: what it costs is little.
    """
    interval = newcombe_interval(*counts, z=Z90)
    harm = named_returns >= RETURNS_TO_PUT_BACK or is_harm(counts)
    word = _word(counts, margin, finished, harm)
    if interval is None:
        return TrialVerdict(word, None, None, None, None, harm)
    difference = counts.without / counts.without_total - counts.with_item / counts.with_total
    return TrialVerdict(word, difference, *interval, fisher_exact(*counts), harm)


def is_harm(counts: TrialCounts) -> bool:
    """Returns True if more deals failed without the item and Fisher's two-sided p is below 1 %."""
    more = counts.without * counts.with_total > counts.with_item * counts.without_total
    return more and fisher_exact(*counts) < HARM_SIZE


def _word(counts: TrialCounts, margin: float, finished: bool, harm: bool) -> TrialWord:
    if harm:
        return TrialWord.PUT_BACK
    if not finished:
        return TrialWord.GOING_ON
    if keeps_out(*counts, margin):
        return TrialWord.KEEP_OUT
    return TrialWord.PUT_BACK if puts_back(*counts) else TrialWord.NOT_SHOWN
