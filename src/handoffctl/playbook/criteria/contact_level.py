"""`contact_level`: somebody at the account is of this level or a higher one, not only the main contact."""

from typing import Literal

from handoffctl.core.yaml.types import Key
from handoffctl.playbook.criteria.base import Check, Criterion, DealState, PlaybookParts, Truth
from handoffctl.playbook.criteria.fixes import set_field
from handoffctl.playbook.facts import CONTACT_LEVELS
from handoffctl.playbook.fix import Fix

Level = Literal["user", "manager", "director", "vp", "c-suite"]


class ContactLevel(Criterion):
    """A contact of the account is of this level or a higher one."""

    contact_level: Level = Key(description="Some contact of the account, not only the main one, is so senior or more.")

    def holds(self, deal: DealState) -> Truth:
        """Returns None if nobody's level is known."""
        levels = [CONTACT_LEVELS.index(level) for level in deal.facts.contact_levels if level in CONTACT_LEVELS]
        return max(levels) >= CONTACT_LEVELS.index(self.contact_level) if levels else None

    def fix(self, deal: DealState) -> Fix:
        return set_field("contact.level", deal, self.contact_level)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"a contact is at least of the level {self.contact_level}"

    def can_be_undone(self, check: Check, depth: int = 0) -> bool:
        return True
