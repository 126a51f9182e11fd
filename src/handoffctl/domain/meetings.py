"""Meetings with a prospect: which one is meant, which handoffs wait for one that was held, what its step is called."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handoffctl.domain.criterion import Criterion
from handoffctl.domain.gate import asks
from handoffctl.domain.moments import (
    Clock,
    Moment,
    Zone,
    as_datetime,
    before,
    days_between,
    is_date,
    local_date,
    order,
    shown,
)
from handoffctl.domain.playbook import Handoff, Playbook

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


def over(at: Moment, minutes: int, clock: Clock) -> bool:
    """Whether a meeting has ended: its minutes have passed, or its day where it has no hour."""
    if is_date(at) or is_date(clock.now):
        return before(at, clock.now, clock.zone)
    return days_between(at, clock.now, clock.zone) * MINUTES_A_DAY >= minutes


def described(one: Mapping[str, Any], clock: Clock) -> str:
    """A booked meeting as `--json` tells it, on one line: when, with whom, what waits for it."""
    whom = f" with {one['with']}" if one["with"] else ""
    waits = f", for {one['for']}" if one["for"] else ""
    asked = ": held, or no-show?" if over(one["at"], one["minutes"], clock) else ""
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


def waiting_for_one(playbook: Playbook, stage: str, entered: Mapping[str, Playbook]) -> list[Handoff]:
    """The handoffs from this stage that ask for a held meeting. `entered` holds the playbooks that others lead to."""
    return [one for one in playbook.leaving(stage) if _asks_for_one(playbook, one, entered.get(one.to_playbook or ""))]


def _asks_for_one(playbook: Playbook, handoff: Handoff, entered: Playbook | None) -> bool:
    if handoff.to and handoff.to_stage not in (entered or playbook).stages:
        return False
    asked = asks(playbook, handoff, entered)
    triggers = handoff.trigger.when if handoff.trigger else ()
    criteria = asked.rules.criteria
    required = [criteria[name] for name in asked.required if name in criteria]
    return any(one.meeting for criterion in (*required, *triggers) for one in _parts(criterion, criteria, ()))


def _parts(criterion: Criterion, known: Mapping[str, Criterion], seen: tuple[str, ...]) -> Iterator[Criterion]:
    """The criterion and everything it is made of, but for what it denies."""
    yield criterion
    if criterion.known and criterion.known in known and criterion.known not in seen:
        yield from _parts(known[criterion.known], known, (*seen, criterion.known))
    for part in criterion.any_of or criterion.all_of or ():
        yield from _parts(part, known, seen)
