"""The period of a report. Anything later than the report's own moment has not happened yet."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from handoffctl.core.moments import Clock, Moment, Zone, is_before, local_date


@dataclass(frozen=True)
class Window:
    """The moments from `since` to `until`, both included; a date stands for its whole day. None leaves an end open.

    `before` is a further end that is not included.
    """

    clock: Clock
    since: Moment | None = None
    until: Moment | None = None
    before: Moment | None = None

    @property
    def is_unbounded(self) -> bool:
        """True if the window leaves out nothing that has happened."""
        return self.since is None and self.until is None and self.before is None

    def occurred(self, moment: Moment | None) -> bool:
        """Returns True if the moment is known and not later than that of the report."""
        return moment is not None and not self._now.is_before(moment)

    def contains(self, moment: Moment | None) -> bool:
        """Returns True if the moment has happened and lies between both ends; an unknown one, if the ends are open."""
        if moment is None:
            return self.is_unbounded
        since, until = self._ends
        return (
            not self._now.is_before(moment)
            and not (since and since.is_after(moment))
            and not (until and until.is_before(moment))
            and not (self.before and not self._before.is_after(moment))
        )

    @cached_property
    def _now(self) -> "_Limit":
        return _Limit(self.clock.now, self.clock.zone)

    @cached_property
    def _before(self) -> "_Limit":
        assert self.before is not None
        return _Limit(self.before, self.clock.zone)

    @cached_property
    def _ends(self) -> "tuple[_Limit | None, _Limit | None]":
        since, until = (_Limit(end, self.clock.zone) if end else None for end in (self.since, self.until))
        return since, until


class _Limit:
    """A moment that a great many others are compared with. Compares texts if the days are further apart than zones."""

    def __init__(self, moment: Moment, zone: Zone) -> None:
        self._moment, self._zone = moment, zone
        day = local_date(moment, zone)
        # An instant is in UTC: its UTC day and its local day differ by one at most.
        self._surely_earlier, self._surely_later = ((day + timedelta(days=n)).isoformat() for n in (-2, 3))

    def is_before(self, other: Moment) -> bool:
        if other < self._surely_earlier:
            return False
        return other >= self._surely_later or is_before(self._moment, other, self._zone)

    def is_after(self, other: Moment) -> bool:
        if other >= self._surely_later:
            return False
        return other < self._surely_earlier or is_before(other, self._moment, self._zone)
