"""Counts what is recorded of an account, for the questions that merge and delete ask first."""

from handoffctl.db.query import Query


def count_records(query: Query, table: str, account_id: int) -> int:
    """Returns how many rows of this table belong to the account."""
    return int(query(f"SELECT count(*) FROM {table} WHERE account_id = :id", id=account_id)[0][0])


def count_records_of_deals(query: Query, table: str, account_id: int) -> int:
    """Returns how many rows of this table belong to deals of the account."""
    deals = "SELECT id FROM deal WHERE account_id = :id"
    return int(query(f"SELECT count(*) FROM {table} WHERE deal_id IN ({deals})", id=account_id)[0][0])


def is_unnamed(query: Query, account_id: int) -> bool:
    """True if an import named the account after a deal, because the export had no name for it."""
    return bool(query("SELECT unnamed FROM account WHERE id = :id", id=account_id)[0][0])
