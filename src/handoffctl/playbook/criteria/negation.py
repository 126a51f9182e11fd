"""`not`: the opposite of another criterion."""

from collections.abc import Iterable, Iterator

from handoffctl.core.yaml.types import Key
from handoffctl.playbook.criteria.base import Check, Criterion, DealState, Path, PlaybookParts, SignalState, Truth
from handoffctl.playbook.fix import Fix

UNDONE = (
    'what is known or has happened is never undone, so this could not be met again; "not" stands over comparisons '
    'of fields and over touches with "within"'
)


class Not(Criterion):
    """Another criterion must not hold."""

    negated: Criterion = Key(
        written="not", description="This must not be true. While it is not known, neither is its opposite."
    )

    def holds(self, deal: DealState) -> Truth:
        inner = self.negated.holds(deal)
        return None if inner is None else not inner

    def fix(self, deal: DealState) -> Fix:
        return self.negated.fix_if_negated(deal)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"not: {self.negated.describe_as_part(playbook, ancestors)}"

    def signals(self, deal: DealState) -> list[SignalState]:
        return []  # fewer points are wanted, and nobody is to be asked for those

    def parts(self) -> Iterable[tuple[Path, Criterion]]:
        return ((("not",), self.negated),)

    def unsatisfiable(self, check: Check) -> Iterator[tuple[str, str]]:
        if not self.negated.can_be_undone(check):
            yield "not", UNDONE

    def can_be_undone(self, check: Check, depth: int = 0) -> bool:
        return self.negated.can_be_undone(check, depth)
