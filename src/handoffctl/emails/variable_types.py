"""The types of the variables that templates get. `variable_names` describes each of them for writers of templates.

None stands for a value that is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from dataclasses import fields as fields_of
from typing import Any

from handoffctl.emails.context import EmailContact
from handoffctl.emails.heads import Head
from handoffctl.emails.mail_dates import MailDay, MailMoment


@dataclass(frozen=True)
class AccountVariables:
    """The account."""

    name: str
    domain: str | None


@dataclass(frozen=True)
class DealVariables:
    """The deal."""

    name: str | None
    ref: str
    amount: str | None
    expected_close: MailDay | None
    source: str | None


@dataclass(frozen=True)
class RecipientVariables(EmailContact):
    """The contact that the e-mail goes to."""

    first_name: str | None = None


@dataclass(frozen=True)
class UserVariables:
    """The user, as configured."""

    name: str | None
    email: str | None
    signature: str


@dataclass(frozen=True)
class OwnerVariables:
    """Sender or receiver of the handoff: a role, or a person with a description of their role.

    `intro` is what a client is told of the person.
    """

    name: str
    role: str
    person: str | None
    first_name: str | None
    email: str | None
    intro: str | None


@dataclass(frozen=True)
class StageVariables:
    """A stage of the playbook; `here` marks the present one."""

    name: str
    title: str
    begins_when: str | None
    here: bool


@dataclass(frozen=True)
class KnownFieldVariables:
    """A field with a value, and how that relates to what the client confirmed."""

    name: str
    label: str
    lines: list[str] | None
    head: str | None
    changed: bool
    confirmed: bool


@dataclass(frozen=True)
class UnknownFieldVariables:
    """A field without a value that could be asked for."""

    name: str
    label: str
    ask: str | None
    why: str | None


@dataclass(frozen=True)
class TouchVariables:
    """An interaction. `with_` is `with` in templates."""

    on: MailDay | None
    kind: str
    direction: str
    outcome: str | None
    with_: str | None
    text: str | None


@dataclass(frozen=True)
class StepVariables:
    """The next step."""

    text: str
    due: MailDay | None


@dataclass(frozen=True)
class NextStepVariables:
    """Something that happens next, as the client may read it.

    `whose` is ours, theirs or meeting; `who` names the person if it is neither the seller nor the client.
    A meeting without a subject has no text.
    """

    whose: str
    who: str | None
    text: str | None
    by: MailDay | None
    at: MailMoment | None


@dataclass(frozen=True)
class MeetingVariables:
    """A meeting: when and where it is, and the people of both sides who are to be there."""

    at: MailMoment
    minutes: int
    subject: str | None
    place: str | None
    clients: list[str]
    colleagues: list[str]


@dataclass(frozen=True)
class ValueVariables:
    """Something that bore out the value of the deal, or lowered it where `plus` is false."""

    text: str
    on: MailDay | None
    plus: bool


@dataclass(frozen=True)
class DoneVariables:
    """A promise that was kept; `who` names the person where it is neither the seller nor the client."""

    text: str
    whose: str
    who: str | None


@dataclass(frozen=True)
class ChangedHeadVariables:
    """Something that a later summary says: what it is about, how it stands now, and how it stood before, if it did."""

    title: str
    now: str
    was: str | None


@dataclass(frozen=True)
class NewsVariables:
    """What is new since the summary that the client answered last, on the day `answered_on`.

    `done` holds the promises that were kept since, each with text and whose (ours, theirs, milestone).
    """

    since: MailDay | None
    answered_on: MailDay | None
    new: list[ChangedHeadVariables]
    changed: list[ChangedHeadVariables]
    done: list[DoneVariables]


@dataclass(frozen=True)
class SentSummaryVariables:
    """The summary that was sent last. `working_days` is its age."""

    state: str
    sent_on: MailDay | None
    answered_on: MailDay | None
    to: str | None
    subject: str | None
    reference: str | None
    working_days: int | None


@dataclass(frozen=True)
class CorrectionVariables:
    """A value that the client corrected."""

    label: str
    value: str


@dataclass(frozen=True)
class AnsweredSummaryVariables:
    """A summary that the client confirmed or corrected."""

    on: MailDay | None
    sent_on: MailDay | None
    state: str
    to: str | None
    subject: str | None
    body: str | None
    lines: list[str]
    note: str | None
    reference: str | None
    corrections: list[CorrectionVariables]


@dataclass(frozen=True)
class ChangeVariables:
    """A value that differs from the one the client confirmed."""

    label: str
    was: str
    now: str


@dataclass(frozen=True)
class PromiseVariables:
    """A promise: `whose` is ours, theirs or milestone; one that was `told` may stand in what the client reads."""

    text: str
    by: MailDay | None
    kept: bool
    on: MailDay | None
    whose: str
    who: str | None
    told: bool
    overdue: bool


@dataclass(frozen=True)
class TemplateVariables:
    """Everything a template may use. Templates for clients get less of it, see `client_view`."""

    account: AccountVariables
    deal: DealVariables
    contact: RecipientVariables
    contacts: list[EmailContact]
    me: UserVariables
    sender: OwnerVariables
    receiver: OwnerVariables
    from_stage: str
    to_stage: str | None
    stages: list[StageVariables]
    trigger: str | None
    reason: str | None
    benefit: str | None
    fields: dict[str, str | None]
    lines: dict[str, list[str] | None]
    known: list[KnownFieldVariables]
    unknown: list[UnknownFieldVariables]
    heads: list[Head]
    key_points: list[str]
    touches: list[TouchVariables]
    step: StepVariables | None
    summary: SentSummaryVariables | None
    summaries: list[AnsweredSummaryVariables]
    changed: list[ChangeVariables]
    promises: list[PromiseVariables]
    next_steps: list[NextStepVariables]
    meeting: MeetingVariables | None
    missed_meeting: MeetingVariables | None
    values: list[ValueVariables]
    question: str | None
    news: NewsVariables | None
    replaces: MailDay | None
    thread: str | None
    call_on: MailDay | None
    offers: list[str]
    client_benefit: str | None
    brief: list[str]
    introduces: str
    greeting: str
    say: Mapping[str, str]
    reference: str
    today: MailDay

    def as_mapping(self) -> dict[str, Any]:
        """Returns the values that the template engine works on."""
        return {field.name: plain(getattr(self, field.name)) for field in fields_of(self)}


def plain(value: Any) -> Any:
    """Returns records as mappings, also those within lists and mappings; days and moments stay what they are."""
    if is_dataclass(value):
        return {field.name.removesuffix("_"): plain(getattr(value, field.name)) for field in fields_of(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value
