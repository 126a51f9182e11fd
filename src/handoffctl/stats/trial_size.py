"""The size of a randomized trial that leaves something out: exact power and exact size of its rules.

The rules are those of `trial_verdict`: Newcombe's 90 % interval of the share of failures without the item less the
share with it. Both are sums over all results of both arms, not a normal formula, which promises too much.
"""

from collections.abc import Callable
from math import ceil, fsum

from handoffctl.stats.binomial import binomial_probabilities
from handoffctl.stats.constants import POWER, Z90, Z_POWER
from handoffctl.stats.intervals import newcombe_interval

STEADY_SIZES = 10  # so many sizes after the smallest must have the power too


def keeps_out(without: int, without_total: int, with_item: int, with_total: int, margin: float) -> bool:
    """Returns True if the upper limit of (without - with) is at most `margin` (a share), so that the item can go."""
    interval = newcombe_interval(without, without_total, with_item, with_total, Z90)
    return interval is not None and interval[1] <= margin


def puts_back(without: int, without_total: int, with_item: int, with_total: int) -> bool:
    """Returns True if the lower limit of (without - with) is above 0, so that the item is missed."""
    interval = newcombe_interval(without, without_total, with_item, with_total, Z90)
    return interval is not None and interval[0] > 0


def probability_of_keeping_out(per_arm: int, without: float, with_item: float, margin: float) -> float:
    """Returns the exact probability that a trial ends with "keep out", from the true shares of failures of both arms.

    With `without` equal to `with_item` this is the power; with the margin between them it is the size of the test.
    """

    def holds(failures: int, others: int) -> bool:
        return keeps_out(failures, per_arm, others, per_arm, margin)

    return _probability_up_to(per_arm, without, with_item, holds)


def probability_of_putting_back(per_arm: int, without: float, with_item: float) -> float:
    """Returns the exact probability that a trial ends with "put back", from the true shares of failures."""

    def holds(failures: int, others: int) -> bool:
        return not puts_back(failures, per_arm, others, per_arm)

    return 1 - _probability_up_to(per_arm, without, with_item, holds)


def _probability_up_to(per_arm: int, without: float, with_item: float, holds: Callable[[int, int], bool]) -> float:
    """Returns the probability of all results for which `holds(failures without, failures with)`.

    What holds for some failures without the item holds for fewer too, and with more failures of the other arm. So the
    greatest count for which it holds only rises from one row of results to the next.
    """
    cumulated, total = [], 0.0
    for probability in binomial_probabilities(per_arm, without):
        total += probability
        cumulated.append(total)
    greatest, parts = -1, []
    for others, probability in enumerate(binomial_probabilities(per_arm, with_item)):
        while greatest < per_arm and holds(greatest + 1, others):
            greatest += 1
        if greatest >= 0:
            parts.append(probability * cumulated[greatest])
    return min(fsum(parts), 1.0)


def size_by_normal_formula(base: float, margin: float) -> int:
    """Returns the size per arm by the usual formula, (z + z_power)^2 2 p (1 - p) / margin^2: somewhat too small."""
    return max(ceil((Z90 + Z_POWER) ** 2 * 2 * base * (1 - base) / margin**2), 1)


def size_per_arm(base: float, margin: float, power: float = POWER) -> int:
    """Returns the smallest size per arm from which on "keep out" has the power.

    `base` is the share of failures in both arms, `margin` what may be lost; both above 0 and below 1. The power rises
    in steps and may fall back by a size or two, so the following sizes must have it too.
    """
    size = size_by_normal_formula(base, margin)
    enough = 0
    while enough <= STEADY_SIZES:
        enough = enough + 1 if probability_of_keeping_out(size, base, base, margin) >= power else 0
        size += 1
    return size - enough


def margin_it_could_show(without_total: int, with_total: int) -> float:
    """Returns the smallest margin that these sizes could show, if nothing fails in either arm. Both are above 0."""
    interval = newcombe_interval(0, without_total, 0, with_total, Z90)
    return interval[1] if interval else 1.0
