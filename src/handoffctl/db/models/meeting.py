"""A meeting with a client."""

from handoffctl.db.models import Record


class MeetingRecord(Record, table=True):
    __tablename__ = "meeting"
    deal_id: int
    visit_id: int
    uid: str
    at: str
    minutes: int
    met: str = ""
    handoff: str | None = None
    state: str
    booked_at: str
    marked_at: str | None = None
    moves: int = 0
    step_id: int | None = None
    touch_id: int | None = None
    place: str = ""
    subject: str = ""
