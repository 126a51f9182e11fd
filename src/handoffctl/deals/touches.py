"""A new touch as it is typed, the outcomes it can have, and the limits of its text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handoffctl.deals.next_step import TypedStep

OUTCOMES = ("held", "no-show", "booked", "cancelled", "answered", "no-answer", "left-message", "sent", "replied")
LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class NewTouch:
    """A touch to record, as typed, with what was learned in it and what comes next.

    `direction` is `in` or `out`. `at` is the moment as typed; empty for now. `met` is a role, a contact or a teammate.
    `values` are field values by name. `trigger` names the handoff that the touch calls for. Empty texts mean none.
    `ends_step` says whether the open step is done with it; None if the user was not asked. `asked_twice` names the
    fields that the client was asked again although they were known.
    """

    kind: str
    text: str = ""
    direction: str = "out"
    at: str = ""
    outcome: str = ""
    met: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    step: TypedStep | None = None
    trigger: str = ""
    ends_step: bool | None = None
    asked_twice: Sequence[str] = ()
