"""Counts what handoffs asked and what came of it, item by item. A first try is the first in a stay, of one handoff."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handoffctl.reports.fields.verdicts import Evidence, Followed
from handoffctl.stats.percentiles import percentile
from handoffctl.stats.survival import Survival

Names = Collection[str]


@dataclass(frozen=True)
class Completion:
    """The handoff that ended the trying in one stay, and what came of it.

    `days` is the time in the next stage so far. It is `over` when the deal went on from there; a deal that was
    returned, or is still there, stayed at least as long.
    """

    asked: Names
    without: Names
    returned: bool = False
    days: float | None = None
    over: bool = False


@dataclass(frozen=True)
class Tried:
    """The tries of one handoff in one stay: what the first one asked, what was missing when it began, what came of it.

    `filled` was put right during the first try, `left` was still missing when it was decided. `placeholders` are the
    items for which one was typed during the stay; `seconds` is how long answering each took there.
    """

    asked: Names
    filled: Names = ()
    left: Names = ()
    blocked: bool = False
    completion: Completion | None = None
    placeholders: Names = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """The figures of one item. `seconds` is a median; None where nobody was asked."""

    asked: int
    missing: int
    filled: int
    blocked: int
    missing_though_completed: int
    seconds: float | None
    evidence: Evidence

    @property
    def missing_share(self) -> float | None:
        return self.missing / self.asked if self.asked else None


def counted(item: str, required: bool, tries: Sequence[Tried], named: int = 0) -> Count:
    """The figures of an item over the tries of its handoff; `named` is how many returns named it."""
    asking = [one for one in tries if item in one.asked]
    filled = sum(item in one.filled for one in asking)
    left = [one for one in asking if item in one.left]
    seconds = sorted(one.seconds[item] for one in asking if item in one.seconds)
    if required:
        outcomes = [(one.completion, item in one.left) for one in asking if one.completion]
    else:
        ends = [one.completion for one in tries if one.completion and item in one.completion.asked]
        outcomes = [(end, item in end.without) for end in ends]
    known, lacking = (followed(end for end, lacked in outcomes if lacked is side) for side in (False, True))
    without = 0 if required else lacking.handoffs
    evidence = Evidence(
        required, len(asking), len(left), sum(item in one.placeholders for one in asking), named,
        known, lacking,
    )  # fmt: skip
    return Count(
        len(asking), filled + len(left), filled, sum(one.blocked for one in left), without,
        percentile(0.5, len(seconds), seconds.__getitem__), evidence,
    )  # fmt: skip


def followed(ends: Iterable[Completion]) -> Followed:
    """What came of these handoffs. Stays that go on, or ended with the return, count as at least so long."""
    ends = list(ends)
    timed = [(end.days, end.over) for end in ends if end.days is not None]
    stays = Survival(sorted(days for days, over in timed if over), sorted(days for days, over in timed if not over))
    return Followed(len(ends), sum(end.returned for end in ends), stays)
