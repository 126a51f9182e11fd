"""Orders events whose time may be date-only, falling back to the order of the commands that recorded them."""

from collections.abc import Iterable
from dataclasses import dataclass

from handoffctl.core.moments import Moment, Zone, is_before


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """The moment of an event, and the number of the command that recorded it."""

    at: Moment
    command: int

    def follows(self, other: "RecordedEvent", zone: Zone) -> bool:
        """Returns True if this came after the other: by their moments, or by their commands if those do not decide."""
        if is_before(other.at, self.at, zone):
            return True
        return self.command > other.command and not is_before(self.at, other.at, zone)


def earliest(events: Iterable[RecordedEvent], zone: Zone) -> RecordedEvent | None:
    """Returns the event that no other one came before; None if there are no events."""
    first: RecordedEvent | None = None
    for event in events:
        if first is None or first.follows(event, zone):
            first = event
    return first
