"""Queries over handoffs and stays for the commands that move a deal."""

from dataclasses import dataclass

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query
from handoffctl.playbook.query import KeptContent


@dataclass(frozen=True)
class CompletedHandoff:
    """A handoff that went through. `from_stay_id`, `from_playbook` and `from_stage` are of the stay it was made in.

    `from_content` is the content of the playbook under which it was made.
    """

    id: int
    from_stay_id: int
    at: Moment
    state: str
    from_playbook: str
    from_stage: str
    from_owner: str
    to_owner: str
    from_content: KeptContent


def last_completed(query: Query, deal_id: int) -> CompletedHandoff | None:
    """Returns the deal's latest handoff that was neither blocked nor returned."""
    sql = """SELECT h.id, h.visit_id, h.at, h.state, v.playbook, v.stage, h.from_owner, h.to_owner, r.id, r.hash
             FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id JOIN playbook_revision AS r ON r.id = h.revision_id
             WHERE h.deal_id = :deal AND h.state IN ('completed', 'accepted') ORDER BY h.id DESC LIMIT 1"""
    rows = query(sql, deal=deal_id)
    if not rows:
        return None
    id, stay, at, state, playbook, stage, from_owner, to_owner, revision_id, digest = rows[0]
    content = KeptContent(revision_id, digest)
    return CompletedHandoff(id, stay, at, state, playbook, stage, from_owner, to_owner, content)


def stages_left(query: Query, deal_id: int, playbook: str) -> set[str]:
    """Returns the stages of this playbook that the deal was in and has left."""
    sql = "SELECT DISTINCT stage FROM visit WHERE deal_id = :deal AND ended = 1 AND playbook = :playbook"
    return {row[0] for row in query(sql, deal=deal_id, playbook=playbook)}


def open_stages_latest_first(query: Query, deal_id: int, playbook: str) -> list[tuple[str, str]]:
    """Returns stage and owner of each open stay the deal had in this playbook, the latest first."""
    sql = """SELECT stage, owner FROM visit WHERE deal_id = :deal AND kind = 'open' AND playbook = :playbook
             ORDER BY number DESC"""
    return [(row[0], row[1]) for row in query(sql, deal=deal_id, playbook=playbook)]


def first_playbook(query: Query, deal_id: int) -> str:
    """Returns the name of the playbook that the deal began in."""
    return str(query("SELECT playbook FROM visit WHERE deal_id = :id ORDER BY number LIMIT 1", id=deal_id)[0][0])


def is_fresh_stay(query: Query, stay_id: int, because: str) -> bool:
    """True if no handoff was tried in this stay, and it is the deal's first or began for the reason `because`."""
    sql = """SELECT 1 FROM visit AS v WHERE v.id = :id AND (v.number = 1 OR v.because = :because)
             AND NOT EXISTS (SELECT 1 FROM handoff AS h WHERE h.visit_id = v.id)"""
    return bool(query(sql, id=stay_id, because=because))
