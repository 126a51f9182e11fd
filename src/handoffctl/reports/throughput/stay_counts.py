"""Counts the stays of a throughput report: from the indexes if it covers all stays, otherwise stay by stay."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby, islice, pairwise
from operator import attrgetter
from typing import Protocol

from handoffctl.core.moments import LocalDays, Moment, days_between, is_before, is_date, local_date, local_to_instant
from handoffctl.errors import NotFound
from handoffctl.reports.context import ReportContext
from handoffctl.reports.throughput.durations import StayDurations
from handoffctl.reports.throughput.flows import OTHER_PLAYBOOK, Flow, StageOrder, flows_by_group
from handoffctl.reports.throughput.options import ThroughputOptions
from handoffctl.reports.throughput.periods import PERIODS, UNKNOWN, period_of
from handoffctl.reports.throughput.query import StayQueries
from handoffctl.reports.throughput.segmentation import GroupOf, PresentDeal, segment
from handoffctl.stats.stays import Stay

PROGRESS_STEP = 20_000  # rows between two calls of the progress callback


class StayCounts(Protocol):
    """Counts and lengths of stays by group and stage. The group "" holds all stays.

    `kinds` has the kind of each stage in order, those that the playbook no longer has last; `gone` are the latter.
    """

    kinds: dict[str, str]
    gone: list[str]
    flows: dict[str, dict[str, Flow]]

    @property
    def groups(self) -> list[str]: ...

    def durations(self, group: str, stage: str) -> StayDurations: ...

    def longest_present(self, stage: str, target: float, most: int) -> list[PresentDeal]:
        """Returns up to `most` deals that are past this target in days, the longest there first."""


def count_stays(context: ReportContext, options: ThroughputOptions) -> StayCounts:
    """Counts the stays of the context's playbook. Raises NotFound or Refused for what `compare` names."""
    stays = StayQueries(context.query, context.playbook.playbook)
    grouped = options.by or options.compare
    if context.window.is_unbounded and not grouped and not _is_later_than_now(context, stays):
        return IndexedStayCounts(context, stays)
    return SegmentedStayCounts(context, stays, options)


def _is_later_than_now(context: ReportContext, stays: StayQueries) -> bool:
    now, zone = context.clock.now, context.clock.zone
    if not is_date(now):
        return stays.later_than(local_date(now, zone).isoformat(), now.removesuffix("Z"))
    return stays.later_than(now, _next_midnight(context))


def _next_midnight(context: ReportContext) -> Moment:
    day = context.clock.today + timedelta(days=1)
    return local_to_instant(datetime(day.year, day.month, day.day), context.clock.zone).removesuffix("Z")


def _kinds(context: ReportContext, stages: list[str], stays: StayQueries) -> tuple[dict[str, str], list[str]]:
    """Returns the kind of each stage, and the stages that the playbook no longer has."""
    kinds: dict[str, str] = {stage: rule.kind for stage, rule in context.playbook.stages.items()}
    gone = sorted({*stages} - {OTHER_PLAYBOOK, *kinds})
    return kinds | {stage: stays.kind(stage) for stage in gone}, gone


def _stage_order(context: ReportContext, kinds: dict[str, str], gone: list[str]) -> StageOrder:
    current = {stage: kinds[stage] for stage in context.playbook.stages}
    return StageOrder(current, {stage: kinds[stage] for stage in gone})


class IndexedStayCounts:
    """All stays as they are now, without reading each: deals by their path, lengths from an index."""

    def __init__(self, context: ReportContext, stays: StayQueries) -> None:
        self._context, self._stays = context, stays
        paths = stays.paths()
        self.kinds, self.gone = _kinds(context, [stage for path, _ in paths for stage in path], stays)
        self._stages = _stage_order(context, self.kinds, self.gone)
        ungrouped = ((path, [""] * len(path), deals) for path, deals in paths)
        self.flows = flows_by_group(self._stages, ungrouped)
        self._next_stages: dict[str, set[str]] = defaultdict(set)
        for stage, next_stage in {pair for path, _ in paths for pair in pairwise(path)}:
            self._next_stages[stage].add(next_stage)
        self._durations: dict[str, StayDurations] = {}

    @property
    def groups(self) -> list[str]:
        """The names of the groups; here only that of all stays."""
        return list(self.flows)

    def durations(self, group: str, stage: str) -> StayDurations:
        """Returns the lengths of the stays in one stage."""
        if stage not in self._durations:
            self._durations[stage] = self._read_durations(stage)
        return self._durations[stage]

    def _read_durations(self, stage: str) -> StayDurations:
        by_outcome: dict[str, list[float]] = {}
        for next_stage in sorted(self._next_stages[stage]):
            outcome = self._stages.outcome(stage, next_stage)
            moved = next_stage == OTHER_PLAYBOOK
            lengths = self._stays.lengths_to_other_playbooks(stage) if moved else self._stays.lengths(stage, next_stage)
            by_outcome.setdefault(outcome, []).extend(lengths)
        return StayDurations({outcome: sorted(days) for outcome, days in by_outcome.items()}, self._ages(stage))

    def _ages(self, stage: str) -> list[float]:
        rule = self._context.playbook.stages.get(stage)
        if self.kinds[stage] != "open" and not (rule and rule.target):  # only the oldest of these is shown
            return sorted(deal.days for deal in self._longest_present(stage, 1))[-1:]
        ages: list[float] = []
        for entered_at, count in self._stays.present(stage):
            ages += [self._age(entered_at)] * count
        return sorted(ages)

    def _age(self, entered_at: Moment) -> float:
        clock = self._context.clock
        return days_between(entered_at, clock.now, clock.zone)

    def _longest_present(self, stage: str, most: int) -> Iterator[PresentDeal]:
        for deal, entered_at in self._stays.longest_present(stage, most):
            yield PresentDeal(self._age(entered_at), deal, stage)

    def longest_present(self, stage: str, target: float, most: int) -> list[PresentDeal]:
        """Returns up to `most` deals that are past this target in days, the longest there first."""
        late = (deal for deal in self._longest_present(stage, most) if deal.days > target)
        return sorted(late, reverse=True)[:most]


