"""The agenda of a review as records."""

from typing import NamedTuple

from handoffctl.core.moments import Moment

EVERYBODY = ""  # the receiver under which a review with all receivers is filed


class AgendaStep(NamedTuple):
    """The open next step of a deal."""

    text: str
    due: Moment | None


class HandedDeal(NamedTuple):
    """A deal that was handed to the receiver, who still has it, and the stage it is in now.

    `ref` is how commands find it. `days` have passed since the handoff.

    `carried` is True if it was handed over before the period of the review and still needs attention.
    """

    account: str
    deal: str
    ref: str
    name: str
    deal_name: str | None
    from_: str
    from_stage: str
    handoff: str
    handed_at: Moment
    stage: str
    title: str
    accepted_at: Moment | None
    days: float
    step: AgendaStep | None
    overdue: bool
    carried: bool


class ReturnGap(NamedTuple):
    """An item that a return named as missing."""

    name: str
    label: str


class ReturnedDeal(NamedTuple):
    """A deal that the receiver returned, with the reason and the items named as missing."""

    account: str
    deal: str
    ref: str
    name: str
    deal_name: str | None
    from_: str
    from_stage: str
    handoff: str
    handed_at: Moment
    returned_at: Moment
    because: str | None
    missing: list[ReturnGap]


class UsuallyMissing(NamedTuple):
    """An item that first attempts lacked `missing` times, `of` so many attempts at handoffs that lacked it once."""

    name: str
    label: str
    missing: int
    of: int


class ReceiverAgenda(NamedTuple):
    """The part of one receiver. `kind` is person or role."""

    receiver: str
    kind: str
    handed: list[HandedDeal]
    returned: list[ReturnedDeal]
    usually_missing: list[UsuallyMissing]

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to discuss."""
        return not (self.handed or self.returned or self.usually_missing)


class Agenda(NamedTuple):
    """The agenda of a review. `for_` is the receiver it was asked for; None for everybody."""

    as_of: Moment
    since: Moment
    last_review: Moment | None
    for_: str | None
    receivers: list[ReceiverAgenda]

    @property
    def filed_under(self) -> str:
        """The receiver under which the review is recorded."""
        return self.for_ or EVERYBODY
