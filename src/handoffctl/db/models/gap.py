"""An item that was missing at a handoff."""

from handoffctl.db.models import Record


class GapRecord(Record, table=True):
    __tablename__ = "gap"
    handoff_id: int
    name: str
    kind: str  # required, nice_to_have: missing when it was decided; filled: missing only before; returned: named then;
    # not_asked: left out by a trial
