"""Touches, steps, and triggers that were seen."""

from handoffctl.db.models import Record


class TouchRecord(Record, table=True):
    __tablename__ = "touch"
    account_id: int
    deal_id: int | None = None
    kind: str
    direction: str
    outcome: str = ""
    met: str = ""
    text: str = ""
    at: str


class StepRecord(Record, table=True):
    __tablename__ = "step"
    deal_id: int
    text: str
    due: str | None = None
    owner: str
    at: str
    done_at: str | None = None
    replaced_at: str | None = None
    made: int = 0
    left_out: int = 0
    promise_id: int | None = None


class SightingRecord(Record, table=True):
    __tablename__ = "sighting"
    deal_id: int
    visit_id: int
    handoff: str
    at: str
    told: int = 0
