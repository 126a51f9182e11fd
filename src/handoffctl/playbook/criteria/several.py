"""`any_of` and `all_of`: criteria made of several others."""

from collections.abc import Iterable
from typing import Annotated

from handoffctl.core.yaml.types import Key
from handoffctl.playbook.criteria.base import Check, Criterion, DealState, Path, PlaybookParts, Truth
from handoffctl.playbook.fix import Fix

Several = Annotated[tuple[Criterion, ...], Key(min_length=1)]


class AnyOf(Criterion):
    """One of several criteria is enough."""

    any_of: Several = Key(description="One of these is enough.")

    def holds(self, deal: DealState) -> Truth:
        answers = [part.holds(deal) for part in self.any_of]
        return True if True in answers else (None if None in answers else False)

    def fix(self, deal: DealState) -> Fix:
        return first_unmet(self.any_of, deal).fix(deal)

    def other_fixes(self, deal: DealState) -> list[Fix]:
        return [part.fix(deal) for part in self.any_of[1:]]

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return describe_several("any of", self.any_of, playbook, ancestors)

    def parts(self) -> Iterable[tuple[Path, Criterion]]:
        return ((("any_of", n), part) for n, part in enumerate(self.any_of))

    def can_be_undone(self, check: Check, depth: int = 0) -> bool:
        return all(part.can_be_undone(check, depth) for part in self.any_of)


class AllOf(Criterion):
    """All of several criteria must hold."""

    all_of: Several = Key(description="All of these must be true.")

    def holds(self, deal: DealState) -> Truth:
        answers = [part.holds(deal) for part in self.all_of]
        return False if False in answers else (None if None in answers else True)

    def fix(self, deal: DealState) -> Fix:
        return first_unmet(self.all_of, deal).fix(deal)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return describe_several("all of", self.all_of, playbook, ancestors)

    def parts(self) -> Iterable[tuple[Path, Criterion]]:
        return ((("all_of", n), part) for n, part in enumerate(self.all_of))

    def can_be_undone(self, check: Check, depth: int = 0) -> bool:
        return all(part.can_be_undone(check, depth) for part in self.all_of)


def first_unmet(parts: tuple[Criterion, ...], deal: DealState) -> Criterion:
    """Returns the first part that does not hold, or the first part if all do."""
    return next((part for part in parts if not part.holds(deal)), parts[0])


def describe_several(
    lead: str, parts: tuple[Criterion, ...], playbook: PlaybookParts, ancestors: tuple[str, ...]
) -> str:
    """Returns `any of: ...; ...`; a single part without the lead, duplicates only once."""
    descriptions = list(dict.fromkeys(part.describe_as_part(playbook, ancestors) for part in parts))
    return f"{lead}: {'; '.join(descriptions)}" if len(descriptions) > 1 else descriptions[0]
