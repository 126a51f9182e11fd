"""Percentiles with linear interpolation, read by position so that sorted values can stay where they are stored."""

from collections.abc import Callable, Sequence
from math import floor


def percentile(share: float, count: int, at: Callable[[int], float]) -> float | None:
    """Returns the value below which `share` (0 to 1) of the `count` values lie; `at(n)` is the n-th smallest, from 0.

    Interpolates linearly between the two nearest ranks (Hyndman and Fan 1996, type 7; the default of numpy and Excel),
    so the median of an even count is the mean of the middle two. Returns None if there are no values.
    """
    if count == 0:
        return None
    place = share * (count - 1)
    low = floor(place)
    below = at(low)
    return below if place == low else below + (at(low + 1) - below) * (place - low)


def percentile_of(values: Sequence[float], share: float) -> float | None:
    """Returns the percentile of a sorted sequence, or None if it is empty."""
    return percentile(share, len(values), values.__getitem__)
