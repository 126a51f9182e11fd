"""Fisher's exact test of a two-by-two table."""

from math import fsum

from handoffctl.stats.binomial import weights_around
from handoffctl.stats.constants import FISHER_TOLERANCE


def fisher_exact(count: int, total: int, other_count: int, other_total: int) -> float:
    """Returns the two-sided p of `count` of `total` against `other_count` of `other_total` (Fisher 1935).

    It sums the probabilities of all tables with the same margins that are at most as probable as this one. Returns 1
    if either side is empty.
    """
    successes = count + other_count
    low, high = max(0, successes - other_total), min(total, successes)
    if low == high:
        return 1.0
    probabilities = hypergeometric_probabilities(total, other_total, successes)
    limit = probabilities[count - low] * (1 + FISHER_TOLERANCE)
    return min(fsum(probability for probability in probabilities if probability <= limit), 1.0)


def hypergeometric_probabilities(total: int, other_total: int, successes: int) -> list[float]:
    """Returns the probabilities of each possible count of the first group, given how many successes there are in all.

    The first is that of the least possible count, max(0, successes - other_total).
    """
    low, high = max(0, successes - other_total), min(total, successes)
    mode = (successes + 1) * (total + 1) // (total + other_total + 2)

    def ratio(number: int) -> float:
        return (total - number + 1) * (successes - number + 1) / (number * (other_total - successes + number))

    return weights_around(min(max(mode, low), high), low, high, ratio)
