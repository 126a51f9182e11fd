"""The results of the throughput report as records."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from handoffctl.core.json_record import json_object
from handoffctl.core.moments import Moment
from handoffctl.reports.context import ReportHead
from handoffctl.reports.throughput.durations import (
    CompletedFigures,
    KaplanMeierFigures,
    OutcomeFigures,
    TargetFigures,
)
from handoffctl.reports.throughput.flows import OUTCOMES, Flow
from handoffctl.reports.throughput.periods import PeriodFlow


class StageFigures(NamedTuple):
    """The figures of one stage, in one group of its stays. `oldest_now_days` is the age of the longest one there."""

    flow: Flow
    lasting: KaplanMeierFigures
    completed: CompletedFigures
    ways: Mapping[str, OutcomeFigures]
    oldest_now_days: float | None
    target: TargetFigures

    def as_json(self) -> dict[str, Any]:
        """Returns the figures in one flat object; `ways` has those of each outcome."""
        return {
            "deals": self.flow.deals,
            "entered": self.flow.entered,
            **{outcome: self.flow.outcomes[outcome] for outcome in OUTCOMES},
            "now": self.flow.now,
            "conversion": self.flow.conversion,
            "win_rate": self.flow.win_rate,
            **json_object(self.lasting),
            **json_object(self.completed),
            "ways": {outcome: json_object(figures) for outcome, figures in self.ways.items()},
            "oldest_now_days": self.oldest_now_days,
            **json_object(self.target),
        }


class StageThroughput(NamedTuple):
    """One stage with its figures: over all stays, by group, and period by period. None where that was not asked for."""

    stage: str
    title: str
    kind: str
    figures: StageFigures
    by: Mapping[str, StageFigures] | None = None
    flow: Sequence[PeriodFlow] | None = None

    def as_json(self) -> dict[str, Any]:
        """Returns the stage and its figures in one flat object; groups and periods only where there are some."""
        stage: dict[str, Any] = {"stage": self.stage, "title": self.title, "kind": self.kind, **self.figures.as_json()}
        if self.by is not None:
            stage["by"] = {group: figures.as_json() for group, figures in self.by.items()}
        if self.flow is not None:
            stage["flow"] = [json_object(period) for period in self.flow]
        return stage


class LateDeal(NamedTuple):
    """A deal that has been in its stage longer than the target, and the command to act."""

    account: str
    deal: str
    ref: str
    name: str
    stage: str
    title: str
    days: float
    target_days: float
    command: str


class PastTarget(NamedTuple):
    """The deals past the target of their stage: how many, and those that are furthest past it."""

    count_: int
    deals: list[LateDeal]


class ThroughputReport(NamedTuple):
    """The figures of each stage, and the stage that holds most deal-days over its target."""

    head: ReportHead
    stages: list[StageThroughput]
    bottleneck: str | None
    past_target: PastTarget


class ComparedAt(NamedTuple):
    """The moment that separates before from after, and the number of the playbook revision that began then."""

    at: Moment
    revision: int | None


class ComparedStages(NamedTuple):
    """The figures of each stage on one side of a comparison."""

    stages: list[StageThroughput]


class ThroughputComparison(NamedTuple):
    """The figures of each stage for stays that began before a moment, and for those that began since."""

    head: ReportHead
    compare: ComparedAt
    before: ComparedStages
    after: ComparedStages


class StageCurve(NamedTuple):
    """The survival curve of the stays in an open stage: (days, share from 0 to 1 still there)."""

    stage: str
    title: str
    points: Sequence[tuple[float, float]]
    median_days: float | None
    target_days: float | None


class StageFlow(NamedTuple):
    """The flow through one stage, period by period."""

    stage: str
    title: str
    periods: Sequence[PeriodFlow]
