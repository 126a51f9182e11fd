"""Summaries and their answers, promises, entries of the value ledger, e-mails of handoffs."""

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


class PromiseRecord(Record, table=True):
    __tablename__ = "promise"
    deal_id: int
    number: int
    text: str
    due: str | None = None
    at: str
    kept_at: str | None = None
    kind: str = "ours"
    owner: str = ""
    told: int = 0
    dropped_at: str | None = None


class ValueEntryRecord(Record, table=True):
    __tablename__ = "value_entry"
    deal_id: int
    number: int
    effect: int
    text: str
    at: str


class LetterRecord(Record, table=True):
    __tablename__ = "letter"
    handoff_id: int
    template: str
    recipient: str
    subject: str
    at: str
