"""Queries for drills: the test accounts with their timed runs."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query


class DrillAccount(NamedTuple):
    """A test account by slug and name, how many of its handoffs were timed, and when the last of them was."""

    account: str
    name: str
    timed_runs: int
    last_at: Moment | None


def drill_accounts(query: Query) -> list[DrillAccount]:
    """Returns the test accounts by name."""
    timed = "FROM handoff AS h JOIN deal AS d ON d.id = h.deal_id WHERE d.account_id = a.id AND h.seconds IS NOT NULL"
    sql = f"""SELECT a.slug AS account, a.name, (SELECT count(*) {timed}) AS timed_runs,
                     (SELECT h.at {timed} ORDER BY h.id DESC LIMIT 1) AS last_at
              FROM account AS a WHERE a.test = 1 ORDER BY a.folded, a.id"""
    return [DrillAccount(*row) for row in query(sql)]
