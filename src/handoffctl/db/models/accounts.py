"""Accounts, contacts and deals."""

from handoffctl.db.models import Record


class AccountRecord(Record, table=True):
    __tablename__ = "account"
    slug: str
    name: str
    folded: str
    domain: str | None = None
    unnamed: int = 0
    test: int = 0


class ContactRecord(Record, table=True):
    __tablename__ = "contact"
    account_id: int
    name: str | None = None
    folded: str
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    level: str | None = None
    main: int = 0


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


class OriginRecord(Record, table=True):
    __tablename__ = "origin"
    record_key: str
    account_id: int | None = None
    contact_id: int | None = None
    deal_id: int | None = None
    touch_id: int | None = None
