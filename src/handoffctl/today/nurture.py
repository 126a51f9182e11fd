"""Items for deals put aside (nurture): they wake up on their date, or because the client got in touch."""

from collections.abc import Iterator

from handoffctl.core.moments import Moment
from handoffctl.today.query import DealRow
from handoffctl.today.ranking import Item
from handoffctl.today.snapshot import TodaySnapshot


def wake_up_items(board: TodaySnapshot, place: DealRow, answered: Moment | None) -> Iterator[Item]:
    """Yields the item for a deal put aside whose date has come, or whose contact answered."""
    if place.wakes_on and board.by_tonight(place.wakes_on):
        late = board.past(place.wakes_on)
        yield board.item("wake", place, "was put aside until now", "reopen", "{}", due=place.wakes_on, overdue=late)
    elif answered:
        yield board.item("wake", place, "was put aside, and they got in touch", "reopen", "{}", since=answered)
