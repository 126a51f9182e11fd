"""What came first, where a moment may be only a day: then the order in which the commands wrote things down."""

from collections.abc import Iterable
from dataclasses import dataclass

from handoffctl.core.moments import Moment, Zone, before


@dataclass(frozen=True, slots=True)
class Recorded:
    """When something happened, and the number of the command that wrote it down."""

    at: Moment
    command: int

    def follows(self, other: "Recorded", zone: Zone) -> bool:
        """Whether this came after the other: by their moments; by their commands where those do not tell."""
        if before(other.at, self.at, zone):
            return True
        return self.command > other.command and not before(self.at, other.at, zone)


def earliest(events: Iterable[Recorded], zone: Zone) -> Recorded | None:
    """The one that no other came before, or None of none."""
    first: Recorded | None = None
    for event in events:
        if first is None or first.follows(event, zone):
            first = event
    return first
