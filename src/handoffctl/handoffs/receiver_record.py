"""The record of receivers with one handoff: how many of the deals they were given went on."""

from collections.abc import Callable, Collection, Sequence
from math import ceil
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment, days_between, is_before
from handoffctl.core.names import fold
from handoffctl.handoffs.receiver_query import ReceivedHandoff
from handoffctl.playbook.model import Playbook
from handoffctl.stats.percentiles import percentile_of

FEWEST_DAYS = 14  # a receiver needs so long to return a deal or to go on with it
DECIDED_SHARE = 0.8  # a handoff is old enough when so many of the decided ones took no longer
FEWEST_OF_KIND = 8  # below this many handoffs of a kind the record is that of a wider kind


class JudgedHandoff(NamedTuple):
    """A handoff that is old enough to be judged, and whether its deal went on. `values` tell its kind."""

    receiver: str
    went_on: bool
    values: tuple[str | None, ...]


class JudgedHandoffs(NamedTuple):
    """Handoffs that are at least `within_days` old. Each is judged by its first `within_days` days only."""

    within_days: int
    handoffs: Sequence[JudgedHandoff]


class WentOn(NamedTuple):
    """Of `handoffs` deals that somebody was given, `went_on` went on."""

    went_on: int = 0
    handoffs: int = 0


class DealKind(NamedTuple):
    """What kind of deal a record is about: the labels of the fields in which deals are the same.

    `same` are those that count here, `asked` those that the playbook names, and `unknown` those of them that are not
    known of this deal.
    """

    same: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """The words before a count: `of this kind`."""
        if not self.asked:
            return "of these handoffs"
        if self.same == self.asked:
            return "of this kind"
        return f"of those with the same {' and '.join(self.same)}" if self.same else "of all these handoffs"

    @property
    def wider_because(self) -> str:
        """Why deals of a wider kind are counted; empty where those of the very kind are."""
        if self.same == self.asked:
            return ""
        known = [label for label in self.asked if label not in self.unknown]
        reasons = [f"{' and '.join(self.unknown)} not known"] if self.unknown else []
        if len(self.same) < len(known):
            reasons.append(f"fewer than {FEWEST_OF_KIND} with the same {' and '.join(known)}")
        return ", ".join(reasons)


class Records(NamedTuple):
    """The record of each receiver, for one kind of deal."""

    kind: DealKind
    within_days: int
    by_receiver: dict[str, WentOn]

    def of(self, receiver: str) -> WentOn:
        return self.by_receiver.get(receiver, WentOn())


def judged_handoffs(received: Sequence[ReceivedHandoff], target: Playbook, stage: str, clock: Clock) -> JudgedHandoffs:
    """Returns the handoffs that led to this stage and are old enough, judged as of the clock.

    A handoff is old enough when it is at least 14 days old, and older than 80 % of the decided ones took. Only that
    first time of each handoff counts, so that people who have been here longer have no advantage. This leaves out
    handoffs after the clock, deals that passed on to somebody else before they were decided, and stays
    without a dated end.
    """
    decide = _decider(target, stage, clock)
    decided = [(handoff, decide(handoff)) for handoff in received if not is_before(clock.now, handoff.at, clock.zone)]
    known = [(handoff, end) for handoff, end in decided if end is not None]
    days = sorted(end.days for _, end in known if end.days is not None and not end.passed_on)
    within = max(FEWEST_DAYS, ceil(percentile_of(days, DECIDED_SHARE) or 0))
    old_enough = [
        JudgedHandoff(handoff.receiver, end.went_on and end.is_within(within), handoff.values)
        for handoff, end in known
        if days_between(handoff.at, clock.now, clock.zone) >= within and not (end.passed_on and end.is_within(within))
    ]
    return JudgedHandoffs(within, old_enough)


class _End(NamedTuple):
    """How a receiver's time with a deal ended: after how many days (None if it goes on), and whether the deal went on.

    `passed_on` is True if somebody else got the deal before it was decided.
    """

    days: float | None
    went_on: bool = False
    passed_on: bool = False

    def is_within(self, days: int) -> bool:
        return self.days is not None and self.days <= days


def _decider(target: Playbook, stage: str, clock: Clock) -> Callable[[ReceivedHandoff], _End | None]:
    """Returns a function that gives the end of a handoff as of the clock; None where it does not count."""
    positions = {name: number for number, name in enumerate(target.stages)}
    here = positions.get(stage, -1)

    def has_happened(moment: Moment | None) -> bool:
        return moment is not None and not is_before(clock.now, moment, clock.zone)

    def days_until(handoff: ReceivedHandoff, moment: Moment) -> float:
        return max(days_between(handoff.at, moment, clock.zone), 0.0)

    def is_forward(handoff: ReceivedHandoff) -> bool:
        if handoff.next_kind != "open" or handoff.next_playbook != target.playbook:
            return handoff.next_kind in ("open", "won")  # another playbook goes on with it
        return positions.get(handoff.next_stage or "", -1) > here

    def decide(handoff: ReceivedHandoff) -> _End | None:
        if handoff.returned_at and has_happened(handoff.returned_at):
            return _End(days_until(handoff, handoff.returned_at))
        if handoff.stay_kind == "won":
            return _End(0.0, True)
        if handoff.ended and handoff.left_at is None:
            return None  # nobody knows when
        left = handoff.left_at if has_happened(handoff.left_at) else None
        passed = handoff.passed_on_at
        if passed and has_happened(passed) and not (left and is_before(left, passed, clock.zone)):
            return _End(days_until(handoff, passed), passed_on=True)
        return _End(days_until(handoff, left), is_forward(handoff)) if left else _End(None)

    return decide


def records(
    judged: JudgedHandoffs, receivers: Collection[str], values: Sequence[str | None], labels: Sequence[str]
) -> Records:
    """Returns the records of these receivers with deals of the kind that has these values, in the order of `labels`.

    Where their handoffs of this kind are fewer than eight, the last value is left out, then the one before it, until
    all handoffs count. A value that is not known of the deal tells no kind.
    """
    theirs = [handoff for handoff in judged.handoffs if handoff.receiver in receivers]
    known = [number for number, value in enumerate(values) if value]
    for count in range(len(known), -1, -1):
        alike = [handoff for handoff in theirs if _alike(handoff.values, values, known[:count])]
        if len(alike) >= FEWEST_OF_KIND or not count:
            break
    unknown = tuple(label for label, value in zip(labels, values, strict=True) if not value)
    kind = DealKind(tuple(labels[number] for number in known[:count]), tuple(labels), unknown)
    by_receiver: dict[str, WentOn] = {}
    for handoff in alike:
        so_far = by_receiver.get(handoff.receiver, WentOn())
        by_receiver[handoff.receiver] = WentOn(so_far.went_on + handoff.went_on, so_far.handoffs + 1)
    return Records(kind, judged.within_days, by_receiver)


def _alike(theirs: Sequence[str | None], ours: Sequence[str | None], numbers: Sequence[int]) -> bool:
    return all(fold(theirs[number] or "") == fold(ours[number] or "") for number in numbers)
