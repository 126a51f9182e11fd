"""Reads the stays of deals as they were at one moment, and sorts them into groups: any cut of the throughput report.

What is later than the moment has not happened: a stay that began later is not there, one that ended later goes on.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from handoffctl.core.moments import Moment, days_between
from handoffctl.core.windows import Window
from handoffctl.reports.throughput.durations import Held
from handoffctl.reports.throughput.figures import ELSEWHERE, Flow, Groups, Path, Stages, flows_by_group


class Stay(NamedTuple):
    """One stay of a deal, as it is kept. `days` is its length, where it has ended and both ends are known."""

    deal: int
    playbook: str
    stage: str
    owner: str
    source: str
    entered: Moment | None
    left: Moment | None
    days: float | None
    ended: int
    id: int = 0


class There(NamedTuple):
    """A deal that is still in a stage, and for how many days."""

    days: float
    deal: int
    stage: str


class Cut(NamedTuple):
    """What was found: by group and stage, how many and how long. `there` are those whose age is known."""

    flows: dict[str, dict[str, Flow]]
    held: dict[tuple[str, str], Held]
    there: list[There]


def cut(
    stays: Iterable[Stay], playbook: str, window: Window, stages: Stages, group: Callable[[Stay], str | None]
) -> Cut:
    """The stays of this playbook that began within the window: all of them, and by group.

    `stays` come by deal, in their order. All of them are the group ``, also those for which `group` gives that. A stay
    for which it gives None is not counted, but still tells how the one before it ended.
    """
    paths: Counter[tuple[tuple[str, ...], tuple[str | None, ...]]] = Counter()
    lengths: dict[tuple[str, str], dict[str, array[float]]] = {}
    ages: dict[tuple[str, str], array[float]] = {}
    there: list[There] = []
    clock = window.clock
    for _, all_of_deal in groupby(stays, key=itemgetter(0)):
        known = list(_happened(all_of_deal, window))
        path = tuple(stay.stage if stay.playbook == playbook else ELSEWHERE for stay in known)
        groups = tuple(_group(stay, stage, window, group) for stay, stage in zip(known, path, strict=True))
        paths[path, groups] += 1
        for number, (stay, stage, name) in enumerate(zip(known, path, groups, strict=True)):
            if stage == ELSEWHERE or name is None:
                continue
            if number + 1 < len(known):
                if stay.days is not None:
                    way = stages.way_out(stage, path[number + 1])
                    for one in {"", name}:
                        lengths.setdefault((one, stage), {}).setdefault(way, array("d")).append(stay.days)
            elif stay.entered is not None:
                age = days_between(stay.entered, clock.now, clock.zone)
                for one in {"", name}:
                    ages.setdefault((one, stage), array("d")).append(age)
                there.append(There(age, stay.deal, stage))
    held = {
        key: Held({way: sorted(days) for way, days in lengths.get(key, {}).items()}, sorted(ages.get(key, ())))
        for key in {*lengths, *ages}
    }
    whole = ((path, [None if one is None else "" for one in groups], deals) for (path, groups), deals in paths.items())
    parts: Iterator[tuple[Path, Groups, int]] = ((path, groups, deals) for (path, groups), deals in paths.items())
    return Cut(flows_by_group(stages, parts) | flows_by_group(stages, whole), held, there)


def _happened(stays: Iterable[Stay], window: Window) -> Iterator[Stay]:
    """The stays of one deal up to the window's moment."""
    for stay in stays:
        if stay.entered is not None and not window.happened(stay.entered):
            return
        yield stay


def _group(stay: Stay, stage: str, window: Window, group: Callable[[Stay], str | None]) -> str | None:
    return group(stay) if stage != ELSEWHERE and window.has(stay.entered) else None
