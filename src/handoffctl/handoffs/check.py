"""Previews a handoff without trying it: what the gate says now, and how the deal is being followed up."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from handoffctl.core.json_record import JoinedRecords
from handoffctl.core.moments import Clock
from handoffctl.deals.evidence import ClientEvidence, evidence_of
from handoffctl.deals.facts_query import facts
from handoffctl.follow_up.rules import FollowUpStatus, ShownFollowUp
from handoffctl.follow_up.status import current_status
from handoffctl.handoffs.attempt import HandoffAttempt, resolve_attempt
from handoffctl.handoffs.gate import Verdict, decide
from handoffctl.handoffs.receiver_line import Receiver, receiver_of
from handoffctl.workspace.home import Home


class CheckedDeal(NamedTuple):
    """What the JSON of `check` adds to that of the attempt.

    `follow_up` is None where the stage has no guideline for following up, `confirmed` where the client has not answered
    a summary. `receiver` is who would take the deal over.
    """

    follow_up: ShownFollowUp | None
    confirmed: ClientEvidence | None
    receiver: Receiver


@dataclass(frozen=True)
class HandoffCheck:
    """What `check` shows. `follow_up` is None where the deal's stage has no guideline for it.

    `evidence` is the client's answer to a summary, or None.
    """

    attempt: HandoffAttempt
    verdict: Verdict
    follow_up: FollowUpStatus | None
    evidence: ClientEvidence | None
    receiver: Receiver

    def as_json(self, clock: Clock) -> JoinedRecords:
        follow_up = self.follow_up.as_json(clock) if self.follow_up else None
        return JoinedRecords(self.attempt.as_json(self.verdict), CheckedDeal(follow_up, self.evidence, self.receiver))


def check_handoff(home: Home, ref: str, to: str | None) -> HandoffCheck:
    """Checks the handoff that is meant as things are now. Changes nothing. Raises as `resolve_attempt` does."""
    with home.reading() as query:
        attempt = resolve_attempt(home, query, ref, to)
        attempt = replace(attempt, requirements=attempt.requirements.with_arms_hidden())
        known = facts(query, attempt.deal)
        verdict = decide(attempt.requirements, known, home.clock)
        follow_up = current_status(home, query, attempt.deal, attempt.rules.playbook)
        receiver = receiver_of(query, attempt, known, home.clock)
        return HandoffCheck(attempt, verdict, follow_up, evidence_of(known.answer), receiver)
