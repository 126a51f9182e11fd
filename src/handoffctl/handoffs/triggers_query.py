"""What was seen of triggers so far, as the command that is about to notice one asks it."""

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, Row
from handoffctl.deals.lookup_query import Account, Deal, deals_of


def deals(query: Query, account_id: int, deal_id: int | None) -> list[Deal]:
    """The deal of this id, or all of the account; none where they are gone."""
    rows = query("SELECT id, slug, name, domain, test FROM account WHERE id = :id", id=account_id)
    owners = [Account(row["id"], row["slug"], row["name"], row["domain"], bool(row["test"])) for row in rows]
    return [one for owner in owners for one in deals_of(query, owner) if deal_id in (None, one.id)]


def tells_of_account(query: Query, command_id: int) -> bool:
    """Whether this command told something that is true of the whole account."""
    return bool(query("SELECT 1 FROM field_value WHERE command_id = :id AND deal_id IS NULL LIMIT 1", id=command_id))


def begun(query: Query, visit_id: int) -> Moment | None:
    """When this stay began, where that is known."""
    moment: Moment | None = query("SELECT entered_at FROM visit WHERE id = :id", id=visit_id)[0][0]
    return moment


def settled(query: Query, visit_id: int, command_id: int) -> set[str]:
    """The handoffs of a stay that need no noticing: their trigger was seen, or an earlier command has done them."""
    sql = """SELECT handoff FROM sighting WHERE visit_id = :visit UNION
             SELECT name FROM handoff WHERE visit_id = :visit AND state <> 'blocked' AND command_id <> :command"""
    return {row[0] for row in query(sql, visit=visit_id, command=command_id)}


def stay_just_left(query: Query, deal: Deal, command_id: int) -> Row | None:
    """The stay that this command ended by a handoff, and the name of the handoff."""
    if deal.handoff_id is None:
        return None
    sql = """SELECT h.visit_id, h.name, v.playbook, v.stage FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id
             WHERE h.id = :handoff AND h.command_id = :command"""
    rows = query(sql, handoff=deal.handoff_id, command=command_id)
    return rows[0] if rows else None


def first_seen(query: Query, visit_id: int, handoff: str) -> tuple[int, Moment] | None:
    """The id and the moment of what was recorded for this handoff in this stay."""
    sql = "SELECT id, at FROM sighting WHERE visit_id = :visit AND handoff = :handoff"
    rows = query(sql, visit=visit_id, handoff=handoff)
    return (rows[0]["id"], rows[0]["at"]) if rows else None
