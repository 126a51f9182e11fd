"""Queries on archived playbook revisions: which, when, for how many deals, and who agreed."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, Row


def revisions(query: Query, playbook: str) -> list[Row]:
    """Returns each revision, oldest first, with the handoffs completed and the deals tried under it."""
    sql = """SELECT r.id, r.at, r.hash, r.content,
                    count(CASE WHEN a.id IS NOT NULL AND h.state <> 'blocked' THEN 1 END) AS handoffs,
                    count(DISTINCT CASE WHEN a.id IS NOT NULL THEN h.deal_id END) AS deals
             FROM playbook_revision AS r LEFT JOIN handoff AS h ON h.revision_id = r.id
             LEFT JOIN deal AS d ON d.id = h.deal_id LEFT JOIN account AS a ON a.id = d.account_id AND a.test = 0
             WHERE r.playbook = :playbook GROUP BY r.id ORDER BY r.id"""
    return query(sql, playbook=playbook)


def agreements(query: Query, playbook: str) -> list[Row]:
    """Returns who agreed, when, and to which revision by number, newest revision first."""
    sql = """SELECT a.who, a.at, r.id AS revision_id, r.hash, (SELECT count(*) FROM playbook_revision AS earlier
                    WHERE earlier.playbook = r.playbook AND earlier.id <= r.id) AS number
             FROM agreement AS a JOIN playbook_revision AS r ON r.id = a.revision_id
             WHERE r.playbook = :playbook ORDER BY r.id DESC, a.id"""
    return query(sql, playbook=playbook)


def contents_naming(query: Query, word: str) -> list[Row]:
    """Returns the archived contents of any playbook that contain this word."""
    return query("SELECT id, playbook, content FROM playbook_revision WHERE instr(content, :word)", word=word)


def stays_in(query: Query, playbook: str, stage: str) -> tuple[int, int]:
    """Returns how many deals are in this stage, and how many are or were."""
    sql = """SELECT count(CASE WHEN ended = 0 THEN 1 END), count(DISTINCT deal_id) FROM visit
             WHERE playbook = :playbook AND stage = :stage"""
    row = query(sql, playbook=playbook, stage=stage)[0]
    return row[0], row[1]


def present_stays(query: Query, playbook: str, stage: str) -> list[Row]:
    """Returns the current stays in this stage."""
    sql = """SELECT id, kind, owner, because, disposition, wakes_on FROM visit
             WHERE playbook = :playbook AND stage = :stage AND ended = 0 ORDER BY id"""
    return query(sql, playbook=playbook, stage=stage)


def stages_taken(query: Query) -> list[Row]:
    """Returns the stages that deals are in, with the kind recorded, the content that deals keep, and their number."""
    sql = """SELECT v.playbook, v.stage, v.kind, d.revision_id, r.hash, count(*) AS deals
             FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
             LEFT JOIN playbook_revision AS r ON r.id = d.revision_id
             WHERE v.ended = 0 GROUP BY v.playbook, v.stage, v.kind, d.revision_id, r.hash
             ORDER BY v.playbook, v.stage, v.kind, d.revision_id"""
    return query(sql)


def stages_ever_used(query: Query, playbook: str) -> set[str]:
    """Returns the stages of this playbook that some deal is or was in."""
    return {row[0] for row in query("SELECT DISTINCT stage FROM visit WHERE playbook = :playbook", playbook=playbook)}


class KeptContent(NamedTuple):
    """The archived content of a shipped playbook with which a deal entered it; `hash` identifies the content."""

    revision_id: int
    hash: str


class Revision(NamedTuple):
    """An archived revision of a playbook; `hash` identifies its content."""

    id: int
    hash: str
    content: str
    at: Moment


def newest_revision(query: Query, playbook: str) -> Revision | None:
    """Returns the newest archived revision of this playbook."""
    sql = "SELECT id, hash, content, at FROM playbook_revision WHERE playbook = :name ORDER BY id DESC LIMIT 1"
    return next((Revision(*row) for row in query(sql, name=playbook)), None)


def revision(query: Query, id: int) -> Revision | None:
    """Returns the archived revision with this id."""
    sql = "SELECT id, hash, content, at FROM playbook_revision WHERE id = :id"
    return next((Revision(*row) for row in query(sql, id=id)), None)


def revision_with_hash(query: Query, playbook: str, hash: str) -> Revision | None:
    """Returns the newest archived revision of this playbook with this content."""
    sql = """SELECT id, hash, content, at FROM playbook_revision WHERE playbook = :name AND hash = :hash
             ORDER BY id DESC LIMIT 1"""
    return next((Revision(*row) for row in query(sql, name=playbook, hash=hash)), None)


def kept_content(revision_id: int | None, hash: str | None) -> KeptContent | None:
    """Returns the content that a deal entered with, from its revision's id and hash; None if it has no revision."""
    return None if revision_id is None or hash is None else KeptContent(revision_id, hash)
