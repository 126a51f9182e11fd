"""How long stays in one stage last: finished ones by the way they ended, and those that still go on. In days."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from math import fsum
from typing import Any

from handoffctl.stats.percentiles import percentile
from handoffctl.stats.survival import CLOSE, Survival

INCIDENCE_DAYS = (7, 30, 60, 90, 180, 365)
Sorted = Sequence[float]


@dataclass(frozen=True)
class Held:
    """The lengths of the stays in one stage, in ascending order. Stays whose length is unknown are not in it."""

    ways: Mapping[str, Sorted] = field(default_factory=dict)  # finished ones, by how they ended
    ages: Sorted = ()  # of those still there

    @cached_property
    def finished(self) -> Sorted:
        """All finished lengths."""
        lengths = [one for one in self.ways.values() if len(one)]
        return lengths[0] if len(lengths) == 1 else list(merge(*lengths))

    @cached_property
    def survival(self) -> Survival:
        return Survival(self.finished, self.ages)


def completed(lengths: Sorted) -> dict[str, Any]:
    """Mean, median and 85th percentile of finished stays only: those that are stuck are not in them."""
    count = len(lengths)
    return {
        "mean_days_completed": fsum(lengths) / count if count else None,
        "median_days_completed": percentile(0.5, count, lengths.__getitem__),
        "p85_days_completed": percentile(0.85, count, lengths.__getitem__),
    }


def with_those_there(held: Held) -> dict[str, Any]:
    """The median that counts those still there, its 95 % interval, the quartiles, and the share gone by each way."""
    survival = held.survival
    low, high = survival.interval() if survival.lengths else (None, None)
    ways = {way: lengths for way, lengths in held.ways.items() if len(lengths)}
    return {
        "median_days": survival.median,
        "median_days_low": low,
        "median_days_high": high,
        "quartile_days": [survival.quantile(share) for share in (0.75, 0.5, 0.25)],
        "incidence": {str(days): _gone(survival, ways, days) for days in INCIDENCE_DAYS} if ways else {},
    }


def _gone(survival: Survival, ways: Mapping[str, Sorted], days: float) -> dict[str, float] | None:
    """None for more days than anybody was followed, unless all have left."""
    followed = max(survival.lengths[-1], survival.ages[-1] if len(survival.ages) else 0.0)
    everybody = survival.share_at(survival.lengths[-1]) <= CLOSE
    return survival.incidence(ways, days) if everybody or days <= followed + CLOSE else None


NOT_RECKONED: dict[str, Any] = {
    "median_days": None, "median_days_low": None, "median_days_high": None, "quartile_days": [None, None, None],
    "incidence": {},
}  # fmt: skip


def by_way(held: Held) -> dict[str, dict[str, Any]]:
    """The completed figures of each way out that a stay of known length took."""
    return {
        way: {"count": len(lengths), **{name.removesuffix("_completed"): value for name, value in
                                        completed(lengths).items()}}
        for way, lengths in held.ways.items()
        if len(lengths)
    }  # fmt: skip


def against_target(held: Held, target: float | None) -> dict[str, Any]:
    """How stays compare with the target, in days. A stay equal to the target is within it.

    `within_target`: of those that have ended or are past the target, the share that ended within it.
    `days_over_target`: what those still there have stayed beyond it, added up.
    """
    if target is None:
        return {"target_days": None, "within_target": None, "past_target": 0, "days_over_target": 0.0}
    within = bisect_right(held.finished, target + CLOSE)
    first = bisect_right(held.ages, target + CLOSE)
    late = len(held.ages) - first
    judged = len(held.finished) + late
    return {
        "target_days": target,
        "within_target": within / judged if judged else None,
        "past_target": late,
        "days_over_target": fsum(held.ages[first:]) - late * target,
    }
