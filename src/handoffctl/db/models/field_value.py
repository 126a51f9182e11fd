"""A value of a field; the latest one holds."""

from handoffctl.db.models import Record


class FieldValueRecord(Record, table=True):
    __tablename__ = "field_value"
    account_id: int
    deal_id: int | None = None
    name: str
    type: str
    value: str
    at: str
    seconds: float | None = None
    imported: int = 0
    forgotten: int = 0
