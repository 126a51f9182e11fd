"""A content of a playbook that was used."""

from handoffctl.db.models import Record


class PlaybookRevisionRecord(Record, table=True):
    __tablename__ = "playbook_revision"
    playbook: str
    hash: str
    content: str
    at: str
