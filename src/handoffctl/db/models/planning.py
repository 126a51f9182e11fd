"""Team members, meetings and reviews."""

from handoffctl.db.models import Record


class PersonRecord(Record, table=True):
    __tablename__ = "person"
    name: str
    folded: str
    email: str | None = None
    away_from: str | None = None
    away_to: str | None = None
    intro: str = ""
    capacity: int | None = None


class PersonRoleRecord(Record, table=True):
    __tablename__ = "person_role"
    person_id: int
    role: str


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


class MeetingGuestRecord(Record, table=True):
    __tablename__ = "meeting_guest"
    meeting_id: int
    name: str
    email: str | None = None
    side: str


class MeetingCriterionRecord(Record, table=True):
    __tablename__ = "meeting_criterion"
    meeting_id: int
    name: str
    held: int


class ReviewRecord(Record, table=True):
    __tablename__ = "review"
    receiver: str
    at: str
