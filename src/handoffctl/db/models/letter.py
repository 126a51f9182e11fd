"""An e-mail that a handoff called for."""

from handoffctl.db.models import Record


class LetterRecord(Record, table=True):
    __tablename__ = "letter"
    handoff_id: int
    template: str
    recipient: str
    subject: str
    at: str
