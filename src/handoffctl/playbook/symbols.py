"""What a playbook's file declares, and how a name that it does not declare is told of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handoffctl.errors import nearest
from handoffctl.playbook.model import BUILT_IN, NEXT_STEP, Playbook

Path = tuple[str | int, ...]
Names = Sequence[str]
Found = Iterable[tuple[Path, str]]


@dataclass(frozen=True)
class Declared:
    """The names a file declares, also where what they stand for is at fault. None: it cannot be told.

    `ways` is False where a stage or a handoff could not be read, so that nothing is said of how stages are reached;
    `handoffs` where it cannot be told what a handoff is called, `points` where a signal could not be read.
    """

    fields: Names | None
    criteria: Names | None
    stages: Names | None
    roles: Names | None
    ways: bool = True
    handoffs: bool = True
    points: bool = True

    @classmethod
    def by(cls, rules: Playbook) -> "Declared":
        return cls(list(rules.fields), list(rules.criteria), list(rules.stages), list(rules.roles))

    @property
    def items(self) -> Names | None:
        """What an exit, an entry, a handoff may ask for."""
        if self.fields is None or self.criteria is None:
            return None
        return [*self.fields, *self.criteria, *BUILT_IN, NEXT_STEP]


def unknown(what: str, name: str, known: Names | None, path: Path) -> Found:
    """A fault where the name is none of the known ones, with the nearest of them; none where they cannot be told."""
    if known is not None and name not in known:
        said = name if len(name) <= 60 else name[:57] + "..."
        yield path, f'no {what} is called "{said}" {nearest(name, known)}'.rstrip()
