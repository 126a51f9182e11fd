"""Queries for detecting triggers: what the running command did, and which triggers were recorded before."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query
from handoffctl.deals.lookup_query import Account, Deal, deals_of
from handoffctl.playbook.query import KeptContent


class StayLeft(NamedTuple):
    """A stay that the running command ended, the handoff that ended it by its key, and the playbook's content then."""

    id: int
    handoff: str
    playbook: str
    stage: str
    content: KeptContent


def deals_concerned(query: Query, account_id: int, deal_id: int | None) -> list[Deal]:
    """Returns the deal with this id, or all deals of the account where `deal_id` is None; empty where they are gone."""
    rows = query("SELECT id, slug, name, domain, test FROM account WHERE id = :id", id=account_id)
    accounts = [Account(row["id"], row["slug"], row["name"], row["domain"], bool(row["test"])) for row in rows]
    return [deal for account in accounts for deal in deals_of(query, account) if deal_id in (None, deal.id)]


def set_account_value(query: Query, command_id: int) -> bool:
    """True if this command set a value that holds for the whole account."""
    return bool(query("SELECT 1 FROM field_value WHERE command_id = :id AND deal_id IS NULL LIMIT 1", id=command_id))


def stay_began_at(query: Query, visit_id: int) -> Moment | None:
    """Returns when this stay began; None where that is not known."""
    moment: Moment | None = query("SELECT entered_at FROM visit WHERE id = :id", id=visit_id)[0][0]
    return moment


def settled_handoffs(query: Query, visit_id: int, command_id: int) -> set[str]:
    """Returns the stay's handoffs to detect no more: their trigger was recorded, or an earlier command made them."""
    sql = """SELECT handoff FROM sighting WHERE visit_id = :visit UNION
             SELECT name FROM handoff WHERE visit_id = :visit AND state <> 'blocked' AND command_id <> :command"""
    return {row[0] for row in query(sql, visit=visit_id, command=command_id)}


def stay_just_left(query: Query, deal: Deal, command_id: int) -> StayLeft | None:
    """Returns the stay that this command ended by a handoff."""
    if deal.handoff_id is None:
        return None
    sql = """SELECT h.visit_id, h.name, v.playbook, v.stage, r.id, r.hash
             FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id JOIN playbook_revision AS r ON r.id = h.revision_id
             WHERE h.id = :handoff AND h.command_id = :command"""
    rows = query(sql, handoff=deal.handoff_id, command=command_id)
    return StayLeft._make((*tuple(rows[0])[:4], KeptContent(*tuple(rows[0])[4:]))) if rows else None


def recorded_trigger(query: Query, visit_id: int, handoff: str) -> tuple[int, Moment] | None:
    """Returns the id and the moment of the trigger that was recorded for this handoff in this stay."""
    sql = "SELECT id, at FROM sighting WHERE visit_id = :visit AND handoff = :handoff"
    rows = query(sql, visit=visit_id, handoff=handoff)
    return (rows[0]["id"], rows[0]["at"]) if rows else None
