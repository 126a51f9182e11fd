"""Reads what is known about a deal: contacts, field values, touches, summary, next step, and the gate's facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.money import from_cents
from handoffctl.db.query import Query, Row
from handoffctl.deals.confirmed_query import last_answer
from handoffctl.deals.lookup_query import Deal
from handoffctl.playbook.facts import Facts, LearnedValue, Step, Touch

CONTACT_PARTS = ("name", "email", "phone", "title", "level")
BUILT_IN_BEGIN = ("contact.", "account.", "deal.")


class ShownContact(NamedTuple):
    """An `AccountContact` as `show --json` and `contact list --json` print it."""

    name: str | None
    email: str | None
    phone: str | None
    title: str | None
    level: str | None
    main: bool


@dataclass(frozen=True)
class AccountContact:
    """A person at an account; `main` marks the one whom `contact.*` fields mean first."""

    id: int
    name: str | None
    email: str | None
    phone: str | None
    title: str | None
    level: str | None
    main: bool

    def as_json(self) -> ShownContact:
        return ShownContact(self.name, self.email, self.phone, self.title, self.level, self.main)


def facts(query: Query, deal: Deal) -> Facts:
    """Returns everything a criterion may ask about this deal."""
    known = learned(query, deal)
    people = contacts(query, deal.account.id)
    return Facts(
        deal.ref,
        {**{one.name: one.value for one in known}, **built_in(query, deal, people)},
        touches(query, deal),
        summary_state(query, deal.id),
        step(query, deal.id),
        last_answer(query, deal),
        deal.number,
        known,
        contact_levels=tuple(contact.level for contact in people if contact.level),
    )


def learned(query: Query, deal: Deal) -> tuple[LearnedValue, ...]:
    """Returns every value of the deal and its account in the order they were recorded, without built-in fields."""
    sql = """SELECT name, value, at, id FROM field_value
             WHERE account_id = :account AND deal_id IS NULL AND NOT forgotten
             UNION ALL SELECT name, value, at, id FROM field_value WHERE deal_id = :deal AND NOT forgotten
             ORDER BY id"""
    rows = query(sql, account=deal.account.id, deal=deal.id)
    every = (LearnedValue(row["name"], row["value"], row["at"]) for row in rows)
    return tuple(one for one in every if not one.name.startswith(BUILT_IN_BEGIN))


def values(query: Query, deal: Deal) -> dict[str, str]:
    """Returns the newest value of each field of the deal and its account, as stored."""
    return {name: value for name, (type, value) in typed_values(query, deal).items()}


def typed_values(query: Query, deal: Deal) -> dict[str, tuple[str, str]]:
    """Returns the newest (type, value) of each field, with the type the value was recorded as.

    Built-in fields are left out: their current values are columns, and their rows here are only history.
    """
    sql = """SELECT name, type, value, id FROM field_value
             WHERE account_id = :account AND deal_id IS NULL AND NOT forgotten
             UNION ALL SELECT name, type, value, id FROM field_value WHERE deal_id = :deal AND NOT forgotten
             ORDER BY id"""
    rows = query(sql, account=deal.account.id, deal=deal.id)
    return {row["name"]: (row["type"], row["value"]) for row in rows if not row["name"].startswith(BUILT_IN_BEGIN)}


def values_of_account(query: Query, account_id: int) -> dict[str, str]:
    """Returns the newest value of each field of an account, as stored."""
    sql = """SELECT name, value FROM field_value
             WHERE account_id = :account AND deal_id IS NULL AND NOT forgotten ORDER BY id"""
    return {row["name"]: row["value"] for row in query(sql, account=account_id)}


def built_in(query: Query, deal: Deal, people: Sequence[AccountContact] | None = None) -> dict[str, str]:
    """Returns the known values of the built-in fields `contact.*`, `account.domain` and `deal.*`.

    `people` are the contacts of the account, where they have been read already.
    """
    row = query("SELECT amount_cents, expected_close, source FROM deal WHERE id = :id", id=deal.id)[0]
    fields: dict[str, str | None] = {
        "account.domain": deal.account.domain,
        "deal.amount": None if row["amount_cents"] is None else from_cents(row["amount_cents"]),
        "deal.expected_close": row["expected_close"],
        "deal.source": row["source"],
    }
    people = contacts(query, deal.account.id) if people is None else people
    for part in CONTACT_PARTS:
        # The main contact comes first; a part that they lack may be known for another contact.
        values_known = (getattr(contact, part) for contact in people)
        fields[f"contact.{part}"] = next((value for value in values_known if value), None)
    return {name: value for name, value in fields.items() if value}


def contacts(query: Query, account_id: int) -> list[AccountContact]:
    """Returns the account's contacts, the main one first."""
    sql = """SELECT id, name, email, phone, title, level, main FROM contact WHERE account_id = :account
             ORDER BY main DESC, id"""
    return [
        AccountContact(
            row["id"], row["name"], row["email"], row["phone"], row["title"], row["level"], bool(row["main"])
        )
        for row in query(sql, account=account_id)
    ]


def touches(query: Query, deal: Deal) -> tuple[Touch, ...]:
    """Returns the touches of the deal in the order they were recorded."""
    sql = "SELECT kind, direction, outcome, met, at FROM touch WHERE deal_id = :deal ORDER BY id"
    return tuple(Touch(*row) for row in query(sql, deal=deal.id))


def summary_state(query: Query, deal_id: int) -> str | None:
    """Returns the state of the newest summary sent to the client, or None. Drafts do not count."""
    sql = "SELECT state FROM summary WHERE deal_id = :deal AND state <> 'draft' ORDER BY sent_at DESC, id DESC LIMIT 1"
    rows = query(sql, deal=deal_id)
    return rows[0][0] if rows else None


def step(query: Query, deal_id: int) -> Step | None:
    """Returns the deal's open next step, or None."""
    sql = "SELECT text, due FROM step WHERE deal_id = :deal AND done_at IS NULL AND replaced_at IS NULL"
    rows = query(sql, deal=deal_id)
    return Step(rows[0]["text"], rows[0]["due"]) if rows else None


def open_step_id(query: Query, deal_id: int) -> int | None:
    """Returns the id of the deal's open next step, or None. The schema allows one at most."""
    sql = "SELECT id FROM step WHERE deal_id = :deal AND done_at IS NULL AND replaced_at IS NULL"
    rows = query(sql, deal=deal_id)
    return rows[0]["id"] if rows else None


def open_promise_of_step(query: Query, deal_id: int) -> list[int]:
    """Returns the id of the open promise as which the client was told of the open step, if there is one."""
    sql = """SELECT p.id FROM step AS s JOIN promise AS p ON p.id = s.promise_id
             WHERE s.deal_id = :deal AND s.done_at IS NULL AND s.replaced_at IS NULL
             AND p.kept_at IS NULL AND p.dropped_at IS NULL"""
    return [row["id"] for row in query(sql, deal=deal_id)]


def spoken(query: Query, deal: Deal) -> list[Row]:
    """Returns every touch of the deal with its text, in the order they happened."""
    sql = "SELECT kind, direction, outcome, met, text, at FROM touch WHERE deal_id = :deal ORDER BY at, id"
    return query(sql, deal=deal.id)
