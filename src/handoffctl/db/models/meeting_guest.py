"""A guest of a meeting."""

from handoffctl.db.models import Record


class MeetingGuestRecord(Record, table=True):
    __tablename__ = "meeting_guest"
    meeting_id: int
    name: str
    email: str | None = None
    side: str
