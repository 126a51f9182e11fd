"""The effort report: how long answering takes per handoff and per item, and what the process costs a week."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from handoffctl.core.moments import Moment, Zone, days_between, is_before, sort_key
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.effort import query as effort_query
from handoffctl.reports.effort.figures import Effort, Timings, efforts, minutes_a_week, weeks
from handoffctl.reports.effort.query import AnswerDuringStay
from handoffctl.reports.handoff_path import HandoffPath


class TimedRun(NamedTuple):
    """One handoff that asked something, with the seconds that answering took."""

    at: Moment
    seconds: float
    is_drill: bool
    path: HandoffPath


class TimedRuns(NamedTuple):
    """The number of runs of a handoff, and the seconds that answering took in them."""

    runs: int
    median_seconds: float | None
    p85_seconds: float | None
    total_seconds: float


class TimedAnswers(NamedTuple):
    """The number of answers to an item, and the seconds that they took."""

    answers: int
    median_seconds: float | None
    p85_seconds: float | None
    total_seconds: float


class HandoffEffortJson(NamedTuple):
    """A handoff with its real runs and its drills."""

    handoff: str
    from_: str
    to: str
    real: TimedRuns
    drills: TimedRuns


class ItemEffortJson(NamedTuple):
    """An item with its real answers and those in drills."""

    item: str
    label: str
    real: TimedAnswers
    drills: TimedAnswers


class HandoffEffort(NamedTuple):
    """The seconds that answering took in one handoff."""

    path: HandoffPath
    effort: Effort

    def as_json(self) -> HandoffEffortJson:
        real, drills = (TimedRuns(*_numbers(timings)) for timings in (self.effort.real, self.effort.drills))
        return HandoffEffortJson(*self.path, real, drills)


class ItemEffort(NamedTuple):
    """The seconds that answering one item took."""

    item: str
    label: str
    effort: Effort

    def as_json(self) -> ItemEffortJson:
        real, drills = (TimedAnswers(*_numbers(timings)) for timings in (self.effort.real, self.effort.drills))
        return ItemEffortJson(self.item, self.label, real, drills)


def _numbers(timings: Timings) -> tuple[int, float | None, float | None, float]:
    """Returns the number of timings, and their median, 85th percentile and total in seconds."""
    return timings.count, timings.percentile(0.5), timings.percentile(0.85), timings.total


class EffortReport(NamedTuple):
    """The cost of the process in minutes a week, and the seconds per handoff and item.

    `minutes_a_week` and `weeks` are None without a real run. `untimed` counts handoffs that asked nothing.
    """

    head: ReportHead
    minutes_a_week: float | None
    weeks: float | None
    runs: int
    untimed: int
    drills: int
    handoffs: list[HandoffEffort]
    items: list[ItemEffort]


def build(context: ReportContext) -> EffortReport:
    """Computes the report.

    A run is a handoff that asked something, blocked ones included. A handoff belongs to the playbook of the stage it
    left, an answer to the playbook that its deal was in then.
    """
    runs = list(_runs(context))
    paths = efforts((run.path, run.seconds, run.is_drill) for run in runs)
    real = [run for run in runs if not run.is_drill]
    span = _weeks(context, [run.at for run in real])
    total = Timings([run.seconds for run in real]).total
    untimed = effort_query.untimed_handoffs(context.query, context.playbook.playbook)
    items = efforts(_answers(context))
    return EffortReport(
        context.head,
        None if span is None else minutes_a_week(total, span),
        span,
        len(real),
        sum(context.window.contains(at) for at in untimed),
        len(runs) - len(real),
        [HandoffEffort(path, paths[path]) for path in _in_playbook_order(context, paths)],
        [ItemEffort(item, context.playbook.label_of(item), effort) for item, effort in _costliest_first(items)],
    )


def _runs(context: ReportContext) -> Iterator[TimedRun]:
    playbook = context.playbook.playbook
    for row in effort_query.timed_handoffs(context.query, playbook):
        if context.window.contains(row.at):
            to_stage = row.to_stage if row.to_playbook == playbook else f"{row.to_playbook}/{row.to_stage}"
            yield TimedRun(row.at, row.seconds, bool(row.is_drill), HandoffPath(row.name, row.from_stage, to_stage))


def _answers(context: ReportContext) -> Iterator[tuple[str, float, bool]]:
    """Yields (item, seconds, is drill) of the answers that belong to the playbook."""
    playbook, zone = context.playbook.playbook, context.clock.zone
    for _, rows in groupby(effort_query.timed_answers(context.query), key=lambda row: row.id):
        stays = list(rows)
        answer = stays[0]
        by_deal = groupby(stays, key=lambda stay: stay.deal)
        if context.window.contains(answer.at) and any(
            _playbook_at(of_deal, answer.at, zone) == playbook for _, of_deal in by_deal
        ):
            yield answer.item, answer.seconds, bool(answer.is_drill)


def _playbook_at(stays: Iterable[AnswerDuringStay], at: Moment, zone: Zone) -> str | None:
    """Returns the playbook that the deal was in at this moment.

    A run that ends a stay asks within it, at the very moment at which the next stay begins.
    """
    for stay in stays:
        if stay.left_at is None or not is_before(stay.left_at, at, zone):
            return None if stay.entered_at and is_before(at, stay.entered_at, zone) else stay.playbook
    return None


def _weeks(context: ReportContext, runs: list[Moment]) -> float | None:
    """Returns the weeks that the real runs cover: from the first one, or --since, to the moment of the report."""
    zone, window = context.clock.zone, context.window
    if not runs:
        return None
    start = window.since or min(runs, key=lambda at: sort_key(at, zone))
    ends_earlier = window.until and is_before(window.until, context.clock.now, zone)
    end = window.until if window.until and ends_earlier else context.clock.now
    return weeks(days_between(start, end, zone))


def _in_playbook_order(context: ReportContext, paths: Iterable[HandoffPath]) -> list[HandoffPath]:
    """Sorts by the stages left and by the playbook's handoffs; those that the playbook no longer has come last."""
    stages, names = list(context.playbook.stages), [handoff.key for handoff in context.playbook.handoffs]

    def position(path: HandoffPath) -> tuple[int, int]:
        return (
            stages.index(path.from_stage) if path.from_stage in stages else len(stages),
            names.index(path.name) if path.name in names else len(names),
        )

    return sorted(paths, key=position)


def _costliest_first(items: dict[str, Effort]) -> list[tuple[str, Effort]]:
    return sorted(items.items(), key=lambda item: (-item[1].real.total, -item[1].drills.total, item[0]))
