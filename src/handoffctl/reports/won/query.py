"""Queries for stays, values and touches, each with its moment. Test accounts are left out."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection
from handoffctl.playbook.facts import Touch


class WonStay(NamedTuple):
    """One stay of a deal, in the order of deals and stays."""

    deal: int
    account: int
    playbook: str
    stage: str
    kind: str
    disposition: str | None
    entered_at: Moment | None


class KnownValue(NamedTuple):
    """A value of a deal, or of its account where `deal` is None, with the moment at which it became known."""

    account: int
    deal: int | None
    name: str
    value: str
    at: Moment


def stays(query: QueryConnection) -> Iterator[WonStay]:
    """Yields every stay in any playbook."""
    sql = """SELECT d.id, d.account_id, v.playbook, v.stage, v.kind, v.disposition, v.entered_at
             FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
             ORDER BY d.id, v.number"""
    return map(WonStay._make, query.each(sql))


def known_values(query: QueryConnection) -> dict[int, list[KnownValue]]:
    """Returns the values of each account and its deals, in the order in which they were added."""
    sql = "SELECT account_id, deal_id, name, value, at FROM field_value WHERE forgotten = 0 ORDER BY id"
    found: dict[int, list[KnownValue]] = defaultdict(list)
    for row in query.each(sql):
        found[row[0]].append(KnownValue._make(row))
    return found


def touches(query: QueryConnection) -> dict[int, list[Touch]]:
    """Returns the touches of each deal."""
    sql = "SELECT deal_id, kind, direction, outcome, met, at FROM touch WHERE deal_id IS NOT NULL ORDER BY id"
    found: dict[int, list[Touch]] = defaultdict(list)
    for deal, *rest in query.each(sql):
        found[deal].append(Touch(*rest))
    return found
