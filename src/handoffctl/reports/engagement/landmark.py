"""Whether more touches go with a faster advance, without the trap that what stays longer is touched more often.

Landmark method: Anderson, Cain and Gelber 1983, "Analysis of survival by tumor response", Journal of Clinical Oncology
1, 710-719. Stays are grouped by what happened up to the landmark, and followed from there: only those that were still
there then are looked at, so that how long one stays has no part in how it is grouped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from handoffctl.stats.survival import CLOSE, Survival

USUAL_LANDMARK = 7.0  # days
ENOUGH_ADVANCES = 10  # in each group, before anything is claimed
GROUPS = {"0": 0, "1-2": 2, "3-5": 5, "6 or more": None}  # the most touches in each


def landmark_of(target: float | None) -> float:
    """In days: the stage's target where that is shorter than the usual landmark."""
    return min(target, USUAL_LANDMARK) if target else USUAL_LANDMARK


def group_of(touches: int) -> str:
    return next(name for name, most in GROUPS.items() if most is None or touches <= most)


@dataclass
class Group:
    """Days from the landmark to the advance; `others` were still there, or left by another way, after so many."""

    advanced: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    @property
    def stays(self) -> int:
        """How many were still there at the landmark."""
        return len(self.advanced) + len(self.others)

    def survival(self) -> Survival:
        return Survival(sorted(self.advanced), sorted(self.others))


class Landmark:
    """The stays of one stage that lasted longer than `days`, by their touches up to then."""

    def __init__(self, days: float) -> None:
        self.days = days
        self.groups = {name: Group() for name in GROUPS}

    def add(self, length: float, touches: Sequence[float], advanced: bool) -> None:
        """A stay of so many days, with the days from its beginning at which it was touched."""
        if length <= self.days + CLOSE:
            return
        group = self.groups[group_of(sum(offset <= self.days + CLOSE for offset in touches))]
        (group.advanced if advanced else group.others).append(length - self.days)

    def doubt(self) -> str:
        """Why these data do not tell that more touches went with a faster advance; empty where they do.

        They do where every group that has stays has enough advances, and each group's 95 % interval of the median lies
        wholly before that of the group with fewer touches.
        """
        groups = {name: group for name, group in self.groups.items() if group.stays}
        if not groups:
            return "no stay lasted that long"
        if len(groups) == 1:
            return f"all stays had {next(iter(groups))} touches by then"
        for name, group in groups.items():
            if len(group.advanced) < ENOUGH_ADVANCES:
                return f"{len(group.advanced)} advanced with {name} touches, {ENOUGH_ADVANCES} are needed"
        ends = [group.survival().interval() for group in groups.values()]
        if any(end == (None, None) for end in ends):
            return "too many took the same time, or too few are left, for an interval"
        apart = all(_sooner(more, fewer) for fewer, more in pairwise(ends))
        return "" if apart else "the intervals overlap or are in another order"


def _sooner(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> bool:
    high, low = one[1], other[0]
    return high is not None and low is not None and high < low
