"""The names a playbook declares, and the error for a name it does not declare."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handoffctl.errors import nearest
from handoffctl.playbook.model import BUILT_IN, NEXT_STEP, Playbook

Path = tuple[str | int, ...]
Names = Sequence[str]
PlacedFaults = Iterable[tuple[Path, str]]


@dataclass(frozen=True)
class DeclaredNames:
    """The names a file declares, even if what they stand for is faulty. None: cannot be told.

    `ways` is False if a stage or handoff could not be read, so that reachability is not judged; `handoffs` if names of
    handoffs cannot be told, `points` if a signal could not be read. `conditions` may be named by dispositions only.
    """

    fields: Names | None
    criteria: Names | None
    stages: Names | None
    roles: Names | None
    ways: bool = True
    handoffs: bool = True
    points: bool = True
    conditions: Names | None = ()

    @classmethod
    def by(cls, playbook: Playbook) -> "DeclaredNames":
        return cls(
            list(playbook.fields), list(playbook.criteria), list(playbook.stages), list(playbook.roles),
            conditions=list(playbook.conditions),
        )  # fmt: skip

    @property
    def items(self) -> Names | None:
        """Returns what an exit, an entry or a handoff may list."""
        if self.fields is None or self.criteria is None:
            return None
        return [*self.fields, *self.criteria, *BUILT_IN, NEXT_STEP]

    @property
    def items_of_dispositions(self) -> Names | None:
        """Returns what a disposition or a condition may name."""
        if self.items is None or self.conditions is None:
            return None
        return [*self.items, *self.conditions]


def unknown(what: str, name: str, declared: Names | None, path: Path) -> PlacedFaults:
    """Yields an error if the name is not among the known ones, with the nearest of them."""
    if declared is not None and name not in declared:
        shown = name if len(name) <= 60 else name[:57] + "..."
        yield path, f'no {what} is called "{shown}" {nearest(name, declared)}'.rstrip()
