"""Works out who owned a deal and when, from its stays and the handoffs that changed only the owner."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoffctl.core.moments import Moment
from handoffctl.stats.stays import Stay


@dataclass(frozen=True)
class Passing:
    """A handoff within a stay: it changed the owner and began no new stay."""

    stay: int
    at: Moment
    giver: str
    taker: str
    returned: Moment | None = None


@dataclass(frozen=True)
class Period:
    """A time in which one owner had a deal in one stage. `since` is None if unknown, `until` in the last period."""

    owner: str
    playbook: str
    stage: str
    kind: str
    since: Moment | None
    until: Moment | None = None


def periods(stays: Sequence[Stay], passings: Iterable[Passing]) -> list[Period]:
    """Returns the owners of a deal in order: each period ends when the next begins, and the last one is current.

    `stays` and `passings` must be in chronological order.
    """
    within: dict[int, list[Passing]] = {}
    for passing in passings:
        within.setdefault(passing.stay, []).append(passing)
    starts = [
        (owner, stay, since)
        for number, stay in enumerate(stays)
        for owner, since in _owners(stay, _beginning(stays, number), within.get(stay.id, ()))
    ]
    ends = [*(since for _, _, since in starts[1:]), None]
    return [
        Period(owner, stay.playbook, stay.stage, stay.kind, since, until)
        for (owner, stay, since), until in zip(starts, ends, strict=True)
    ]


def _beginning(stays: Sequence[Stay], number: int) -> Moment | None:
    """Returns when a stay began; if that was not recorded, when the previous stay ended."""
    return stays[number].entered_at or (stays[number - 1].left_at if number else None)


def _owners(stay: Stay, beginning: Moment | None, passings: Sequence[Passing]) -> Iterator[tuple[str, Moment | None]]:
    """Yields the owners of one stay and since when; the last one is the stay's recorded owner."""
    owner, since = passings[0].giver if passings else stay.owner, beginning
    for passing in passings:
        for moment, follower in ((passing.at, passing.taker), (passing.returned, passing.giver)):
            if moment is not None and follower != owner:
                yield owner, since
                owner, since = follower, moment
    yield stay.owner, since


def driving_since(owned: Sequence[Period]) -> Moment | None:
    """Returns since when the current owner has had the deal without a break, across stages; None if unknown."""
    present = owned[-1]
    since = present.since
    for period in reversed(owned[:-1]):
        if period.owner != present.owner:
            break
        since = period.since
    return since


def stays_with(owner: str, gives: str, takes: str, roles: Mapping[str, Sequence[str]]) -> bool:
    """True if a handoff leaves the deal with its owner: both its ends have the same role, and the owner has it.

    `roles` maps each person's name to their roles.
    """
    return gives == takes and takes in roles.get(owner, ())
