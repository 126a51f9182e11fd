"""Writes calendar files (.ics): invitations to meetings, and due items. Sends nothing.

The format is RFC 5545, with RFC 5546 for invitations. A date becomes a whole day, an instant a local time in the user's
zone.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress
from tzlocal import get_localzone_name, reload_localzone

from handoffctl.core.ics import ADDRESS, PROGRAM, CalendarEntry, ics_line, ics_text
from handoffctl.core.moments import Moment, Zone, as_datetime, is_date

_IN_UTC = ("UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal")
_MARGIN = timedelta(days=400)  # around the entries: at least one change of the clocks on either side


def calendar(entries: Sequence[CalendarEntry], zone: Zone, request: bool, name: str = "") -> bytes:
    """Returns the content of a calendar file. With `request` it invites the attendees, or cancels the meeting if all
    entries are cancelled; else it only publishes the entries.

    Times carry the name of the zone and its offsets; they are in UTC if the zone has no name. Never raises because of
    the texts: control characters are left out, and so are attendees without an address.
    """
    calendar_zone = _calendar_zone(zone, [as_datetime(entry.at) for entry in entries if not is_date(entry.at)])
    calendar = Calendar()
    calendar.add("prodid", PROGRAM)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", _method(entries) if request else "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
    _add_zone(calendar, entries, calendar_zone)
    for entry in entries:
        calendar.add_component(_event(entry, calendar_zone, request))
    content: bytes = calendar.to_ical()
    return content


def _method(entries: Sequence[CalendarEntry]) -> str:
    return "CANCEL" if entries and all(entry.cancelled for entry in entries) else "REQUEST"


def _event(entry: CalendarEntry, zone: tzinfo, request: bool) -> Event:
    event = Event()
    event.add("uid", ics_line(entry.uid))
    event.add("dtstamp", _stamp(entry.made_at or entry.at))
    event.add("sequence", entry.moves)
    event.add("summary", ics_line(entry.title))
    if entry.says:
        event.add("description", ics_text(entry.says))
    if entry.place:
        event.add("location", ics_line(entry.place))
    for name, moment in _span(entry, zone):
        event.add(name, moment)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_date(entry.at) else "OPAQUE")
    for organizer in _people([entry.organizer] if entry.organizer else []):
        event.add("organizer", organizer)
    for attendee in _people(entry.attendees if request else []):
        attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
        event.add("attendee", attendee)
    return event


def _span(entry: CalendarEntry, zone: tzinfo) -> Iterator[tuple[str, date]]:
    """Yields the start and, if the entry has a length, the end. A whole day needs no end.

    In the hour that the clocks show twice in autumn, a local time would mean the first one: then both are in UTC.
    """
    if is_date(entry.at):
        yield "dtstart", date.fromisoformat(entry.at)
        return
    begins = as_datetime(entry.at).replace(microsecond=0)
    moments = {"dtstart": begins}
    if entry.minutes:
        moments["dtend"] = begins + timedelta(minutes=entry.minutes)
    local = {name: at.astimezone(zone) for name, at in moments.items()}
    yield from (moments if any(at.fold for at in local.values()) else local).items()


def _stamp(moment: Moment) -> datetime:
    at = datetime.combine(date.fromisoformat(moment), datetime.min.time(), UTC) if is_date(moment) else None
    return at or as_datetime(moment).replace(microsecond=0)


def _people(people: Iterable[tuple[str, str]]) -> Iterator[vCalAddress]:
    for name, address in people:
        address = ics_line(address)
        if ADDRESS.fullmatch(address):
            person = vCalAddress(f"mailto:{quote(address, safe='@!$&*+-/=^_`{|}~.')}")
            if common_name := ics_line(name).replace('"', "'"):
                person.params["CN"] = common_name
            yield person


def _calendar_zone(zone: Zone, instants: Sequence[datetime]) -> tzinfo:
    """Returns the zone under a name that calendars know; UTC if it has no name, or is UTC."""
    key = getattr(zone, "key", None) if zone else _machine_zone_name(instants)
    return UTC if key is None or key in _IN_UTC else ZoneInfo(key)


def _machine_zone_name(instants: Sequence[datetime]) -> str | None:
    """Returns the name of the machine's zone; None if it has none, or if its offsets are not those of the machine."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reload_localzone()  # tzlocal caches the zone
            name = str(get_localzone_name())
        zone = ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None
    agrees = all(at.astimezone().utcoffset() == at.astimezone(zone).utcoffset() for at in instants)
    return name if agrees else None


def _add_zone(calendar: Calendar, entries: Sequence[CalendarEntry], zone: tzinfo) -> None:
    instants = [as_datetime(entry.at) for entry in entries if not is_date(entry.at)]
    if instants and isinstance(zone, ZoneInfo):
        longest = timedelta(minutes=max((entry.minutes or 0) for entry in entries))
        calendar.add_component(_timezone(zone, min(instants) - _MARGIN, max(instants) + longest + _MARGIN))


def _timezone(zone: ZoneInfo, since: datetime, until: datetime) -> Timezone:
    """Builds the VTIMEZONE of a zone between two moments, with one part for each change of its clocks.

    icalendar can build one, too, but gives the time of a change by the clocks after it, where RFC 5545 (3.6.5) wants
    the clocks before it: an hour late in spring.
    """
    timezone = Timezone()
    timezone.add("tzid", zone.key)
    previous = since.astimezone(zone).utcoffset()
    for at in (since, *_changes(zone, since, until)):
        local = at.astimezone(zone)
        part = TimezoneDaylight() if local.dst() else TimezoneStandard()
        part.add("dtstart", (at + (previous or timedelta())).replace(tzinfo=None, microsecond=0))
        part.add("tzoffsetfrom", previous)
        part.add("tzoffsetto", local.utcoffset())
        part.add("tzname", local.tzname())
        timezone.add_component(part)
        previous = local.utcoffset()
    return timezone


def _changes(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yields the instants at which the zone's clocks change, to the second."""
    day = since
    while day < until:
        following = day + timedelta(days=1)
        if _offset(zone, day) != _offset(zone, following):
            yield _bisect_change(zone, day, following)
        day = following


def _bisect_change(zone: ZoneInfo, old: datetime, new: datetime) -> datetime:
    """Returns the first whole second with the offset and the zone name of `new`."""
    while new - old > timedelta(seconds=1):
        middle = (old + (new - old) / 2).replace(microsecond=0)
        if _offset(zone, middle) == _offset(zone, old):
            old = middle
        else:
            new = middle
    return new


def _offset(zone: ZoneInfo, at: datetime) -> tuple[timedelta | None, str | None]:
    local = at.astimezone(zone)
    return local.utcoffset(), local.tzname()
