"""Whether an item on probation is missed: the verdict after each answer."""

from enum import StrEnum
from typing import NamedTuple

from handoffctl.stats.binomial import share_at_most
from handoffctl.stats.constants import MISSES_TO_PUT_BACK, PROBATION_HANDOFFS


class ProbationWord(StrEnum):
    """What to do with an item on probation."""

    KEEP_OUT = "keep it out"
    PUT_BACK = "put it back"
    GOING_ON = "going on"


class ProbationVerdict(NamedTuple):
    """The word, and the share of handoffs that may miss the item at most: the exact one-sided 95 % limit (0 to 1)."""

    word: ProbationWord
    at_most: float


def judge_probation(missed: int, asked: int, planned: int = PROBATION_HANDOFFS) -> ProbationVerdict:
    """Returns the verdict after the item was missed in `missed` of `asked` handoffs.

    The third miss puts it back at once; otherwise it stays out once `planned` handoffs have been asked about.
    """
    at_most = share_at_most(missed, asked)
    if missed >= MISSES_TO_PUT_BACK:
        return ProbationVerdict(ProbationWord.PUT_BACK, at_most)
    return ProbationVerdict(ProbationWord.KEEP_OUT if asked >= planned else ProbationWord.GOING_ON, at_most)
