"""Queries for the reasons of returned handoffs and of deals that ended other than as won; test accounts are marked."""

from collections.abc import Iterator
from itertools import chain

from handoffctl.db.query import QueryConnection
from handoffctl.deals.stays_query import DEAL_REF
from handoffctl.reports.reasons.figures import GivenReason

_REAL = "JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id"


def given_reasons(query: QueryConnection, playbook: str) -> Iterator[GivenReason]:
    """Yields the reason of every return from a stay in this playbook and of every ending in it, the oldest first."""
    returns = f"""SELECT 'return', h.reason, COALESCE(h.because, ''), h.returned_at, a.slug, {DEAL_REF}, a.test
                  FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id AND v.playbook = :playbook {_REAL}
                  WHERE h.returned_at IS NOT NULL ORDER BY h.id"""
    endings = f"""SELECT COALESCE(v.disposition, v.kind), v.reason, COALESCE(v.because, ''), v.entered_at, a.slug,
                         {DEAL_REF}, a.test
                  FROM visit AS v {_REAL} WHERE v.kind IN ('lost', 'nurture') AND v.playbook = :playbook
                  ORDER BY v.id"""
    both = chain(query.each(returns, playbook=playbook), query.each(endings, playbook=playbook))
    return map(GivenReason._make, both)
