"""Flow through the stages: how many stays began, how they ended, and how many deals advanced."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

OTHER_PLAYBOOK = ""  # stands in a path for a stay in a stage of another playbook
OUTCOMES = ("advanced", "returned", "won", "lost", "nurture", "moved")

StagePath = Sequence[str]  # the stages of a deal, in the order of its stays
StayGroups = Sequence[str | None]  # the group of each of these stays; None: it is passed through but not counted


@dataclass
class Flow:
    """The counts of one stage, in stays; `deals` and `converted` count distinct deals.

    entered = advanced + returned + won + lost + nurture + moved + now.
    """

    entered: int = 0
    deals: int = 0
    now: int = 0
    converted: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def conversion(self) -> float | None:
        """The share (0 to 1) of the deals that after their first entry reached a later open stage or won."""
        return self.converted / self.deals if self.deals else None

    @property
    def win_rate(self) -> float | None:
        """The share (0 to 1) that was won, of the stays that ended as won or lost."""
        decided = self.outcomes["won"] + self.outcomes["lost"]
        return self.outcomes["won"] / decided if decided else None


class StageOrder:
    """The stages of a playbook in their order, which tells how a stay ended."""

    def __init__(self, kinds: Mapping[str, str], gone: Mapping[str, str] | None = None) -> None:
        """`kinds` has the kind of each stage of the playbook, in order.

        `gone` has the stages that the playbook no longer has; they count as coming before all others.
        """
        self.kinds = {**(gone or {}), **kinds}
        self._positions = {stage: position for position, stage in enumerate(kinds)}

    def outcome(self, stage: str, next_stage: str) -> str:
        """Returns how a stay in `stage` ended, from the stage entered next.

        That is `advanced` for a later open stage, `returned` for an earlier one, `moved` for another playbook, and the
        kind of the stage entered for all others.
        """
        if next_stage == OTHER_PLAYBOOK:
            return "moved"
        kind = self.kinds.get(next_stage, "open")
        if kind != "open":
            return kind
        return "advanced" if self._positions.get(next_stage, -1) > self._positions.get(stage, -1) else "returned"

    def advances(self, stage: str, later: StagePath) -> bool:
        """True if one of the later stages is a further open stage or won."""
        return any(self.outcome(stage, each) in ("advanced", "won") for each in later)


def flows(
    kinds: Mapping[str, str], paths: Iterable[tuple[StagePath, int]], gone: Mapping[str, str] | None = None
) -> dict[str, Flow]:
    """Returns the flow of each stage, from the paths that deals took and the number of deals on each path."""
    ungrouped = ((path, [""] * len(path), deals) for path, deals in paths)
    return flows_by_group(StageOrder(kinds, gone), ungrouped).get("", {})


def flows_by_group(
    stages: StageOrder, paths: Iterable[tuple[StagePath, StayGroups, int]]
) -> dict[str, dict[str, Flow]]:
    """Returns the flow of each stage in each group.

    The next stay tells how a stay ended, whatever group the next one is in.
    """
    groups: dict[str, dict[str, Flow]] = {}
    for path, stay_groups, deals in paths:
        counted: set[tuple[str, str]] = set()
        for number, (stage, group) in enumerate(zip(path, stay_groups, strict=True)):
            if stage == OTHER_PLAYBOOK or group is None:
                continue
            flow = groups.setdefault(group, {}).setdefault(stage, Flow())
            flow.entered += deals
            if number + 1 < len(path):
                flow.outcomes[stages.outcome(stage, path[number + 1])] += deals
            else:
                flow.now += deals
            if (group, stage) not in counted:
                counted.add((group, stage))
                flow.deals += deals
                flow.converted += deals * stages.advances(stage, path[number + 1 :])
    return groups
