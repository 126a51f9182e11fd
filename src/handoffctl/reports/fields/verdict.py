"""Decides whether a handoff field is worth asking for, with confidence intervals; and words the rule behind it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from handoffctl.playbook.report_thresholds import Verdicts
from handoffctl.stats.intervals import newcombe_interval
from handoffctl.stats.survival import Survival

KEEP, LOOSEN, DROP, TOO_FEW = "keep", "make nice-to-have", "drop", "not enough data"

# With fewer than six, not even the shortest is certainly below the median: 0.5 ** 6 is less than 2.5 %.
FEWEST_STAYS = 6


@dataclass(frozen=True)
class HandoffsAfter:
    """What followed completed handoffs: how many there were, how many were returned, and days in the next stage."""

    handoffs: int = 0
    returned: int = 0
    stays: Survival = field(default_factory=lambda: Survival(()))

    @property
    def returned_share(self) -> float | None:
        """The share (0 to 1) of the handoffs that was returned; None without any."""
        return self.returned / self.handoffs if self.handoffs else None


@dataclass(frozen=True)
class Evidence:
    """The numbers on which the verdict on one item rests.

    `missing` counts the first attempts that left the item missing. `lacking` are the completed handoffs whose first
    attempt left a required item missing, or that were completed without a nice-to-have one. `known` are the other
    completed ones: an item that was asked for and answered on the spot has served its purpose. `placeholders` counts
    first attempts during whose stay a placeholder was typed for it, `named` the returns that named the item.
    """

    required: bool
    asked: int = 0
    missing: int = 0
    placeholders: int = 0
    named: int = 0
    known: HandoffsAfter = HandoffsAfter()
    lacking: HandoffsAfter = HandoffsAfter()


class FieldVerdict(NamedTuple):
    """The verdict on an item and the numbers behind it in a sentence."""

    verdict: str
    because: str


@dataclass(frozen=True)
class _Doubt:
    """A reason to doubt an item: how often it occurred, from which share on it counts, and its wording."""

    count: int
    limit: float
    wording: str


def rule_text(limits: Verdicts) -> tuple[str, ...]:
    """Returns the rule in words with the playbook's thresholds; `field_verdict` follows it sentence by sentence."""
    often, placeholders = share_text(limits.often), share_text(limits.placeholders)
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
        f"handoffs or more: {DROP}. Both only once {fewest_lacking(limits.often, limits)} handoffs that lacked it were "
        f"completed ({fewest_lacking(limits.placeholders, limits)} for placeholders); till then: {KEEP}.",
        f"Else it is not often lacking: {KEEP}.",
    )


def field_verdict(evidence: Evidence, limits: Verdicts) -> FieldVerdict:
    """Returns the verdict on an item."""
    if evidence.asked < limits.attempts:
        tries = _count(evidence.asked, "first try", "first tries")
        return FieldVerdict(TOO_FEW, f"{tries} so far; it takes {limits.attempts} to judge.")
    harm = _harm(evidence)
    if harm:
        return FieldVerdict(KEEP, harm)
    if evidence.required:
        doubts = [
            _Doubt(evidence.missing, limits.often, "Left missing at"),
            _Doubt(evidence.placeholders, limits.placeholders, "Answered with a placeholder in the stays of"),
        ]
        return _judge_doubts(evidence, limits, doubts, evidence.asked, "first tries", LOOSEN)
    completed = evidence.known.handoffs + evidence.lacking.handoffs
    doubts = [_Doubt(evidence.lacking.handoffs, limits.often, "Missing at")]
    return _judge_doubts(evidence, limits, doubts, completed, "completed handoffs", DROP)


def _judge_doubts(
    evidence: Evidence, limits: Verdicts, doubts: list[_Doubt], total: int, cases: str, otherwise: str
) -> FieldVerdict:
    """Returns `otherwise` if one of the doubts holds and enough handoffs lacked the item, else KEEP."""
    if not total:
        return FieldVerdict(KEEP, f"No {cases} yet to tell from.")
    lacking = evidence.lacking
    too_few = ""
    for doubt in doubts:
        if doubt.count / total < doubt.limit:
            continue
        often = f"{doubt.wording} {doubt.count:,} of {total:,} {cases} ({share_text(doubt.count / total)})"
        if lacking.handoffs >= fewest_lacking(doubt.limit, limits):
            return FieldVerdict(otherwise, f"{often}, and nothing clearly followed from it: {_returns_text(evidence)}.")
        too_few = too_few or (
            f"{often}, but only {_count(lacking.handoffs, 'handoff')} that lacked it completed: "
            "too few to see what follows."
        )
    if too_few:
        return FieldVerdict(KEEP, too_few)
    count = doubts[0].count
    return FieldVerdict(KEEP, f"Not often lacking: at {count:,} of {total:,} {cases} ({share_text(count / total)}).")


def _harm(evidence: Evidence) -> str:
    """Returns what followed where the item was lacking, if that is more than chance; otherwise ""."""
    if evidence.named:
        return f"Named in {_count(evidence.named, 'return')}: the receiver could not do without it."
    known, lacking = evidence.known, evidence.lacking
    more = newcombe_interval(lacking.returned, lacking.handoffs, known.returned, known.handoffs)
    if more and more[0] > 0:
        return f"More came back where it was lacking: {_returns_text(evidence)}."
    if is_longer(lacking.stays, known.stays):
        return (
            f"Deals that lacked it stay longer in the next stage: {lacking.stays.median:.1f} days by the median, "
            f"the others {known.stays.median:.1f}."
        )
    return ""


def _returns_text(evidence: Evidence) -> str:
    known, lacking = evidence.known, evidence.lacking
    others = f", {known.returned:,} of {known.handoffs:,} others" if known.handoffs else ""
    return f"{lacking.returned:,} of {lacking.handoffs:,} that lacked it were returned{others}"


def fewest_lacking(limit: float, limits: Verdicts) -> int:
    """Returns how many handoffs must have lacked an item before it can be doubted: `limit` of the fewest attempts."""
    exact = limit * limits.attempts
    return max(int(exact) + (exact - int(exact) > 1e-9), 1)


def is_longer(stays: Survival, others: Survival) -> bool:
    """True if the first group's stays are significantly longer (non-overlapping 95 % intervals of the medians)."""
    if min(len(stays.completed), len(others.completed)) < FEWEST_STAYS:
        return False
    low, high = stays.interval()[0], others.interval()[1]
    return low is not None and high is not None and low > high


def share_text(share: float) -> str:
    """Returns a share in percent; never 0% or 100% where it is not exactly that."""
    rounded = round(share * 100)
    if rounded in (0, 100) and share not in (0, 1):
        return "<1%" if rounded == 0 else ">99%"
    return f"{rounded}%"


def _count(count: int, singular: str, plural: str = "") -> str:
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"
