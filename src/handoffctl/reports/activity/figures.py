"""Counts what each owner did (touches, conversations, meetings), and the share of booked meetings that are no-shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.json_record import JoinedRecords
from handoffctl.core.moments import Zone
from handoffctl.stats.intervals import newcombe_interval, wilson_interval

KINDS = ("call", "email", "meeting", "message", "note")
DIRECTIONS = ("out", "in")
MEETINGS = ("booked", "held", "no_shows", "cancelled", "moved")
FEWEST_MEETINGS = 5  # with fewer marked meetings the interval is too wide for a rate to mean anything


class OwnerPeriod(NamedTuple):
    """The time from `begun` on in which somebody owned a deal in a playbook; `begun` is None where it is unknown."""

    begun: RecordedEvent | None
    owner: str
    playbook: str


def period_of_event(periods: Sequence[OwnerPeriod], event: RecordedEvent, zone: Zone) -> OwnerPeriod | None:
    """Returns the period into which an event fell; `periods` are those of its deal, in order.

    An event before the first period belongs to that one. What the command that began a period recorded besides belongs
    to the new period. Returns None if there are no periods.
    """
    for period in reversed(periods):
        if period.begun is None or not period.begun.follows(event, zone):
            return period
    return periods[0] if periods else None


@dataclass
class Activity:
    """What one owner did: touches by kind and direction, conversations among them, and meetings by outcome."""

    touches: dict[tuple[str, str], int] = field(default_factory=dict)
    conversations: int = 0
    meetings: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MEETINGS, 0))

    def add_touch(self, kind: str, direction: str, is_answer: bool) -> None:
        """Counts one touch; `is_answer` says that somebody was reached."""
        self.touches[kind, direction] = self.touches.get((kind, direction), 0) + 1
        self.conversations += is_answer

    def count(self, kind: str, direction: str) -> int:
        """Returns the number of touches of one kind in one direction."""
        return self.touches.get((kind, direction), 0)

    def in_direction(self, direction: str) -> int:
        """Returns the number of touches of any kind in one direction."""
        return sum(count for (_, each), count in self.touches.items() if each == direction)


class TouchesByDirection(NamedTuple):
    """Touches sent and received."""

    out: int
    in_: int


class OwnerActivityJson(NamedTuple):
    """The counts of one owner: touches of all kinds, conversations, meetings by outcome, and touches by kind."""

    owner: str
    out: int
    in_: int
    conversations: int
    booked: int
    held: int
    no_shows: int
    cancelled: int
    moved: int
    touches: Mapping[str, TouchesByDirection]


class OwnerActivity(NamedTuple):
    """What one owner did, under their name."""

    owner: str
    activity: Activity

    def as_json(self) -> OwnerActivityJson:
        activity = self.activity
        return OwnerActivityJson(
            self.owner,
            activity.in_direction("out"),
            activity.in_direction("in"),
            activity.conversations,
            **activity.meetings,
            touches={
                kind: TouchesByDirection(activity.count(kind, "out"), activity.count(kind, "in")) for kind in KINDS
            },
        )


class MeetingMark(NamedTuple):
    """A booked meeting that was marked as held or no-show, with its deal's source and the criteria met at booking."""

    no_show: bool
    source: str
    criteria: Mapping[str, bool]


class NoShowRate(NamedTuple):
    """The share of marked meetings (0 to 1) that were no-shows, with its 95 % interval; None if not `enough`."""

    meetings: int
    no_shows: int
    rate: float | None
    low: float | None
    high: float | None
    enough: bool


class SourceName(NamedTuple):
    """The name of a source; None is that of deals without one."""

    source: str | None


class SourceNoShows(NamedTuple):
    """The no-show rate of the deals from one source; None is the source of deals without one."""

    source: str | None
    no_shows: NoShowRate

    def as_json(self) -> JoinedRecords:
        """Returns the source and the rate in one flat object."""
        return JoinedRecords(SourceName(self.source), self.no_shows)


class DifferenceInterval(NamedTuple):
    """The 95 % interval of the difference of two shares (-1 to 1)."""

    low: float
    high: float


class CriterionNoShows(NamedTuple):
    """The no-show rates of meetings that met a criterion when they were booked, and of those that did not.

    `difference` is the 95 % interval of met less not met (Newcombe 1998); `tells` is True if it leaves out zero.
    """

    criterion: str
    label: str
    met: NoShowRate
    not_met: NoShowRate
    difference: DifferenceInterval | None
    tells: bool


def no_show_rate(meetings: Iterable[MeetingMark]) -> NoShowRate:
    """Returns the share of marked meetings that were no-shows, with its 95 % interval (Wilson 1927).

    With fewer than `FEWEST_MEETINGS` there is neither, because they would mostly show chance.
    """
    marks = [meeting.no_show for meeting in meetings]
    no_shows, count = sum(marks), len(marks)
    if count < FEWEST_MEETINGS:
        return NoShowRate(count, no_shows, None, None, None, False)
    return NoShowRate(count, no_shows, no_shows / count, *wilson_interval(no_shows, count), True)


def by_source(meetings: Sequence[MeetingMark]) -> list[SourceNoShows]:
    """Returns the rate of each source, the one with most meetings first."""
    sources: dict[str, list[MeetingMark]] = {}
    for meeting in meetings:
        sources.setdefault(meeting.source, []).append(meeting)
    ordered = sorted(sources, key=lambda name: (-len(sources[name]), name))
    return [SourceNoShows(source or None, no_show_rate(sources[source])) for source in ordered]


def by_criterion(meetings: Sequence[MeetingMark], labels: Mapping[str, str]) -> list[CriterionNoShows]:
    """Returns the rates by each criterion that was checked when a meeting was booked.

    `labels` has what people call the criteria; one without a label goes by its name.
    """
    names = dict.fromkeys(name for meeting in meetings for name in meeting.criteria)
    return [
        _compare([meeting for meeting in meetings if name in meeting.criteria], name, labels.get(name, name))
        for name in names
    ]


def _compare(meetings: Sequence[MeetingMark], name: str, label: str) -> CriterionNoShows:
    met, not_met = (no_show_rate(each for each in meetings if each.criteria[name] is held) for held in (True, False))
    ends = (
        newcombe_interval(met.no_shows, met.meetings, not_met.no_shows, not_met.meetings)
        if met.enough and not_met.enough
        else None
    )
    tells = ends is not None and not ends[0] <= 0 <= ends[1]
    return CriterionNoShows(name, label, met, not_met, DifferenceInterval(*ends) if ends else None, tells)
