"""Calendar entries, and whether one can be sent as an invitation. `ics_document` writes them as a file."""

import re
from dataclasses import dataclass

from handoffctl.core.moments import Moment

PROGRAM = "-//handoffctl//handoffctl//EN"


ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")


_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+")


_NO_TEXT = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class CalendarEntry:
    """One calendar entry. A date is a whole day, whatever the minutes; an instant without minutes has no length.

    `uid` identifies it in calendars for good. `made_at` is the moment of its last change, `moves` how often it changed.
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
    place: str = ""


def can_invite(entry: CalendarEntry) -> bool:
    """Returns True if the organizer and at least one attendee have an address."""
    sides = [*([entry.organizer] if entry.organizer else [])], entry.attendees
    return all(any(ADDRESS.fullmatch(ics_line(address)) for _, address in people) for people in sides)


def ics_text(text: str) -> str:
    return _NO_TEXT.sub("\ufffd", _STEERING.sub(" ", text.replace("\r\n", "\n")))


def ics_line(text: str) -> str:
    return " ".join(ics_text(text).split())
