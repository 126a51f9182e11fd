"""Confidence intervals of shares: Wilson's for one share, Newcombe's for the difference of two."""

from math import sqrt

from handoffctl.stats.constants import Z95


def wilson_interval(count: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Returns the ends of the 95 % interval of the share `count / total` (Wilson 1927).

    `total` must be above 0. The ends are shares from 0 to 1.
    """
    middle = count + z * z / 2
    margin = z * sqrt(count * (total - count) / total + z * z / 4)
    return max((middle - margin) / (total + z * z), 0.0), min((middle + margin) / (total + z * z), 1.0)


def newcombe_interval(
    count: int, total: int, other_count: int, other_total: int, z: float = Z95
) -> tuple[float, float] | None:
    """Returns the ends of the 95 % interval of `count / total - other_count / other_total`.

    Newcombe 1998 (Statistics in Medicine 17, 873-890), method 10: it combines the Wilson intervals of the two shares.
    Unlike the usual normal interval it stays valid for few cases and for shares of 0 and 1. Returns None if either side
    has no cases.
    """
    if not total or not other_total:
        return None
    share, other = count / total, other_count / other_total
    low, high = wilson_interval(count, total, z)
    other_low, other_high = wilson_interval(other_count, other_total, z)
    below = sqrt((share - low) ** 2 + (other_high - other) ** 2)
    above = sqrt((high - share) ** 2 + (other - other_low) ** 2)
    return share - other - below, share - other + above
