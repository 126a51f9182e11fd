"""The results of the throughput report as records."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, JoinedRecords, Omitted
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


class FlowFigures(NamedTuple):
    """The counts of a stage in stays, `deals` in deals, and the shares (0 to 1) that went on and that won."""

    deals: int
    entered: int
    advanced: int
    returned: int
    won: int
    lost: int
    nurture: int
    moved: int
    now: int
    conversion: float | None
    win_rate: float | None


class OutcomesAndAge(NamedTuple):
    """The figures of each outcome, and the age in days of the longest stay that still goes on."""

    ways: Mapping[str, OutcomeFigures]
    oldest_now_days: float | None


class StageFigures(NamedTuple):
    """The figures of one stage, in one group of its stays. `oldest_now_days` is the age of the longest one there."""

    flow: Flow
    lasting: KaplanMeierFigures
    completed: CompletedFigures
    ways: Mapping[str, OutcomeFigures]
    oldest_now_days: float | None
    target: TargetFigures

    def as_json(self) -> JoinedRecords:
        """Returns the figures in one flat object; `ways` has those of each outcome."""
        ways = OutcomesAndAge(self.ways, self.oldest_now_days)
        return JoinedRecords(_flow_figures(self.flow), self.lasting, self.completed, ways, self.target)


def _flow_figures(flow: Flow) -> FlowFigures:
    return FlowFigures(
        deals=flow.deals,
        entered=flow.entered,
        **{outcome: flow.outcomes[outcome] for outcome in OUTCOMES},
        now=flow.now,
        conversion=flow.conversion,
        win_rate=flow.win_rate,
    )


class StageNames(NamedTuple):
    """A stage by its name, its title and its kind."""

    stage: str
    title: str
    kind: str


class StageDetails(NamedTuple):
    """The figures of a stage by group and by period, where they were asked for."""

    by: Mapping[str, StageFigures] | Omitted
    flow: Sequence[PeriodFlow] | Omitted


class StageThroughput(NamedTuple):
    """One stage with its figures: over all stays, by group, and period by period. None where that was not asked for."""

    stage: str
    title: str
    kind: str
    figures: StageFigures
    by: Mapping[str, StageFigures] | None = None
    flow: Sequence[PeriodFlow] | None = None

    def as_json(self) -> JoinedRecords:
        """Returns the stage and its figures in one flat object; groups and periods only where there are some."""
        details = StageDetails(
            OMITTED if self.by is None else self.by,
            OMITTED if self.flow is None else self.flow,
        )
        return JoinedRecords(StageNames(self.stage, self.title, self.kind), self.figures, details)


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
