"""Writes calendar files (.ics): invitations to meetings, and what is due. Sends nothing.

The form is that of RFC 5545, with RFC 5546 for invitations. Moments keep what they are: a date is a whole day, an
instant is a time on the wall of the user's zone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from handoffctl.core.moments import Moment, Zone, as_datetime, is_date

if TYPE_CHECKING:
    from icalendar import Calendar, Event, Timezone, vCalAddress

PROGRAM = "-//handoffctl//handoffctl//EN"
_IN_UTC = ("UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal")
_MARGIN = timedelta(days=400)  # around what stands in the file: at least one change of the clocks on either side
_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+")
_NO_TEXT = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar. A date is a whole day, whatever the minutes; without minutes an instant has no length.

    `uid` is what calendars know it by, for good. `made_at` is when it was last changed, `moves` how often that was.
    """

    uid: str
    title: str
    at: Moment
    minutes: int | None = None
    says: str = ""
    made_at: Moment = ""
    moves: int = 0
    cancelled: bool = False
    organizer: tuple[str, str] | None = None  # name, address
    attendees: tuple[tuple[str, str], ...] = ()


def calendar(entries: Sequence[Entry], zone: Zone, request: bool, name: str = "") -> bytes:
    """The file, called `name` where it has one. With `request` it invites, or calls off where the entries are
    cancelled; else it only tells.

    Times carry the name of the zone and its offsets around them; where the zone has no name they are in UTC. Never
    raises for what texts hold: what could steer a calendar is left out, and an attendee without an address too.
    """
    from icalendar import Calendar

    named = _named(zone, [as_datetime(entry.at) for entry in entries if not is_date(entry.at)])
    made = Calendar()
    made.add("prodid", PROGRAM)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", _method(entries) if request else "PUBLISH")
    if name:
        made.add("x-wr-calname", name)
    _add_zone(made, entries, named)
    for entry in entries:
        made.add_component(_event(entry, named, request))
    text: bytes = made.to_ical()
    return text


def can_invite(entry: Entry) -> bool:
    """Whether there is somebody to invite, and somebody who does."""
    people = [*([entry.organizer] if entry.organizer else [])], entry.attendees
    return all(any(_ADDRESS.fullmatch(_line(address)) for _, address in some) for some in people)


def _method(entries: Sequence[Entry]) -> str:
    return "CANCEL" if entries and all(entry.cancelled for entry in entries) else "REQUEST"


def _event(entry: Entry, named: tzinfo, request: bool) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", _line(entry.uid))
    event.add("dtstamp", _stamp(entry.made_at or entry.at))
    event.add("sequence", entry.moves)
    event.add("summary", _line(entry.title))
    if entry.says:
        event.add("description", _text(entry.says))
    for name, moment in _span(entry, named):
        event.add(name, moment)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_date(entry.at) else "OPAQUE")
    for organizer in _people([entry.organizer] if entry.organizer else []):
        event.add("organizer", organizer)
    for attendee in _people(entry.attendees if request else []):
        attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
        event.add("attendee", attendee)
    return event


def _span(entry: Entry, named: tzinfo) -> Iterator[tuple[str, date]]:
    """When it begins and, where it has a length, when it ends. A whole day ends with itself.

    In the hour that the clocks show twice in autumn, a time on the wall would mean the first one: then both are in UTC.
    """
    if is_date(entry.at):
        yield "dtstart", date.fromisoformat(entry.at)
        return
    begins = as_datetime(entry.at).replace(microsecond=0)
    moments = {"dtstart": begins}
    if entry.minutes:
        moments["dtend"] = begins + timedelta(minutes=entry.minutes)
    there = {name: at.astimezone(named) for name, at in moments.items()}
    yield from (moments if any(at.fold for at in there.values()) else there).items()


def _stamp(moment: Moment) -> datetime:
    at = datetime.combine(date.fromisoformat(moment), datetime.min.time(), UTC) if is_date(moment) else None
    return at or as_datetime(moment).replace(microsecond=0)


def _people(given: Iterable[tuple[str, str]]) -> "Iterator[vCalAddress]":
    from icalendar import vCalAddress

    for name, address in given:
        address = _line(address)
        if _ADDRESS.fullmatch(address):
            person = vCalAddress(f"mailto:{quote(address, safe='@!$&*+-/=^_`{|}~.')}")
            if shown := _line(name).replace('"', "'"):
                person.params["CN"] = shown
            yield person


def _text(text: str) -> str:
    return _NO_TEXT.sub("\ufffd", _STEERING.sub(" ", text.replace("\r\n", "\n")))


def _line(text: str) -> str:
    return " ".join(_text(text).split())


def _named(zone: Zone, instants: Sequence[datetime]) -> tzinfo:
    """The zone under a name that calendars know; UTC where none can be told, or where it is UTC."""
    key = getattr(zone, "key", None) if zone else _of_the_machine(instants)
    return UTC if key is None or key in _IN_UTC else ZoneInfo(key)


def _of_the_machine(instants: Sequence[datetime]) -> str | None:
    """The name of the machine's zone; None where it has none, or one that tells other times than the machine does."""
    import warnings

    from tzlocal import get_localzone_name, reload_localzone

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reload_localzone()  # else it may be one that was asked for earlier
            name = str(get_localzone_name())
        zone = ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None
    agrees = all(at.astimezone().utcoffset() == at.astimezone(zone).utcoffset() for at in instants)
    return name if agrees else None


def _add_zone(made: "Calendar", entries: Sequence[Entry], named: tzinfo) -> None:
    instants = [as_datetime(entry.at) for entry in entries if not is_date(entry.at)]
    if instants and isinstance(named, ZoneInfo):
        longest = timedelta(minutes=max((entry.minutes or 0) for entry in entries))
        made.add_component(_zone(named, min(instants) - _MARGIN, max(instants) + longest + _MARGIN))


def _zone(zone: ZoneInfo, since: datetime, until: datetime) -> "Timezone":
    """What the zone's clocks show between these moments, change by change.

    icalendar can make this of a zone too, but says when the clocks change by the clocks that are set already, where the
    RFC wants those that are about to be set: an hour late in spring.
    """
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    described = Timezone()
    described.add("tzid", zone.key)
    before = since.astimezone(zone).utcoffset()
    for at in (since, *_changes(zone, since, until)):
        there = at.astimezone(zone)
        part = TimezoneDaylight() if there.dst() else TimezoneStandard()
        part.add("dtstart", (at + (before or timedelta())).replace(tzinfo=None, microsecond=0))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", there.utcoffset())
        part.add("tzname", there.tzname())
        described.add_component(part)
        before = there.utcoffset()
    return described


def _changes(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[datetime]:
    """The instants at which the zone's clocks are changed, to the second."""
    day = since
    while day < until:
        following = day + timedelta(days=1)
        if _shows(zone, day) != _shows(zone, following):
            yield _first(zone, day, following)
        day = following


def _first(zone: ZoneInfo, old: datetime, new: datetime) -> datetime:
    """The first whole second at which the clocks show what they do at `new`."""
    while new - old > timedelta(seconds=1):
        middle = (old + (new - old) / 2).replace(microsecond=0)
        if _shows(zone, middle) == _shows(zone, old):
            old = middle
        else:
            new = middle
    return new


def _shows(zone: ZoneInfo, at: datetime) -> tuple[timedelta | None, str | None]:
    there = at.astimezone(zone)
    return there.utcoffset(), there.tzname()
