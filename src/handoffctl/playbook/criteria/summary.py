"""`summary`: a summary e-mail was sent, or confirmed."""

from typing import Literal

from pydantic import Field as Key

from handoffctl.playbook.criteria.base import Criterion, DealState, PlaybookParts, Truth
from handoffctl.playbook.fix import Fix, FixKind

CONFIRMED = ("confirmed", "corrected")
SENT = (*CONFIRMED, "sent", "silent")


class Summary(Criterion):
    """The state that the deal's summary has reached."""

    summary: Literal["sent", "confirmed"] = Key(
        description="A summary e-mail was sent, or the client has confirmed one."
    )

    def holds(self, deal: DealState) -> Truth:
        return deal.facts.summary in (CONFIRMED if self.summary == "confirmed" else SENT)

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.SEND_SUMMARY if self.summary == "sent" else FixKind.CONFIRM_SUMMARY, deal.facts.ref)

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"a summary was {self.summary}"
