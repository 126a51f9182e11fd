"""A touch: one interaction with an account."""

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
