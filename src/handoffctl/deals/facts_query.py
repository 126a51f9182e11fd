"""What is known of a deal: contacts, values, touches, the summary, the next step; and the facts for the gate."""

from handoffctl.core.money import from_cents
from handoffctl.db.query import Query, Row
from handoffctl.deals.lookup_query import Deal
from handoffctl.playbook.facts import Facts, Step, Touch

BUILT_IN_BEGIN = ("contact.", "account.", "deal.")


def facts(query: Query, deal: Deal) -> Facts:
    """Everything a criterion may ask of this deal, read in one go."""
    return Facts(
        deal.ref,
        {**values(query, deal), **built_in(query, deal)},
        touches(query, deal),
        summary_state(query, deal.id),
        step(query, deal.id),
    )


def values(query: Query, deal: Deal) -> dict[str, str]:
    """The newest value of each field of the deal and of its account, in its written form."""
    return {name: value for name, (type, value) in typed_values(query, deal).items()}


def typed_values(query: Query, deal: Deal) -> dict[str, tuple[str, str]]:
    """The same with the type it was given as. Built-in values are kept elsewhere; here they are history."""
    sql = """SELECT name, type, value, id FROM field_value
             WHERE account_id = :account AND deal_id IS NULL AND NOT forgotten
             UNION ALL SELECT name, type, value, id FROM field_value WHERE deal_id = :deal AND NOT forgotten
             ORDER BY id"""
    rows = query(sql, account=deal.account.id, deal=deal.id)
    return {row["name"]: (row["type"], row["value"]) for row in rows if not row["name"].startswith(BUILT_IN_BEGIN)}


def built_in(query: Query, deal: Deal) -> dict[str, str]:
    """`contact.*`, `account.domain` and `deal.*`, where known."""
    row = query("SELECT amount_cents, expected_close, source FROM deal WHERE id = :id", id=deal.id)[0]
    known: dict[str, str | None] = {
        "account.domain": deal.account.domain,
        "deal.amount": None if row["amount_cents"] is None else from_cents(row["amount_cents"]),
        "deal.expected_close": row["expected_close"],
        "deal.source": row["source"],
    }
    people = contacts(query, deal.account.id)
    for part in ("name", "email", "phone", "title", "level"):
        # The main contact speaks for the account; what is not known of them may be known of another.
        known[f"contact.{part}"] = next((person[part] for person in people if person[part]), None)
    return {name: value for name, value in known.items() if value}


def contacts(query: Query, account_id: int) -> list[Row]:
    """The account's contacts, the main one first."""
    sql = """SELECT id, name, email, phone, title, level, main FROM contact WHERE account_id = :account
             ORDER BY main DESC, id"""
    return query(sql, account=account_id)


def touches(query: Query, deal: Deal) -> tuple[Touch, ...]:
    sql = "SELECT kind, direction, outcome, met, at FROM touch WHERE deal_id = :deal ORDER BY id"
    return tuple(Touch(*row) for row in query(sql, deal=deal.id))


def summary_state(query: Query, deal_id: int) -> str | None:
    """The state of the newest summary that was sent, or None. A draft tells the client nothing."""
    sql = "SELECT state FROM summary WHERE deal_id = :deal AND state <> 'draft' ORDER BY sent_at DESC, id DESC LIMIT 1"
    rows = query(sql, deal=deal_id)
    return rows[0][0] if rows else None


def step(query: Query, deal_id: int) -> Step | None:
    """The next step, if one is open."""
    sql = "SELECT text, due FROM step WHERE deal_id = :deal AND done_at IS NULL AND replaced_at IS NULL"
    rows = query(sql, deal=deal_id)
    return Step(rows[0]["text"], rows[0]["due"]) if rows else None


def spoken(query: Query, deal: Deal) -> list[Row]:
    """Every touch of the deal with what was said, in the order in which they happened."""
    sql = "SELECT kind, direction, outcome, met, text, at FROM touch WHERE deal_id = :deal ORDER BY at, id"
    return query(sql, deal=deal.id)
