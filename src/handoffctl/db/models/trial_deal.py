"""A deal in a trial."""

from handoffctl.db.models import Record


class TrialDealRecord(Record, table=True):
    __tablename__ = "trial_deal"
    trial_id: int
    deal_id: int
    visit_id: int
    handoff_id: int | None = None
    arm: str
    at: str
    missed: int | None = None
    missed_at: str | None = None
