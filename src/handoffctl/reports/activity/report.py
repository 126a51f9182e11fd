"""The activity report: what each owner did in the window, and which booked meetings are no-shows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.moments import Moment, is_before
from handoffctl.follow_up.rules import is_answer
from handoffctl.reports.activity import query as activity_query
from handoffctl.reports.activity.figures import (
    Activity,
    CriterionNoShows,
    MeetingMark,
    NoShowRate,
    OwnerActivity,
    OwnerPeriod,
    SourceNoShows,
    by_criterion,
    by_source,
    no_show_rate,
    period_of_event,
)
from handoffctl.reports.activity.query import OwnerMeeting
from handoffctl.reports.context import ReportContext, ReportHead

NO_COMMAND = 2**62  # a return has no command id of its own: it counts as the last event at its moment

OwnerPeriods = Mapping[int, Sequence[OwnerPeriod]]


class ActivityReport(NamedTuple):
    """The activity of each owner, and no-shows over all, by source and by criteria met at booking."""

    head: ReportHead
    owners: list[OwnerActivity]
    no_shows: NoShowRate
    sources: list[SourceNoShows]
    criteria: list[CriterionNoShows]


def build(context: ReportContext) -> ActivityReport:
    """Computes the report."""
    periods = owner_periods(context)
    owners: dict[str, Activity] = {}
    _count_touches(context, periods, owners)
    marked = list(_count_meetings(context, periods, owners))
    labels = {name: context.playbook.label_of(name) for meeting in marked for name in meeting.criteria}
    return ActivityReport(
        context.head,
        [OwnerActivity(owner, owners[owner]) for owner in sorted(owners)],
        no_show_rate(marked),
        by_source(marked),
        by_criterion(marked, labels),
    )


def owner_periods(context: ReportContext) -> OwnerPeriods:
    """Returns the owners of each deal over time, by deal id."""
    periods: dict[int, list[OwnerPeriod]] = {}
    for change in activity_query.ownership_changes(context.query):
        begun = RecordedEvent(change.at, change.command or NO_COMMAND) if change.at else None
        periods.setdefault(change.deal, []).append(OwnerPeriod(begun, change.owner, change.playbook))
    return periods


def _owner(context: ReportContext, periods: OwnerPeriods, deal: int, event: RecordedEvent) -> str | None:
    """Returns who owned the deal at an event, or None if it was in another playbook then."""
    period = period_of_event(periods.get(deal, ()), event, context.clock.zone)
    return period.owner if period and period.playbook == context.playbook.playbook else None


def _count_touches(context: ReportContext, periods: OwnerPeriods, owners: dict[str, Activity]) -> None:
    for touch in activity_query.touches(context.query):
        if not context.window.contains(touch.at):
            continue
        owner = _owner(context, periods, touch.deal, RecordedEvent(touch.at, touch.command))
        if owner is not None:
            reached = is_answer(touch.kind, touch.direction, touch.outcome)
            owners.setdefault(owner, Activity()).add_touch(touch.kind, touch.direction, reached)


def _count_meetings(
    context: ReportContext, periods: OwnerPeriods, owners: dict[str, Activity]
) -> Iterator[MeetingMark]:
    """Counts the meetings of the window by outcome, and yields those that were marked by the moment of the report."""
    criteria = activity_query.criteria_at_booking(context.query)
    for meeting in activity_query.meetings(context.query):
        for outcome, moment, command in meeting_events(context, meeting):
            if moment is None or not context.window.contains(moment):
                continue
            owner = _owner(context, periods, meeting.deal, RecordedEvent(moment, command))
            if owner is None:
                continue
            owners.setdefault(owner, Activity()).meetings[outcome] += 1
            if outcome in ("held", "no_shows"):
                yield MeetingMark(outcome == "no_shows", meeting.source or "", criteria.get(meeting.id, {}))


def meeting_events(context: ReportContext, meeting: OwnerMeeting) -> Iterator[tuple[str, Moment | None, int]]:
    """Yields the booking and the outcome of a meeting, each with its moment and command."""
    if meeting.state != "moved":
        yield "booked", meeting.booked_at, meeting.command
    if context.window.occurred(meeting.marked_at):
        outcome = "no_shows" if meeting.state == "no-show" else meeting.state
        yield outcome, _outcome_at(context, meeting), meeting.touch_command or meeting.command


def _outcome_at(context: ReportContext, meeting: OwnerMeeting) -> Moment | None:
    """Returns when the outcome happened: at the meeting's own time, unless it was decided before."""
    if meeting.state in ("cancelled", "moved"):
        return meeting.marked_at
    if meeting.touched_at or meeting.marked_at is None:
        return meeting.touched_at or meeting.at
    decided_before = is_before(meeting.marked_at, meeting.at, context.clock.zone)
    return meeting.marked_at if decided_before else meeting.at
