"""A trial of a required item."""

from handoffctl.db.models import Record


class TrialRecord(Record, table=True):
    __tablename__ = "trial"
    playbook: str
    handoff: str
    item: str
    kind: str
    mode: str
    size: int
    margin: float | None = None
    draw_key: str = ""
    started_at: str
    ended_at: str | None = None
    verdict: str | None = None
    because: str = ""
