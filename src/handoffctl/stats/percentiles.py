"""Percentiles with linear interpolation, of values that may stay where they are kept sorted."""

from collections.abc import Callable
from math import floor


def percentile(share: float, count: int, at: Callable[[int], float]) -> float | None:
    """The value below which `share` (0 to 1) of the `count` values lie; `at(n)` is the n-th smallest, from 0.

    Interpolates between the two nearest ranks (Hyndman and Fan 1996, type 7; numpy's and Excel's default), so the
    median of an even count is the mean of the middle two. None where there is no value.
    """
    if count == 0:
        return None
    place = share * (count - 1)
    low = floor(place)
    below = at(low)
    return below if place == low else below + (at(low + 1) - below) * (place - low)
