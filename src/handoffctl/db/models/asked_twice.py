"""What a client was asked again although it was known, as people report it."""

from handoffctl.db.models import Record


class AskedTwiceRecord(Record, table=True):
    __tablename__ = "asked_twice"
    deal_id: int
    handoff_id: int | None = None
    name: str
    at: str
