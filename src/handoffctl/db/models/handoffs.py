"""Handoffs, their gaps, the playbook revisions they ran under, and agreements to those."""

from handoffctl.db.models import Record


class PlaybookRevisionRecord(Record, table=True):
    __tablename__ = "playbook_revision"
    playbook: str
    hash: str
    content: str
    at: str


class HandoffRecord(Record, table=True):
    __tablename__ = "handoff"
    deal_id: int
    visit_id: int
    revision_id: int
    name: str
    at: str
    state: str
    from_stage: str
    to_playbook: str
    to_stage: str
    from_owner: str
    to_owner: str
    seconds: float | None = None
    accepted_at: str | None = None
    returned_at: str | None = None
    because: str | None = None
    score: int | None = None
    reason: str | None = None
    enough: int | None = None
    lacked: str = ""


class AskedTwiceRecord(Record, table=True):
    __tablename__ = "asked_twice"
    deal_id: int
    handoff_id: int | None = None
    name: str
    at: str


class GapRecord(Record, table=True):
    __tablename__ = "gap"
    handoff_id: int
    name: str
    kind: str  # required, nice_to_have: missing when it was decided; filled: missing only before; returned: named then


class AgreementRecord(Record, table=True):
    __tablename__ = "agreement"
    revision_id: int
    who: str
    at: str
