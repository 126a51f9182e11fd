"""The handoffs report: figures by handoff, by sender and by receiver."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from handoffctl.core.event_order import RecordedEvent, earliest
from handoffctl.core.json_record import JoinedRecords
from handoffctl.playbook.facts import Touch
from handoffctl.playbook.model import NEXT_STEP, Playbook
from handoffctl.reports.attempts_query import revision_contents
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.handoff_path import HandoffPath
from handoffctl.reports.handoffs import query as handoffs_query
from handoffctl.reports.handoffs.figures import (
    AttemptOutcome,
    HandoffFigures,
    Tenure,
    readiness,
    summarize,
)
from handoffctl.reports.handoffs.query import RecordedAttempt
from handoffctl.reports.handoffs.readiness import DealHistory, still_missing
from handoffctl.reports.requirements import RequirementsAtTime, all_items

NO_COMMAND = 2**62  # a return has no command id of its own: it counts as the last event at its moment

Key = TypeVar("Key", str, HandoffPath)
RecordedTouches = Sequence[tuple[Touch, RecordedEvent]]


class HandoffNames(NamedTuple):
    """The name of a handoff, the stages that it joins, and its title."""

    handoff: str
    from_: str
    to: str
    title: str


class OwnerName(NamedTuple):
    """The name of a sender or receiver."""

    owner: str


class HandoffRow(NamedTuple):
    """The figures of one handoff."""

    path: HandoffPath
    title: str
    figures: HandoffFigures

    def as_json(self) -> JoinedRecords:
        """Returns the handoff and its figures in one flat object."""
        return JoinedRecords(HandoffNames(*self.path, self.title), self.figures)


class OwnerHandoffs(NamedTuple):
    """The figures of one sender or receiver."""

    owner: str
    figures: HandoffFigures

    def as_json(self) -> JoinedRecords:
        """Returns the owner and their figures in one flat object."""
        return JoinedRecords(OwnerName(self.owner), self.figures)


class HandoffsReport(NamedTuple):
    """The figures of each handoff, in the playbook's order, and of each sender and receiver."""

    head: ReportHead
    handoffs: list[HandoffRow]
    senders: list[OwnerHandoffs]
    receivers: list[OwnerHandoffs]


def build(context: ReportContext) -> HandoffsReport:
    """Computes the report."""
    outcomes = list(_outcomes(context))
    by_path = _group(outcomes, lambda outcome: outcome.path)
    paths = dict.fromkeys([*_playbook_paths(context.playbook), *sorted(by_path)])
    names = [path.name for path in paths]
    return HandoffsReport(
        context.head,
        [HandoffRow(path, _title(context.playbook, path, names), summarize(by_path.get(path, []))) for path in paths],
        _by_owner(outcomes, lambda outcome: outcome.sender),
        _by_owner(outcomes, lambda outcome: outcome.receiver),
    )


def _group(outcomes: Sequence[AttemptOutcome], key: Callable[[AttemptOutcome], Key]) -> dict[Key, list[AttemptOutcome]]:
    groups: dict[Key, list[AttemptOutcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome), []).append(outcome)
    return groups


def _by_owner(outcomes: Sequence[AttemptOutcome], owner_of: Callable[[AttemptOutcome], str]) -> list[OwnerHandoffs]:
    groups: Mapping[str, Sequence[AttemptOutcome]] = _group(outcomes, owner_of)
    return [OwnerHandoffs(owner, summarize(groups[owner])) for owner in sorted(groups)]


def _playbook_paths(playbook: Playbook) -> list[HandoffPath]:
    """Returns the handoffs of the playbook in its order, tried or not."""
    return [
        HandoffPath(handoff.key, handoff.from_stage, handoff.to or handoff.from_stage) for handoff in playbook.handoffs
    ]


def _title(playbook: Playbook, path: HandoffPath, names: Sequence[str]) -> str:
    """Returns what people call a handoff: its name, or the stages it connects."""
    name, from_stage, to_stage = path
    if name == to_stage:
        onward = playbook.title_of(to_stage) if "/" not in to_stage else to_stage
        return f"{playbook.title_of(from_stage)} to {onward}"
    return name if names.count(name) == 1 else f"{name} ({playbook.title_of(from_stage)})"


