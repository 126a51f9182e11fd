"""A team member."""

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
