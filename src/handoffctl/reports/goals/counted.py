"""Everything that goals and objectives are measured by, read once, and how to choose from it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from handoffctl.reports.context import ReportContext
from handoffctl.reports.goals.amounts import KnownAmounts
from handoffctl.reports.goals.customers import Client
from handoffctl.reports.goals.events import GoalEvent
from handoffctl.reports.goals.expected import Expected
from handoffctl.reports.goals.history import Closing, DealPast, GoalHistory
from handoffctl.reports.goals.qualifying import Qualifying
from handoffctl.reports.goals.query import TypedNumber
from handoffctl.reports.goals.spans import Span, span_of


class Counted(NamedTuple):
    """What was read. `anchor` is the day whose periods are looked at.

    `expected` takes the last day, a person and deals (each empty or None for all), and returns what open deals are
    expected to bring by then, or None if none of them is weighted.
    """

    context: ReportContext
    history: GoalHistory
    events: Sequence[GoalEvent]
    amounts: KnownAmounts
    clients: Sequence[Client]
    typed: Sequence[TypedNumber]
    qualifying: Qualifying
    expected: Callable[[date, str, set[int] | None], Expected | None]
    anchor: date

    def span(self, per: str) -> Span:
        """Returns the time that is looked at."""
        first = min((event.day for event in self.events), default=self.context.clock.today)
        return span_of(self.context, self.anchor, per, first)


def chosen(events: Iterable[GoalEvent], role: str, person: str, deals: set[int] | None) -> list[GoalEvent]:
    """Returns the events of a role; with a person only theirs, with deals only those of these deals."""
    return [
        event
        for event in events
        if event.role == role and (not person or event.who == person) and (deals is None or event.deal in deals)
    ]


def owned_by(
    history: GoalHistory, role: str, person: str, deals: set[int] | None
) -> Callable[[DealPast, Closing | None], bool]:
    """Returns a test for deals that a person had in a role before they ended, or has now, and that are in `deals`."""

    def wanted(past: DealPast, closing: Closing | None) -> bool:
        if deals is not None and past.deal not in deals:
            return False
        place = closing.place if closing else len(past.stays)
        return not person or history.owner_in_role(past, role, place) == person

    return wanted
