"""Previews a handoff without trying it: what the gate says now, and how the deal is being followed up."""

from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.json_record import JoinedRecords
from handoffctl.core.moments import Clock
from handoffctl.deals.facts_query import facts
from handoffctl.follow_up.rules import FollowUpStatus, ShownFollowUp
from handoffctl.follow_up.status import current_status
from handoffctl.handoffs.attempt import HandoffAttempt, resolve_attempt
from handoffctl.handoffs.gate import Verdict, decide
from handoffctl.workspace.home import Home


class CheckedFollowUp(NamedTuple):
    """What the JSON of `check` adds to that of the attempt: None where the stage has no guideline for following up."""

    follow_up: ShownFollowUp | None


@dataclass(frozen=True)
class HandoffCheck:
    """What `check` shows. `follow_up` is None where the deal's stage has no guideline for it."""

    attempt: HandoffAttempt
    verdict: Verdict
    follow_up: FollowUpStatus | None

    def as_json(self, clock: Clock) -> JoinedRecords:
        follow_up = self.follow_up.as_json(clock) if self.follow_up else None
        return JoinedRecords(self.attempt.as_json(self.verdict), CheckedFollowUp(follow_up))


def check_handoff(home: Home, ref: str, to: str | None) -> HandoffCheck:
    """Checks the handoff that is meant as things are now. Changes nothing. Raises as `resolve_attempt` does."""
    with home.reading() as query:
        attempt = resolve_attempt(home, query, ref, to)
        verdict = decide(attempt.requirements, facts(query, attempt.deal), home.clock)
        return HandoffCheck(attempt, verdict, current_status(home, query, attempt.deal, attempt.rules.playbook))
