"""An agreement of a receiver to a playbook revision."""

from handoffctl.db.models import Record


class AgreementRecord(Record, table=True):
    __tablename__ = "agreement"
    revision_id: int
    who: str
    at: str
