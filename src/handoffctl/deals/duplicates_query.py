"""Accounts as they are compared for duplicates."""

from handoffctl.db.query import Query, Row

_NAMED = "SELECT id, slug, name, domain FROM account WHERE unnamed = 0 AND test = 0"


def named_accounts(query: Query) -> list[Row]:
    """Id, slug, name and domain of each account, oldest first; without drills and those that an import had to name."""
    return query(f"{_NAMED} ORDER BY id")


def with_arriving(query: Query) -> list[Row]:
    """The same with those that an import is about to add."""
    return query(
        f"{_NAMED} UNION SELECT id, slug, name, domain FROM incoming.accounts WHERE old_id IS NULL ORDER BY id"
    )
