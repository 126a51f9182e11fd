"""Accounts, contacts and deals."""

from handoffctl.db.models import Record


class Account(Record, table=True):
    slug: str
    name: str
    folded: str
    domain: str | None = None
    unnamed: int = 0
    test: int = 0


class Contact(Record, table=True):
    account_id: int
    name: str | None = None
    folded: str
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    level: str | None = None
    main: int = 0


class Deal(Record, table=True):
    account_id: int
    slug: str
    name: str | None = None
    amount_cents: int | None = None
    expected_close: str | None = None
    source: str | None = None
    outside_stage: str | None = None
    outside_at: str | None = None
    path_id: int | None = None


class Origin(Record, table=True):
    record_key: str
    account_id: int | None = None
    contact_id: int | None = None
    deal_id: int | None = None
    touch_id: int | None = None
