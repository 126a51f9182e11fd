"""Touches, steps, and triggers that were seen."""

from handoffctl.db.models import Record


class Touch(Record, table=True):
    account_id: int
    deal_id: int | None = None
    kind: str
    direction: str
    outcome: str = ""
    met: str = ""
    text: str = ""
    at: str


class Step(Record, table=True):
    deal_id: int
    text: str
    due: str | None = None
    owner: str
    at: str
    done_at: str | None = None
    replaced_at: str | None = None


class Sighting(Record, table=True):
    deal_id: int
    visit_id: int
    handoff: str
    at: str
    told: int = 0
