"""Stage throughput: how many stays began, how they ended, and how many deals got further."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ELSEWHERE = ""  # a stay in a stage of another playbook
WAYS_OUT = ("advanced", "returned", "won", "lost", "nurture", "moved")

Path = Sequence[str]  # the stages of a deal, in the order of its stays


@dataclass
class Flow:
    """One stage's counts, in stays; `deals` and `converted` count distinct deals.

    entered = advanced + returned + won + lost + nurture + moved + now.
    """

    entered: int = 0
    deals: int = 0
    now: int = 0
    converted: int = 0
    out: Counter[str] = field(default_factory=Counter)

    @property
    def conversion(self) -> float | None:
        """Of the deals that entered, the share that after their first entry reached a later open stage or won."""
        return self.converted / self.deals if self.deals else None


def flows(
    kinds: Mapping[str, str], paths: Iterable[tuple[Path, int]], gone: Mapping[str, str] | None = None
) -> dict[str, Flow]:
    """The counts of each stage, from the paths that deals took and how many took each.

    `kinds` has the playbook's stages in order, `gone` those that it no longer has, which come before all of them.
    """
    places = {stage: place for place, stage in enumerate(kinds)}
    kinds = {**(gone or {}), **kinds}
    counted: dict[str, Flow] = {}
    for path, deals in paths:
        seen: set[str] = set()
        for number, stage in enumerate(path):
            if stage == ELSEWHERE:
                continue
            flow = counted.setdefault(stage, Flow())
            flow.entered += deals
            if number + 1 < len(path):
                flow.out[way_out(kinds, places, stage, path[number + 1])] += deals
            else:
                flow.now += deals
            if stage not in seen:
                seen.add(stage)
                flow.deals += deals
                flow.converted += deals * _got_further(kinds, places, stage, path[number + 1 :])
    return counted


def way_out(kinds: Mapping[str, str], places: Mapping[str, int], stage: str, onward: str) -> str:
    """`advanced` for a later open stage, `returned` for an earlier one, else the kind entered, or `moved`."""
    if onward == ELSEWHERE:
        return "moved"
    kind = kinds.get(onward, "open")
    if kind != "open":
        return kind
    return "advanced" if places.get(onward, -1) > places.get(stage, -1) else "returned"


def _got_further(kinds: Mapping[str, str], places: Mapping[str, int], stage: str, later: Path) -> bool:
    return any(way_out(kinds, places, stage, onward) in ("advanced", "won") for onward in later)
