"""Who drove a deal from when until when: told by its stays, and by the handoffs that changed only the person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoffctl.core.moments import Moment


@dataclass(frozen=True)
class Stay:
    """One stay of a deal as it is kept: its owner is the last one that drove it there."""

    id: int
    playbook: str
    stage: str
    kind: str
    owner: str
    entered: Moment | None
    left: Moment | None = None


@dataclass(frozen=True)
class Passing:
    """A handoff within a stay: it changed the person, and began no new stay."""

    stay: int
    at: Moment
    giver: str
    taker: str
    returned: Moment | None = None


@dataclass(frozen=True)
class Period:
    """Somebody drove a deal in one stage. `since` is empty where it is not known; `until` of the last one always."""

    owner: str
    playbook: str
    stage: str
    kind: str
    since: Moment | None
    until: Moment | None = None


def periods(stays: Sequence[Stay], passings: Iterable[Passing]) -> list[Period]:
    """Who drove the deal, in order and without a gap: each period ends when the next begins, and the last one goes on.

    `stays` and `passings` come in their order.
    """
    within: dict[int, list[Passing]] = {}
    for one in passings:
        within.setdefault(one.stay, []).append(one)
    begun = [
        (owner, stay, since)
        for number, stay in enumerate(stays)
        for owner, since in _owners(stay, _beginning(stays, number), within.get(stay.id, ()))
    ]
    ends = [*(since for _, _, since in begun[1:]), None]
    return [
        Period(owner, stay.playbook, stay.stage, stay.kind, since, until)
        for (owner, stay, since), until in zip(begun, ends, strict=True)
    ]


def _beginning(stays: Sequence[Stay], number: int) -> Moment | None:
    """When a stay began; where that is not written, when the one before it ended."""
    return stays[number].entered or (stays[number - 1].left if number else None)


def _owners(stay: Stay, beginning: Moment | None, passings: Sequence[Passing]) -> Iterator[tuple[str, Moment | None]]:
    """The owners of one stay, each with since when. The last one is the one that the stay names."""
    owner, since = passings[0].giver if passings else stay.owner, beginning
    for one in passings:
        for moment, follower in ((one.at, one.taker), (one.returned, one.giver)):
            if moment is not None and follower != owner:
                yield owner, since
                owner, since = follower, moment
    yield stay.owner, since


def driving_since(known: Sequence[Period]) -> Moment | None:
    """Since when the present owner has driven without a break, through whatever stages; None where it is not known."""
    present = known[-1]
    since = present.since
    for one in reversed(known[:-1]):
        if one.owner != present.owner:
            break
        since = one.since
    return since


def stays_with(owner: str, gives: str, takes: str, roles: Mapping[str, Sequence[str]]) -> bool:
    """Whether a deal stays with the person that has it: the handoff leads to the role that it leaves, and it is theirs.

    `roles` are those of each person by name.
    """
    return gives == takes and takes in roles.get(owner, ())
