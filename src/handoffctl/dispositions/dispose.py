"""Lists what is proposed about open deals, oldest first, and which deals are quiet until a day."""

from collections.abc import Callable
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment, days_between
from handoffctl.deals.lookup_query import Deal, account_or_deal
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.playbook import playbook_of
from handoffctl.dispositions import query as views
from handoffctl.dispositions.decide import proposal_about
from handoffctl.dispositions.model import DealToJudge, DecisionRow, Proposal
from handoffctl.dispositions.proposals import JudgingContext, is_quiet, oldest_first, proposals
from handoffctl.dispositions.wording import whole_command
from handoffctl.errors import HandoffError
from handoffctl.people.query import owner_called
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home


class ShownProposal(NamedTuple):
    """A proposal as `dispose --json` prints it. `days` is the time in the stage, `evidence` what became of others."""

    account: str
    name: str
    deal: str
    ref: str
    playbook: str
    stage: str
    owner: str
    since: Moment | None
    days: float | None
    rule: str
    propose: str
    because: str
    wake_days: float | None
    keep_days: float | None
    also: tuple[str, ...]
    held_back: tuple[str, ...]
    evidence: str
    command: str


class QuietDeal(NamedTuple):
    """A deal about which nothing is proposed until a day, and why."""

    ref: str
    until: Moment
    decided: str
    because: str


class ProposalList(NamedTuple):
    """What is proposed about open deals, oldest first; the quiet deals; and what could not be judged.

    `without_rules` names the playbooks of these deals that have no dispositions.
    """

    proposals: list[Proposal]
    quiet: list[QuietDeal]
    remarks: list[str]
    without_rules: list[str]


class ShownProposalList(NamedTuple):
    """A `ProposalList` as `dispose --json` prints it."""

    as_of: Moment
    total: int
    proposals: list[ShownProposal]
    quiet: list[QuietDeal]


def dispose(home: Home, ref: str = "", owner: str = "") -> ProposalList:
    """Returns what is proposed about all open deals, one account or deal, or those of one owner."""
    remarks: dict[str, None] = {}
    with home.reading() as query:
        account, deal_id = account_or_deal(query, ref) if ref else (None, None)
        name = owner_called(query, owner) if owner else None
        rows = [
            row
            for row in views.open_deals(query, account.id if account else None)
            if deal_id in (None, row.deal.id) and name in (None, row.deal.owner)
        ]
        quiet, awake = _apart(rows, views.newest_decisions(query), home.clock)
        playbook_of = _playbooks(home, remarks)
        context = JudgingContext(query, home.clock, home.week, playbook_of)
        proposed = list(proposals(context, oldest_first(awake, home.clock)))
        playbooks = {row.deal.playbook: playbook_of(row.deal) for row in awake}
    without_rules = [name for name, playbook in sorted(playbooks.items()) if playbook and not playbook.dispositions]
    return ProposalList(proposed, quiet, list(remarks), without_rules)


def _apart(
    rows: list[DealToJudge], decided: dict[int, DecisionRow], clock: Clock
) -> tuple[list[QuietDeal], list[DealToJudge]]:
    """Returns the quiet deals, and the others."""
    quiet, awake = [], []
    for row in rows:
        decision = decided.get(row.deal.id)
        if decision and decision.until and is_quiet(decision, clock):
            quiet.append(QuietDeal(row.deal.ref, decision.until, decision.decided, decision.because))
        else:
            awake.append(row)
    return quiet, awake


def _playbooks(home: Home, remarks: dict[str, None]) -> Callable[[Deal], Playbook | None]:
    """Returns a function that gives the playbook of a deal, or None and a remark where it cannot be read."""
    known: dict[tuple[str, str, object], Playbook | None] = {}

    def playbook(deal: Deal) -> Playbook | None:
        key = deal.playbook, deal.stage, deal.content
        if key not in known:
            try:
                known[key] = playbook_of(home, deal).playbook
            except HandoffError as fault:
                remarks.setdefault(fault.message)
                known[key] = None
        return known[key]

    return playbook


def proposal_for(home: Home, ref: str) -> Proposal | None:
    """Returns what is proposed about an open deal, quiet or not. Raises NotFound for no such deal."""
    with home.reading() as query:
        deal = find_deal(query, ref)
        return proposal_about(home, query, deal, playbook_of(home, deal).playbook) if deal.kind == "open" else None


def shown(listed: ProposalList, home: Home) -> ShownProposalList:
    """Returns what `dispose --json` prints."""
    proposed = [_shown(proposal, home.clock) for proposal in listed.proposals]
    return ShownProposalList(home.clock.now, len(proposed), proposed, listed.quiet)


def age_days(deal: Deal, clock: Clock) -> float | None:
    """Returns for how many days the deal has been in its stage, or None if that is not known."""
    return None if deal.entered_at is None else days_between(deal.entered_at, clock.now, clock.zone)


def _shown(proposal: Proposal, clock: Clock) -> ShownProposal:
    deal, rule, judgement = proposal.deal, proposal.disposition, proposal.judgement
    return ShownProposal(
        deal.account.slug, deal.account.name, deal.slug, deal.ref, deal.playbook, deal.stage, deal.owner,
        deal.entered_at, age_days(deal, clock), judgement.rule, rule.propose, rule.because, rule.wake, rule.keep_for,
        judgement.also, judgement.held_back, proposal.evidence, whole_command(proposal),
    )  # fmt: skip
