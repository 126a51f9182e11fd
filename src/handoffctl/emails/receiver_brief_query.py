"""Reads the receiver's brief of a deal."""

from contextlib import suppress

from handoffctl.db.query import Query
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal
from handoffctl.deals.playbook import rules_of
from handoffctl.emails.brief_names import shown_in_brief, shown_name
from handoffctl.emails.context_query import deal_snapshot
from handoffctl.emails.receiver_brief import ReceiverBrief, receiver_brief
from handoffctl.errors import HandoffError
from handoffctl.workspace.home import Home


def brief_of(home: Home, query: Query, deal: Deal, *, to_user: bool = False) -> ReceiverBrief | None:
    """Returns the brief of a deal for its owner, or None if its playbook is missing or faulty.

    `to_user` is True if the user reads it as the owner, else that holds only where they are the owner.
    """
    with suppress(HandoffError):
        playbook, me = rules_of(home, deal).playbook, home.configuration.name
        snapshot = deal_snapshot(query, deal, facts(query, deal))
        reads = to_user or shown_name(deal.owner, snapshot.team) in (me, "me")
        currency = home.configuration.currency
        return receiver_brief(snapshot, playbook, home.clock, reads=reads, currency=currency, me=me)
    return None


def owner_for_people(home: Home, query: Query, deal: Deal, owner: str) -> str:
    """Returns an owner of the deal as people read it, as the brief does; as recorded if its playbook is unreadable."""
    with suppress(HandoffError):
        snapshot = deal_snapshot(query, deal, facts(query, deal))
        return shown_in_brief(owner, snapshot, rules_of(home, deal).playbook, home.configuration.name)
    return owner
