"""A permutation test of days: whether the last days of a period have more events than other days would."""

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

    It counts the sets of every smaller size by their sum, day by day; a sum above `least` counts as `least`.
    """
    by_size: list[dict[int, int]] = [{0: 1}, *({} for _ in range(size))]
    for count in counts:
        for chosen in range(size, 0, -1):
            for total, sets in by_size[chosen - 1].items():
                following = min(total + count, least)
                by_size[chosen][following] = by_size[chosen].get(following, 0) + sets
    return by_size[size].get(least, 0)
