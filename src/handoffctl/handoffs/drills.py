"""Drills: puts a test account back to where it began, so that its handoffs can be timed again; lists test accounts."""

from dataclasses import dataclass
from typing import Any

from handoffctl.db.drill_reset import reset_account
from handoffctl.db.session import WriteSession
from handoffctl.deals import lookup_query as finding
from handoffctl.deals.lookup_query import Account, Deal
from handoffctl.deals.stays import Into, move
from handoffctl.errors import Refused
from handoffctl.handoffs.attempt import refuse_going_back
from handoffctl.playbook.library import revision, rules
from handoffctl.reports.effort import query as effort
from handoffctl.workspace.home import Home

AGAIN = "drill put back"  # why a stay began


@dataclass(frozen=True)
class PutBack:
    """A test account that can be drilled again: how many of its runs were timed so far, and its deals."""

    account: Account
    runs: int
    deals: tuple[str, ...]  # as commands name them


def reset(home: Home, ref: str, allow_prefix: bool) -> PutBack:
    """Puts a test account back to the state in which it was added; its timed runs stay. Raises Refused for another."""
    with home.writing() as session:
        account = finding.account(session.query, ref, allow_prefix)
        if not account.test:
            raise Refused(
                f"{account.name} is not a test account; nothing was changed.",
                'A drill needs one: handoffctl add "Test Inc" --test',
            )
        reset_account(session, account.id)
        deals = finding.deals_of(session.query, account)
        for found in deals:
            _begin_again(session, home, found)
        session.log(f"Put the test account {account.name} back, for another drill.", account.id)
        runs = next(
            row["timed_runs"] for row in effort.accounts_for_drills(session.query) if row["account"] == account.slug
        )
        refs = tuple(one.ref for one in finding.deals_of(session.query, account))
    return PutBack(account, runs, refs)


def _begin_again(session: WriteSession, home: Home, found: Deal) -> None:
    """Lets the deal begin anew in the first stage. Past stays remain: the timed runs were made in them."""
    name = session.query("SELECT playbook FROM visit WHERE deal_id = :id ORDER BY number LIMIT 1", id=found.id)[0][0]
    used = rules(home, name)
    stage = used.playbook.first_stage
    owner = used.playbook.owner_of(stage)
    if _untouched(session, found) and (found.playbook, found.stage, found.owner) == (name, stage, owner):
        return
    refuse_going_back(found, home.clock)
    revision(session, used)
    into = Into(name, stage, "open", owner, because=AGAIN)
    move(session, found.visit_id, into, session.at, home.clock.zone)


def _untouched(session: WriteSession, found: Deal) -> bool:
    """Whether the present stay is one that `add` or a reset began, and no handoff was tried in it."""
    sql = """SELECT 1 FROM visit AS v WHERE v.id = :id AND (v.number = 1 OR v.because = :again)
             AND NOT EXISTS (SELECT 1 FROM handoff AS h WHERE h.visit_id = v.id)"""
    return bool(session.query(sql, id=found.visit_id, again=AGAIN))


def drills(home: Home) -> list[dict[str, Any]]:
    """The test accounts, each with how many handoffs were timed on it, and when the last one was."""
    with home.reading() as query:
        return [dict(row) for row in effort.accounts_for_drills(query)]
