"""From when until when a report looks. What comes after its moment has not happened yet, as far as it knows."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from handoffctl.core.moments import Clock, Moment, Zone, before, local_date


@dataclass(frozen=True)
class Window:
    """Moments from `since` to `until`, both included: a date stands for its whole day. None leaves that end open."""

    clock: Clock
    since: Moment | None = None
    until: Moment | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing that has happened is left out."""
        return self.since is None and self.until is None

    def happened(self, moment: Moment | None) -> bool:
        """Whether this moment is known and not later than that of the report."""
        return moment is not None and not self._now.is_before(moment)

    def has(self, moment: Moment | None) -> bool:
        """Whether it happened, between both ends. An unknown moment is in the window only where that has no ends."""
        if moment is None:
            return self.everything
        since, until = self._ends
        return (
            not self._now.is_before(moment)
            and not (since and since.is_after(moment))
            and not (until and until.is_before(moment))
        )

    @cached_property
    def _now(self) -> "_Mark":
        return _Mark(self.clock.now, self.clock.zone)

    @cached_property
    def _ends(self) -> "tuple[_Mark | None, _Mark | None]":
        since, until = (_Mark(end, self.clock.zone) if end else None for end in (self.since, self.until))
        return since, until


class _Mark:
    """A moment that a great many others are held against. Days further apart than any two zones are told
    by their text.
    """

    def __init__(self, moment: Moment, zone: Zone) -> None:
        self._moment, self._zone = moment, zone
        day = local_date(moment, zone)
        self._surely_earlier, self._surely_later = (
            (day + timedelta(days=n)).isoformat() for n in (-2, 3)
        )  # an instant is kept in UTC: its day there and the local one differ by one at the most

    def is_before(self, other: Moment) -> bool:
        if other < self._surely_earlier:
            return False
        return other >= self._surely_later or before(self._moment, other, self._zone)

    def is_after(self, other: Moment) -> bool:
        if other >= self._surely_later:
            return False
        return other < self._surely_earlier or before(other, self._moment, self._zone)
