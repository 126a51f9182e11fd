"""Decisions about deals, typed numbers, and trials."""

from handoffctl.db.models import Record


class DecisionRecord(Record, table=True):
    __tablename__ = "decision"
    deal_id: int
    rule: str = ""
    proposed: str = ""
    decided: str
    until: str | None = None
    because: str = ""
    at: str


class TypedNumberRecord(Record, table=True):
    __tablename__ = "typed_number"
    playbook: str
    objective: str
    month: str
    number: float
    at: str


class TrialRecord(Record, table=True):
    __tablename__ = "trial"
    playbook: str
    handoff: str
    item: str
    kind: str
    mode: str
    size: int
    margin: float | None = None
    draw_key: str = ""
    started_at: str
    ended_at: str | None = None
    verdict: str | None = None
    because: str = ""


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
