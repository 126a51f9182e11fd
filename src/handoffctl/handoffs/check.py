"""Previews a handoff: the gate's answer as things are now, and how the deal is being followed up."""

from handoffctl.deals.facts_query import facts
from handoffctl.follow_up.rules import Pursuit
from handoffctl.follow_up.status import pursued
from handoffctl.handoffs.attempt import HandoffAttempt, resolve_attempt
from handoffctl.handoffs.gate import Verdict, decide
from handoffctl.workspace.home import Home


def checked(home: Home, ref: str, to: str | None, allow_prefix: bool) -> tuple[HandoffAttempt, Verdict, Pursuit | None]:
    """The gate's answer as things are now, and how the deal is being followed up where it is; changes nothing."""
    with home.reading() as query:
        tried = resolve_attempt(home, query, ref, to, allow_prefix)
        verdict = decide(tried.asks, facts(query, tried.deal), home.clock)
        return tried, verdict, pursued(home, query, tried.deal, tried.rules.playbook)
