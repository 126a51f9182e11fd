"""Reads the accounts that duplicate detection compares."""

from typing import NamedTuple

from handoffctl.db.query import Query


class NamedAccount(NamedTuple):
    """An account with a name of its own. A NamedTuple, because there may be hundreds of thousands."""

    id: int
    slug: str
    name: str
    domain: str | None


_NAMED = "SELECT id, slug, name, domain FROM account WHERE unnamed = 0 AND test = 0"


def named_accounts(query: Query) -> list[NamedAccount]:
    """Returns every account, oldest first, except test accounts and those that an import had to name itself."""
    return list(map(NamedAccount._make, query(f"{_NAMED} ORDER BY id")))


def with_arriving(query: Query) -> list[NamedAccount]:
    """Returns the same accounts together with those that an import is about to add."""
    rows = query(
        f"{_NAMED} UNION SELECT id, slug, name, domain FROM incoming.accounts WHERE old_id IS NULL ORDER BY id"
    )
    return list(map(NamedAccount._make, rows))
