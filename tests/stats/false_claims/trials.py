"""Exact sums: trials whose difference is exactly the margin, or none, and probation."""

from collections.abc import Iterator
from functools import cache

from tests.stats.false_claims.row import EXACT, Row

from handoffctl.stats.binomial import binomial_at_most
from handoffctl.stats.probation_verdict import ProbationWord, judge_probation
from handoffctl.stats.trial_size import probability_of_keeping_out, size_per_arm
from handoffctl.stats.trial_verdict import TrialCounts, TrialWord, is_harm, judge_trial

MARGINS = (0.10, 0.15, 0.20)
BASES = (0.05, 0.10, 0.20)


def rows() -> Iterator[Row]:
    """Yields the rows of "keep it out" and "put it back", and those of probation."""
    for margin in MARGINS:
        per_arm = size_per_arm(0.1, margin)
        for base in BASES:
            yield Row(
                'trial, "keep it out"',
                f"{base:.0%} fail, without the item {margin:.0%} more: exactly the margin",
                f"{per_arm} per arm",
                EXACT,
                probability_of_keeping_out(per_arm, base + margin, base, margin),
                f"{base:.0%} fail in both arms",
                probability_of_keeping_out(per_arm, base, base, margin),
            )
        for base in BASES:
            yield Row(
                'trial, "put it back"',
                f"{base:.0%} fail in both arms; looked at after each pair",
                f"{per_arm} per arm",
                EXACT,
                probability_of_put_back(per_arm, base, base, margin),
                f"without the item {2 * base:.0%} fail",
                probability_of_put_back(per_arm, 2 * base, base, margin),
            )
    for share in (0.14, 0.22, 0.29, 0.4):
        yield Row(
            'probation, "at most"',
            f"missed in {share:.0%}, which is above the limit that is said",
            "20 handoffs",
            EXACT,
            probability_of_too_low_a_limit(share),
            f"put back where missed in {2 * share:.0%}",
            1 - binomial_at_most(2, 20, 2 * share),
        )


def probability_of_too_low_a_limit(share: float) -> float:
    """Returns the probability that probation keeps an item out with a limit below the true share of misses."""
    too_low = [-1]
    for missed in range(21):
        verdict = judge_probation(missed, 20)
        if verdict.word is ProbationWord.KEEP_OUT and verdict.at_most < share:
            too_low.append(missed)
    return binomial_at_most(max(too_low), 20, share)


def probability_of_put_back(per_arm: int, without: float, with_item: float, margin: float) -> float:
    """Returns the probability that a trial is stopped for harm after any pair of deals, or ends with "put it back".

    Each step adds one deal to either arm; what is stopped leaves the sum.
    """
    states = {(0, 0): 1.0}
    stopped = 0.0
    moves = [
        (failed, other, (without if failed else 1 - without) * (with_item if other else 1 - with_item))
        for failed in (0, 1)
        for other in (0, 1)
    ]
    for pairs in range(1, per_arm + 1):
        following: dict[tuple[int, int], float] = {}
        for (failures, others), probability in states.items():
            if probability > 1e-12:
                for failed, other, weight in moves:
                    state = failures + failed, others + other
                    following[state] = following.get(state, 0.0) + probability * weight
        stopped += sum(probability for state, probability in following.items() if harmed(pairs, *state))
        states = {state: probability for state, probability in following.items() if not harmed(pairs, *state)}
    return stopped + sum(
        probability
        for (failures, others), probability in states.items()
        if judge_trial(TrialCounts(failures, per_arm, others, per_arm), margin, finished=True).word
        is TrialWord.PUT_BACK
    )


def harmed(pairs: int, failures: int, others: int) -> bool:
    """True if so many failures of so many pairs are harm. More failures without the item are harm too."""
    least = least_harm(pairs, others)
    return least is not None and failures >= least


@cache
def least_harm(pairs: int, others: int) -> int | None:
    """Returns the least number of failures without the item that is harm beside so many others, or None."""
    start = others + 1 if others == 0 else least_harm(pairs, others - 1)
    if start is None:
        return None
    for failures in range(max(start, others + 1), pairs + 1):
        if is_harm(TrialCounts(failures, pairs, others, pairs)):
            return failures
    return None
