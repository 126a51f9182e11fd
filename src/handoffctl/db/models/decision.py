"""A decision about a deal."""

from handoffctl.db.models import Record


class DecisionRecord(Record, table=True):
    __tablename__ = "decision"
    deal_id: int
    rule: str = ""
    proposed: str = ""
    decided: str
    until: str | None = None
    because: str = ""
    at: str
