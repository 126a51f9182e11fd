"""Whether a signal tells won deals from lost ones: the verdicts of one run over all its signals."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from handoffctl.stats.constants import FALSE_DISCOVERY, FEWEST_ENDED, NEARLY_ALL, WATCHING_DISCOVERY
from handoffctl.stats.fisher import fisher_exact
from handoffctl.stats.intervals import newcombe_interval
from handoffctl.stats.log_odds import shrunk_log_odds
from handoffctl.stats.multiple_tests import benjamini_hochberg


class SignalWord(StrEnum):
    """What can be said of a signal. Only the first is a claim; the second is a hint."""

    STANDS_OUT = "stands out"
    WORTH_WATCHING = "worth watching"
    NEARLY_ALL = "nearly all have it"
    NEARLY_NONE = "nearly none has it"
    NOTHING_CLEAR = "nothing clear"
    NOT_ENOUGH = "not enough yet"


class SignalCounts(NamedTuple):
    """Of `won` won deals for which the signal was known `won_with` had it; likewise of the lost ones."""

    won_with: int
    won: int
    lost_with: int
    lost: int


class SignalVerdict(NamedTuple):
    """The word for a signal.

    `difference` is the share of won deals with it less that of the lost ones, `low` and `high` its 95 % interval
    (Newcombe). `p` is Fisher's, `q` that of Benjamini and Hochberg over all signals of the run with enough deals.
    `log_odds` is the shrunk log odds ratio, by which a list is ordered. All are None where there are not enough deals.
    """

    word: SignalWord
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    q: float | None
    log_odds: float | None


NO_VERDICT = SignalVerdict(SignalWord.NOT_ENOUGH, None, None, None, None, None, None)


def judge_signals(signals: Sequence[SignalCounts]) -> list[SignalVerdict]:
    """Returns the verdicts of one run of a report, in the order given.

    Signals known for too few won or lost deals are not tested, and do not count among the tests of the run.
    """
    judged = [number for number, signal in enumerate(signals) if min(signal.won, signal.lost) >= FEWEST_ENDED]
    p_values = [fisher_exact(*signals[number]) for number in judged]
    verdicts = [NO_VERDICT] * len(signals)
    for number, p, q in zip(judged, p_values, benjamini_hochberg(p_values), strict=True):
        verdicts[number] = _verdict(signals[number], p, q)
    return verdicts


def _verdict(signal: SignalCounts, p: float, q: float) -> SignalVerdict:
    low, high = newcombe_interval(*signal) or (-1.0, 1.0)
    difference = signal.won_with / signal.won - signal.lost_with / signal.lost
    word = _word(signal, q, low > 0 or high < 0)
    return SignalVerdict(word, difference, low, high, p, q, shrunk_log_odds(*signal))


def _word(signal: SignalCounts, q: float, off_zero: bool) -> SignalWord:
    if off_zero and q <= FALSE_DISCOVERY:
        return SignalWord.STANDS_OUT
    if off_zero and q <= WATCHING_DISCOVERY:
        return SignalWord.WORTH_WATCHING
    share = (signal.won_with + signal.lost_with) / (signal.won + signal.lost)
    if share >= NEARLY_ALL:
        return SignalWord.NEARLY_ALL
    return SignalWord.NEARLY_NONE if share <= 1 - NEARLY_ALL else SignalWord.NOTHING_CLEAR
