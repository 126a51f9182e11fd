"""The scores of many deals, for the list."""

from collections.abc import Iterable
from contextlib import suppress

from handoffctl.db.query import Query
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal, all_deals
from handoffctl.deals.playbook import playbook_of
from handoffctl.errors import HandoffError
from handoffctl.playbook.criteria.base import DealState
from handoffctl.playbook.criteria.score import points
from handoffctl.playbook.library import archived_playbook
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home

DealKey = tuple[str, str]  # the slugs of an account and of its deal


def scores(home: Home, query: Query, wanted: Iterable[DealKey]) -> dict[DealKey, int]:
    """Returns the points of these deals as things are now; a deal of which the playbook has no signals is left out.

    Where a playbook cannot be read, the content kept when it was last used stands in for it; without one, its deals
    are left out.
    """
    keys = set(wanted)
    playbooks: dict[tuple[object, ...], Playbook | None] = {}
    found: dict[DealKey, int] = {}
    for deal in all_deals(query):
        key = (deal.account.slug, deal.slug)
        if key not in keys:
            continue
        playbook = _playbook(home, query, deal, playbooks)
        if playbook and playbook.signals:
            found[key] = points(DealState(playbook, facts(query, deal), home.clock))
    return found


def _playbook(
    home: Home, query: Query, deal: Deal, playbooks: dict[tuple[object, ...], Playbook | None]
) -> Playbook | None:
    """Returns the playbook of a deal, and reads each content once."""
    key = (deal.playbook, deal.stage, deal.content)
    if key not in playbooks:
        playbooks[key] = _read(home, query, deal)
    return playbooks[key]


def _read(home: Home, query: Query, deal: Deal) -> Playbook | None:
    with suppress(HandoffError):
        return playbook_of(home, deal).playbook
    with suppress(HandoffError):
        return archived_playbook(query, deal.playbook)
    return None
