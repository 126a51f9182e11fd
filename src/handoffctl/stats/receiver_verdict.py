"""Whether one receiver has done better with handoffs of a kind than the one next in line."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from handoffctl.stats.beta_binomial import probability_better, shrunk_share
from handoffctl.stats.constants import TEST_SIZE


class ReceiverWord(StrEnum):
    """What decides who receives a handoff."""

    DONE_BETTER = "has done better"
    AVAILABILITY = "availability decides"


class ReceiverRecord(NamedTuple):
    """Of `handoffs` completed handoffs that are old enough, `went_on` advanced or were won and not returned."""

    went_on: int
    handoffs: int


class ReceiverShare(NamedTuple):
    """The share of a receiver's handoffs that went on, drawn towards that of all, with its 90 % interval."""

    share: float
    low: float
    high: float


class ReceiverVerdict(NamedTuple):
    """The word, and the number of the receiver with the best record.

    `probability` is that of the best one being better than the next in line, and must be above `needed`. Both are None
    where there is nothing to compare: nobody has a record, or the next in line has the best one.
    """

    word: ReceiverWord
    best: int | None
    probability: float | None
    needed: float | None


def receiver_shares(records: Sequence[ReceiverRecord]) -> list[ReceiverShare]:
    """Returns the shares of all receivers, in the order given. Without any record every share is 50 % of nothing."""
    pooled = _pooled(records)
    shares = [shrunk_share(record.went_on, record.handoffs, pooled) for record in records]
    return [ReceiverShare(share.mean, *share.interval()) for share in shares]


def judge_receivers(
    records: Sequence[ReceiverRecord], next_in_line: int, available: Collection[int] | None = None
) -> ReceiverVerdict:
    """Returns the verdict over the records of receivers; `next_in_line` is the number of the one with least load.

    `available` are the numbers of the K receivers that are compared, all of them unless given; the others only add to
    the share of all. One comparison, of the best record against the next in line. Because the best is chosen among the
    other K - 1, it must be better with a probability of more than 1 - 0.05 / (K - 1).
    """
    pooled = _pooled(records)
    shares = [shrunk_share(record.went_on, record.handoffs, pooled) for record in records]
    compared = range(len(records)) if available is None else available
    best = max(compared, key=lambda number: shares[number].mean, default=None)
    if best is None or not any(record.handoffs for record in records):
        return ReceiverVerdict(ReceiverWord.AVAILABILITY, None, None, None)
    if shares[best].mean <= shares[next_in_line].mean:
        return ReceiverVerdict(ReceiverWord.AVAILABILITY, next_in_line, None, None)
    needed = 1 - TEST_SIZE / (len(compared) - 1)
    probability = probability_better(shares[best], shares[next_in_line])
    word = ReceiverWord.DONE_BETTER if probability > needed else ReceiverWord.AVAILABILITY
    return ReceiverVerdict(word, best, probability, needed)


def _pooled(records: Sequence[ReceiverRecord]) -> float:
    """Returns the share of all handoffs that went on, or one half if there are none."""
    handoffs = sum(record.handoffs for record in records)
    return sum(record.went_on for record in records) / handoffs if handoffs else 0.5
