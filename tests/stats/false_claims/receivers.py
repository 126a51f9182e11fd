"""Receivers whose handoffs go on equally often, however many each has had."""

import random
from collections.abc import Iterator, Sequence

from tests.stats.false_claims.row import FEWER, Row, several, share_of_runs

from handoffctl.stats.receiver_verdict import ReceiverRecord, ReceiverWord, judge_receivers


def rows(runs: int, people: int) -> Iterator[Row]:
    """Yields a row for each number of handoffs each, and each share that goes on."""
    for handoffs in (5, 20, 60, 200):
        for share in (0.2, 0.35) if handoffs < 200 else (0.35,):
            yield _row(f"{people} equal receivers, {share:.0%} go on", (handoffs,) * people, share, runs)
    yield _row(f"{people} equal receivers, one new, one long there", (0, 200, *(20,) * (people - 2)), 0.35, runs)


def _row(name: str, handoffs: Sequence[int], share: float, runs: int) -> Row:
    def claims(chance: random.Random) -> bool:
        return judge(chance, handoffs, [share] * len(handoffs)) is ReceiverWord.DONE_BETTER

    def sees_effect(chance: random.Random) -> bool:
        others = [share] * (len(handoffs) - 1)
        return judge(chance, [handoffs[-1], *handoffs[:-1]], [2 * share, *others]) is ReceiverWord.DONE_BETTER

    size = f"{handoffs[-1]} handoffs each"
    return Row(
        "receiver", name, size, runs, share_of_runs(runs, claims),
        f"one with {2 * share:.0%}", share_of_runs(runs // FEWER, sees_effect),
    )  # fmt: skip


def judge(chance: random.Random, handoffs: Sequence[int], shares: Sequence[float]) -> ReceiverWord:
    """Returns the word of one run. The next in line is any of them but the first, who may have an effect."""
    records = [ReceiverRecord(several(n, share, chance), n) for n, share in zip(handoffs, shares, strict=True)]
    return judge_receivers(records, chance.randrange(1, len(records))).word
