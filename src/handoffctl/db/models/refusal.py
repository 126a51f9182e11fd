"""A placeholder that was refused as a value."""

from handoffctl.db.models import Record


class RefusalRecord(Record, table=True):
    __tablename__ = "refusal"
    account_id: int
    deal_id: int | None = None
    name: str
    at: str
