"""What the report on missed triggers asks: what was seen and what came of it, deals moved outside, returns."""

from collections.abc import Iterator
from typing import Any

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, QueryConnection, Row
from handoffctl.deals.lookup_query import Account, Deal

_REAL = "JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0"


def sightings(query: Query, playbook: str) -> list[Row]:
    """Every trigger that was seen in this playbook, with the stay it was seen in and how that ended.

    `next_handoff` began the stay after it, by the handoff's name; `returned_at` is when the handoff that had begun
    this very stay was returned.
    """
    sql = f"""SELECT s.visit_id, s.handoff, s.at, s.deal_id, a.id AS account_id, a.slug AS account, d.slug AS deal,
                     v.stage, v.left_at, v.ended, v.to_playbook, v.to_stage, v.to_kind,
                     h.name AS next_handoff, b.returned_at, n.disposition
              FROM sighting AS s JOIN visit AS v ON v.id = s.visit_id AND v.playbook = :playbook {_REAL}
              LEFT JOIN visit AS n ON n.deal_id = v.deal_id AND n.number = v.number + 1
              LEFT JOIN handoff AS h ON h.id = n.handoff_id
              LEFT JOIN handoff AS b ON b.id = v.handoff_id
              ORDER BY s.id"""
    return query(sql, playbook=playbook)


def handed_off(query: QueryConnection) -> dict[tuple[int, str], list[Moment]]:
    """When the handoffs that passed were made, by stay and name, where a trigger was seen in that stay."""
    found: dict[tuple[int, str], list[Moment]] = {}
    sql = """SELECT visit_id, name, at FROM handoff
             WHERE state <> 'blocked' AND visit_id IN (SELECT visit_id FROM sighting) ORDER BY id"""
    for visit, name, at in query.each(sql):
        found.setdefault((visit, name), []).append(at)
    return found


def newest_commands(query: QueryConnection) -> dict[int | None, list[Moment]]:
    """By account, and under None for imports, when the newest commands were given that may have told something.

    The latest date and the latest instant, which text cannot compare.
    """
    found: dict[int | None, list[Moment]] = {}
    sql = """SELECT account_id, max(at) FROM command
             WHERE account_id IS NOT NULL OR kind = 'import' GROUP BY account_id, length(at) = 10"""
    for account, at in query.each(sql):
        found.setdefault(account, []).append(at)
    return found


def unseen(query: Query, playbook: str, stage: str, handoffs: list[str]) -> list[tuple[Deal, set[str]]]:
    """The open deals in a stage, each with those of the handoffs whose trigger was not seen there yet.

    Each deal is called `account/deal`, whatever its account has besides.
    """
    seen: dict[int, set[str]] = {}
    there = "v.playbook = :playbook AND v.stage = :stage AND v.ended = 0 AND v.kind = 'open'"
    sql = f"SELECT s.visit_id, s.handoff FROM visit AS v JOIN sighting AS s ON s.visit_id = v.id WHERE {there}"
    for visit, handoff in query(sql, playbook=playbook, stage=stage):
        seen.setdefault(visit, set()).add(handoff)
    sql = f"""SELECT d.id, d.slug, d.name, d.outside_stage, d.outside_at, v.id AS visit_id, v.number, v.playbook,
                     v.stage, v.kind, v.owner, v.entered_at, v.handoff_id,
                     a.id AS account_id, a.slug AS account, a.name AS account_name, a.domain
              FROM visit AS v {_REAL} WHERE {there} ORDER BY v.deal_id"""
    rows = query(sql, playbook=playbook, stage=stage)
    asked = ((_deal(row), set(handoffs) - seen.get(row["visit_id"], set())) for row in rows)
    return [(deal, names) for deal, names in asked if names]


def _deal(row: Row) -> Deal:
    account = Account(row["account_id"], row["account"], row["account_name"], row["domain"], False)
    return Deal(
        row["id"], row["slug"], row["name"], account, f"{account.slug}/{row['slug']}", row["visit_id"], row["number"],
        row["playbook"], row["stage"], row["kind"], row["owner"], row["entered_at"], row["handoff_id"],
        row["outside_stage"], row["outside_at"],
    )  # fmt: skip


def moved_outside(query: Query) -> list[Row]:
    """The deals that an export has elsewhere, with each of their stays here, in order."""
    sql = f"""SELECT v.deal_id, a.id AS account_id, a.slug AS account, d.slug AS deal, d.outside_stage, d.outside_at,
                     v.playbook, v.stage, v.entered_at, v.left_at, v.ended
              FROM visit AS v {_REAL} WHERE d.outside_stage IS NOT NULL ORDER BY v.deal_id, v.number"""
    return query(sql)


def returns(query: Query, playbook: str) -> list[Row]:
    """The handoffs from stays in this playbook that were returned, with what was named as missing, one per line."""
    sql = f"""SELECT h.deal_id, a.id AS account_id, a.slug AS account, d.slug AS deal, v.stage, h.name, h.from_owner,
                     h.to_owner, h.at, h.returned_at, h.because,
                     (SELECT group_concat(name, char(10)) FROM
                         (SELECT name FROM gap WHERE handoff_id = h.id AND kind = 'returned' ORDER BY id)) AS missing
              FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id AND v.playbook = :playbook {_REAL}
              WHERE h.returned_at IS NOT NULL ORDER BY h.id"""
    return query(sql, playbook=playbook)


def stays_of_account(query: Query, account_id: int) -> list[Row]:
    """The stays of all deals of an account, deal by deal in order."""
    sql = """SELECT v.deal_id, v.kind, v.entered_at, v.left_at, v.ended FROM deal AS d
             JOIN visit AS v ON v.deal_id = d.id WHERE d.account_id = :account ORDER BY d.id, v.number"""
    return query(sql, account=account_id)


def accounts_with_several(query: QueryConnection) -> Iterator[Any]:
    """The accounts that have more than one deal."""
    return (row[0] for row in query.each("SELECT account_id FROM deal GROUP BY account_id HAVING count(*) > 1"))
