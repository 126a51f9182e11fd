"""A promise of a deal."""

from handoffctl.db.models import Record


class PromiseRecord(Record, table=True):
    __tablename__ = "promise"
    deal_id: int
    number: int
    text: str
    due: str | None = None
    at: str
    kept_at: str | None = None
    kind: str = "ours"
    owner: str = ""
    told: int = 0
    dropped_at: str | None = None
