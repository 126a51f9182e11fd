"""The throughput report: how many deals pass each stage, how they leave it, and how long they stay."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from handoffctl.core.moments import Moment, local_date
from handoffctl.deals.stays_query import deal_names
from handoffctl.errors import NotFound, UsageFault, nearest
from handoffctl.reports.context import ReportContext
from handoffctl.reports.throughput.durations import (
    NOT_APPLICABLE,
    against_target,
    by_outcome,
    completed_figures,
    kaplan_meier_summary,
)
from handoffctl.reports.throughput.figures import (
    ComparedAt,
    ComparedStages,
    LateDeal,
    PastTarget,
    StageCurve,
    StageFigures,
    StageFlow,
    StageThroughput,
    ThroughputComparison,
    ThroughputReport,
)
from handoffctl.reports.throughput.flows import Flow
from handoffctl.reports.throughput.options import ThroughputOptions
from handoffctl.reports.throughput.periods import PERIODS, UNKNOWN, PeriodFlow, flows_by_period, period_of
from handoffctl.reports.throughput.segmentation import PresentDeal
from handoffctl.reports.throughput.stay_counts import (
    StayCounts,
    all_stays,
    comparison_moment,
    count_stays,
)

BY = (*PERIODS, "owner", "source")
MOST_PAST_TARGET = 20


def build(context: ReportContext, options: ThroughputOptions | None = None) -> ThroughputReport | ThroughputComparison:
    """Computes the report.

    Raises NotFound for an unknown stage or revision, UsageFault for an unknown way to group or for options that exclude
    each other, and Refused for a moment that cannot be read.
    """
    options = options or ThroughputOptions()
    _check(options)
    counts = count_stays(context, options)
    stages = _stages_shown(context, counts, options.stage)
    if counts.gone:
        context.remarks.append(f"The playbook no longer has: {', '.join(counts.gone)}.")
    if options.compare:
        return _comparison(context, counts, stages, options.compare)
    rows = []
    for number, stage in enumerate(stages, 1):
        rows.append(_stage(context, counts, stage, ""))
        context.progress(number, len(stages))
    if options.by:
        rows = [row._replace(by=_groups(context, counts, row.stage)) for row in rows]
    if options.by in PERIODS:
        over_time = _over_time(context, options.by)
        rows = [row._replace(flow=over_time.get(row.stage, [])) for row in rows]
    return ThroughputReport(context.head, rows, _bottleneck(context, counts), _past_target(context, counts, stages))


def _check(options: ThroughputOptions) -> None:
    if options.by and options.by not in BY:
        raise UsageFault(f"--by {options.by[:40]} is none of {', '.join(BY)}.", "As in: --by month")
    if options.by and options.compare:
        raise UsageFault("--by and --compare do not go together.", "Leave one of them out.")


def _stages_shown(context: ReportContext, counts: StayCounts, name: str) -> list[str]:
    """Returns all stages, or the one with this name or title. Raises NotFound."""
    if not name:
        return list(counts.kinds)
    titles = {context.playbook.title_of(stage).casefold(): stage for stage in counts.kinds}
    stage = name if name in counts.kinds else titles.get(name.casefold())
    if stage is None:
        stages = list(counts.kinds)
        raise NotFound(
            f'{context.playbook.playbook} has no stage "{name[:60]}" {nearest(name, stages)}'.rstrip() + ".",
            f"Its stages: {', '.join(stages)}.",
        )
    return [stage]


def _stage(context: ReportContext, counts: StayCounts, stage: str, group: str) -> StageThroughput:
    figures = _figures(context, counts, stage, group)
    return StageThroughput(stage, context.playbook.title_of(stage), counts.kinds[stage], figures)


def _figures(context: ReportContext, counts: StayCounts, stage: str, group: str) -> StageFigures:
    """Returns the figures of one stage in one group of its stays."""
    durations = counts.durations(group, stage)
    rule = context.playbook.stages.get(stage)
    return StageFigures(
        counts.flows.get(group, {}).get(stage, Flow()),
        kaplan_meier_summary(durations) if counts.kinds[stage] == "open" else NOT_APPLICABLE,
        completed_figures(durations.completed),
        by_outcome(durations),
        durations.censored[-1] if len(durations.censored) else None,
        against_target(durations, rule.target if rule else None),
    )


def _groups(context: ReportContext, counts: StayCounts, stage: str) -> dict[str, StageFigures]:
    """Returns the figures of each group with stays in this stage, the unknown group last."""
    return {
        group: _figures(context, counts, stage, group)
        for group in sorted(counts.groups, key=lambda group: (group == UNKNOWN, group))
        if group and stage in counts.flows.get(group, {})
    }


def _comparison(context: ReportContext, counts: StayCounts, stages: list[str], compare: str) -> ThroughputComparison:
    before, after = (
        ComparedStages([_stage(context, counts, stage, side) for stage in stages]) for side in ("before", "after")
    )
    return ThroughputComparison(context.head, ComparedAt(*comparison_moment(context, compare)), before, after)


def _bottleneck(context: ReportContext, counts: StayCounts) -> str | None:
    """Returns the stage with most deal-days over target, or None. Considers all stages even if only one is shown."""
    days_over = {
        stage: against_target(counts.durations("", stage), rule.target).days_over_target
        for stage, rule in context.playbook.stages.items()
        if rule.kind == "open" and rule.target is not None
    }
    slowest = max(days_over, key=lambda stage: days_over[stage], default=None)
    return slowest if slowest and days_over[slowest] > 0 else None


def _past_target(context: ReportContext, counts: StayCounts, stages: list[str]) -> PastTarget:
    """Returns the deals past the target of their stage, the one furthest past it first."""
    targets = {
        stage: rule.target
        for stage, rule in context.playbook.stages.items()
        if stage in stages and rule.kind == "open" and rule.target is not None
    }
    count = sum(against_target(counts.durations("", stage), target).past_target for stage, target in targets.items())
    late = [
        deal for stage, target in targets.items() for deal in counts.longest_present(stage, target, MOST_PAST_TARGET)
    ]
    late = sorted(late, key=lambda deal: deal.days - targets[deal.stage], reverse=True)[:MOST_PAST_TARGET]
    return PastTarget(count, _late_deals(context, late, targets))


def _late_deals(context: ReportContext, late: Sequence[PresentDeal], targets: Mapping[str, float]) -> list[LateDeal]:
    names = deal_names(context.query, [deal.deal for deal in late])
    return [
        LateDeal(
            names[deal.deal].account,
            names[deal.deal].deal,
            names[deal.deal].ref,
            names[deal.deal].name,
            deal.stage,
            context.playbook.title_of(deal.stage),
            deal.days,
            targets[deal.stage],
            f"handoffctl handoff {names[deal.deal].ref}",
        )
        for deal in late
    ]


def stage_flows(context: ReportContext, length: str) -> list[StageFlow]:
    """Returns the flow through each stage that was entered; `length` is week or month.

    All begin with the same period, the first of any of them, so that their pictures can be compared.
    """
    over_time = _over_time(context, length)
    longest = max(over_time.values(), key=len, default=[])
    for stage, periods in over_time.items():
        earlier = longest[: len(longest) - len(periods)]
        over_time[stage] = [PeriodFlow(each.period, 0, 0, 0) for each in earlier] + periods
    return [
        StageFlow(stage, context.playbook.title_of(stage), over_time[stage])
        for stage in context.playbook.stages
        if stage in over_time
    ]


def _over_time(context: ReportContext, length: str) -> dict[str, list[PeriodFlow]]:
    """Returns the flow through each stage within the window, period by period."""
    since, until = (_local_day(context, end) for end in (context.window.since, context.window.until))
    flows = flows_by_period(_known_stays(context), length, context.clock, since)
    if until is None:
        return flows
    last = period_of(until, length)
    return {stage: [period for period in periods if period.period <= last] for stage, periods in flows.items()}


def _known_stays(context: ReportContext) -> Iterator[tuple[str, Moment, Moment | None]]:
    """Yields (stage, beginning, end) of the stays whose beginning is known, and whose end is known if they ended."""
    happened = context.window.occurred
    for stay in all_stays(context):
        if stay.playbook == context.playbook.playbook and stay.entered_at and happened(stay.entered_at):
            if not stay.ended:
                yield stay.stage, stay.entered_at, None
            elif stay.left_at:
                yield stay.stage, stay.entered_at, stay.left_at if happened(stay.left_at) else None


def _local_day(context: ReportContext, moment: Moment | None) -> date | None:
    return local_date(moment, context.clock.zone) if moment else None


def stage_curves(context: ReportContext) -> list[StageCurve]:
    """Returns the survival curve of each open stage that any deal entered."""
    counts = count_stays(context, ThroughputOptions())
    durations = {stage: counts.durations("", stage) for stage in counts.kinds}
    return [
        StageCurve(
            stage,
            context.playbook.title_of(stage),
            durations[stage].survival.curve(),
            durations[stage].survival.median,
            rule.target,
        )
        for stage, rule in context.playbook.stages.items()
        if rule.kind == "open" and stage in durations and (durations[stage].completed or durations[stage].censored)
    ]
