"""The types of the variables that templates get. `variable_names` describes each of them for writers of templates.

None stands for a value that is not known.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from handoffctl.emails.context import EmailContact
from handoffctl.emails.heads import Head
from handoffctl.emails.mail_dates import MailDay, MailMoment


class AccountVariables(NamedTuple):
    """The account."""

    name: str
    domain: str | None


class DealVariables(NamedTuple):
    """The deal."""

    name: str | None
    ref: str
    amount: str | None
    expected_close: MailDay | None
    source: str | None


class RecipientVariables(NamedTuple):
    """The contact that the e-mail goes to."""

    name: str | None
    email: str | None
    phone: str | None
    title: str | None
    level: str | None
    first_name: str | None


class UserVariables(NamedTuple):
    """The user, as configured."""

    name: str | None
    email: str | None
    signature: str


class OwnerVariables(NamedTuple):
    """Sender or receiver of the handoff: a role, or a person with a description of their role.

    `called` is the name, or the title of a role, for colleagues; `intro` is what a client is told of the person.
    """

    name: str
    called: str
    role: str
    person: str | None
    first_name: str | None
    email: str | None
    intro: str | None


class StageVariables(NamedTuple):
    """A stage of the playbook; `here` marks the present one."""

    name: str
    title: str
    begins_when: str | None
    here: bool


class KnownFieldVariables(NamedTuple):
    """A field with a value, and how that relates to what the client confirmed."""

    name: str
    label: str
    lines: list[str] | None
    head: str | None
    changed: bool
    confirmed: bool


class UnknownFieldVariables(NamedTuple):
    """A field without a value that could be asked for."""

    name: str
    label: str
    ask: str | None
    why: str | None


class TouchVariables(NamedTuple):
    """An interaction. `with_` is `with` in templates."""

    on: MailDay | None
    kind: str
    direction: str
    outcome: str | None
    with_: str | None
    text: str | None


class StepVariables(NamedTuple):
    """The next step."""

    text: str
    due: MailDay | None


class NextStepVariables(NamedTuple):
    """Something that happens next, as the client may read it.

    `whose` is ours, theirs or meeting; `who` names the person if it is neither the seller nor the client.
    A meeting without a subject has no text.
    """

    whose: str
    who: str | None
    text: str | None
    by: MailDay | None
    at: MailMoment | None


class MeetingVariables(NamedTuple):
    """A meeting: when and where it is, and the people of both sides who are to be there."""

    at: MailMoment
    minutes: int
    subject: str | None
    place: str | None
    clients: list[str]
    colleagues: list[str]


class ValueVariables(NamedTuple):
    """Something that bore out the value of the deal, or lowered it where `plus` is false."""

    text: str
    on: MailDay | None
    plus: bool


class DoneVariables(NamedTuple):
    """A promise that was kept; `who` names the person where it is neither the seller nor the client."""

    text: str
    whose: str
    who: str | None


class ChangedHeadVariables(NamedTuple):
    """Something that a later summary says: what it is about, how it stands now, and how it stood before, if it did."""

    title: str
    now: str
    was: str | None


class NewsVariables(NamedTuple):
    """What is new since the summary that the client answered last, on the day `answered_on`.

    `done` holds the promises that were kept since, each with text and whose (ours, theirs, milestone), and `results`
    what bore out the value of the deal since.
    """

    since: MailDay | None
    answered_on: MailDay | None
    new: list[ChangedHeadVariables]
    changed: list[ChangedHeadVariables]
    done: list[DoneVariables]
    results: list[ValueVariables]


class SentSummaryVariables(NamedTuple):
    """The summary that was sent last. `working_days` is its age."""

    state: str
    sent_on: MailDay | None
    answered_on: MailDay | None
    to: str | None
    subject: str | None
    reference: str | None
    working_days: int | None


class CorrectionVariables(NamedTuple):
    """A value that the client corrected, of the field `name`."""

    name: str
    label: str
    title: str
    value: str


class AnsweredSummaryVariables(NamedTuple):
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


class ChangeVariables(NamedTuple):
    """A value of the field `name` that differs from the one the client confirmed."""

    name: str
    label: str
    was: str
    now: str


class PromiseVariables(NamedTuple):
    """A promise: `whose` is ours, theirs or milestone; one that was `told` may stand in what the client reads."""

    text: str
    by: MailDay | None
    kept: bool
    on: MailDay | None
    whose: str
    who: str | None
    told: bool
    overdue: bool


class TemplateVariables(NamedTuple):
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
    questions: list[str]
    introduces: str
    greeting: str
    closing: str
    say: Mapping[str, str]
    reference: str
    today: MailDay

    def as_mapping(self) -> dict[str, Any]:
        """Returns the values that the template engine works on."""
        return {name: plain(value) for name, value in self._asdict().items()}


def plain(value: Any) -> Any:
    """Returns records as mappings, also those within lists and mappings; days and moments stay what they are."""
    if hasattr(value, "_asdict"):
        return {name.removesuffix("_"): plain(part) for name, part in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value
