"""Which touch belongs to which stay: the stays of an account's deals, each with the touches that fell into it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from handoffctl.core.moments import Clock, Moment, Zone, as_datetime, is_date, local_date
from handoffctl.reports.throughput.figures import ELSEWHERE, Stages

STAY, TOUCH = 0, 1  # what a row is


class When(NamedTuple):
    """A moment ready to be reckoned with: the local day, and the second since 1970 where more than the day is known."""

    day: int
    second: float | None


class Entry(NamedTuple):
    """A stay as a row."""

    account: int
    row: int
    deal: int
    playbook: str
    stage: str
    kind: str
    entered_at: Moment | None
    left_at: Moment | None
    ended: int
    to_playbook: str | None
    to_stage: str | None
    to_kind: str | None


class Noted(NamedTuple):
    """A touch as a row; without a deal where it is known of the account only."""

    account: int
    row: int
    deal: int | None
    kind: str
    direction: str
    at: Moment


class Touch(NamedTuple):
    """One touch within a stay."""

    kind: str
    direction: str
    at: When


@dataclass(slots=True)
class Stay:
    """One stay in a stage. `ended` is None while the deal is there, or where nobody knows when it left.

    `advanced` says whether it was left for a later open stage or won; `ours` whether it is in the report's playbook,
    `counted` whether the report is about it; `alone` whether the account's name is enough to name the deal.
    """

    deal: int
    stage: str
    began: When | None
    ended: When | None
    present: bool
    advanced: bool
    open: bool
    ours: bool
    counted: bool
    alone: bool = False
    touches: list[Touch] = field(default_factory=list)


@dataclass(frozen=True)
class Look:
    """What a report is about: a playbook with its stages, the stays chosen by their beginning, and until when."""

    playbook: str
    stages: Stages
    clock: Clock
    chosen: Callable[[Moment | None], bool] = lambda moment: True


def when(moment: Moment, zone: Zone) -> When:
    """The moment, parsed once for all that is asked of it."""
    if is_date(moment):
        return When(local_date(moment, zone).toordinal(), None)
    at = as_datetime(moment)
    return When(at.astimezone(zone).toordinal(), at.timestamp())


def earlier(one: When, other: When) -> bool:
    """As `before` in domain.moments: surely earlier, by the local day when either is only a date."""
    if one.second is None or other.second is None:
        return one.day < other.day
    return one.second < other.second


def days(start: When, end: When) -> float:
    """As `days_between` in domain.moments, and never below zero."""
    if start.second is None or end.second is None:
        return float(max(end.day - start.day, 0))
    return max(end.second - start.second, 0.0) / 86_400


def accounts(
    stays: Iterable[tuple[Any, ...]], touches: Iterable[tuple[Any, ...]], look: Look
) -> Iterator[tuple[list[Stay], int]]:
    """For each account its stays with their touches, and how many touches belong to none that can be told.

    Both are rows in the order of their accounts, stays also of their deals and numbers. What is later than the clock
    of `look` has not happened.
    """
    read = lru_cache(100)(lambda moment: when(moment, look.clock.zone))  # a stay ends when the next begins
    now = read(look.clock.now)
    for _, rows in groupby(merge(stays, touches, key=itemgetter(0, 1)), key=itemgetter(0)):
        entries: list[Entry] = []
        noted: list[Noted] = []
        for row in rows:
            if row[1] == STAY:
                entries.append(Entry._make(row))
            else:
                noted.append(Noted._make(row))
        deals = {
            deal: happened
            for deal, mine in groupby(entries, key=itemgetter(2))
            if (happened := _happened(mine, look, read, now))
        }
        _name(deals)
        left_out = sum(_left_out(one, deals, look, now) for one in noted)
        yield [stay for deal in deals.values() for stay in deal], left_out


Read = Callable[[Moment], When]


def _happened(entries: Iterable[Entry], look: Look, read: Read, now: When) -> list[Stay]:
    """The stays of one deal that have begun; one that was left later is still there."""
    stays: list[Stay] = []
    for entry in entries:
        began = read(entry.entered_at) if entry.entered_at else None
        if began and earlier(now, began):
            break
        left = read(entry.left_at) if entry.left_at else None
        later = left is not None and earlier(now, left)
        present = later or not entry.ended
        stays.append(_stay(entry, look, began, None if present else left, present))
        if later:
            break
    return stays


def _stay(entry: Entry, look: Look, began: When | None, ended: When | None, present: bool) -> Stay:
    ours = entry.playbook == look.playbook
    is_open = (look.stages.kinds.get(entry.stage, entry.kind) if ours else entry.kind) == "open"
    counted = ours and is_open and look.chosen(entry.entered_at)
    advanced = counted and not present and entry.to_playbook == look.playbook and _advanced(entry, look)
    return Stay(entry.deal, entry.stage, began, ended, present, advanced, is_open, ours, counted)


def _advanced(entry: Entry, look: Look) -> bool:
    onward = entry.to_stage or ELSEWHERE
    if onward not in look.stages.kinds:  # the playbook no longer has it: what it was then, before all that it has
        return entry.to_kind == "won"
    return look.stages.way_out(entry.stage, onward) in ("advanced", "won")


def _name(deals: Mapping[int, Sequence[Stay]]) -> None:
    """An account's name is enough for its only open deal, or its only deal, as everywhere on the command line."""
    there = [stays[-1] for stays in deals.values() if stays[-1].present]
    open_ones = sum(stay.open for stay in there)
    for stay in there:
        stay.alone = (stay.open and open_ones == 1) or len(there) == 1


def _left_out(one: Noted, deals: Mapping[int, list[Stay]], look: Look, now: When) -> bool:
    """Puts a touch where it belongs. True where that cannot be told, and it might have belonged to this playbook."""
    at = when(one.at, look.clock.zone)
    if earlier(now, at) or (one.deal is not None and one.deal not in deals):
        return False
    might = list(deals.values()) if one.deal is None else [deals[one.deal]]
    found = _there(might, at)
    if len(found) == 1:
        found[0].touches.append(Touch(one.kind, one.direction, at))
        return False
    ours = not might or any(stay.ours for stays in might for stay in stays)
    return ours and look.chosen(one.at)


def _there(deals: Sequence[Sequence[Stay]], at: When) -> list[Stay]:
    """The stays in which this may have fallen: of the only deal there was then, or of the only one that was open."""
    if len(deals) == 1:
        return at_the_time(deals[0], at)
    there = [found for stays in deals if (found := at_the_time(stays, at))]
    if len(there) > 1:
        there = [found for found in there if any(stay.open for stay in found)]
    return there[0] if len(there) == 1 else []


def at_the_time(stays: Sequence[Stay], at: When) -> list[Stay]:
    """The stays of one deal that this may have fallen into: several only where their beginnings are not known.

    A stay holds its first moment and not its last. So what fell on the day of a move, where only days are known,
    belongs to the stay that begins: nothing counts twice or falls between two stays, and the first day of a deal,
    which has no stay before it, follows the same rule.
    """
    found: list[Stay] = []
    for stay in reversed(stays):
        if stay.began is None:
            found.append(stay)
        elif earlier(at, stay.began):
            found.clear()
        else:
            return [*found, stay]
    return found
