"""Items for what the rules of playbooks propose about open deals: three a day at most, the oldest first.

What a disposition asks is read for a few deals at a time. Which deals those are is told by what is known already.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from handoffctl.dispositions import query as views
from handoffctl.dispositions.model import Proposal
from handoffctl.dispositions.proposals import JudgingContext, is_quiet, proposals, with_named
from handoffctl.dispositions.wording import KEEP_DAYS, days_from_now
from handoffctl.playbook.criteria import Condition
from handoffctl.playbook.criteria.time_facts import Attempts, PastClose, StageAge, Untouched
from handoffctl.playbook.sections import Disposition
from handoffctl.today.query import DealRow, StageKey
from handoffctl.today.ranking import Item
from handoffctl.today.snapshot import TodaySnapshot

MOST_A_DAY = 3
AT_ONCE = 50  # deals whose facts are read together

_ASKED = {"lost": "give up?", "disqualified": "disqualify?", "nurture": "put aside?", "keep": "keep?"}
Rule = Sequence[Condition]  # what must hold for a rule


def proposal_items(snapshot: TodaySnapshot, deal_id: int | None, owners: set[str] | None) -> Iterator[Item]:
    """Yields the items of one deal or of all, and of some owners or of all.

    What somebody has decided today about a proposal counts among the three.
    """
    rules: dict[StageKey, list[Rule]] = {}
    deals = [deal for deal in snapshot.deals.values() if deal.kind == "open" and _rules(snapshot, deal, rules)]
    if not deals:
        return
    clock, decided = snapshot.clock, views.newest_decisions(snapshot.query)
    done = sum(
        bool(decision.rule)
        and clock.day_of(decision.at) == clock.today
        and (owners is None or decision.owner in owners)
        for decision in decided.values()
    )
    deals.sort(key=lambda deal: deal.since or "")
    candidates = (
        deal
        for deal in deals
        if deal_id in (None, deal.deal_id)
        and (owners is None or deal.owner in owners)
        and any(_may_hold(snapshot, deal, rule) for rule in rules[deal.stage_key])
        and not is_quiet(decided.get(deal.deal_id), clock)
    )
    for proposal in islice(_proposals(snapshot, candidates), max(0, MOST_A_DAY - done)):
        yield _item(snapshot, snapshot.deals[proposal.deal.id], proposal)


def _rules(snapshot: TodaySnapshot, deal: DealRow, rules: dict[StageKey, list[Rule]]) -> list[Rule]:
    """Returns what must hold for each rule of the deal's playbook that asks for something to be done."""
    key = deal.stage_key
    if key not in rules:
        playbook = snapshot.playbook_of(deal)
        dispositions = playbook.dispositions.values() if playbook else ()
        rules[key] = [
            [named for part in rule.when for named in with_named(part, playbook)]
            for rule in dispositions
            if playbook and _asks_something(rule)
        ]
    return rules[key]


def _asks_something(rule: Disposition) -> bool:
    """Returns False for a rule to keep a deal that does not say for how long: there is nothing to be done about it."""
    return rule.propose != "keep" or rule.keep_for is not None


def _may_hold(snapshot: TodaySnapshot, deal: DealRow, rule: Rule) -> bool:
    """Returns False if a condition is known not to hold by what was read for the other items."""
    attempts = snapshot.attempts.get(deal.deal_id)
    touched_at = (attempts.last_at if attempts else None) or deal.since
    for condition in rule:
        if isinstance(condition, StageAge):
            days, since = condition.stage_age.at_least, deal.since
        elif isinstance(condition, PastClose):
            days, since = condition.past_close, deal.expected_close
        elif isinstance(condition, Untouched) and touched_at:
            days, since = condition.untouched, touched_at
        elif isinstance(condition, Attempts) and attempts and attempts.total < condition.attempts:
            return False
        else:
            continue
        if days is not None and (since is None or not snapshot.as_long_as(days, since)):
            return False
    return True


def _proposals(snapshot: TodaySnapshot, deals: Iterator[DealRow]) -> Iterator[Proposal]:
    """Yields the proposals that ask for something, in the order of the deals."""
    context = JudgingContext(snapshot.query, snapshot.clock, snapshot.week, snapshot.playbook_of_deal)
    while some := list(islice(deals, AT_ONCE)):
        rows = {row.deal.id: row for row in views.deals_with(snapshot.query, [deal.deal_id for deal in some])}
        found = proposals(context, [rows[deal.deal_id] for deal in some], with_evidence=False)
        yield from (proposal for proposal in found if _asks_something(proposal.disposition))


def _item(snapshot: TodaySnapshot, deal: DealRow, proposal: Proposal) -> Item:
    rule = proposal.disposition
    says = f"{_ASKED[rule.propose]} {rule.because.rstrip('.')} ({proposal.rule})"
    if rule.propose == "keep":
        command = ["snooze", "{}", days_from_now(rule.keep_for or KEEP_DAYS), "--because", "TEXT"]
    else:
        wake = ["--wake", days_from_now(rule.wake)] if rule.wake else []
        command = ["close", "{}", f"--{rule.propose}", *wake, "--because", "TEXT"]
    return snapshot.item("dispose", deal, says, *command, since=deal.since)
