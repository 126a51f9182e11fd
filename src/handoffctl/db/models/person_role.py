"""A role of a team member."""

from handoffctl.db.models import Record


class PersonRoleRecord(Record, table=True):
    __tablename__ = "person_role"
    person_id: int
    role: str
