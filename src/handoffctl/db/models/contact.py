"""A contact of an account."""

from handoffctl.db.models import Record


class ContactRecord(Record, table=True):
    __tablename__ = "contact"
    account_id: int
    name: str | None = None
    folded: str
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    level: str | None = None
    main: int = 0
