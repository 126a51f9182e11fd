"""Resets a test account after a drill: everything learned and done goes, except attempts and their times."""

from handoffctl.db.session import WriteSession

_DEALS = "SELECT id FROM deal WHERE account_id = :id"
_TOLD = "SELECT value FROM field_value WHERE account_id = :id AND name = '{name}' AND NOT forgotten"

_ORDERS = (
    # `add` makes the contact it is given; all others came later.
    "DELETE FROM contact WHERE account_id = :id AND command_id <> (SELECT command_id FROM account WHERE id = :id)",
    # Of that contact it can tell a name, an address or both, so that one of the two always stays.
    f"""UPDATE contact SET email = NULL WHERE account_id = :id AND name IS NOT NULL
        AND email IN ({_TOLD.format(name="contact.email")})""",
    f"""UPDATE contact SET name = NULL, folded = '' WHERE account_id = :id AND email IS NOT NULL
        AND name IN ({_TOLD.format(name="contact.name")})""",
    "UPDATE contact SET phone = NULL, title = NULL, level = NULL, main = 1 WHERE account_id = :id",
    "UPDATE account SET domain = NULL WHERE id = :id",
    "UPDATE deal SET amount_cents = NULL, expected_close = NULL, source = NULL WHERE account_id = :id",
    "UPDATE field_value SET forgotten = 1 WHERE account_id = :id AND NOT forgotten",
    "DELETE FROM touch WHERE account_id = :id",
    f"DELETE FROM meeting WHERE deal_id IN ({_DEALS})",
    f"DELETE FROM step WHERE deal_id IN ({_DEALS})",
    f"DELETE FROM summary WHERE deal_id IN ({_DEALS})",
    f"DELETE FROM promise WHERE deal_id IN ({_DEALS})",
    f"DELETE FROM sighting WHERE deal_id IN ({_DEALS})",
    f"DELETE FROM decision WHERE deal_id IN ({_DEALS})",
)


def reset_account(session: WriteSession, account_id: int) -> None:
    """Reduces the account to what `add` recorded. Handoffs, their gaps and the seconds per answer stay."""
    session.command_id()
    for order in _ORDERS:
        session.execute(order, id=account_id)
