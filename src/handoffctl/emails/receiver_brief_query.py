"""Reads the receiver's brief of a deal."""

from contextlib import suppress

from handoffctl.db.query import Query
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal
from handoffctl.deals.playbook import rules_of
from handoffctl.emails.context_query import deal_snapshot
from handoffctl.emails.receiver_brief import YOU, ReceiverBrief, receiver_brief
from handoffctl.errors import HandoffError
from handoffctl.workspace.home import Home


def brief_of(home: Home, query: Query, deal: Deal, to: str = YOU) -> ReceiverBrief | None:
    """Returns the brief of a deal for its owner, or None if its playbook is missing or faulty."""
    with suppress(HandoffError):
        playbook = rules_of(home, deal).playbook
        snapshot = deal_snapshot(query, deal, facts(query, deal))
        return receiver_brief(snapshot, playbook, home.clock, to=to, currency=home.configuration.currency)
    return None
