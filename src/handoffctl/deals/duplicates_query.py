"""Accounts as they are compared for duplicates."""

from handoffctl.db.query import Ask, Row

_NAMED = "SELECT id, slug, name, domain FROM account WHERE unnamed = 0 AND test = 0"


def named_accounts(ask: Ask) -> list[Row]:
    """Id, slug, name and domain of each account, oldest first; without drills and those that an import had to name."""
    return ask(f"{_NAMED} ORDER BY id")


def with_arriving(ask: Ask) -> list[Row]:
    """The same with those that an import is about to add."""
    return ask(f"{_NAMED} UNION SELECT id, slug, name, domain FROM incoming.who WHERE there IS NULL ORDER BY id")
