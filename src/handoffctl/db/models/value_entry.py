"""An entry of the value ledger."""

from handoffctl.db.models import Record


class ValueEntryRecord(Record, table=True):
    __tablename__ = "value_entry"
    deal_id: int
    number: int
    effect: int
    text: str
    at: str
