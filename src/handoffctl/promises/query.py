"""Queries for promises, and for the value that clients saw."""

from handoffctl.core.names import fold
from handoffctl.db.query import Query, Row
from handoffctl.deals.stays_query import deal_names
from handoffctl.promises.former_fields import MILESTONES, FormerValue, milestones_in, values_in
from handoffctl.promises.model import DealPromise, Promise, ValueEntry
from handoffctl.promises.telling import PrivateStep

_TABLE = "promise AS p JOIN command AS c ON c.id = p.command_id"
_COLUMNS = "p.id, p.number, p.text, p.due, p.at, p.kept_at, p.kind, p.owner, p.told, p.dropped_at, c.author"


def of_deal(query: Query, deal_id: int) -> list[Promise]:
    """Returns the promises of a deal that were not dropped, oldest first."""
    return [promise for promise in of_deal_with_dropped(query, deal_id) if promise.dropped_at is None]


def by_id(query: Query, promise_id: int) -> Promise:
    """Returns the promise with this id."""
    return _promise(query(f"SELECT {_COLUMNS} FROM {_TABLE} WHERE p.id = :id", id=promise_id)[0])


def of_deal_with_dropped(query: Query, deal_id: int) -> list[Promise]:
    """Returns every promise of a deal in the order of their numbers, with milestones that only a field has (id 0)."""
    sql = f"SELECT {_COLUMNS} FROM {_TABLE} WHERE p.deal_id = :deal ORDER BY p.number"
    recorded = [_promise(row) for row in query(sql, deal=deal_id)]
    values = former_values(query, deal_id, MILESTONES)
    return [*recorded, *milestones_in(values[-1] if values else None, recorded)]


def former_values(query: Query, deal_id: int, name: str) -> list[FormerValue]:
    """Returns every value that a field of the deal was given, oldest first."""
    sql = """SELECT type, value, at FROM field_value WHERE deal_id = :deal AND name = :name AND NOT forgotten
             ORDER BY id"""
    return [FormerValue(*row) for row in query(sql, deal=deal_id, name=name)]


def _promise(row: Row) -> Promise:
    return Promise(
        row["id"], row["number"], row["text"], row["due"], row["at"], row["kept_at"], row["kind"], row["owner"],
        bool(row["told"]), row["dropped_at"], row["author"],
    )  # fmt: skip


def open_promise_with(query: Query, deal_id: int, text: str) -> Promise | None:
    """Returns our open promise with this text, or None."""
    ours = (promise for promise in of_deal(query, deal_id) if promise.kind == "ours" and promise.is_open)
    return next((promise for promise in ours if fold(promise.text) == fold(text)), None)


def private_step(query: Query, deal_id: int) -> PrivateStep | None:
    """Returns the open step of a deal with what was decided about telling it, or None."""
    sql = """SELECT id, text, due, made, left_out, promise_id FROM step
             WHERE deal_id = :deal AND done_at IS NULL AND replaced_at IS NULL"""
    rows = query(sql, deal=deal_id)
    if not rows:
        return None
    id, text, due, made, left_out, promise_id = rows[0]
    return PrivateStep(id, text, due, bool(made), bool(left_out), promise_id)


def open_steps_told_as(query: Query, promise_id: int) -> list[int]:
    """Returns the id of the open step that the client was told of as this promise, if there is one."""
    sql = "SELECT id FROM step WHERE promise_id = :promise AND done_at IS NULL AND replaced_at IS NULL"
    return [row["id"] for row in query(sql, promise=promise_id)]


def values_seen(query: Query, deal_id: int, log: str | None = None) -> list[ValueEntry]:
    """Returns what bore out the value of a deal or lowered it, in the order in which it was recorded.

    `log` is the field that the playbook names as the log of the value; what only that has is among them.
    """
    sql = "SELECT number, effect, text, at FROM value_entry WHERE deal_id = :deal ORDER BY number"
    recorded = [ValueEntry(*row) for row in query(sql, deal=deal_id)]
    return sorted(
        [*recorded, *values_in(former_values(query, deal_id, log) if log else (), recorded)],
        key=lambda entry: (entry.at, entry.number),
    )


_LISTED = f"""
    SELECT a.slug AS account, a.name, d.slug AS deal, {_COLUMNS}, d.id AS deal_id
    FROM {_TABLE} JOIN deal AS d ON d.id = p.deal_id JOIN account AS a ON a.id = d.account_id
    JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    WHERE {{where}} ORDER BY p.kept_at IS NOT NULL OR p.dropped_at IS NOT NULL, p.due IS NULL, p.due, p.id"""


def of_every_deal(
    query: Query, kept_too: bool, account_id: int | None = None, deal_id: int | None = None
) -> list[DealPromise]:
    """Returns the open promises, those due first at the top; with `kept_too` the kept and dropped ones after them.

    Without `kept_too`, promises of lost deals are left out.
    """
    where = "1 = 1" if kept_too else "p.kept_at IS NULL AND p.dropped_at IS NULL AND v.kind <> 'lost'"
    if account_id is not None:
        where += " AND a.id = :account AND d.id = coalesce(:deal, d.id)"
    named = {} if account_id is None else {"account": account_id, "deal": deal_id}
    rows = query(_LISTED.format(where=where), **named)
    names = deal_names(query, sorted({row["deal_id"] for row in rows}))
    listed = [
        DealPromise(
            _promise(row), row["account"], row["name"], row["deal"], names[row["deal_id"]].ref,
        )
        for row in rows
    ]  # fmt: skip
    return [*listed, *_former_milestones(query, kept_too, account_id, deal_id)]


_WITH_MILESTONES = """
    SELECT DISTINCT a.slug AS account, a.name, d.slug AS deal, d.id AS deal_id
    FROM field_value AS f JOIN deal AS d ON d.id = f.deal_id JOIN account AS a ON a.id = d.account_id
    JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    WHERE f.name = :name AND f.type = 'list' AND NOT f.forgotten AND {where} ORDER BY d.id"""


def _former_milestones(
    query: Query, closed_too: bool, account_id: int | None, deal_id: int | None
) -> list[DealPromise]:
    """Returns the milestones that only the field of a deal has."""
    where = "1 = 1" if closed_too else "v.kind <> 'lost'"
    if account_id is not None:
        where += " AND a.id = :account AND d.id = coalesce(:deal, d.id)"
    named = {} if account_id is None else {"account": account_id, "deal": deal_id}
    rows = query(_WITH_MILESTONES.format(where=where), name=MILESTONES, **named)
    names = deal_names(query, [row["deal_id"] for row in rows])
    return [
        DealPromise(promise, row["account"], row["name"], row["deal"], names[row["deal_id"]].ref)
        for row in rows
        for promise in of_deal(query, row["deal_id"])
        if not promise.id
    ]
