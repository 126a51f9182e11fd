"""A criterion that a meeting meets once it is held."""

from handoffctl.db.models import Record


class MeetingCriterionRecord(Record, table=True):
    __tablename__ = "meeting_criterion"
    meeting_id: int
    name: str
    held: int
