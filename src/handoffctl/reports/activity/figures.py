"""What owners did: touches by kind, conversations, meetings; and how many of those who agreed to meet do not come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoffctl.core.event_order import Recorded
from handoffctl.core.moments import Zone
from handoffctl.reports.fields.verdicts import difference, wilson

KINDS = ("call", "email", "meeting", "message", "note")
DIRECTIONS = ("out", "in")
MEETINGS = ("booked", "held", "no_shows", "cancelled", "moved")
FEWEST = 5  # marked meetings: of fewer, even none who stayed away may mean every second one


@dataclass(frozen=True)
class Turn:
    """Somebody owned a deal in a playbook from then on; `begun` is None where nobody knows since when."""

    begun: Recorded | None
    owner: str
    playbook: str


def turn_of(turns: Sequence[Turn], event: Recorded, zone: Zone) -> Turn | None:
    """In whose turn something fell; `turns` are those of its deal, in their order. None before the first one.

    What a command that began a turn wrote besides belongs to that turn.
    """
    for turn in reversed(turns):
        if turn.begun is None or not turn.begun.follows(event, zone):
            return turn
    return turns[0] if turns else None


@dataclass
class Activity:
    """What one owner did."""

    touches: dict[tuple[str, str], int] = field(default_factory=dict)
    conversations: int = 0
    meetings: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MEETINGS, 0))

    def touched(self, kind: str, direction: str, answer: bool) -> None:
        self.touches[kind, direction] = self.touches.get((kind, direction), 0) + 1
        self.conversations += answer

    def as_json(self) -> dict[str, Any]:
        by = {kind: {way: self.touches.get((kind, way), 0) for way in DIRECTIONS} for kind in KINDS}
        sums = {way: sum(count for (_, there), count in self.touches.items() if there == way) for way in DIRECTIONS}
        return {**sums, "conversations": self.conversations, **self.meetings, "touches": by}


@dataclass(frozen=True)
class Shown:
    """A booked meeting that was marked: whether nobody came, its deal's source, and what held when it was booked."""

    no_show: bool
    source: str
    criteria: Mapping[str, bool]


def rate(meetings: Iterable[Shown]) -> dict[str, Any]:
    """The share of marked meetings to which nobody came, with its 95 % interval (Wilson 1927).

    Of fewer than `FEWEST` neither is told: chance would say most of it.
    """
    marks = [one.no_show for one in meetings]
    missed, count = sum(marks), len(marks)
    enough = count >= FEWEST
    low, high = wilson(missed, count) if enough else (None, None)
    return {
        "meetings": count, "no_shows": missed, "rate": missed / count if enough else None, "low": low, "high": high,
        "enough": enough,
    }  # fmt: skip


def by_source(meetings: Sequence[Shown]) -> dict[str, dict[str, Any]]:
    """The rate for each source, those of most meetings first; an empty source is one that is not known."""
    apart: dict[str, list[Shown]] = {}
    for one in meetings:
        apart.setdefault(one.source, []).append(one)
    return {source: rate(apart[source]) for source in sorted(apart, key=lambda name: (-len(apart[name]), name))}


def by_criterion(meetings: Sequence[Shown]) -> dict[str, dict[str, Any]]:
    """The rate of those that met a criterion when they were booked, beside those that did not.

    `difference` is the 95 % interval of met less not met (Newcombe 1998); `tells` whether it leaves out zero.
    """
    names = dict.fromkeys(name for one in meetings for name in one.criteria)
    return {name: _beside([one for one in meetings if name in one.criteria], name) for name in names}


def _beside(meetings: Sequence[Shown], name: str) -> dict[str, Any]:
    met, other = (rate(one for one in meetings if one.criteria[name] is held) for held in (True, False))
    enough = met["enough"] and other["enough"]
    apart = difference(met["no_shows"], met["meetings"], other["no_shows"], other["meetings"]) if enough else None
    return {
        "met": met, "not_met": other, "difference": {"low": apart[0], "high": apart[1]} if apart else None,
        "tells": apart is not None and not apart[0] <= 0 <= apart[1],
    }  # fmt: skip
