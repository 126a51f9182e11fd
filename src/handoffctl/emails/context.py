"""Template context: the deal, its history, its playbook and the handoff that an e-mail goes with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.deals.lookup_query import Deal
from handoffctl.emails.summary_content import SummaryContent
from handoffctl.emails.summary_model import SummaryEmail, changed_values
from handoffctl.meetings.model import Meeting
from handoffctl.people.query import LastHandover, Person
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.promises.model import Promise, ValueEntry


class EmailContact(NamedTuple):
    """A contact of the account, as an e-mail names them; None for what is not known."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    level: str | None = None


class TouchNote(NamedTuple):
    """One interaction with the text that was recorded of it; `met` is the role or contact it was with."""

    kind: str
    direction: str
    outcome: str
    met: str
    text: str
    at: Moment


@dataclass(frozen=True)
class DealSnapshot:
    """A deal and everything recorded about it, read at one moment.

    `confirmed` holds the values of the last summary that the client answered, `corrections` what they corrected, by the
    id of the summary. `handover` is the handoff that brought the deal to its owner; `client_line` is what the client
    wrote in the last answer, empty if that was not kept.
    """

    deal: Deal
    facts: Facts
    contacts: Sequence[EmailContact] = ()
    touches: Sequence[TouchNote] = ()
    summaries: Sequence[SummaryEmail] = ()
    confirmed: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    promises: Sequence[Promise] = ()
    team: Sequence[Person] = ()
    meetings: Sequence[Meeting] = ()
    values_seen: Sequence[ValueEntry] = ()
    handover: LastHandover | None = None
    client_line: str = ""


@dataclass(frozen=True)
class TemplateContext:
    """What an e-mail is about: the deal, its playbook, and the handoff it goes with, if any.

    Sender, receiver and target are those of the handoff, unless they are given here. `addressee` is the address that
    the e-mail goes to instead of the main contact's. `content` is what the next summary says; it is filled for the
    templates summary, nudge and thanks.
    """

    snapshot: DealSnapshot
    playbook: Playbook
    handoff: Handoff | None = None
    sender: str = ""
    receiver: str = ""
    to_title: str = ""
    addressee: str = ""
    content: SummaryContent | None = None

    @property
    def deal(self) -> Deal:
        return self.snapshot.deal

    @property
    def from_stage(self) -> str:
        """The stage that the deal leaves, or is in."""
        return self.handoff.from_stage if self.handoff else self.deal.stage

    @property
    def to_stage(self) -> str | None:
        """The stage of this playbook that the deal goes to, or None."""
        return self.handoff.to_stage if self.handoff and not self.handoff.to_playbook else None

    @property
    def receiver_name(self) -> str:
        """The person or role that takes over."""
        return self.receiver or self.receiver_role or self.deal.owner

    @property
    def receiver_role(self) -> str:
        """The role that the handoff leads to, or an empty string if this playbook does not name it."""
        named = self.handoff.receiver if self.handoff else ""
        return named or (self.playbook.owner_of(self.to_stage) if self.to_stage else "")


def changed_since(snapshot: DealSnapshot, playbook: Playbook) -> dict[str, str]:
    """Returns the confirmed value of each summary field whose value has changed since the client confirmed it."""
    in_summary = {name for name, rule in playbook.fields.items() if rule.summary}
    confirmed = {name: value for name, value in snapshot.confirmed.items() if name in in_summary}
    return changed_values(confirmed, snapshot.facts.values)
