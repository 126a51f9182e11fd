"""Dates as the screen shows them to people: `Thu 5 Mar`, with the year where it is not the present one."""

from handoffctl.core.moments import Clock, Moment, as_datetime, is_date, local_date

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_and_month(moment: Moment, clock: Clock) -> str:
    """Returns the local day of a moment, as in `10 Apr`."""
    day = local_date(moment, clock.zone)
    year = "" if day.year == clock.today.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def weekday_and_day(moment: Moment, clock: Clock) -> str:
    """Returns the local day of a moment with its weekday, as in `Thu 5 Mar`."""
    return f"{WEEKDAYS[local_date(moment, clock.zone).weekday()]} {day_and_month(moment, clock)}"


def day_and_time(moment: Moment, clock: Clock) -> str:
    """Returns the local day and, for an instant, the time, as in `Thu 12 Mar 10:00`."""
    time = "" if is_date(moment) else as_datetime(moment).astimezone(clock.zone).strftime(" %H:%M")
    return weekday_and_day(moment, clock) + time
