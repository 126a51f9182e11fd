"""Items for deals put aside (nurture): they wake up on their date, or because the client got in touch."""

from collections.abc import Iterator

from handoffctl.core.moments import Moment
from handoffctl.today.query import DealRow
from handoffctl.today.ranking import Item
from handoffctl.today.snapshot import TodaySnapshot


def wake_up_items(snapshot: TodaySnapshot, deal: DealRow, answered: Moment | None) -> Iterator[Item]:
    """Yields the item for a deal put aside whose date has come, or whose contact answered."""
    if deal.wakes_on and snapshot.by_tonight(deal.wakes_on):
        late = snapshot.past(deal.wakes_on)
        yield snapshot.item("wake", deal, "was put aside until now", "reopen", "{}", due=deal.wakes_on, overdue=late)
    elif answered:
        yield snapshot.item("wake", deal, "was put aside, and they got in touch", "reopen", "{}", since=answered)
