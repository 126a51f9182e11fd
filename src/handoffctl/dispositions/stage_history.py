"""How long earlier deals stayed in a stage and whether they went on from there. Pure rules over lengths in days."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from handoffctl.playbook.model import Playbook
from handoffctl.stats.percentiles import percentile_of

FEWEST_FORWARD = 20  # with fewer stays that went forward, nobody knows what is usual
USUAL_SHARE = 0.85
FEWEST_STILL_HERE = 5  # with fewer stays the program does not say what became of them


class EndedStay(NamedTuple):
    """A stay in an open stage that has ended: its stage, its length in days, and where the deal went."""

    stage: str
    days: float
    to_playbook: str | None
    to_stage: str | None
    to_kind: str | None


class StillHere(NamedTuple):
    """Of the stays that had lasted until a day: how many there are, how many went on later, how many still last."""

    stays: int
    went_on: int
    still_here: int


class StageHistory:
    """The stays in one stage: those that ended, each with whether it went forward, and the ages of those that last."""

    def __init__(self, ended: Sequence[tuple[float, bool]], ages: Sequence[float]) -> None:
        self._ended = sorted(ended)
        self._days = [days for days, _ in self._ended]
        self._ages = sorted(ages)

    @cached_property
    def usual_days(self) -> float | None:
        """The length in days within which 85 % of the stays that went forward had ended; None below 20 of them.

        Stays that ended otherwise are left out: with them, what is usual would grow with what nobody looks after.
        """
        forward = [days for days, went_on in self._ended if went_on]
        return percentile_of(forward, USUAL_SHARE) if len(forward) >= FEWEST_FORWARD else None

    @cached_property
    def _forward_before(self) -> list[int]:
        return [0, *accumulate(int(went_on) for _, went_on in self._ended)]

    def still_here_at(self, day: float) -> StillHere:
        """Returns what became of the stays that had lasted for so many days, the present deal among them."""
        first = bisect_left(self._days, day)
        lasting = len(self._ages) - bisect_left(self._ages, day)
        went_on = self._forward_before[-1] - self._forward_before[first]
        return StillHere(len(self._days) - first + lasting, went_on, lasting)


def goes_forward(stay: EndedStay, playbook: Playbook) -> bool:
    """Returns True if the deal was won, went on to a later open stage, or to another playbook."""
    if stay.to_kind == "won":
        return True
    if stay.to_kind != "open" or stay.to_stage is None:
        return False
    if stay.to_playbook != playbook.playbook:
        return True
    stages = list(playbook.stages)
    return stay.stage in stages and stay.to_stage in stages and stages.index(stay.to_stage) > stages.index(stay.stage)


def still_here_in_words(history: StageHistory, day: float) -> str:
    """Returns `of 34 still here at day 40, 2 went on`, without the deal itself; empty where there are too few.

    Those that are still there, of which nobody knows yet, are named as well.
    """
    counts = history.still_here_at(day)
    others = counts.stays - 1
    if others < FEWEST_STILL_HERE:
        return ""
    lasting = counts.still_here - 1
    waiting = f", {lasting} {'is' if lasting == 1 else 'are'} there yet" if lasting > 0 else ""
    return f"of {others} still here at day {round(day)}, {counts.went_on} went on{waiting}"
