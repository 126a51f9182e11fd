"""The facts of one deal, as the gate sees them. Values are in their written form."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handoffctl.core.moments import Moment


@dataclass(frozen=True)
class Touch:
    """One interaction; `met` is the role or contact it was with."""

    kind: str
    direction: str
    outcome: str
    met: str
    at: Moment


@dataclass(frozen=True)
class Step:
    """The next step: what, and by when."""

    text: str
    due: Moment | None


@dataclass(frozen=True)
class Facts:
    """Everything a criterion may look at. `ref` is how a command names the deal."""

    ref: str
    values: Mapping[str, str] = field(default_factory=dict)
    touches: tuple[Touch, ...] = ()
    summary: str | None = None
    step: Step | None = None
