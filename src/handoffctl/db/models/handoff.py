"""A handoff, or an attempt that was blocked."""

from handoffctl.db.models import Record


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
