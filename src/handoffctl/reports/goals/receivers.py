"""The queue of each receiver: when it runs dry, and who has more than is enough."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from handoffctl.core.business_time import WorkCalendar, add_working_days, count_working_days, with_workdays
from handoffctl.core.moments import Clock
from handoffctl.reports.goals.history import GoalHistory
from handoffctl.reports.goals.query import GoalHandoff
from handoffctl.reports.sla.cases import COVER

WEEKS = 8  # of which the number taken a week is the average
DAYS_A_WEEK = 7


class ReceiverQueue(NamedTuple):
    """A receiver's open deals, how many are enough (`capacity`), and how many they take over a week.

    `dry_on` is the day by which the open deals are used up at that rate; None if they take none.
    """

    who: str
    open: int
    capacity: int | None
    a_week: float
    taken: int
    over: bool
    dry_on: str | None


def receiver_queues(
    history: GoalHistory, handoffs: Iterable[GoalHandoff], open_by_owner: Counter[str], week: WorkCalendar
) -> list[ReceiverQueue]:
    """Returns the queue of everyone who took over deals from somebody else lately, or has a capacity."""
    clock, begins = history.clock, history.clock.today - timedelta(days=WEEKS * DAYS_A_WEEK)
    taken: dict[str, list[date]] = defaultdict(list)
    for handoff in handoffs:
        returned = handoff.returned_at is not None and history.occurred(handoff.returned_at)
        if handoff.from_owner == handoff.to_owner or handoff.name == COVER or returned:
            continue
        if history.occurred(handoff.at) and handoff.to_playbook == history.playbook.playbook:
            taken[handoff.to_owner].append(clock.day_of(handoff.at))
    names = dict.fromkeys([*taken, *(name for name, most in history.roles.capacity.items() if most is not None)])
    queues = [
        _queue(name, open_by_owner[name], history.roles.capacity.get(name), taken.get(name, []), begins, clock, week)
        for name in sorted(names)
    ]
    return [queue for queue in queues if queue.taken or queue.capacity is not None]


def _queue(
    who: str, open: int, capacity: int | None, days: list[date], begins: date, clock: Clock, week: WorkCalendar
) -> ReceiverQueue:
    """Returns a queue. The rate is over eight weeks, or since the first deal if that is later."""
    recent = [day for day in days if day > begins]
    first = max(min(days), begins) if days else begins
    weeks = max((clock.today - first).days / DAYS_A_WEEK, 1.0)
    a_week = len(recent) / weeks
    dry = _dry_on(open, a_week, clock.today, week) if recent else None
    over = capacity is not None and open > capacity
    return ReceiverQueue(who, open, capacity, a_week, len(recent), over, dry.isoformat() if dry else None)


def _dry_on(open: int, a_week: float, today: date, week: WorkCalendar) -> date | None:
    """Returns the working day on which the last open deal is taken up, today being the first."""
    week = with_workdays(week)
    a_day = a_week / max(count_working_days(today, today + timedelta(days=DAYS_A_WEEK), week), 1)
    days = max(ceil(open / a_day), 1)
    first = today if week.works_on(today) else add_working_days(today, 1, week)
    return add_working_days(first, days - 1, week) if days <= 10_000 else None
