"""The line of `check` and `handoff` about the receiver: who takes the deal over, or is next in line to do so."""

from typing import NamedTuple

from handoffctl.core.moments import Clock
from handoffctl.db.query import Query
from handoffctl.handoffs.attempt import HandoffAttempt
from handoffctl.handoffs.candidate_words import describe, load_in_words
from handoffctl.handoffs.candidates import Candidate, Candidates, HandoffMeant, candidates, handoff_meant
from handoffctl.playbook.facts import Facts


class ReceiverJson(NamedTuple):
    """The receiver as `check --json` and `handoff --json` print it.

    `proposed` is True for a person who is next in line where the deal goes to a role. The record counts deals that are
    the same in the fields of `same`, of all receivers within `within_days`.
    """

    name: str
    proposed: bool
    there_today: bool
    away_until: str | None
    there_on_step_day: bool | None
    open: int
    late: int
    capacity: int | None
    went_on: int
    handoffs: int
    same: tuple[str, ...]
    within_days: int


class Receiver(NamedTuple):
    """Who takes a deal over, or is next in line in the role that does. `owner` is who has the deal before."""

    candidate: Candidate
    among: Candidates
    owner: str
    to_owner: str
    closes: bool

    @property
    def proposed(self) -> bool:
        return self.candidate.is_person and self.candidate.name != self.to_owner

    @property
    def there_now(self) -> bool:
        """True unless the deal goes to a person who is away today."""
        return self.proposed or self.candidate.there_today

    def as_json(self) -> ReceiverJson:
        person = self.candidate
        return ReceiverJson(
            person.name, self.proposed, person.there_today, person.away_until, person.there_on_step_day, person.open,
            person.late, person.capacity, person.went_on, person.handoffs, self.among.kind.same, self.among.within_days,
        )  # fmt: skip

    def line(self, clock: Clock, with_presence: bool = True) -> str:
        """Returns the line about the receiver; empty where it would tell nothing.

        Who works alone, or goes on with the deal, is only asked about the moment, and only if they have plenty to do.
        """
        person = self.candidate
        if not person.is_person or person.name == self.owner:
            if self.closes or not person.crowded:
                return ""
            has = "You have" if person.name == "me" else f"{person.name} has"
            return f"{has} {load_in_words(person)}: is this one for now?"
        next_in_line = "Next in line: " if self.proposed else ""
        return f"{next_in_line}{describe(person, self.among, clock, with_presence)}."


def meant_by(attempt: HandoffAttempt, facts: Facts, clock: Clock) -> HandoffMeant:
    """Returns the handoff of an attempt as receivers are looked at for it."""
    due = facts.step.due if facts.step else None
    playbook, target, role = attempt.rules.playbook, attempt.target_playbook, attempt.receiving_role
    return handoff_meant(playbook, target, attempt.handoff, role, facts.values, due, clock)


def receiver_of(query: Query, attempt: HandoffAttempt, facts: Facts, clock: Clock) -> Receiver:
    """Returns who takes the deal over: the person named, else who is next in line in the receiving role."""
    among = candidates(query, meant_by(attempt, facts, clock), clock)
    closes = attempt.target_playbook.stages[attempt.to_stage].kind != "open"
    person = among.named(attempt.to_owner) or among.everybody[0]
    return Receiver(person, among, attempt.deal.owner, attempt.to_owner, closes)
