"""A meeting with the receivers."""

from handoffctl.db.models import Record


class ReviewRecord(Record, table=True):
    __tablename__ = "review"
    receiver: str
    at: str
