"""Which row of ours a record of an import became."""

from handoffctl.db.models import Record


class OriginRecord(Record, table=True):
    __tablename__ = "origin"
    record_key: str
    account_id: int | None = None
    contact_id: int | None = None
    deal_id: int | None = None
    touch_id: int | None = None
