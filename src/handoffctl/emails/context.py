"""What a mail is written about: the deal, everything said about it, its rules, and the handoff it goes with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handoffctl.db.query import Query
from handoffctl.deals.facts_query import contacts, spoken
from handoffctl.deals.lookup_query import Deal
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.summary_model import ANSWERED, Summary, changed
from handoffctl.people.query import Person, people
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.promises import query as promises
from handoffctl.promises.model import Promise


@dataclass(frozen=True)
class Material:
    """What a mail is written from: the deal as it is now, and everything said about it."""

    found: Deal
    known: Facts
    people: Sequence[Mapping[str, Any]]
    spoken: Sequence[Mapping[str, Any]]
    said: Sequence[Summary]
    confirmed: Mapping[str, str]
    corrections: Mapping[int, Mapping[str, str]]
    promised: Sequence[Promise]
    team: Sequence[Person] = ()  # those of one's own side


def material(query: Query, found: Deal, known: Facts) -> Material:
    """Reads what stands on record, in one go."""
    said = summaries.of_deal(query, found.id)
    answered = [one for one in said if one.state in ANSWERED]
    return Material(
        found,
        known,
        [dict(row) for row in contacts(query, found.account.id)],
        [dict(row) for row in spoken(query, found)],
        said,
        summaries.confirmed_values(query, found, answered[-1]) if answered else {},
        {one.id: summaries.corrections(query, one) for one in answered},
        promises.of_deal(query, found.id),
        people(query),
    )


@dataclass(frozen=True)
class Occasion:
    """What a mail is about: the deal, its rules, and the handoff it goes with, if any.

    Sender, receiver and where it leads are those of the handoff, unless they are named here.
    """

    of: Material
    playbook: Playbook
    handoff: Handoff | None = None
    sender: str = ""
    receiver: str = ""
    to_title: str = ""
    addressee: str = ""

    @property
    def deal(self) -> Deal:
        return self.of.found

    @property
    def left(self) -> str:
        """The stage it leaves, or is in."""
        return self.handoff.from_stage if self.handoff else self.of.found.stage

    @property
    def entered(self) -> str | None:
        """The stage of this playbook that it goes to, if it goes to one."""
        return self.handoff.to_stage if self.handoff and not self.handoff.to_playbook else None

    @property
    def takes_over(self) -> str:
        """A role, or the person who was named."""
        return self.receiver or self.role_taking_over or self.of.found.owner

    @property
    def role_taking_over(self) -> str:
        """The role that the handoff leads to; nothing where that is not known here."""
        named = self.handoff.receiver if self.handoff else ""
        return named or (self.playbook.owner_of(self.entered) if self.entered else "")


def changed_since(of: Material, playbook: Playbook) -> dict[str, str]:
    """What the client confirmed and is another now: by field, the value that was confirmed."""
    fed = {name for name, field in playbook.fields.items() if field.summary}
    confirmed = {name: value for name, value in of.confirmed.items() if name in fed}
    return changed(confirmed, of.known.values)
