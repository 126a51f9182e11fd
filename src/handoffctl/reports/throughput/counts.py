"""Counts the stays that a throughput report is about: from the indexes where all are meant, else stay by stay."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby, islice, pairwise
from operator import itemgetter
from typing import Protocol

from handoffctl.core.moments import LocalDays, Moment, at_local, before, days_between, is_date, local_date
from handoffctl.deals.stays_query import Stays
from handoffctl.errors import NotFound
from handoffctl.playbook.query import revisions
from handoffctl.reports.context import ReportContext
from handoffctl.reports.throughput.durations import Held
from handoffctl.reports.throughput.figures import ELSEWHERE, Flow, Stages, flows_by_group
from handoffctl.reports.throughput.history import Stay, There, cut
from handoffctl.reports.throughput.periods import PERIODS, UNKNOWN, period_of

EVERY_SO_MANY = 20_000  # rows, after which it is told how far the reading is


@dataclass(frozen=True)
class Cut:
    """How the stays are cut up, as typed: by what, which stage, before and after what."""

    by: str = ""
    stage: str = ""
    compare: str = ""


class Counted(Protocol):
    """Stays counted and measured. The group of all of them is called ``, further ones by what they have in common."""

    kinds: dict[str, str]  # of the stages in order; those the playbook no longer has come last
    gone: list[str]
    flows: dict[str, dict[str, Flow]]

    @property
    def groups(self) -> list[str]: ...

    def held(self, group: str, stage: str) -> Held: ...

    def longest_there(self, stage: str, target: float, most: int) -> list[There]:
        """Those that are past this target, the longest there first."""


def counted(frame: ReportContext, cut: Cut) -> Counted:
    """The stays of the frame's playbook, cut up."""
    stays = Stays(frame.query, frame.playbook.playbook)
    if frame.window.everything and not cut.by and not cut.compare and not _later_than_now(frame, stays):
        return FromIndexes(frame, stays)
    return StayByStay(frame, stays, cut)


def _later_than_now(frame: ReportContext, stays: Stays) -> bool:
    now, zone = frame.clock.now, frame.clock.zone
    if not is_date(now):
        return stays.later_than(local_date(now, zone).isoformat(), now.removesuffix("Z"))
    return stays.later_than(now, _midnight_after(frame))


def _midnight_after(frame: ReportContext) -> Moment:
    day = frame.clock.today + timedelta(days=1)
    return at_local(datetime(day.year, day.month, day.day), frame.clock.zone).removesuffix("Z")


def _kinds(frame: ReportContext, used: list[str], stays: Stays) -> tuple[dict[str, str], list[str]]:
    """The kind of each stage, and the stages that the playbook no longer has."""
    kinds: dict[str, str] = {stage: rule.kind for stage, rule in frame.playbook.stages.items()}
    gone = sorted({*used} - {ELSEWHERE, *kinds})
    return kinds | {stage: stays.kind(stage) for stage in gone}, gone


def _in_order(frame: ReportContext, kinds: dict[str, str], gone: list[str]) -> Stages:
    return Stages({stage: kinds[stage] for stage in frame.playbook.stages}, {stage: kinds[stage] for stage in gone})


class FromIndexes:
    """All stays as they are now, without reading each: deals by the way they took, lengths from an index."""

    def __init__(self, frame: ReportContext, stays: Stays) -> None:
        self._frame, self._stays = frame, stays
        paths = stays.paths()
        self.kinds, self.gone = _kinds(frame, [stage for path, _ in paths for stage in path], stays)
        self._stages = _in_order(frame, self.kinds, self.gone)
        whole = ((path, [""] * len(path), deals) for path, deals in paths)
        self.flows = flows_by_group(self._stages, whole)
        self._onward: dict[str, set[str]] = defaultdict(set)
        for here, onward in {pair for path, _ in paths for pair in pairwise(path)}:
            self._onward[here].add(onward)
        self._known: dict[str, Held] = {}

    @property
    def groups(self) -> list[str]:
        return list(self.flows)

    def held(self, group: str, stage: str) -> Held:
        if stage not in self._known:
            self._known[stage] = self._held(stage)
        return self._known[stage]

    def _held(self, stage: str) -> Held:
        parts: dict[str, list[float]] = {}
        for onward in sorted(self._onward[stage]):
            way = self._stages.way_out(stage, onward)
            moved = onward == ELSEWHERE
            found = self._stays.lengths_elsewhere(stage) if moved else self._stays.lengths(stage, onward)
            parts.setdefault(way, []).extend(found)
        return Held({way: sorted(lengths) for way, lengths in parts.items()}, self._ages(stage))

    def _ages(self, stage: str) -> list[float]:
        clock = self._frame.clock
        rule = self._frame.playbook.stages.get(stage)
        if self.kinds[stage] != "open" and not (rule and rule.target):  # only the oldest is told of these
            return sorted(self._longest(stage, 1))[-1:]
        ages: list[float] = []
        for began, count in self._stays.present(stage):
            ages += [days_between(began, clock.now, clock.zone)] * count
        return sorted(ages)

    def _longest(self, stage: str, most: int) -> list[float]:
        clock = self._frame.clock
        return [days_between(began, clock.now, clock.zone) for _, began in self._stays.longest_there(stage, most)]

    def longest_there(self, stage: str, target: float, most: int) -> list[There]:
        clock = self._frame.clock
        found = (
            There(days_between(began, clock.now, clock.zone), deal, stage)
            for deal, began in self._stays.longest_there(stage, most)
        )
        return sorted((one for one in found if one.days > target), reverse=True)[:most]


