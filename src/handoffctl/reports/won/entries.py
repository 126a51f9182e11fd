"""Which entries into a stage are compared: one an account, old enough, and still open at the landmark."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from handoffctl.core.moments import Moment, days_between
from handoffctl.core.windows import Window
from handoffctl.reports.won.query import WonStay
from handoffctl.stats.percentiles import percentile_of

LANDMARK = 14  # days after entry
ENDED_SHARE = 0.8  # the percentile of the days to an end, and the share that must have ended


class Entry(NamedTuple):
    """The first entry of a deal into the stage; `end` is won, lost, nurture, moved or open, after so many days.

    A deal that was handed on into another playbook counts as won; one that got there otherwise was moved.
    `left` is the id of the stay that it left to enter, None where the deal began in the stage.
    """

    deal: int
    account: int
    entered_at: Moment
    end: str
    days: float
    left: int | None


class Compared(NamedTuple):
    """The entries to compare, and how many were not: closed before the landmark, too recent, and so on.

    `old` has all entries that are old enough, `entries` those of them that were still open at the landmark.
    `same_account` counts later deals of an account. `old_after` is the 80th percentile of the days to an end;
    `ended_share` is the part of the old entries that ended.
    """

    entries: list[Entry]
    old: list[Entry]
    too_recent: int
    undated: int
    test: int
    same_account: int
    old_after: float | None
    ended_share: float | None

    @property
    def closed_early(self) -> int:
        return len(self.old) - len(self.entries)


@dataclass
class _Found:
    """The entries in the window, and how many are in no figure."""

    entries: list[Entry] = field(default_factory=list)
    undated: int = 0
    test: int = 0


def choose(stays: Iterable[WonStay], playbook: str, stage: str, window: Window) -> Compared:
    """Returns the entries into the stage within the window that are compared, as known at the window's moment."""
    zone, now = window.clock.zone, window.clock.now
    found = _find(stays, playbook, stage, window)
    first: dict[int, Entry] = {}
    for entry in found.entries:
        other = first.get(entry.account)
        if other is None or days_between(entry.entered_at, other.entered_at, zone) > 0:
            first[entry.account] = entry
    old_after = percentile_of(sorted(one.days for one in first.values() if one.end != "open"), ENDED_SHARE)
    least = max(old_after or 0.0, LANDMARK)
    old = [one for one in first.values() if days_between(one.entered_at, now, zone) >= least]
    share = sum(one.end != "open" for one in old) / len(old) if old else None
    return Compared(
        [one for one in old if one.days > LANDMARK], old, len(first) - len(old), found.undated, found.test,
        len(found.entries) - len(first), old_after, share,
    )  # fmt: skip


def _find(stays: Iterable[WonStay], playbook: str, stage: str, window: Window) -> _Found:
    found = _Found()
    for _, grouped in groupby(stays, key=lambda stay: stay.deal):
        every = list(grouped)
        if any(stay.entered_at is None for stay in every):
            if not every[0].test:
                found.undated += any((stay.playbook, stay.stage) == (playbook, stage) for stay in every)
            continue
        entry = _entry([stay for stay in every if window.occurred(stay.entered_at)], playbook, stage, window)
        if entry is None or not window.contains(entry.entered_at):
            continue
        if every[0].test:
            found.test += 1
        else:
            found.entries.append(entry)
    return found


def _entry(stays: list[WonStay], playbook: str, stage: str, window: Window) -> Entry | None:
    zone = window.clock.zone
    begin = next((n for n, stay in enumerate(stays) if (stay.playbook, stay.stage) == (playbook, stage)), None)
    if begin is None:
        return None
    entered_at = stays[begin].entered_at or window.clock.now
    end = next((stay for stay in stays[begin:] if stay.kind != "open" or stay.playbook != playbook), None)
    until = end.entered_at if end and end.entered_at else window.clock.now
    left = stays[begin - 1].id if begin else None
    days = days_between(entered_at, until, zone)
    return Entry(stays[begin].deal, stays[begin].account, entered_at, _end(end), days, left)


def _end(stay: WonStay | None) -> str:
    if stay is None or stay.kind != "open":
        return stay.kind if stay else "open"
    return "won" if stay.handed else "moved"
