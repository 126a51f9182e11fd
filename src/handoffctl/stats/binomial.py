"""The binomial distribution: its probabilities, its exact lower tail and the exact upper limit of a share."""

from collections.abc import Callable
from math import fsum

from handoffctl.stats.beta import beta_quantile
from handoffctl.stats.constants import PROBATION_CONFIDENCE


def weights_around(mode: int, low: int, high: int, ratio: Callable[[int], float]) -> list[float]:
    """Returns the probabilities of the numbers from `low` to `high` of a distribution with one peak at `mode`.

    `ratio(n)` is the probability of n divided by that of n - 1. The product of ratios starts at the peak and goes
    outward, so nothing overflows, and what underflows to 0 is too small to count.
    """
    weights = [0.0] * (high - low + 1)
    weights[mode - low] = 1.0
    for number in range(mode + 1, high + 1):
        weights[number - low] = weights[number - 1 - low] * ratio(number)
    for number in range(mode - 1, low - 1, -1):
        weights[number - low] = weights[number + 1 - low] / ratio(number + 1)
    total = fsum(weights)
    return [weight / total for weight in weights]


def binomial_probabilities(total: int, share: float) -> list[float]:
    """Returns the probabilities of 0 to `total` successes, each with probability `share` (0 to 1)."""
    if share <= 0 or share >= 1:
        certain = total if share >= 1 else 0
        return [float(number == certain) for number in range(total + 1)]
    odds = share / (1 - share)
    mode = min(int((total + 1) * share), total)
    return weights_around(mode, 0, total, lambda number: (total - number + 1) / number * odds)


def binomial_at_most(count: int, total: int, share: float) -> float:
    """Returns the exact probability of at most `count` successes among `total`, each with probability `share`."""
    if count >= total:
        return 1.0
    return min(fsum(binomial_probabilities(total, share)[: max(count + 1, 0)]), 1.0)


def most_successes_within(size: float, total: int, share: float) -> int:
    """Returns the largest count whose lower tail P(X <= count) is at most `size`, or -1 if there is none."""
    below, count = 0.0, -1
    for probability in binomial_probabilities(total, share):
        below += probability
        if below > size:
            break
        count += 1
    return min(count, total - 1)


def share_at_most(count: int, total: int, confidence: float = PROBATION_CONFIDENCE) -> float:
    """Returns the exact one-sided upper limit of the share `count / total` (Clopper and Pearson 1934).

    A share above the limit would give so few with a probability of less than 1 - `confidence`. Returns 1 if all of
    them, or none of none, are successes.
    """
    return 1.0 if count >= total else beta_quantile(confidence, count + 1, total - count)
