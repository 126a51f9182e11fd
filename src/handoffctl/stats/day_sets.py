"""A permutation test of days: whether the last days of a period have more events than other days would."""

from collections import Counter
from collections.abc import Sequence
from math import comb

from handoffctl.stats.constants import LAST_DAYS


def last_days_p(counts: Sequence[int], last: int = LAST_DAYS) -> float:
    """Returns the share of all sets of `last` days of the period with at least as many events as its last days.

    `counts` holds the events of each day of the period, in order. The set of the last days itself is one of the sets,
    so the share is above 0. It permutes days, not events, because events of one day come together. Returns 1 if the
    period has no more than `last` days.
    """
    if len(counts) <= last:
        return 1.0
    return _sets_with_at_least(counts, last, sum(counts[-last:])) / comb(len(counts), last)


def _sets_with_at_least(counts: Sequence[int], size: int, least: int) -> int:
    """Returns how many sets of `size` days have at least `least` events together, without listing the sets.

    It counts the sets of every smaller size by their sum, and takes all days with the same count together.
    """
    ways = {(0, 0): 1}  # by the number of days chosen and the sum of their events
    for count, days in Counter(counts).items():
        following: dict[tuple[int, int], int] = {}
        for (chosen, total), sets in ways.items():
            for more in range(min(days, size - chosen) + 1):
                key = chosen + more, total + more * count
                following[key] = following.get(key, 0) + sets * comb(days, more)
        ways = following
    return sum(sets for (chosen, total), sets in ways.items() if chosen == size and total >= least)
