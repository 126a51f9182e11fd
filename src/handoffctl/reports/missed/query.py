"""Queries for missed handoffs: triggers and their outcome, deals moved outside, returns. No test accounts."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, QueryConnection, Row
from handoffctl.deals.lookup_query import Account, Deal, full_deal_ref
from handoffctl.deals.stays_query import STAY_COLUMNS
from handoffctl.stats.stays import Stay

_REAL = "JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0"


class DealKey(NamedTuple):
    """A deal and its account by their ids and slugs."""

    deal_id: int
    account_id: int
    account: str
    deal: str


class RecordedTrigger(NamedTuple):
    """A trigger that occurred during a stay, and how that stay ended. `ended` is 0 or 1.

    `next_handoff` is the name of the handoff that began the next stay, `disposition` how the next stay closed the deal.
    `returned_at` is when the handoff that had begun this very stay was returned.
    """

    key: DealKey
    stay: int
    handoff: str
    at: Moment
    stage: str
    left_at: Moment | None
    ended: int
    to_playbook: str | None
    to_stage: str | None
    to_kind: str | None
    next_handoff: str | None
    returned_at: Moment | None
    disposition: str | None


class DealMovedOutside(NamedTuple):
    """A deal that an export has in another stage since a moment, with its stays here in order."""

    key: DealKey
    outside_stage: str
    outside_at: Moment | None
    stays: list[Stay]


class RecordedReturn(NamedTuple):
    """A handoff that was returned, with the items that were named as missing."""

    key: DealKey
    stage: str
    handoff: str
    from_owner: str
    to_owner: str
    at: Moment
    returned_at: Moment
    because: str | None
    missing: list[str]
    reason: str | None


def _key(row: Row) -> DealKey:
    return DealKey(row["deal_id"], row["account_id"], row["account"], row["deal"])


def recorded_triggers(query: Query, playbook: str) -> list[RecordedTrigger]:
    """Returns every trigger that occurred in this playbook, in the order in which they were recorded."""
    sql = f"""SELECT s.visit_id, s.handoff, s.at, s.deal_id, a.id AS account_id, a.slug AS account, d.slug AS deal,
                     v.stage, v.left_at, v.ended, v.to_playbook, v.to_stage, v.to_kind,
                     h.name AS next_handoff, b.returned_at, n.disposition
              FROM sighting AS s JOIN visit AS v ON v.id = s.visit_id AND v.playbook = :playbook {_REAL}
              LEFT JOIN visit AS n ON n.deal_id = v.deal_id AND n.number = v.number + 1
              LEFT JOIN handoff AS h ON h.id = n.handoff_id
              LEFT JOIN handoff AS b ON b.id = v.handoff_id
              ORDER BY s.id"""
    return [
        RecordedTrigger(
            _key(row), row["visit_id"], row["handoff"], row["at"], row["stage"], row["left_at"], row["ended"],
            row["to_playbook"], row["to_stage"], row["to_kind"], row["next_handoff"], row["returned_at"],
            row["disposition"],
        )
        for row in query(sql, playbook=playbook)
    ]  # fmt: skip


def completed_handoffs(query: QueryConnection) -> dict[tuple[int, str], list[Moment]]:
    """Returns when completed handoffs were made, by stay and name, for stays in which a trigger occurred."""
    moments: dict[tuple[int, str], list[Moment]] = {}
    sql = """SELECT visit_id, name, at FROM handoff
             WHERE state <> 'blocked' AND visit_id IN (SELECT visit_id FROM sighting) ORDER BY id"""
    for stay, name, at in query.each(sql):
        moments.setdefault((stay, name), []).append(at)
    return moments


def newest_commands(query: QueryConnection) -> dict[int | None, list[Moment]]:
    """Returns when the newest commands that may have recorded something ran, by account id; None is for imports.

    Each list has the latest date and the latest instant, which text cannot compare.
    """
    moments: dict[int | None, list[Moment]] = {}
    sql = """SELECT account_id, max(at) FROM command
             WHERE account_id IS NOT NULL OR kind = 'import' GROUP BY account_id, length(at) = 10"""
    for account, at in query.each(sql):
        moments.setdefault(account, []).append(at)
    return moments


def deals_without_trigger(query: Query, playbook: str, stage: str, handoffs: list[str]) -> list[tuple[Deal, set[str]]]:
    """Returns the open deals in a stage, each with the handoffs whose trigger has not been recorded there yet.

    Each deal is called `account/deal`, whatever else its account has. Deals with all triggers are left out.
    """
    recorded: dict[int, set[str]] = {}
    present = "v.playbook = :playbook AND v.stage = :stage AND v.ended = 0 AND v.kind = 'open'"
    sql = f"SELECT s.visit_id, s.handoff FROM visit AS v JOIN sighting AS s ON s.visit_id = v.id WHERE {present}"
    for stay, handoff in query(sql, playbook=playbook, stage=stage):
        recorded.setdefault(stay, set()).add(handoff)
    sql = f"""SELECT d.id, d.slug, d.name, d.outside_stage, d.outside_at, v.id AS visit_id, v.number, v.playbook,
                     v.stage, v.kind, v.owner, v.entered_at, v.handoff_id,
                     a.id AS account_id, a.slug AS account, a.name AS account_name, a.domain
              FROM visit AS v {_REAL} WHERE {present} ORDER BY v.deal_id"""
    rows = query(sql, playbook=playbook, stage=stage)
    deals = ((_deal(row), set(handoffs) - recorded.get(row["visit_id"], set())) for row in rows)
    return [(deal, names) for deal, names in deals if names]


def _deal(row: Row) -> Deal:
    account = Account(row["account_id"], row["account"], row["account_name"], row["domain"], False)
    return Deal(
        row["id"], row["slug"], row["name"], account, full_deal_ref(account.slug, row["slug"]), row["visit_id"],
        row["number"], row["playbook"], row["stage"], row["kind"], row["owner"], row["entered_at"], row["handoff_id"],
        row["outside_stage"], row["outside_at"],
    )  # fmt: skip


def moved_outside(query: QueryConnection) -> Iterator[DealMovedOutside]:
    """Yields the deals that an export has in another stage than this database."""
    sql = f"""SELECT d.id, a.id, a.slug, d.slug, d.outside_stage, d.outside_at, {STAY_COLUMNS}
              FROM visit AS v {_REAL} WHERE d.outside_stage IS NOT NULL ORDER BY v.deal_id, v.number"""
    for _, of_deal in groupby(query.each(sql), key=lambda row: row[0]):
        rows = list(of_deal)
        yield DealMovedOutside(
            DealKey._make(rows[0][:4]), rows[0][4], rows[0][5], [Stay._make(row[6:]) for row in rows]
        )


def returns(query: QueryConnection, playbook: str) -> Iterator[RecordedReturn]:
    """Yields the returned handoffs from stays in this playbook, in the order in which they were made."""
    missing: dict[int, list[str]] = {}
    for handoff, name in query.each("SELECT handoff_id, name FROM gap WHERE kind = 'returned' ORDER BY id"):
        missing.setdefault(handoff, []).append(name)
    sql = f"""SELECT h.id, h.deal_id, a.id AS account_id, a.slug AS account, d.slug AS deal, v.stage, h.name,
                     h.from_owner, h.to_owner, h.at, h.returned_at, h.because, h.reason
              FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id AND v.playbook = :playbook {_REAL}
              WHERE h.returned_at IS NOT NULL ORDER BY h.id"""
    for row in query(sql, playbook=playbook):
        yield RecordedReturn(
            _key(row), row["stage"], row["name"], row["from_owner"], row["to_owner"], row["at"], row["returned_at"],
            row["because"], missing.get(row["id"], []), row["reason"],
        )  # fmt: skip


def stays_of_account(query: QueryConnection, account_id: int) -> Iterator[Stay]:
    """Yields the stays of all deals of an account, deal by deal, in order."""
    sql = f"""SELECT {STAY_COLUMNS} FROM deal AS d JOIN visit AS v ON v.deal_id = d.id
              WHERE d.account_id = :account ORDER BY d.id, v.number"""
    return map(Stay._make, query.each(sql, account=account_id))


def accounts_with_several_deals(query: QueryConnection) -> set[int]:
    """Returns the ids of the accounts that have more than one deal."""
    return {row[0] for row in query.each("SELECT account_id FROM deal GROUP BY account_id HAVING count(*) > 1")}
