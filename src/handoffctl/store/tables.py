"""The tables as SQLModel classes, for writing. `schema/*.sql` is what makes them; a test holds the two together.

Table models do not validate: what reaches them was parsed before.
"""

from typing import Any

from sqlmodel import Field, SQLModel


def _key() -> Any:
    return Field(default=None, primary_key=True)


def _of(table: str) -> Any:
    return Field(default=None, foreign_key=f"{table}.id")


class Command(SQLModel, table=True):
    id: int | None = _key()
    at: str
    words: str
    says: str = ""
    account_id: int | None = _of("account")
    deal_id: int | None = _of("deal")


class Written(SQLModel):
    """What every row has: the command that wrote it."""

    id: int | None = _key()
    command_id: int | None = _of("command")


class Account(Written, table=True):
    slug: str
    name: str
    folded: str
    domain: str | None = None
    unnamed: int = 0
    test: int = 0


class Contact(Written, table=True):
    account_id: int = _of("account")
    name: str | None = None
    folded: str
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    level: str | None = None
    main: int = 0


class Deal(Written, table=True):
    account_id: int = _of("account")
    slug: str
    name: str | None = None
    amount_cents: int | None = None
    expected_close: str | None = None
    source: str | None = None
    outside_stage: str | None = None
    outside_at: str | None = None


class Visit(Written, table=True):
    deal_id: int = _of("deal")
    number: int
    entry: int
    playbook: str
    stage: str
    kind: str
    owner: str
    entered_at: str | None = None
    left_at: str | None = None
    days: float | None = None
    to_playbook: str | None = None
    to_stage: str | None = None
    to_kind: str | None = None
    ended: int = 0
    imported: int = 0
    handoff_id: int | None = _of("handoff")
    because: str | None = None
    disposition: str | None = None
    wakes_on: str | None = None


class FieldValue(Written, table=True):
    __tablename__ = "field_value"
    account_id: int = _of("account")
    deal_id: int | None = _of("deal")
    name: str
    type: str
    value: str
    at: str
    seconds: float | None = None


class Refusal(Written, table=True):
    account_id: int = _of("account")
    deal_id: int | None = _of("deal")
    name: str
    at: str


class PlaybookRevision(Written, table=True):
    __tablename__ = "playbook_revision"
    playbook: str
    hash: str
    content: str
    at: str


class Handoff(Written, table=True):
    deal_id: int = _of("deal")
    visit_id: int = _of("visit")
    revision_id: int = _of("playbook_revision")
    name: str
    at: str
    state: str
    from_stage: str
    to_playbook: str
    to_stage: str
    from_owner: str
    to_owner: str
    seconds: float | None = None
    accepted_at: str | None = None
    returned_at: str | None = None
    because: str | None = None


class Gap(Written, table=True):
    handoff_id: int = _of("handoff")
    name: str
    kind: str


class Touch(Written, table=True):
    account_id: int = _of("account")
    deal_id: int | None = _of("deal")
    kind: str
    direction: str
    outcome: str = ""
    met: str = ""
    text: str = ""
    at: str


class Step(Written, table=True):
    deal_id: int = _of("deal")
    text: str
    due: str | None = None
    owner: str
    at: str
    done_at: str | None = None
    replaced_at: str | None = None


class Summary(Written, table=True):
    deal_id: int = _of("deal")
    state: str
    sent_at: str | None = None
    confirmed_at: str | None = None


class Origin(Written, table=True):
    record_key: str
    account_id: int | None = _of("account")
    contact_id: int | None = _of("contact")
    deal_id: int | None = _of("deal")
