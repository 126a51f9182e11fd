"""A trigger that was seen to hold."""

from handoffctl.db.models import Record


class SightingRecord(Record, table=True):
    __tablename__ = "sighting"
    deal_id: int
    visit_id: int
    handoff: str
    at: str
    told: int = 0
