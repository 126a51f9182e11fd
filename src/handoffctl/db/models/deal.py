"""A deal of an account, with the stage path and the playbook revision it has."""

from handoffctl.db.models import Record


class DealRecord(Record, table=True):
    __tablename__ = "deal"
    account_id: int
    slug: str
    name: str | None = None
    amount_cents: int | None = None
    expected_close: str | None = None
    source: str | None = None
    outside_stage: str | None = None
    outside_at: str | None = None
    path_id: int | None = None
    revision_id: int | None = None
