"""An answer to a summary."""

from handoffctl.db.models import Record


class AnswerRecord(Record, table=True):
    __tablename__ = "answer"
    summary_id: int
    taken_as: str
    at: str
    note: str | None = None
    hash: str | None = None
    sender: str | None = None
    line: str | None = None
    mail: str | None = None