class StayByStay:
    """The stays of a window, in groups, or as they were at an earlier moment."""

    def __init__(self, frame: ReportContext, stays: Stays, wanted: Cut) -> None:
        self.kinds, self.gone = _kinds(frame, [stage for path, _ in stays.paths() for stage in path], stays)
        stages = _in_order(frame, self.kinds, self.gone)
        found = cut(all_stays(frame), frame.playbook.playbook, frame.window, stages, _grouping(frame, stays, wanted))
        self.flows, self._held, self._there = found.flows, found.held, found.there

    @property
    def groups(self) -> list[str]:
        return list(self.flows)

    def held(self, group: str, stage: str) -> Held:
        return self._held.get((group, stage), Held())

    def longest_there(self, stage: str, target: float, most: int) -> list[There]:
        late = (one for one in self._there if one.stage == stage and one.days > target)
        return sorted(late, reverse=True)[:most]


def all_stays(frame: ReportContext) -> Iterator[Stay]:
    """Every stay of the deals that ever were in the frame's playbook, deal by deal."""
    stays = Stays(frame.query, frame.playbook.playbook)
    size = stays.count()
    number, rows = 0, map(Stay._make, stays.histories())
    while some := list(islice(rows, EVERY_SO_MANY)):
        yield from some
        number += len(some)
        frame.tell(number, max(size, number))


def _grouping(frame: ReportContext, stays: Stays, wanted: Cut) -> Callable[[Stay], str | None]:
    zone = frame.clock.zone
    if wanted.compare:
        at, _ = cutting(frame, wanted.compare)
        return lambda stay: None if stay.entered is None else "before" if before(stay.entered, at, zone) else "after"
    if wanted.by in PERIODS:
        days, label = LocalDays(zone), cache(lambda day: period_of(day, wanted.by))
        return lambda stay: label(days.of(stay.entered)) if stay.entered else UNKNOWN
    if wanted.by == "owner":
        owners = _owners_then(frame, stays)
        return lambda stay: owners.get(stay.id, stay.owner) or UNKNOWN
    if wanted.by == "source":
        sources = _sources_then(frame, stays)
        return lambda stay: sources.get(stay.deal, stay.source) or UNKNOWN
    return lambda stay: ""


def _owners_then(frame: ReportContext, stays: Stays) -> dict[int, str]:
    """Of the stays whose owner was changed later than the report's moment: who it was then."""
    happened = frame.window.happened
    then: dict[int, str] = {}
    for stay, changes in groupby(stays.changes_of_person(), key=itemgetter(0)):
        whole = list(changes)
        owner, later = whole[0][3], False
        for _, at, returned_at, giver, taker in whole:
            for when, who in ((at, taker), (returned_at, giver)):
                owner = who if happened(when) else owner
                later = later or (when is not None and not happened(when))
        if later:
            then[stay] = owner
    return then


def _sources_then(frame: ReportContext, stays: Stays) -> dict[int, str]:
    """Of the deals whose source was told later than the report's moment: what it was then."""
    happened = frame.window.happened
    then: dict[int, str] = {}
    for deal, told in groupby(stays.sources_told(), key=itemgetter(0)):
        sources = [(at, source) for _, at, source in told]
        if not all(happened(at) for at, _ in sources):
            then[deal] = next((source for at, source in reversed(sources) if happened(at)), "")
    return then


def cutting(frame: ReportContext, text: str) -> tuple[Moment, int | None]:
    """The moment that parts before from after, and which revision of the playbook began then, if one is named.

    A revision is named by its number, the first used being 1, or by the beginning of its hash.
    """
    kept = revisions(frame.query, frame.playbook.playbook)
    named = text.strip().casefold()
    if re.fullmatch(r"[0-9]{1,4}", named):
        numbers = [int(named)] if 1 <= int(named) <= len(kept) else []
    elif re.fullmatch(r"(?=.*[a-f])[0-9a-f]{6,64}", named):
        numbers = [number for number, row in enumerate(kept, 1) if row["hash"].startswith(named)]
    else:
        return frame.home.moment("--compare", text), None
    if not numbers:
        count = len(kept)
        raise NotFound(
            f'{frame.playbook.playbook} has no revision "{text[:64]}"; {count} {"was" if count == 1 else "were"} used.',
            (f"Name one from 1 to {count}, or a date" if count else "Name a date") + ", as in: --compare 2026-06-01. "
            "A change of the playbook counts from the first command that used it.",
        )  # fmt: skip
    return kept[numbers[0] - 1]["at"], numbers[0]
