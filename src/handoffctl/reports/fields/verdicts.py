"""Whether an item of a handoff is worth asking: the one rule, its words, and the interval that keeps it honest."""

from dataclasses import dataclass, field
from math import sqrt

from handoffctl.playbook.report_thresholds import Verdicts
from handoffctl.stats.survival import Z95, Survival

KEEP, LOOSEN, DROP, TOO_FEW = "keep", "make nice-to-have", "drop", "not enough data"

# Below six, not even the shortest of them is sure to lie under the median: 0.5 ** 6 is less than 2.5 %.
FEWEST_STAYS = 6


@dataclass(frozen=True)
class Followed:
    """What came of some completed handoffs: how many, how many were returned, and days in the next stage."""

    handoffs: int = 0
    returned: int = 0
    stays: Survival = field(default_factory=lambda: Survival(()))

    @property
    def returned_share(self) -> float | None:
        return self.returned / self.handoffs if self.handoffs else None


@dataclass(frozen=True)
class Evidence:
    """What the verdict on one item rests on.

    `missing` counts the first tries that left it missing. `lacking` are the completed handoffs of which the first try
    left a required item missing, or which were completed without a nice-to-have one. `known` are the other completed
    ones: an item that was asked for and answered on the spot has done what it is there for. `placeholders` counts first
    tries in whose stay somebody typed one, `named` the returns that named the item.
    """

    required: bool
    asked: int = 0
    missing: int = 0
    placeholders: int = 0
    named: int = 0
    known: Followed = Followed()
    lacking: Followed = Followed()


def rule(limits: Verdicts) -> tuple[str, ...]:
    """The rule in words, with the playbook's thresholds; `judged` follows it line by line."""
    often, placeholders = share(limits.often), share(limits.placeholders)
    return (
        f"Fewer than {limits.attempts} first tries: {TOO_FEW}. A first try is the first in each stay of a deal.",
        "A handoff lacked a required item when its first try left it missing, so that another was needed; a "
        "nice-to-have one when it was completed without it. What is given with the command or answered on the spot is "
        "not lacking.",
        "Named in a return, or handoffs that lacked it were clearly returned more often, or their deals clearly stayed "
        f"longer in the next stage: {KEEP}. Clearly means that the 95 % interval of the difference leaves out zero, "
        "or that the 95 % intervals of the two medians do not meet.",
        f"Required, and left missing at {often} of the first tries or more, or answered with a placeholder in the "
        f"stays of {placeholders} of them or more: {LOOSEN}. Nice to have, and missing at {often} of the completed "
        f"handoffs or more: {DROP}. Both only once {least(limits.often, limits)} handoffs that lacked it were "
        f"completed ({least(limits.placeholders, limits)} for placeholders); till then: {KEEP}.",
        f"Else it is not often lacking: {KEEP}.",
    )


def judged(found: Evidence, limits: Verdicts) -> tuple[str, str]:
    """The verdict on an item, and the numbers behind it in one sentence."""
    if found.asked < limits.attempts:
        return (
            TOO_FEW,
            f"{_times(found.asked, 'first try', 'first tries')} so far; it takes {limits.attempts} to judge.",
        )
    harm = _harm(found)
    if harm:
        return KEEP, harm
    if found.required:
        doubts = [
            (found.missing, limits.often, "Left missing at"),
            (found.placeholders, limits.placeholders, "Answered with a placeholder in the stays of"),
        ]
        return _doubted(found, limits, doubts, found.asked, "first tries", LOOSEN)
    completed = found.known.handoffs + found.lacking.handoffs
    doubts = [(found.lacking.handoffs, limits.often, "Missing at")]
    return _doubted(found, limits, doubts, completed, "completed handoffs", DROP)


def _doubted(
    found: Evidence, limits: Verdicts, doubts: list[tuple[int, float, str]], among: int, what: str, otherwise: str
) -> tuple[str, str]:
    if not among:
        return KEEP, f"No {what} yet to tell from."
    seen = found.lacking
    waits = ""
    for count, limit, says in doubts:
        if count / among < limit:
            continue
        often = f"{says} {count:,} of {among:,} {what} ({share(count / among)})"
        if seen.handoffs >= least(limit, limits):
            return otherwise, f"{often}, and nothing clearly followed from it: {_returns(found)}."
        waits = waits or (
            f"{often}, but only {_times(seen.handoffs, 'handoff')} that lacked it completed: "
            "too few to see what follows."
        )
    if waits:
        return KEEP, waits
    count = doubts[0][0]
    return KEEP, f"Not often lacking: at {count:,} of {among:,} {what} ({share(count / among)})."


def _harm(found: Evidence) -> str:
    """What followed where the item was lacking, if it is more than chance; else nothing."""
    if found.named:
        return f"Named in {_times(found.named, 'return')}: the receiver could not do without it."
    known, lacking = found.known, found.lacking
    more = difference(lacking.returned, lacking.handoffs, known.returned, known.handoffs)
    if more and more[0] > 0:
        return f"More came back where it was lacking: {_returns(found)}."
    if longer(lacking.stays, known.stays):
        return (
            f"Deals that lacked it stay longer in the next stage: {lacking.stays.median:.1f} days by the median, "
            f"the others {known.stays.median:.1f}."
        )
    return ""


def _returns(found: Evidence) -> str:
    known, lacking = found.known, found.lacking
    others = f", {known.returned:,} of {known.handoffs:,} others" if known.handoffs else ""
    return f"{lacking.returned:,} of {lacking.handoffs:,} that lacked it were returned{others}"


def least(limit: float, limits: Verdicts) -> int:
    """How many handoffs must have lacked an item before their silence counts: that share of the fewest first tries."""
    exact = limit * limits.attempts
    return max(int(exact) + (exact - int(exact) > 1e-9), 1)


def longer(one: Survival, other: Survival) -> bool:
    """Whether the first stay surely longer than the others: the 95 % intervals of their medians do not meet."""
    if min(len(one.lengths), len(other.lengths)) < FEWEST_STAYS:
        return False
    low, high = one.interval()[0], other.interval()[1]
    return low is not None and high is not None and low > high


def difference(one: int, of: int, other: int, among: int, z: float = Z95) -> tuple[float, float] | None:
    """The 95 % interval of `one / of - other / among`; None where either has no cases.

    Newcombe 1998 (Statistics in Medicine 17, 873-890), method 10: from the Wilson intervals of the two shares. It
    stays honest for few cases and for shares of 0 and 1, where the usual normal interval does not.
    """
    if not of or not among:
        return None
    first, second = one / of, other / among
    (low1, high1), (low2, high2) = wilson(one, of, z), wilson(other, among, z)
    below = sqrt((first - low1) ** 2 + (high2 - second) ** 2)
    above = sqrt((high1 - first) ** 2 + (second - low2) ** 2)
    return first - second - below, first - second + above


def wilson(count: int, of: int, z: float = Z95) -> tuple[float, float]:
    """The 95 % interval of a share, `of` > 0 (Wilson 1927)."""
    middle = count + z * z / 2
    spread = z * sqrt(count * (of - count) / of + z * z / 4)
    return max((middle - spread) / (of + z * z), 0.0), min((middle + spread) / (of + z * z), 1.0)


def share(value: float) -> str:
    """A share as people read it; never 0% or 100% where it is not quite."""
    rounded = round(value * 100)
    if rounded in (0, 100) and value not in (0, 1):
        return "<1%" if rounded == 0 else ">99%"
    return f"{rounded}%"


def _times(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"
