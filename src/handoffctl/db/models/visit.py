"""A stay of a deal in a stage."""

from handoffctl.db.models import Record


class VisitRecord(Record, table=True):
    __tablename__ = "visit"
    deal_id: int
    number: int
    playbook: str
    stage: str
    kind: str
    owner: str
    entered_at: str | None = None
    left_at: str | None = None
    days: float | None = None
    to_playbook: str | None = None
    to_stage: str | None = None
    to_kind: str | None = None
    ended: int = 0
    imported: int = 0
    handoff_id: int | None = None
    because: str | None = None
    disposition: str | None = None
    wakes_on: str | None = None
    reason: str | None = None
