"""The scores of many deals, for the list."""

from collections.abc import Iterable

from handoffctl.db.query import Query
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal, all_deals
from handoffctl.deals.playbook import playbook_of
from handoffctl.playbook.criteria.base import DealState
from handoffctl.playbook.criteria.score import points
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home

DealKey = tuple[str, str]  # the slugs of an account and of its deal


def scores(home: Home, query: Query, wanted: Iterable[DealKey]) -> dict[DealKey, int]:
    """Returns the points of these deals as things are now; a deal of which the playbook has no signals is left out.

    Raises NotFound or RulesFault if a playbook cannot be read.
    """
    keys = set(wanted)
    playbooks: dict[tuple[object, ...], Playbook] = {}
    found: dict[DealKey, int] = {}
    for deal in all_deals(query):
        key = (deal.account.slug, deal.slug)
        if key not in keys:
            continue
        playbook = _playbook(home, deal, playbooks)
        if playbook.signals:
            found[key] = points(DealState(playbook, facts(query, deal), home.clock))
    return found


def _playbook(home: Home, deal: Deal, playbooks: dict[tuple[object, ...], Playbook]) -> Playbook:
    """Returns the playbook of a deal, and reads each content once."""
    key = (deal.playbook, deal.stage, deal.content)
    if key not in playbooks:
        playbooks[key] = playbook_of(home, deal).playbook
    return playbooks[key]
