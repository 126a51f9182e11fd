"""Writes today's items as a calendar file: meetings at their hour, everything else as all-day entries."""

from hashlib import sha256
from pathlib import Path

from handoffctl.core.ics import PROGRAM, CalendarEntry
from handoffctl.core.moments import Clock
from handoffctl.today.query import DealRow
from handoffctl.today.ranking import Item
from handoffctl.today.today import TodayList
from handoffctl.workspace.calendar_files import refuse_foreign_file
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import publish_file

NAME = "handoffctl today"


def write(home: Home, path: Path, today_list: TodayList) -> int:
    """Writes the items into the file, or replaces an earlier one of ours; returns how many. Raises Refused for other
    files.
    """
    for mark in (f"PRODID:{PROGRAM}", f"X-WR-CALNAME:{NAME}"):
        refuse_foreign_file(home, path, mark)
    entries = [_entry(item, deal, home.clock) for item, deal in today_list.items]
    # A calendar without an entry is none, and yesterday's would still stand there.
    nothing = CalendarEntry(
        "nothing@today.handoffctl", "Nothing waits", home.clock.today.isoformat(), made_at=home.clock.now
    )
    from handoffctl.core.ics_document import calendar

    publish_file(path, calendar(entries or [nothing], home.clock.zone, request=False, name=NAME))
    return len(entries)


def _entry(item: Item, deal: DealRow, clock: Clock) -> CalendarEntry:
    """Makes a calendar entry. An item keeps its UID from day to day, so that it moves and is not doubled."""
    title = f"{deal.name}: {item.what}"
    if item.uid and item.due:
        return CalendarEntry(item.uid, title, item.due, item.minutes, item.command, clock.now)
    digest = sha256("\n".join((item.kind, item.command)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    uid = f"{item.kind}-{item.deal}-{digest}@today.handoffctl"
    return CalendarEntry(uid, title, clock.today.isoformat(), None, item.command, clock.now)
