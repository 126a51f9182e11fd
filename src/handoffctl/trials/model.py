"""The records of trials: what is left out, and the deals that went without it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from handoffctl.core.moments import Moment

PROBATION = "probation"
RANDOMIZED = "randomized"
WITHOUT = "without"
WITH = "with"

TrialKind = Literal["item", "handoff", "stage"]


@dataclass(frozen=True)
class Trial:
    """A trial of one item, or of a whole step, for which `item` is empty. `size` is per arm if it is randomized.

    `margin` is a share. A trial that ended with the verdict `keep_out` leaves its item out for good.
    """

    id: int
    playbook: str
    handoff: str
    item: str
    kind: TrialKind
    mode: str
    size: int
    margin: float | None
    draw_key: str
    started_at: Moment
    ended_at: Moment | None
    verdict: str | None
    because: str

    @property
    def name(self) -> str:
        """What commands call it: `qualified.decision_process`, or `qualified` for a whole step."""
        return f"{self.handoff}.{self.item}" if self.item else self.handoff

    @property
    def running(self) -> bool:
        return self.ended_at is None

    @property
    def randomized(self) -> bool:
        return self.mode == RANDOMIZED


@dataclass(frozen=True)
class TrialDeal:
    """A deal in a trial: its arm, when its attempt was made, and whether what was left out was missed (None: unknown).

    `account` and `deal` are slugs. `filled_in` says that the item was filled in by hand later, `failed` that the deal
    was returned or lost within 30 days, `named` that a return named the item.
    """

    id: int
    account: str
    deal: str
    arm: str
    at: Moment
    missed: bool | None
    filled_in: bool = False
    failed: bool = False
    named: bool = False

    @property
    def was_missed(self) -> bool | None:
        return True if self.filled_in else self.missed


@dataclass(frozen=True)
class TrialResult:
    """A trial with its deals, and the label of what is left out."""

    trial: Trial
    label: str
    deals: Sequence[TrialDeal] = field(default_factory=tuple)
