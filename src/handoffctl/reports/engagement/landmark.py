"""Compares the time to advance by the number of touches, without the bias that longer stays collect more touches.

Landmark method: Anderson, Cain and Gelber 1983, "Analysis of survival by tumor response", Journal of Clinical Oncology
1, 710-719. Stays are grouped by their touches up to the landmark and followed from there on. Only stays that were still
going on at the landmark are included, so the length of a stay has no influence on its group.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from handoffctl.stats.survival import TOLERANCE, Survival

DEFAULT_LANDMARK = 7.0  # days
ENOUGH_ADVANCES = 10  # in each group, before anything is claimed
GROUPS = {"0": 0, "1-2": 2, "3-5": 5, "6 or more": None}  # the most touches in each

MedianInterval = tuple[float | None, float | None]


def landmark_days(target: float | None) -> float:
    """Returns the landmark in days: the stage's target if that is shorter than the default."""
    return min(target, DEFAULT_LANDMARK) if target else DEFAULT_LANDMARK


def group_name(touches: int) -> str:
    """Returns the name of the group for this number of touches."""
    return next(name for name, most in GROUPS.items() if most is None or touches <= most)


@dataclass
class LandmarkGroup:
    """Days from the landmark to the advance; `others` are still there, or left otherwise, after so many days."""

    advanced: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    @property
    def stays(self) -> int:
        """The number of stays that were still going on at the landmark."""
        return len(self.advanced) + len(self.others)

    def survival(self) -> Survival:
        """Returns the Kaplan-Meier estimate of the time to advance."""
        return Survival(sorted(self.advanced), sorted(self.others))


class Landmark:
    """The stays of one stage that lasted longer than `days`, grouped by their touches up to then."""

    def __init__(self, days: float) -> None:
        self.days = days
        self.groups = {name: LandmarkGroup() for name in GROUPS}

    def add(self, length: float, touches: Sequence[float], advanced: bool) -> None:
        """Adds a stay of `length` days; `touches` are the days from its beginning to each touch."""
        if length <= self.days + TOLERANCE:
            return
        group = self.groups[group_name(sum(offset <= self.days + TOLERANCE for offset in touches))]
        (group.advanced if advanced else group.others).append(length - self.days)

    def doubt(self) -> str:
        """Returns why the data do not show that more touches went with a faster advance, or "" if they do.

        They do if every group that has stays has enough advances, and each group's 95 % interval of the median lies
        entirely before that of the group with fewer touches.
        """
        groups = {name: group for name, group in self.groups.items() if group.stays}
        if not groups:
            return "no stay lasted that long"
        if len(groups) == 1:
            return f"all stays had {next(iter(groups))} touches by then"
        for name, group in groups.items():
            if len(group.advanced) < ENOUGH_ADVANCES:
                return f"{len(group.advanced)} advanced with {name} touches, {ENOUGH_ADVANCES} are needed"
        intervals = [group.survival().interval() for group in groups.values()]
        if any(interval == (None, None) for interval in intervals):
            return "too many took the same time, or too few are left, for an interval"
        ordered = all(_is_sooner(more, fewer) for fewer, more in pairwise(intervals))
        return "" if ordered else "the intervals overlap or are in another order"


def _is_sooner(interval: MedianInterval, other: MedianInterval) -> bool:
    high, low = interval[1], other[0]
    return high is not None and low is not None and high < low
