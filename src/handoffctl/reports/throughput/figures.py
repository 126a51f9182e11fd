"""Stage throughput: how many stays began, how they ended, and how many deals got further."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ELSEWHERE = ""  # a stay in a stage of another playbook
WAYS_OUT = ("advanced", "returned", "won", "lost", "nurture", "moved")

Path = Sequence[str]  # the stages of a deal, in the order of its stays
Groups = Sequence[str | None]  # which group each of these stays belongs to; None: it is not counted, only passed


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

    @property
    def win_rate(self) -> float | None:
        """Of the stays that ended as won or lost, the share that was won."""
        decided = self.out["won"] + self.out["lost"]
        return self.out["won"] / decided if decided else None


class Stages:
    """The stages of a playbook in their order, to tell which way a stay was left."""

    def __init__(self, kinds: Mapping[str, str], gone: Mapping[str, str] | None = None) -> None:
        """`kinds` has the playbook's stages in order, `gone` those it no longer has, which come before all of them."""
        self.kinds = {**(gone or {}), **kinds}
        self._places = {stage: place for place, stage in enumerate(kinds)}

    def way_out(self, stage: str, onward: str) -> str:
        """`advanced` for a later open stage, `returned` for an earlier one, else the kind entered, or `moved`."""
        if onward == ELSEWHERE:
            return "moved"
        kind = self.kinds.get(onward, "open")
        if kind != "open":
            return kind
        return "advanced" if self._places.get(onward, -1) > self._places.get(stage, -1) else "returned"

    def got_further(self, stage: str, later: Path) -> bool:
        return any(self.way_out(stage, onward) in ("advanced", "won") for onward in later)


def flows(
    kinds: Mapping[str, str], paths: Iterable[tuple[Path, int]], gone: Mapping[str, str] | None = None
) -> dict[str, Flow]:
    """The counts of each stage, from the paths that deals took and how many took each."""
    whole = ((path, [""] * len(path), deals) for path, deals in paths)
    return flows_by_group(Stages(kinds, gone), whole).get("", {})


def flows_by_group(stages: Stages, paths: Iterable[tuple[Path, Groups, int]]) -> dict[str, dict[str, Flow]]:
    """The counts of each stage in each group. How a stay ended is told by the next, whichever group that is in."""
    counted: dict[str, dict[str, Flow]] = {}
    for path, groups, deals in paths:
        seen: set[tuple[str, str]] = set()
        for number, (stage, group) in enumerate(zip(path, groups, strict=True)):
            if stage == ELSEWHERE or group is None:
                continue
            flow = counted.setdefault(group, {}).setdefault(stage, Flow())
            flow.entered += deals
            if number + 1 < len(path):
                flow.out[stages.way_out(stage, path[number + 1])] += deals
            else:
                flow.now += deals
            if (group, stage) not in seen:
                seen.add((group, stage))
                flow.deals += deals
                flow.converted += deals * stages.got_further(stage, path[number + 1 :])
    return counted
