"""A number that somebody typed for an objective and a month."""

from handoffctl.db.models import Record


class TypedNumberRecord(Record, table=True):
    __tablename__ = "typed_number"
    playbook: str
    objective: str
    month: str
    number: float
    at: str
