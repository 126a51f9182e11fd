"""The local days of a great many moments: as `moments.local_date` gives them, but worked out once for each day."""

from datetime import UTC, date, datetime, timedelta

from handoffctl.core.moments import Moment, Zone, is_date, local_date


class LocalDays:
    """The days on the wall, in one zone."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._seen: dict[str, tuple[str, date, date] | None] = {}

    def of(self, moment: Moment) -> date:
        """The local day of a date or an instant."""
        if is_date(moment):
            return date.fromisoformat(moment)
        day = moment[:10]
        if day not in self._seen:
            self._seen[day] = self._known(day)
        known = self._seen[day]
        if known is None:
            return local_date(moment, self._zone)
        midnight, before, since = known
        return since if moment[11:19] >= midnight else before

    def _known(self, day: str) -> tuple[str, date, date] | None:
        """At what UTC time of this UTC day the local day changes, and the local days before and since.

        None where the clocks change in it: then each moment is looked at.
        """
        begin = datetime.fromisoformat(day).replace(tzinfo=UTC)
        first, last = (at.astimezone(self._zone) for at in (begin, begin + timedelta(days=1, seconds=-1)))
        offset = first.utcoffset()
        if offset is None or offset != last.utcoffset():
            return None
        midnight = (datetime.min.replace(year=2000) - offset).strftime("%H:%M:%S")
        return midnight, first.date(), last.date()
