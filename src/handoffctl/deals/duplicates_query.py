"""Reads the accounts that duplicate detection compares."""

from handoffctl.db.query import Query, Row

_NAMED = "SELECT id, slug, name, domain FROM account WHERE unnamed = 0 AND test = 0"


def named_accounts(query: Query) -> list[Row]:
    """Returns every account, oldest first, except test accounts and those that an import had to name itself."""
    return query(f"{_NAMED} ORDER BY id")


def with_arriving(query: Query) -> list[Row]:
    """Returns the same accounts together with those that an import is about to add."""
    return query(
        f"{_NAMED} UNION SELECT id, slug, name, domain FROM incoming.accounts WHERE old_id IS NULL ORDER BY id"
    )
