"""A summary e-mail of a deal."""

from handoffctl.db.models import Record


class SummaryRecord(Record, table=True):
    __tablename__ = "summary"
    deal_id: int
    state: str
    sent_at: str | None = None
    confirmed_at: str | None = None
    reference: str | None = None
    sent_as: str | None = None
    recipient: str | None = None
    subject: str | None = None
    body: str | None = None
    hash: str | None = None
    edited: int = 0
    announced: int | None = None
    text_command_id: int | None = None
    since_id: int | None = None
    question: str | None = None
    nudged_at: str | None = None
