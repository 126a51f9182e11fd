"""Records of the deals that are judged, what is proposed about them, and what was decided."""

from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.deals.lookup_query import Deal
from handoffctl.dispositions.judgement import Judgement
from handoffctl.follow_up.rules import StayAttempts
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.sections import Disposition


class DealToJudge(NamedTuple):
    """A deal with the columns that are facts about it. `since` is when its stay began; None after an import."""

    deal: Deal
    since: Moment | None
    amount_cents: int | None
    expected_close: str | None
    source: str | None


class DealFacts(NamedTuple):
    """The facts of a deal, and its attempts in the present stay; None where these are not known."""

    facts: Facts
    attempts: StayAttempts | None


class DecisionRow(NamedTuple):
    """What was decided about a deal: the rule that spoke, what it proposed, and until when nothing is proposed.

    `owner` is who has the deal now.
    """

    deal: int
    rule: str
    proposed: str
    decided: str
    until: Moment | None
    because: str
    at: Moment
    owner: str


@dataclass(frozen=True)
class Proposal:
    """What a rule proposes about a deal. `evidence` says what became of deals of its age; empty if not known."""

    deal: Deal
    disposition: Disposition
    judgement: Judgement
    evidence: str = ""

    @property
    def rule(self) -> str:
        return self.judgement.rule
