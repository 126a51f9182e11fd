"""Stage throughput: how many stays began, how they ended, and how many deals got further."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Way(Protocol):
    """Stays in one stage that ended in the same way."""

    @property
    def stage(self) -> str: ...
    @property
    def ended(self) -> bool: ...
    @property
    def to_kind(self) -> str | None: ...
    @property
    def to_stage(self) -> str | None: ...
    @property
    def visits(self) -> int: ...
    @property
    def firsts(self) -> int: ...


WAYS_OUT = ("advanced", "returned", "won", "lost", "nurture", "moved")


@dataclass
class Flow:
    """One stage's counts, in stays; `deals` counts distinct deals.

    entered = advanced + returned + won + lost + nurture + moved + now.
    """

    entered: int = 0
    deals: int = 0
    now: int = 0
    out: Counter[str] = field(default_factory=Counter)
    converted: int = 0

    @property
    def conversion(self) -> float | None:
        """Of the deals that entered, the share that after their first entry reached a later open stage or won."""
        return self.converted / self.deals if self.deals else None


def flows(order: Sequence[str], kinds: Mapping[str, str], ways: Iterable[Way]) -> dict[str, Flow]:
    """The counts of each stage. `order` is the playbook's; a stage it does not know comes before all it knows."""
    counted: dict[str, Flow] = {}
    for way in ways:
        flow = counted.setdefault(way.stage, Flow())
        flow.entered += way.visits
        flow.deals += way.firsts
        if not way.ended:
            flow.now += way.visits
            continue
        ended = way_out(order, kinds, way)
        flow.out[ended] += way.visits
        if ended in ("advanced", "won"):
            flow.converted += way.firsts
    return counted


def way_out(order: Sequence[str], kinds: Mapping[str, str], way: Way) -> str:
    """`advanced` for a later open stage, `returned` for an earlier one, else the kind entered or `moved`."""
    if way.to_kind != "open":
        return way.to_kind or "moved"
    return "advanced" if _place(order, way.to_stage) > _place(order, way.stage) else "returned"


def _place(order: Sequence[str], stage: str | None) -> int:
    return order.index(stage) if stage in order else -1


def turns_back(order: Sequence[str], kinds: Mapping[str, str], ways: Iterable[Way]) -> list[tuple[str, str]]:
    """The turns after which a deal may still get further, though its first stay did not end so.

    Those are a return, a way out of a closed stage, and a move to another playbook, from which a deal may come back.
    """
    return [
        (way.stage, way.to_stage)
        for way in ways
        if way.ended and way.to_stage
        and (kinds.get(way.stage, "open") != "open" or way_out(order, kinds, way) in ("returned", "moved"))
    ]  # fmt: skip


def add_late_conversions(
    counted: Mapping[str, Flow], order: Sequence[str], kinds: Mapping[str, str], paths: Iterable[Sequence[str | None]]
) -> None:
    """Counts the deals that got further only after a detour. `paths` are the stages of such deals, in order."""
    for path in paths:
        best = -1  # the furthest place reached later on, seen from the end; a won stage is beyond all
        gains: dict[str, bool] = {}
        for number in range(len(path) - 1, -1, -1):
            stage = path[number]
            if stage is None:
                continue
            gains[stage] = best > _reached(order, kinds, stage) and not _straight(order, kinds, path, number)
            best = max(best, _reached(order, kinds, stage) if kinds.get(stage) in ("open", "won") else -1)
        for stage, gained in gains.items():
            if gained and stage in counted:
                counted[stage].converted += 1


def _reached(order: Sequence[str], kinds: Mapping[str, str], stage: str) -> int:
    """How far a stage is: its place; a won stage is as far as it goes, and nothing lies beyond it."""
    return len(order) if kinds.get(stage) == "won" else _place(order, stage)


def _straight(order: Sequence[str], kinds: Mapping[str, str], path: Sequence[str | None], number: int) -> bool:
    """True where the stay itself ended further on, which the plain count has already."""
    onward = path[number + 1] if number + 1 < len(path) else None
    stage = path[number]
    if onward is None or stage is None:
        return False
    if kinds.get(onward) == "won":
        return True
    return kinds.get(onward, "open") == "open" and _place(order, onward) > _place(order, stage)
