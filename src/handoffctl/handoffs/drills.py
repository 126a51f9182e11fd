"""Drills: resets a test account so that its handoffs can be timed again, and lists the test accounts."""

from dataclasses import dataclass

from handoffctl.db.drill_reset import reset_account
from handoffctl.db.session import WriteSession
from handoffctl.deals.lookup_query import Account, Deal, deals_of
from handoffctl.deals.lookup_query import account as find_account
from handoffctl.deals.playbook import keep_content
from handoffctl.deals.stays import Into, move
from handoffctl.errors import Refused
from handoffctl.handoffs.attempt import refuse_going_back
from handoffctl.handoffs.drills_query import DrillAccount, drill_accounts
from handoffctl.handoffs.query import first_playbook, is_fresh_stay
from handoffctl.playbook.library import load_playbook
from handoffctl.workspace.home import Home

AGAIN = "drill put back"  # why a stay began


@dataclass(frozen=True)
class DrillReset:
    """A test account that was reset: how many of its runs were timed so far, and its deals."""

    account: Account
    runs: int
    deals: tuple[str, ...]  # as commands name them


def reset(home: Home, ref: str) -> DrillReset:
    """Resets a test account to the state in which it was added; its timed runs stay. Raises Refused for another."""
    with home.writing() as session:
        account = find_account(session.query, ref)
        if not account.test:
            raise Refused(
                f"{account.name} is not a test account; nothing was changed.",
                'A drill needs one: handoffctl add "Test Inc" --test',
            )
        reset_account(session, account.id)
        for deal in deals_of(session.query, account):
            _begin_again(session, home, deal)
        session.log(f"Put the test account {account.name} back, for another drill.", account.id)
        runs = next(drill.timed_runs for drill in drill_accounts(session.query) if drill.account == account.slug)
        refs = tuple(deal.ref for deal in deals_of(session.query, account))
    return DrillReset(account, runs, refs)


def _begin_again(session: WriteSession, home: Home, deal: Deal) -> None:
    """Starts the deal anew in the first stage. Past stays remain, for the timed runs were made in them."""
    name = first_playbook(session.query, deal.id)
    deal_rules = load_playbook(home, name)
    stage = deal_rules.playbook.first_stage
    owner = deal_rules.playbook.owner_of(stage)
    at_start = (deal.playbook, deal.stage, deal.owner) == (name, stage, owner)
    if at_start and is_fresh_stay(session.query, deal.visit_id, AGAIN):
        return
    refuse_going_back(deal, home.clock)
    keep_content(session, deal.id, deal_rules)
    into = Into(name, stage, "open", owner, because=AGAIN)
    move(session, deal.visit_id, into, session.at, home.clock.zone)


def drills(home: Home) -> list[DrillAccount]:
    """Returns the test accounts, each with how many handoffs were timed on it, and when the last one was."""
    with home.reading() as query:
        return drill_accounts(query)