def _outcomes(context: ReportContext) -> Iterator[AttemptOutcome]:
    """Yields each attempt as it stood at the moment of the report, deal by deal."""
    playbook, window = context.playbook.playbook, context.window
    requirements = RequirementsAtTime(context, revision_contents(context.query, playbook))
    size, done = handoffs_query.attempt_count(context.query), 0
    attempts = handoffs_query.recorded_attempts(context.query, playbook)
    for deal, of_deal in groupby(attempts, lambda attempt: attempt.deal):
        tried = [attempt for attempt in of_deal if window.contains(attempt.at)]
        completed = any(not attempt.blocked for attempt in tried)
        touches = handoffs_query.touches(context.query, deal) if completed else []
        touches = [(touch, recorded) for touch, recorded in touches if window.occurred(recorded.at)]
        for attempt in tried:
            yield _outcome(context, attempt, touches, requirements)
        done += len(tried)
        context.progress(done, size)


def _outcome(
    context: ReportContext, attempt: RecordedAttempt, touches: RecordedTouches, requirements: RequirementsAtTime
) -> AttemptOutcome:
    in_playbook = attempt.to_playbook == context.playbook.playbook
    to_stage = attempt.to_stage if in_playbook else f"{attempt.to_playbook}/{attempt.to_stage}"
    path = HandoffPath(attempt.name, attempt.from_stage, to_stage)
    if attempt.blocked:
        return AttemptOutcome(path, attempt.sender, attempt.receiver)
    tenure, clock = _tenure(context, attempt), context.clock
    accepted, returned = (
        RecordedEvent(at, NO_COMMAND) if at and context.window.occurred(at) else None
        for at in (attempt.accepted_at, attempt.returned_at)
    )
    first_touch = tenure.first([recorded for touch, recorded in touches if touch.kind != "note"], clock)
    return AttemptOutcome(
        path,
        attempt.sender,
        attempt.receiver,
        tenure.time_until(accepted, clock),
        tenure.time_until(first_touch, clock),
        tenure.end is None,
        returned is not None,
        _readiness(context, attempt, touches, first_touch, requirements) if first_touch else None,
    )


def _tenure(context: ReportContext, attempt: RecordedAttempt) -> Tenure:
    """Returns the time from the handoff to the first of: the return, the next handoff, the end of the stay."""
    events = (
        (attempt.left_at, attempt.left_by),
        (attempt.passed_at, attempt.passed_by),
        (attempt.returned_at, None),
    )
    ends = [RecordedEvent(at, command or NO_COMMAND) for at, command in events if at and context.window.occurred(at)]
    return Tenure(RecordedEvent(attempt.at, attempt.command), earliest(ends, context.clock.zone))


def _readiness(
    context: ReportContext,
    attempt: RecordedAttempt,
    touches: RecordedTouches,
    first_touch: RecordedEvent,
    requirements: RequirementsAtTime,
) -> float | None:
    """Returns the share of the required items known at the first touch, or None if that cannot be determined."""
    required = requirements.at_revision(attempt.revision, (attempt.from_stage, attempt.name), attempt.to_stage)
    if required is None:
        return None
    items = [item for item in all_items(required) if item != NEXT_STEP]
    gaps = [item for item in handoffs_query.nice_to_have_gaps(context.query, attempt.id) if item in items]
    if not gaps:
        return readiness(len(items), 0)
    handed_off, zone = RecordedEvent(attempt.at, attempt.command), context.clock.zone
    history = _history(context, attempt, touches)
    return readiness(len(items), still_missing(gaps, required.playbook, history, handed_off, first_touch, zone))


def _history(context: ReportContext, attempt: RecordedAttempt, touches: RecordedTouches) -> DealHistory:
    values = [
        *handoffs_query.contact_values(context.query, attempt.account),
        *handoffs_query.recorded_values(context.query, attempt.deal, attempt.account),
    ]
    return DealHistory(values, touches, handoffs_query.summaries(context.query, attempt.deal))
