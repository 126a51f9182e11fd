"""`summary`: a summary e-mail was sent, or confirmed; perhaps that the confirmation covers certain fields."""

from collections.abc import Iterable, Iterator
from typing import Literal

from handoffctl.core.field_values import same_value
from handoffctl.core.yaml.types import Key, Text
from handoffctl.playbook.criteria.base import (
    FIELD,
    Check,
    Criterion,
    DealState,
    PlaybookParts,
    Reference,
    Truth,
    label_within,
)
from handoffctl.playbook.criteria.fixes import set_field
from handoffctl.playbook.fix import Fix, FixKind

CONFIRMED = ("confirmed", "corrected")
SENT = (*CONFIRMED, "sent", "silent")


class Summary(Criterion):
    """The state that the deal's summary has reached.

    A confirmation that `covers` fields holds while each of them that is known is as the client confirmed or corrected
    it. Values are compared regardless of case, blanks and final full stops.
    """

    summary: Literal["sent", "confirmed"] = Key(
        description="A summary e-mail was sent, or the client has confirmed one."
    )
    covers: tuple[Text, ...] = Key(
        (), description="Fields that are now as the client confirmed or corrected them. Goes with `summary: confirmed`."
    )
    since: Literal["stage"] | None = Key(
        None,
        description="The client confirmed during this time in the stage, or nothing that was confirmed has changed.",
    )

    def holds(self, deal: DealState) -> Truth:
        if not self.covers and not self.since:
            return deal.facts.summary in (CONFIRMED if self.summary == "confirmed" else SENT)
        if deal.facts.answer is None:
            return False
        if self.covers and not self._known(deal):
            return None
        return self._in_this_stay(deal) or not self._unconfirmed(deal)

    def _in_this_stay(self, deal: DealState) -> bool:
        """Returns True if an answer in this stay is enough, whatever it covers."""
        answer = deal.facts.answer
        return not self.covers and answer is not None and answer.stay == deal.facts.stay

    def _known(self, deal: DealState) -> list[str]:
        """Returns the covered fields that are known; without `covers`, those that the client has confirmed."""
        if self.covers:
            return [name for name in self.covers if name in deal.facts.values]
        confirmed = deal.facts.answer.confirmed if deal.facts.answer else {}
        fields = ((name, deal.playbook.field(name)) for name in confirmed if name in deal.facts.values)
        return [name for name, field in fields if field and field.head]

    def _unconfirmed(self, deal: DealState) -> list[str]:
        """Returns the covered fields whose values are not those that the client has confirmed."""
        confirmed, values = (deal.facts.answer.confirmed if deal.facts.answer else {}), deal.facts.values
        known = self._known(deal)
        return [name for name in known if name not in confirmed or not same_value(confirmed[name], values[name])]

    def fix(self, deal: DealState) -> Fix:
        ref = deal.facts.ref
        if self.summary == "sent":
            return Fix(FixKind.SEND_SUMMARY, ref)
        if self.covers and not self._known(deal):
            return set_field(self.covers[0], deal)
        if deal.facts.summary is None:  # only what was sent can be confirmed
            return Fix(FixKind.SEND_SUMMARY, ref)
        answered = deal.facts.summary in CONFIRMED  # a yes that covers less than is asked: the next summary is needed
        wants_another = answered and bool(self.covers or self.since)
        return Fix(FixKind.DRAFT_SUMMARY if wants_another else FixKind.CONFIRM_SUMMARY, ref)

    def fields_asked(self, deal: DealState) -> Iterator[str]:
        if self.covers and not self._known(deal):
            yield from self.covers

    def progress(self, deal: DealState) -> str:
        """Names the fields that the client's last answer does not cover, once there is an answer."""
        unconfirmed = self._unconfirmed(deal) if deal.facts.answer and (self.covers or self.since) else []
        labels = ", ".join(label_within(name, deal.playbook) for name in unconfirmed)
        return f" (not confirmed as it is now: {labels})" if labels else ""

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        covered = ", ".join(label_within(name, playbook) for name in self.covers)
        covers = f", and it covers {covered}" if covered else ""
        since = " since the deal entered the stage, or nothing has changed" if self.since else ""
        return f"a summary was {self.summary}{since}{covers}"

    def names(self) -> Iterable[Reference]:
        return (Reference(FIELD, name, "covers") for name in self.covers)

    def incomplete(self) -> str:
        if self.summary == "sent" and (self.covers or self.since):
            return f"{'covers' if self.covers else 'since'} goes with `summary: confirmed` only"
        return ""

    def unsatisfiable(self, check: Check) -> Iterator[tuple[str, str]]:
        for name in self.covers:
            field = check.playbook.field(name)
            if field and not field.head:
                why = "stands under no head of the summary, so no client can confirm it"
                yield "covers", f'"{name}" {why}; give the field a `summary:`, or take it out here'

    def can_be_undone(self, check: Check, depth: int = 0) -> bool:
        return bool(self.covers or self.since)
