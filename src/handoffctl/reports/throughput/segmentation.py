"""Segments the stays of a playbook, as they were at the moment of the report, into groups: counts and lengths of each.

What is later than that moment has not happened: a stay that began later is left out, one that ended later goes on.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from handoffctl.core.moments import days_between
from handoffctl.core.windows import Window
from handoffctl.reports.throughput.durations import StayDurations
from handoffctl.reports.throughput.flows import (
    OTHER_PLAYBOOK,
    Flow,
    StageOrder,
    StagePath,
    StayGroups,
    flows_by_group,
)
from handoffctl.stats.stays import Stay, as_of

GroupOf = Callable[[Stay], str | None]
GroupedPath = tuple[tuple[str, ...], tuple[str | None, ...]]


class PresentDeal(NamedTuple):
    """A deal that is in a stage, and for how many days. Sorts by days first."""

    days: float
    deal: int
    stage: str


class Segmentation(NamedTuple):
    """Flows by group and stage, lengths by (group, stage), and the present deals of begun age."""

    flows: dict[str, dict[str, Flow]]
    durations: dict[tuple[str, str], StayDurations]
    present: list[PresentDeal]


def segment(
    stays: Iterable[Stay], playbook: str, window: Window, stages: StageOrder, group_of: GroupOf
) -> Segmentation:
    """Segments the stays of this playbook that began within the window: all of them, and by group.

    `stays` come deal by deal, in order. The group "" holds all of them, also those for which `group_of` returns "". A
    stay for which it returns None is not counted, but still tells how the stay before it ended.
    """
    paths: Counter[GroupedPath] = Counter()
    lengths = _Lengths(window, stages)
    for _, of_deal in groupby(stays, key=attrgetter("deal")):
        begun = as_of(of_deal, window)
        path = tuple(stay.stage if stay.playbook == playbook else OTHER_PLAYBOOK for stay in begun)
        groups = tuple(
            group_of(stay) if stage != OTHER_PLAYBOOK and window.contains(stay.entered_at) else None
            for stay, stage in zip(begun, path, strict=True)
        )
        paths[path, groups] += 1
        lengths.add(begun, path, groups)
    return Segmentation(_flows(stages, paths), lengths.durations(), lengths.present)


def _flows(stages: StageOrder, paths: Counter[GroupedPath]) -> dict[str, dict[str, Flow]]:
    """Returns the flows of each group; those of all stays under "" last."""
    by_group: Iterator[tuple[StagePath, StayGroups, int]] = (
        (path, groups, deals) for (path, groups), deals in paths.items()
    )
    ungrouped = (
        (path, [None if group is None else "" for group in groups], deals) for (path, groups), deals in paths.items()
    )
    return flows_by_group(stages, by_group) | flows_by_group(stages, ungrouped)


class _Lengths:
    """Collects the lengths of completed stays and the ages of present ones, by group and stage."""

    def __init__(self, window: Window, stages: StageOrder) -> None:
        self._clock, self._stages = window.clock, stages
        self._completed: dict[tuple[str, str], dict[str, array[float]]] = {}
        self._ages: dict[tuple[str, str], array[float]] = {}
        self.present: list[PresentDeal] = []

    def add(self, stays: list[Stay], path: StagePath, groups: StayGroups) -> None:
        """Adds the stays of one deal, with the stage and the group of each."""
        for number, (stay, stage, group) in enumerate(zip(stays, path, groups, strict=True)):
            if stage == OTHER_PLAYBOOK or group is None:
                continue
            if number + 1 < len(stays):
                if stay.days is not None:
                    outcome = self._stages.outcome(stage, path[number + 1])
                    for name in {"", group}:
                        self._completed.setdefault((name, stage), {}).setdefault(outcome, array("d")).append(stay.days)
            elif stay.entered_at is not None:
                age = days_between(stay.entered_at, self._clock.now, self._clock.zone)
                for name in {"", group}:
                    self._ages.setdefault((name, stage), array("d")).append(age)
                self.present.append(PresentDeal(age, stay.deal, stage))

    def durations(self) -> dict[tuple[str, str], StayDurations]:
        """Returns the collected lengths, sorted."""
        return {
            key: StayDurations(
                {outcome: sorted(days) for outcome, days in self._completed.get(key, {}).items()},
                sorted(self._ages.get(key, ())),
            )
            for key in {*self._completed, *self._ages}
        }
