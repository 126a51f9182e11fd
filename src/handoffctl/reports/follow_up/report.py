"""The follow-up report: every stay assessed against the guideline of its stage."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from handoffctl.core.json_record import JoinedRecords
from handoffctl.core.moments import Moment, is_before, sort_key
from handoffctl.follow_up import query as follow_up_query
from handoffctl.follow_up.query import FollowUpStay, FollowUpTouch
from handoffctl.follow_up.rules import waiving_word
from handoffctl.playbook.sections import FollowUp
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.follow_up.assessment import FollowedStay, StayAssessment, assess
from handoffctl.reports.follow_up.figures import FollowUpFigures, summarize

PROGRESS_STEP = 5_000  # stays between two calls of the progress callback

TouchOfStay = tuple[int, str, str, str, Moment, int]  # stay, kind, direction, outcome, moment, command


class GuidelineFigures(NamedTuple):
    """What the playbook asks for: numbers of attempts, and days of working time."""

    first_within_days: float | None
    attempts: int | None
    most: int | None
    within_days: float | None
    every_days: float | None


class StageGuideline(NamedTuple):
    """A stage with its guideline."""

    stage: str
    title: str
    guideline: GuidelineFigures


class StageFollowUp(NamedTuple):
    """The figures of one stage with a guideline."""

    stage: str
    title: str
    guideline: GuidelineFigures
    figures: FollowUpFigures

    def as_json(self) -> JoinedRecords:
        """Returns the stage and its figures in one flat object."""
        return JoinedRecords(StageGuideline(self.stage, self.title, self.guideline), self.figures)


class FollowUpReport(NamedTuple):
    """The figures of each stage with a guideline, and of all of them."""

    head: ReportHead
    stages: list[StageFollowUp]
    all: FollowUpFigures


def build(context: ReportContext) -> FollowUpReport:
    """Computes the report."""
    rules = {
        name: stage.follow_up
        for name, stage in context.playbook.stages.items()
        if stage.kind == "open" and stage.follow_up
    }
    assessments: dict[str, list[StayAssessment]] = {name: [] for name in rules}
    for stage, stay in _stays(context, rules):
        assessments[stage].append(assess(rules[stage], stay, context.clock, context.home.week))
    stages = [
        StageFollowUp(name, context.playbook.title_of(name), _guideline(rule), summarize(assessments[name]))
        for name, rule in rules.items()
    ]
    every = [assessment for of_stage in assessments.values() for assessment in of_stage]
    return FollowUpReport(context.head, stages, summarize(every))


def _guideline(rule: FollowUp) -> GuidelineFigures:
    return GuidelineFigures(rule.first_within, rule.attempts, rule.most, rule.within, rule.every)


def _stays(context: ReportContext, rules: dict[str, FollowUp]) -> Iterator[tuple[str, FollowedStay]]:
    """Yields the stays in these stages that began in the window, as they were at the moment of the report."""
    name, size = context.playbook.playbook, follow_up_query.size(context.query)
    touches = groupby(follow_up_query.touches_by_stay(context.query, name), key=itemgetter(0))
    following = next(touches, None)
    for number, stay in enumerate(follow_up_query.stays(context.query, name), 1):
        while following and following[0] < stay.id:
            following = next(touches, None)
        if stay.stage in rules and context.window.contains(stay.entered_at):
            own = list(following[1]) if following and following[0] == stay.id else []
            yield stay.stage, _stay(context, rules[stay.stage], stay, own)
        if number % PROGRESS_STEP == 0:
            context.progress(number, size)


def _stay(context: ReportContext, rule: FollowUp, stay: FollowUpStay, rows: Sequence[TouchOfStay]) -> FollowedStay:
    left_at = stay.left_at if context.window.occurred(stay.left_at) else None
    touches = [
        FollowUpTouch(kind, direction, outcome, at)
        for _, kind, direction, outcome, at, command in rows
        if _is_within(context, stay, left_at, at, command)
    ]
    touches.sort(key=lambda touch: sort_key(touch.at, context.clock.zone))
    lost = left_at is not None and stay.disposition == "lost"
    return FollowedStay(stay.entered_at, left_at, touches, lost, lost and bool(waiving_word(rule, stay.because or "")))


def _is_within(context: ReportContext, stay: FollowUpStay, left_at: Moment | None, at: Moment, command: int) -> bool:
    """True if a touch fell into the stay. A touch at the moment of its end did if it was recorded by then."""
    zone = context.clock.zone
    if not context.window.occurred(at) or is_before(at, stay.entered_at, zone):
        return False
    if left_at is None or is_before(at, left_at, zone):
        return True
    return not is_before(left_at, at, zone) and command <= (stay.ended_by or 0)
