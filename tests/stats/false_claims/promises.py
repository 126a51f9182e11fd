"""Exact sums: promises that are kept exactly as promised, and promises broken twice as often."""

from collections.abc import Iterator

from tests.stats.false_claims.row import EXACT, Row

from handoffctl.stats.binomial import binomial_at_most
from handoffctl.stats.promise_verdict import PromiseCounts, PromiseWord, judge_promises

DUE = (5, 10, 20, 50, 100, 200)


def rows() -> Iterator[Row]:
    """Yields a row for each number of promises in a run, share promised and number due."""
    for promises in (1, 3, 8):
        for promised in (0.5, 0.9, 0.95):
            for due in DUE:
                kept = most_kept_when_broken(due, promised, promises)
                late = min(2 * (1 - promised), 1)
                yield Row(
                    "sla",
                    f"{promises} kept exactly as promised ({promised:.0%})",
                    f"{due} due each",
                    EXACT,
                    1 - (1 - binomial_at_most(kept, due, promised)) ** promises,
                    f"late {late:.0%}, not {1 - promised:.0%}",
                    1 - (1 - binomial_at_most(kept, due, 1 - late)) ** promises,
                )


def most_kept_when_broken(due: int, promised: float, promises: int) -> int:
    """Returns the largest number kept at which one of several promises, the others met, is called broken, or -1.

    Holm calls any promise broken if and only if it does so for the one with the smallest p beside others that are met.
    """
    met = [PromiseCounts(due, due, promised)] * (promises - 1)
    for kept in range(due, -1, -1):
        if judge_promises([PromiseCounts(kept, due, promised), *met])[0].word is PromiseWord.BROKEN:
            return kept
    return -1
