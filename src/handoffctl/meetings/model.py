"""Meetings with a prospect: which one is meant, whether it is over, what it is called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handoffctl.core.moments import (
    Clock,
    Moment,
    Zone,
    as_datetime,
    is_date,
    is_over,
    local_date,
    order,
    shown,
)

MINUTES_A_DAY = 1440


@dataclass(frozen=True)
class Meeting:
    """One meeting as it is kept. `met` is whom it is with, `handoff` the one that waits for it, by its name."""

    id: int
    uid: str
    at: Moment
    minutes: int
    met: str
    handoff: str | None
    state: str
    booked_at: Moment
    moves: int
    step_id: int | None

    @property
    def called(self) -> str:
        return f"meeting with {self.met}" if self.met else "meeting"


def described(one: Mapping[str, Any], clock: Clock) -> str:
    """A booked meeting as `--json` tells it, on one line: when, with whom, what waits for it."""
    whom = f" with {one['with']}" if one["with"] else ""
    waits = f", for {one['for']}" if one["for"] else ""
    asked = ": held, or no-show?" if is_over(one["at"], one["minutes"], clock) else ""
    return f"{shown(one['at'], clock.zone)}{whom}{waits}{asked}"


def in_order(meetings: Iterable[Meeting], zone: Zone) -> list[Meeting]:
    """The earliest first."""
    return sorted(meetings, key=lambda one: (order(one.at, zone), one.id))


def named(meetings: Sequence[Meeting], when: Moment, zone: Zone) -> list[Meeting]:
    """Those at this very moment; where there is none, or only a day was named, those of that day."""
    same = [one for one in meetings if not is_date(when) and not is_date(one.at) and _same(one.at, when)]
    return same or [one for one in meetings if local_date(one.at, zone) == local_date(when, zone)]


def _same(one: Moment, other: Moment) -> bool:
    return as_datetime(one) == as_datetime(other)
