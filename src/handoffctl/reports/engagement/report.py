"""The engagement report: touches per stage, first responses, silences, and whether touches go with progress."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from handoffctl.deals.lookup_query import full_deal_ref
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.engagement import query as engagement_query
from handoffctl.reports.engagement.figures import DIRECTIONS, KINDS, ResponseTimes, StageEngagement, TouchCounts
from handoffctl.reports.engagement.landmark import Landmark, LandmarkGroup, landmark_days
from handoffctl.reports.engagement.touched_stays import (
    EngagementScope,
    ParsedMoment,
    StayTouch,
    TouchedStay,
    parse_moment,
    touched_stays,
)
from handoffctl.reports.throughput.flows import StageOrder
from handoffctl.stats.durations import MedianEstimate, median_estimate

PROGRESS_STEP = 5_000  # rows between two calls of the progress callback

CountsByKind = Mapping[str, Mapping[str, int]]  # kind, then direction


class FirstResponse(NamedTuple):
    """How many stays had a touch from us, and the median days to the first one with its 95 % interval."""

    stays: int
    answered: int
    waiting: int
    never: int
    median_days: float | None
    median_days_low: float | None
    median_days_high: float | None


class SilentDeal(NamedTuple):
    """The names of a deal, and `ref`, by which commands find it."""

    account: str
    name: str
    deal: str
    ref: str


class Silence(NamedTuple):
    """The median of the longest silences in days, and the longest one that goes on now."""

    median_days: float | None
    longest_now_days: float | None
    longest_now: SilentDeal | None


class AdvanceGroup(NamedTuple):
    """The stays with so many touches up to the landmark, and the median days from there to the advance."""

    touches: str
    stays: int
    advanced: int
    median_days: float | None
    median_days_low: float | None
    median_days_high: float | None


class AdvanceByTouches(NamedTuple):
    """The time to advance by the number of touches; `tells` is True if the data show a difference."""

    landmark_days: float
    groups: list[AdvanceGroup]
    tells: bool
    says: str


class StageEngagementFigures(NamedTuple):
    """The figures of one stage."""

    stage: str
    title: str
    stays: int
    touched: int
    touches_per_stay: float | None
    by: CountsByKind
    first_response: FirstResponse
    silence: Silence
    advance_by_touches: AdvanceByTouches


class DealEngagement(NamedTuple):
    """The touches of deals over all stages."""

    deals: int
    touched: int
    touches_per_deal: float | None
    by: CountsByKind


class EngagementReport(NamedTuple):
    """The figures of each stage and over all deals; `left_out` counts touches that belong to no certain stay."""

    head: ReportHead
    stages: list[StageEngagementFigures]
    deals: DealEngagement
    touches: int
    left_out: int


@dataclass
class _Totals:
    stages: dict[str, StageEngagement]
    deals: TouchCounts = field(default_factory=TouchCounts)
    left_out: int = 0


def build(context: ReportContext) -> EngagementReport:
    """Computes the report. Reads stays and touches once, side by side."""
    totals = _count_all(context)
    deals = totals.deals
    return EngagementReport(
        context.head,
        [_stage_figures(context, stage, figures) for stage, figures in totals.stages.items()],
        DealEngagement(deals.count, deals.touched, deals.mean, _by_kind(deals)),
        deals.by.total(),
        totals.left_out,
    )


def _count_all(context: ReportContext) -> _Totals:
    playbook, now = context.playbook, parse_moment(context.clock.now, context.clock.zone)
    kinds = {stage: rule.kind for stage, rule in playbook.stages.items()}
    totals = _Totals({stage: _new_stage(context, stage) for stage, kind in kinds.items() if kind == "open"})
    read = _with_progress(context)
    stays, touches = engagement_query.stay_rows(context.query), engagement_query.touch_rows(context.query)
    scope = EngagementScope(playbook.playbook, StageOrder(kinds), context.window)
    for of_account, left_out in touched_stays(read(stays), read(touches), scope):
        totals.left_out += left_out
        _count_account(context, totals, [stay for stay in of_account if stay.counted], now)
    return totals


def _count_account(context: ReportContext, totals: _Totals, stays: list[TouchedStay], now: ParsedMoment) -> None:
    by_deal: dict[int, list[StayTouch]] = {}
    for stay in stays:
        if stay.stage not in totals.stages:  # the playbook no longer has it
            totals.stages[stay.stage] = _new_stage(context, stay.stage)
        totals.stages[stay.stage].add(stay, now)
        by_deal.setdefault(stay.deal, []).extend(stay.touches)
    for touches in by_deal.values():
        totals.deals.add(touches)


def _new_stage(context: ReportContext, stage: str) -> StageEngagement:
    rule = context.playbook.stages.get(stage)
    return StageEngagement(landmark_days(rule.target if rule else None))


def _with_progress(context: ReportContext) -> Callable[[Iterable[tuple[Any, ...]]], Iterator[tuple[Any, ...]]]:
    """Returns a wrapper of row streams that reports to the progress callback how many rows of all were read."""
    size, done = engagement_query.row_count(context.query), 0

    def read(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        nonlocal done
        for row in rows:
            yield row
            done += 1
            if done % PROGRESS_STEP == 0:
                context.progress(done, size)

    return read


def _stage_figures(context: ReportContext, stage: str, figures: StageEngagement) -> StageEngagementFigures:
    touches, silence = figures.touches, figures.silence
    return StageEngagementFigures(
        stage,
        context.playbook.title_of(stage),
        touches.count,
        touches.touched,
        touches.mean,
        _by_kind(touches),
        _first_response(figures.response),
        Silence(silence.median, silence.now_days, _silent_deal(context, silence.now)),
        _advance_by_touches(figures.landmark),
    )


def _by_kind(touches: TouchCounts) -> CountsByKind:
    return {kind: {direction: touches.by[kind, direction] for direction in DIRECTIONS} for kind in KINDS}


def _first_response(response: ResponseTimes) -> FirstResponse:
    counts = (response.stays, len(response.answered), len(response.waiting), len(response.never))
    return FirstResponse(*counts, *_median(median_estimate(response.survival())))


def _median(estimate: MedianEstimate) -> tuple[float | None, float | None, float | None]:
    return estimate.median, estimate.low, estimate.high


def _silent_deal(context: ReportContext, stay: TouchedStay | None) -> SilentDeal | None:
    if stay is None:
        return None
    names = engagement_query.deal_names(context.query, stay.deal)
    ref = names.account if stay.alone else full_deal_ref(names.account, names.deal)
    return SilentDeal(names.account, names.name, names.deal, ref)


def _advance_by_touches(landmark: Landmark) -> AdvanceByTouches:
    doubt = landmark.doubt()
    text = (
        f"These data do not tell: {doubt}."
        if doubt
        else "More touches went with a faster advance: the intervals do not overlap."
    )
    groups = [_advance_group(name, group) for name, group in landmark.groups.items()]
    return AdvanceByTouches(landmark.days, groups, not doubt, text)


def _advance_group(name: str, group: LandmarkGroup) -> AdvanceGroup:
    return AdvanceGroup(name, group.stays, len(group.advanced), *_median(median_estimate(group.survival())))
