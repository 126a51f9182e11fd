"""`score`: the buying signals that hold add up to so many points."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field as Key

from handoffctl.playbook.criteria.base import Criterion, DealState, PlaybookParts, SignalRule, Truth
from handoffctl.playbook.fix import Fix, FixKind
from handoffctl.playbook.quantities import counted


class Score(Criterion):
    """At least so many points from the signals."""

    score: Annotated[int, Key(ge=1, le=100_000)] = Key(
        description="The signals that hold add up to so many points or more."
    )

    def holds(self, deal: DealState) -> Truth:
        return points(deal) >= self.score

    def fix(self, deal: DealState) -> Fix:
        unmet = next(_unmet(deal), None)
        return unmet.fix(deal) if unmet else Fix(FixKind.SHOW, deal.facts.ref)

    def fields_asked(self, deal: DealState) -> Iterator[str]:
        for criterion in _unmet(deal):
            yield from criterion.fields_asked(deal)

    def progress(self, deal: DealState) -> str:
        return f" ({points(deal)} of {self.score} points)"

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {counted(self.score, 'point')}"

    def out_of_reach(self, signals: Mapping[str, SignalRule]) -> str:
        """Returns a sentence if all signals together give too few points; empty otherwise."""
        total = sum(signal.points for signal in signals.values())
        if self.score <= total:
            return ""
        reason = f"the signals add up to {total} points" if signals else "there are no signals to give points"
        return f"{reason}, so {self.score} can never be reached"


def points(deal: DealState) -> int:
    """Returns the points of the signals that hold now."""
    return sum(signal.points for signal in deal.playbook.signals.values() if _gives(signal, deal))


def _gives(signal: SignalRule, deal: DealState) -> bool:
    return all(criterion.holds(deal) for criterion in signal.when)


def _unmet(deal: DealState) -> Iterator[Criterion]:
    """Yields the unmet conditions of signals that give no points yet, most points first."""
    silent = [signal for signal in deal.playbook.signals.values() if not _gives(signal, deal)]
    for signal in sorted(silent, key=lambda signal: -signal.points):
        yield from (criterion for criterion in signal.when if not criterion.holds(deal))
