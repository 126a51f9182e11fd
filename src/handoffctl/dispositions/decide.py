"""Records what somebody decided about a deal, beside what a rule of its playbook proposed."""

from typing import NamedTuple

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.moments import Moment
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.lookup_query import Deal
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.playbook import rules_of
from handoffctl.dispositions import query as views
from handoffctl.dispositions.model import Proposal
from handoffctl.dispositions.proposals import JudgingContext, proposals
from handoffctl.errors import Refused, UsageFault
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home


class SnoozedJson(NamedTuple):
    """A deal about which nothing is proposed for a while, as `--json` prints it. `rule` and `proposed` may be empty."""

    account: str
    deal: str
    until: Moment
    rule: str
    proposed: str
    decided: str


class Snoozed(NamedTuple):
    """A deal about which nothing is proposed until then, and the proposal that this answers, if there is one."""

    deal: Deal
    until: Moment
    proposal: Proposal | None
    decided: str

    def as_json(self) -> SnoozedJson:
        rule, proposed = _rule_and_proposed(self.proposal)
        return SnoozedJson(self.deal.account.slug, self.deal.slug, self.until, rule, proposed, self.decided)


def proposal_about(home: Home, query: Query, deal: Deal, playbook: Playbook) -> Proposal | None:
    """Returns what the playbook proposes about the deal now, or None."""
    if not playbook.dispositions:
        return None
    context = JudgingContext(query, home.clock, home.week, lambda deal: playbook)
    return next(proposals(context, views.deals_with(query, [deal.id])), None)


def record_end(
    session: WriteSession, home: Home, deal: Deal, playbook: Playbook, disposition: str, because: str
) -> None:
    """Records how a deal ends beside what a rule proposed, if one spoke. Call it before the deal moves."""
    if proposal := proposal_about(home, session.query, deal, playbook):
        _record(session, deal, proposal, disposition, None, because)


def snooze(home: Home, ref: str, until: str, because: str) -> Snoozed:
    """Records that nothing is to be proposed about an open deal until then. To go on with a deal follows a `keep`.

    Raises NotFound for no open deal, Refused for a moment that is past, and UsageFault without a reason.
    """
    moment = home.moment("UNTIL", until)
    if not home.clock.is_before(home.clock.now, moment):
        raise Refused(f"UNTIL: {weekday_and_day(moment, home.clock)} is not in the future.", "As in: +30d, or eom.")
    if not because.strip() or is_placeholder(because):
        raise UsageFault(
            "To go on with a deal needs a reason.", 'Add one: --because "they decide after the trade fair"'
        )
    with home.writing() as session:
        deal = find_deal(session.query, ref)
        proposal = proposal_about(home, session.query, deal, rules_of(home, deal).playbook)
        decided = "keep" if proposal and proposal.disposition.propose == "keep" else "snooze"
        _record(session, deal, proposal, decided, moment, because.strip())
        day = weekday_and_day(moment, home.clock)
        session.log(f"Nothing is proposed about {deal.called} until {day}: {because.strip()}", deal.account.id, deal.id)
    return Snoozed(deal, moment, proposal, decided)


def _record(
    session: WriteSession, deal: Deal, proposal: Proposal | None, decided: str, until: Moment | None, because: str
) -> None:
    rule, proposed = _rule_and_proposed(proposal)
    session.add(
        session.models.Decision(
            deal_id=deal.id, rule=rule, proposed=proposed, decided=decided, until=until, because=because, at=session.at
        )
    )


def _rule_and_proposed(proposal: Proposal | None) -> tuple[str, str]:
    return (proposal.rule, proposal.disposition.propose) if proposal else ("", "")
