"""The lengths of stays in one stage: completed ones by their outcome, and those that still go on. In days."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from math import fsum
from typing import NamedTuple

from handoffctl.stats.percentiles import percentile_of
from handoffctl.stats.survival import TOLERANCE, Survival

INCIDENCE_DAYS = (7, 30, 60, 90, 180, 365)
SortedDays = Sequence[float]


@dataclass(frozen=True)
class StayDurations:
    """The lengths of the stays in one stage, in ascending order. Stays of unknown length are left out.

    `by_outcome` has the completed ones by how they ended, `censored` the ages of those that still go on.
    """

    by_outcome: Mapping[str, SortedDays] = field(default_factory=dict)
    censored: SortedDays = ()

    @cached_property
    def completed(self) -> SortedDays:
        """The lengths of all completed stays."""
        lengths = [days for days in self.by_outcome.values() if len(days)]
        return lengths[0] if len(lengths) == 1 else list(merge(*lengths))

    @cached_property
    def survival(self) -> Survival:
        """The Kaplan-Meier estimate of the length of a stay."""
        return Survival(self.completed, self.censored)


class CompletedFigures(NamedTuple):
    """Mean, median and 85th percentile of completed stays only, in days; None if there are none."""

    mean_days_completed: float | None
    median_days_completed: float | None
    p85_days_completed: float | None


class KaplanMeierFigures(NamedTuple):
    """Figures that count stays still going on: median with 95 % interval, quartiles, incidence by outcome.

    `quartile_days` are the days after which a quarter, half and three quarters have left. `incidence` has, by number of
    days, the share (0 to 1) that has left by each outcome until then; None for more days than any stay was observed.
    """

    median_days: float | None
    median_days_low: float | None
    median_days_high: float | None
    quartile_days: Sequence[float | None]
    incidence: Mapping[str, Mapping[str, float] | None]


class OutcomeFigures(NamedTuple):
    """Number, mean, median and 85th percentile of the completed stays with one outcome, in days."""

    count_: int
    mean_days: float | None
    median_days: float | None
    p85_days: float | None


class TargetFigures(NamedTuple):
    """How stays compare with the target of their stage, in days.

    `within_target` is the share (0 to 1) that ended within the target, of those that have ended or are past it.
    `past_target` counts the stays going on beyond it, `days_over_target` sums up the days they are over.
    """

    target_days: float | None
    within_target: float | None
    past_target: int
    days_over_target: float


# For stages in which deals are meant to stay.
NOT_APPLICABLE = KaplanMeierFigures(None, None, None, (None, None, None), {})


def completed_figures(lengths: SortedDays) -> CompletedFigures:
    """Returns the figures of completed stays. Those that are stuck are not in them."""
    mean = fsum(lengths) / len(lengths) if len(lengths) else None
    return CompletedFigures(mean, percentile_of(lengths, 0.5), percentile_of(lengths, 0.85))


def kaplan_meier_summary(durations: StayDurations) -> KaplanMeierFigures:
    """Returns the figures that count the stays still going on."""
    survival = durations.survival
    outcomes = {outcome: lengths for outcome, lengths in durations.by_outcome.items() if len(lengths)}
    return KaplanMeierFigures(
        survival.median,
        *survival.interval(),
        [survival.quantile(share) for share in (0.75, 0.5, 0.25)],
        {str(days): _incidence(survival, outcomes, days) for days in INCIDENCE_DAYS} if outcomes else {},
    )


def _incidence(survival: Survival, outcomes: Mapping[str, SortedDays], days: float) -> dict[str, float] | None:
    """Returns None for more days than any stay was observed, unless all have left."""
    observed = max(survival.completed[-1], survival.censored[-1] if len(survival.censored) else 0.0)
    all_left = survival.survival_at(survival.completed[-1]) <= TOLERANCE
    return survival.incidence(outcomes, days) if all_left or days <= observed + TOLERANCE else None


def by_outcome(durations: StayDurations) -> dict[str, OutcomeFigures]:
    """Returns the figures of each outcome that a stay of known length had."""
    figures = {}
    for outcome, lengths in durations.by_outcome.items():
        if len(lengths):
            completed = completed_figures(lengths)
            figures[outcome] = OutcomeFigures(
                len(lengths), completed.mean_days_completed, completed.median_days_completed,
                completed.p85_days_completed,
            )  # fmt: skip
    return figures


def against_target(durations: StayDurations, target: float | None) -> TargetFigures:
    """Compares stays with a target in days. A stay as long as the target is within it."""
    if target is None:
        return TargetFigures(None, None, 0, 0.0)
    within = bisect_right(durations.completed, target + TOLERANCE)
    first = bisect_right(durations.censored, target + TOLERANCE)
    past = len(durations.censored) - first
    judged = len(durations.completed) + past
    days_over = fsum(durations.censored[first:]) - past * target
    return TargetFigures(target, within / judged if judged else None, past, days_over)
