"""When something is due that is to be done within so much working time.

Whole days are working days and give a date: what is due on Thursday may be done at any time of it. Hours are those
in which somebody works, and give an instant; where no hours are set a working day has all of its own, 23 or 25 of them
when the clocks change.
"""

from datetime import date, datetime, timedelta

from handoffctl.domain.moments import LAST_YEAR, Moment, Zone, as_datetime, at_local, instant, is_date, local_date
from handoffctl.domain.working_days import Working, after_working_days

MINUTES_A_DAY = 1440
EVERY_DAY = Working(frozenset(range(7)), frozenset())


def due(start: Moment, length: float, week: Working, zone: Zone) -> Moment:
    """The moment by which `length` (in days) of working time has passed since `start`.

    A start that is only a date gives a date. Who has no working days at all works on all of them.
    """
    week = week if week.workdays else EVERY_DAY
    days, minutes = divmod(round(length * MINUTES_A_DAY), MINUTES_A_DAY)
    first = local_date(start, zone)
    if not minutes or is_date(start):
        return _day_after(first, days + bool(days and minutes), week).isoformat()
    return _within_hours(as_datetime(start), _day_after(first, days, week) if days else first, minutes, week, zone)


def _day_after(first: date, count: int, week: Working) -> date:
    """The working day that many after `first`; for none the first one from there on."""
    if count:
        return after_working_days(first, count, week)
    return first if week.works_on(first) else after_working_days(first, 1, week)


def _within_hours(start: datetime, day: date, minutes: int, week: Working, zone: Zone) -> Moment:
    """So many minutes of working hours on; counted from the time of day of `start` where that lies in them."""
    left = timedelta(minutes=minutes)
    at = as_datetime(_at(day, _minute_of_day(start, zone), zone)) if day != start.astimezone(zone).date() else start
    while day.year <= LAST_YEAR:
        if week.works_on(day):
            opens, closes = hours_of(day, week, zone)
            begins = max(opens, at)
            if closes > begins:
                if left <= closes - begins:
                    return instant(begins + left)
                left -= closes - begins
        day += timedelta(days=1)
    return f"{LAST_YEAR}-12-31"


def hours_of(day: date, week: Working, zone: Zone) -> tuple[datetime, datetime]:
    """When work begins and ends on this day, in UTC."""
    opens, closes = week.hours or (0, MINUTES_A_DAY)
    return as_datetime(_at(day, opens, zone)), as_datetime(_at(day, closes, zone))


def _minute_of_day(at: datetime, zone: Zone) -> int:
    there = at.astimezone(zone)
    return there.hour * 60 + there.minute


def _at(day: date, minute: int, zone: Zone) -> Moment:
    """The instant of a minute of this day on the wall; midnight at its end is that of the next day."""
    begun = datetime.combine(day, datetime.min.time())
    return at_local(begun + timedelta(minutes=minute), zone)
