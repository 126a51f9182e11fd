"""A next step of a deal."""

from handoffctl.db.models import Record


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
