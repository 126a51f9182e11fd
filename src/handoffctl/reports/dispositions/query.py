"""Queries for the decisions about deals, and for the stays of these deals."""

from collections import defaultdict
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection
from handoffctl.deals.stays_query import STAY_COLUMNS
from handoffctl.stats.stays import Stay


class RecordedDecision(NamedTuple):
    """A decision about a deal for which a rule spoke; `test` is 1 on a test account."""

    deal: int
    test: int
    rule: str
    proposed: str
    decided: str
    because: str
    at: Moment


def decisions(query: QueryConnection) -> list[RecordedDecision]:
    """Returns every decision for which a rule spoke, in the order in which they were made."""
    sql = """SELECT n.deal_id, a.test, n.rule, n.proposed, n.decided, n.because, n.at FROM decision AS n
             JOIN deal AS d ON d.id = n.deal_id JOIN account AS a ON a.id = d.account_id
             WHERE n.rule <> '' ORDER BY n.id"""
    return [RecordedDecision(*row) for row in query(sql)]


def stays_of_decided(query: QueryConnection) -> dict[int, list[Stay]]:
    """Returns the stays of each deal about which something was decided, in their order."""
    sql = f"""SELECT {STAY_COLUMNS} FROM visit AS v WHERE v.deal_id IN (SELECT deal_id FROM decision WHERE rule <> '')
              ORDER BY v.deal_id, v.number"""
    found: dict[int, list[Stay]] = defaultdict(list)
    for stay in map(Stay._make, query.each(sql)):
        found[stay.deal].append(stay)
    return found
