"""Queries for stays and touches in the order of their accounts. Test accounts are left out."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from handoffctl.db.query import Query, QueryConnection
from handoffctl.deals.stays_query import STAY_COLUMNS

_REAL = "NOT IN (SELECT id FROM account WHERE test = 1)"


class DealNames(NamedTuple):
    """The slug of an account, its name, and the slug of a deal."""

    account: str
    name: str
    deal: str


def stay_rows(query: QueryConnection) -> Iterator[tuple[Any, ...]]:
    """Yields every stay, in any playbook: account, 0, the columns of Stay."""
    return query.each(
        f"""SELECT d.account_id, 0, {STAY_COLUMNS}
            FROM deal AS d JOIN visit AS v ON v.deal_id = d.id WHERE d.account_id {_REAL}
            ORDER BY d.account_id, d.id, v.number"""
    )


def touch_rows(query: QueryConnection) -> Iterator[tuple[Any, ...]]:
    """Yields every touch: account (of its deal if it has one), 1, deal or None, kind, direction, moment."""
    return query.each(
        f"""SELECT coalesce(d.account_id, t.account_id) AS account, 1, t.deal_id, t.kind, t.direction, t.at
            FROM touch AS t LEFT JOIN deal AS d ON d.id = t.deal_id
            WHERE coalesce(d.account_id, t.account_id) {_REAL} ORDER BY account, t.id"""
    )


def row_count(query: Query) -> int:
    """Returns how many stays and touches there are, those of test accounts included: for the progress bar."""
    return int(query("SELECT (SELECT count(*) FROM visit) + (SELECT count(*) FROM touch)")[0][0])


def deal_names(query: Query, deal: int) -> DealNames:
    """Returns the names of a deal and its account."""
    sql = """SELECT a.slug AS account, a.name, d.slug AS deal FROM deal AS d JOIN account AS a ON a.id = d.account_id
             WHERE d.id = :deal"""
    return DealNames._make(query(sql, deal=deal)[0])