class SegmentedStayCounts:
    """The stays of a window, in groups, or as they were at an earlier moment. Reads every stay."""

    def __init__(self, context: ReportContext, stays: StayQueries, options: ThroughputOptions) -> None:
        path_stages = [stage for path, _ in stays.paths() for stage in path]
        self.kinds, self.gone = _kinds(context, path_stages, stays)
        stages = _stage_order(context, self.kinds, self.gone)
        group_of = _grouping(context, stays, options)
        segments = segment(all_stays(context), context.playbook.playbook, context.window, stages, group_of)
        self.flows, self._durations, self._present = segments

    @property
    def groups(self) -> list[str]:
        """The names of the groups, that of all stays among them."""
        return list(self.flows)

    def durations(self, group: str, stage: str) -> StayDurations:
        """Returns the lengths of the stays in one stage and group."""
        return self._durations.get((group, stage), StayDurations())

    def longest_present(self, stage: str, target: float, most: int) -> list[PresentDeal]:
        """Returns up to `most` deals that are past this target in days, the longest there first."""
        late = (deal for deal in self._present if deal.stage == stage and deal.days > target)
        return sorted(late, reverse=True)[:most]


def all_stays(context: ReportContext) -> Iterator[Stay]:
    """Yields every stay of the deals that ever were in the context's playbook, deal by deal."""
    queries = StayQueries(context.query, context.playbook.playbook)
    size = queries.count()
    done, stays = 0, queries.stays()
    while batch := list(islice(stays, PROGRESS_STEP)):
        yield from batch
        done += len(batch)
        context.progress(done, max(size, done))


def _grouping(context: ReportContext, stays: StayQueries, options: ThroughputOptions) -> GroupOf:
    """Returns the function that assigns a stay to its group."""
    zone = context.clock.zone
    if options.compare:
        at, _ = comparison_moment(context, options.compare)
        return lambda stay: (
            None if stay.entered_at is None else "before" if is_before(stay.entered_at, at, zone) else "after"
        )
    if options.by in PERIODS:
        days, label = LocalDays(zone), cache(lambda day: period_of(day, options.by))
        return lambda stay: label(days.of(stay.entered_at)) if stay.entered_at else UNKNOWN
    if options.by == "owner":
        owners = _earlier_owners(context, stays)
        return lambda stay: owners.get(stay.id, stay.owner) or UNKNOWN
    if options.by == "source":
        sources = stays.sources() | _earlier_sources(context, stays)
        return lambda stay: sources.get(stay.deal) or UNKNOWN
    return lambda stay: ""


def _earlier_owners(context: ReportContext, stays: StayQueries) -> dict[int, str]:
    """Returns the owner at the moment of the report, of the stays whose owner changed later; by stay id."""
    happened = context.window.occurred
    owners: dict[int, str] = {}
    for stay, changes in groupby(stays.owner_changes(), key=attrgetter("stay")):
        of_stay = list(changes)
        owner, changed_later = of_stay[0].from_owner, False
        for change in of_stay:
            for at, new_owner in ((change.at, change.to_owner), (change.returned_at, change.from_owner)):
                owner = new_owner if happened(at) else owner
                changed_later = changed_later or (at is not None and not happened(at))
        if changed_later:
            owners[stay] = owner
    return owners


def _earlier_sources(context: ReportContext, stays: StayQueries) -> dict[int, str]:
    """Returns the source at the moment of the report, of the deals whose source was recorded later; by deal id."""
    happened = context.window.occurred
    sources: dict[int, str] = {}
    for deal, recorded in groupby(stays.recorded_sources(), key=attrgetter("deal")):
        of_deal = list(recorded)
        if not all(happened(each.at) for each in of_deal):
            sources[deal] = next((each.source for each in reversed(of_deal) if happened(each.at)), "")
    return sources


def comparison_moment(context: ReportContext, text: str) -> tuple[Moment, int | None]:
    """Returns the moment that separates before from after, and the number of the revision that began then, if named.

    A revision is named by its number, the first one used being 1, or by the beginning of its hash. Raises NotFound for
    an unknown revision and Refused for a moment that cannot be read.
    """
    revisions = StayQueries(context.query, context.playbook.playbook).revisions()
    name = text.strip().casefold()
    if re.fullmatch(r"[0-9]{1,4}", name):
        numbers = [int(name)] if 1 <= int(name) <= len(revisions) else []
    elif re.fullmatch(r"(?=.*[a-f])[0-9a-f]{6,64}", name):
        numbers = [number for number, revision in enumerate(revisions, 1) if revision.hash.startswith(name)]
    else:
        return context.home.moment("--compare", text), None
    if not numbers:
        count = len(revisions)
        raise NotFound(
            f'{context.playbook.playbook} has no revision "{text[:64]}"; {count} {"was" if count == 1 else "were"} '
            "used.",
            (f"Name one from 1 to {count}, or a date" if count else "Name a date") + ", as in: --compare 2026-06-01. "
            "A change of the playbook counts from the first command that used it.",
        )  # fmt: skip
    return revisions[numbers[0] - 1].at, numbers[0]
