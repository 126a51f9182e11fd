"""The variables of a template: typed values computed from its context. VARIABLES describes each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from handoffctl.core.moments import Moment, local_date
from handoffctl.emails.context import DealSnapshot, EmailContact, TemplateContext, TouchNote, changed_since
from handoffctl.emails.summary_model import ANSWERED, SummaryEmail, age, standing
from handoffctl.emails.summary_sections import SummarySection, key_points, lines_of, summary_sections
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of
from handoffctl.promises.model import Promise
from handoffctl.workspace.home import Home

VARIABLES: Mapping[str, str] = {
    "account.name": "the account's name",
    "account.domain": "its web domain",
    "deal.name": "what the deal is called, where it has a name",
    "deal.ref": "how a command names it",
    "deal.amount": "what it is worth",
    "deal.expected_close": "when they mean to decide, as a date",
    "deal.source": "where it came from",
    "contact.name": "the main contact",
    "contact.first_name": "how to greet them",
    "contact.email": "their address",
    "contact.phone": "their number",
    "contact.title": "their job title",
    "contact.level": "user, manager, director, vp or c-suite",
    "contacts": "all contacts: each with name, email, phone, title, level",
    "me.name": "you, as config.yaml has it",
    "me.email": "your address",
    "me.signature": "what stands below your mails; else your name, else nothing",
    "sender.name": "who hands off: a person, or a role",
    "sender.role": "what the role does, in the playbook's words",
    "sender.person": "the name again where it is a person's",
    "sender.email": "that person's address",
    "receiver.name": "who takes over, or whom --for names: a person, or a role",
    "receiver.role": "what the role does",
    "receiver.person": "the name again where it is a person's",
    "receiver.email": "that person's address",
    "from_stage": "the stage the deal is in or leaves",
    "to_stage": "the stage it goes to",
    "stages": "all stages in order: each with name, title, begins_when, here",
    "trigger": "what calls for the handoff; also reason, benefit",
    "reason": "why it happens",
    "benefit": "what the prospect gains",
    "fields.NAME": "what is known under that name, as text: fields.situation",
    "lines.NAME": "the same as a list of lines, for several: {% for line in lines.priorities or [] %}",
    "known": "all that is known: each with name, label, lines, head, confirmed, changed",
    "unknown": "what is not known yet and could be asked, most wanted first: each with name, label, ask, why",
    "heads": "the heads of the summary that have something under them: each with title, lines",
    "key_points": "the three things to say first, in a live handoff",
    "touches": "what happened, oldest first: each with on, kind, direction, outcome, with, text",
    "step.text": "the next step",
    "step.due": "its date",
    "summary": "the summary that was sent last: state, sent_on, to, subject, reference, working_days",
    "summaries": "those the client answered, oldest first: each with on, sent_on, state, to, subject, reference, body, "
    "lines, note, corrections (label, value)",
    "changed": "what is another now than the client confirmed: each with label, was, now",
    "promises": "each with text, on, by, kept",
    "reference": "five letters that stand for this mail; in the subject, an answer is found by them",
    "today": "the date",
}


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
    expected_close: str | None
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
    """Sender or receiver of the handoff: a role, or a person with a description of their role."""

    name: str
    role: str
    person: str | None
    email: str | None


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

    on: str | None
    kind: str
    direction: str
    outcome: str | None
    with_: str | None
    text: str | None


@dataclass(frozen=True)
class StepVariables:
    """The next step."""

    text: str
    due: str | None


@dataclass(frozen=True)
class SentSummaryVariables:
    """The summary that was sent last. `working_days` is its age."""

    state: str
    sent_on: str | None
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

    on: str | None
    sent_on: str | None
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
    """A promise to the client."""

    text: str
    by: str | None
    kept: bool
    on: str | None


@dataclass(frozen=True)
class TemplateVariables:
    """Everything a template may use, under the names of VARIABLES; None stands for an unknown value."""

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
    heads: list[SummarySection]
    key_points: list[str]
    touches: list[TouchVariables]
    step: StepVariables | None
    summary: SentSummaryVariables | None
    summaries: list[AnsweredSummaryVariables]
    changed: list[ChangeVariables]
    promises: list[PromiseVariables]
    reference: str
    today: str

    def as_mapping(self) -> dict[str, Any]:
        """Returns the plain values that the template engine works on."""
        return asdict(self, dict_factory=lambda items: {name.removesuffix("_"): value for name, value in items})


def template_variables(home: Home, context: TemplateContext, reference: str = "") -> TemplateVariables:
    """Computes the variables of a template for this context."""
    snapshot, playbook, handoff = context.snapshot, context.playbook, context.handoff
    deal, values, step, me = context.deal, snapshot.facts.values, snapshot.facts.step, home.configuration
    fields = {name: values.get(name) for name in playbook.fields}
    return TemplateVariables(
        account=AccountVariables(deal.account.name, deal.account.domain),
        deal=DealVariables(deal.name, deal.ref, *(values.get(f"deal.{part}") for part in _DEAL_PARTS)),
        contact=_recipient(context),
        contacts=[_contact(contact) for contact in snapshot.contacts],
        me=UserVariables(me.name or None, me.email or None, me.signature or me.name),
        sender=_owner(context, context.sender or deal.owner, handoff.sender if handoff else ""),
        receiver=_owner(context, context.receiver_name, context.receiver_role),
        from_stage=playbook.title_of(context.from_stage),
        to_stage=context.to_title or (playbook.title_of(context.to_stage) if context.to_stage else None),
        stages=[_stage(playbook, name, deal.stage) for name in playbook.stages],
        trigger=handoff.trigger.says if handoff and handoff.trigger else None,
        reason=(handoff and handoff.reason) or None,
        benefit=(handoff and handoff.benefit) or None,
        fields=fields,
        lines={name: _items(playbook, name, value) for name, value in fields.items()},
        known=_known_fields(snapshot, playbook),
        unknown=_unknown_fields(context),
        heads=summary_sections(playbook, snapshot.facts, home.clock.zone),
        key_points=key_points(playbook, snapshot.facts),
        touches=[_touch(home, touch) for touch in snapshot.touches],
        step=StepVariables(step.text, _day(home, step.due)) if step else None,
        summary=_last_sent(home, snapshot.summaries, playbook),
        summaries=[
            _answered(home, snapshot, playbook, summary) for summary in snapshot.summaries if summary.state in ANSWERED
        ],
        changed=[
            ChangeVariables(playbook.label_of(name), was, values[name])
            for name, was in changed_since(snapshot, playbook).items()
        ],
        promises=[_promise(home, promise) for promise in snapshot.promises],
        reference=reference,
        today=home.clock.today.isoformat(),
    )


_DEAL_PARTS = ("amount", "expected_close", "source")
_CONTACT_PARTS = ("name", "email", "phone", "title", "level")
NOTHING = ("none", "nothing", "no")
TITLES = ("dr", "prof", "mr", "mrs", "ms", "herr", "frau", "sir", "dame", "madame", "monsieur")


def _recipient(context: TemplateContext) -> RecipientVariables:
    """Returns the main contact, or the contact with the address that the e-mail goes to."""
    snapshot = context.snapshot
    contact = EmailContact(*(snapshot.facts.values.get(f"contact.{part}") for part in _CONTACT_PARTS))
    if context.addressee and context.addressee != contact.email:
        others = [other for other in snapshot.contacts if other.email == context.addressee]
        contact = _contact(others[0]) if others else EmailContact(email=context.addressee)
    return RecipientVariables(**asdict(contact), first_name=first_name_of(contact.name) if contact.name else None)


def _contact(contact: EmailContact) -> EmailContact:
    return EmailContact(*(getattr(contact, part) or None for part in _CONTACT_PARTS))


def first_name_of(name: str) -> str:
    """Returns the first word of a name, or the whole name if that word is a title or a last name."""
    first = name.partition(" ")[0]
    return name if first.endswith((".", ",")) or first.casefold() in TITLES else first


def _owner(context: TemplateContext, name: str, role: str) -> OwnerVariables:
    """Describes a role, or a person by this role if they have it, else by the first of theirs that is described."""
    descriptions = context.playbook.roles
    team = context.snapshot.team
    person = next((person for person in team if person.name == name and name not in descriptions), None)
    if person is None:
        return OwnerVariables(name, descriptions.get(name, ""), None, None)
    roles = [own for own in (role, *person.roles) if own in person.roles and own in descriptions]
    return OwnerVariables(name, descriptions[roles[0]] if roles else "", person.name, person.email)


def _stage(playbook: Playbook, name: str, present: str) -> StageVariables:
    begins_when = playbook.stages[name].begins_when or None
    return StageVariables(name, playbook.title_of(name), begins_when, here=name == present)


def _day(home: Home, moment: Moment | None) -> str | None:
    return local_date(moment, home.clock.zone).isoformat() if moment else None


def _items(playbook: Playbook, name: str, value: str | None) -> list[str] | None:
    """Returns the lines to list; a bare "none" is an answer with nothing to list."""
    return [] if value and value.casefold() in NOTHING else lines_of(playbook.fields[name], value)


def _known_fields(snapshot: DealSnapshot, playbook: Playbook) -> list[KnownFieldVariables]:
    changed, values = changed_since(snapshot, playbook), snapshot.facts.values
    return [
        KnownFieldVariables(
            name, playbook.label_of(name), lines_of(field, values[name]), field.summary or None,
            changed=name in changed, confirmed=snapshot.confirmed.get(name) == values[name],
        )
        for name, field in playbook.fields.items()
        if name in values
    ]  # fmt: skip


def _unknown_fields(context: TemplateContext) -> list[UnknownFieldVariables]:
    """Returns the fields to ask the client for, those of the next handoffs first; past handoffs do not count."""
    playbook = context.playbook
    ahead = _handoffs_ahead(playbook, context.to_stage or context.from_stage)
    wanted = [name for handoff in ahead for name in _requested_items(playbook, handoff)]
    of_any_handoff = {name for handoff in playbook.handoffs for name in _requested_items(playbook, handoff)}
    of_none = [name for name in playbook.fields if name not in of_any_handoff] if ahead else []
    return [
        UnknownFieldVariables(name, playbook.label_of(name), field.ask or None, field.why or None)
        for name in dict.fromkeys([*wanted, *of_none])
        if name not in context.snapshot.facts.values and (field := playbook.fields.get(name))
    ]


def _handoffs_ahead(playbook: Playbook, stage: str) -> list[Handoff]:
    """Returns the handoffs that leave this stage, and those that leave the stages they lead to, nearest first."""
    handoffs: list[Handoff] = []
    stages = [stage]
    for reached in stages:
        for handoff in playbook.leaving(reached):
            handoffs.append(handoff)
            if handoff.to_playbook is None and handoff.to_stage not in stages:
                stages.append(handoff.to_stage)
    return handoffs


def _requested_items(playbook: Playbook, handoff: Handoff) -> list[str]:
    if handoff.to_playbook:
        return [*handoff.required, *handoff.nice_to_have]
    items = requirements_of(playbook, handoff)
    return [*items.required, *items.nice_to_have]


def _touch(home: Home, touch: TouchNote) -> TouchVariables:
    return TouchVariables(
        _day(home, touch.at), touch.kind, touch.direction, touch.outcome or None, touch.met or None, touch.text or None
    )


def _last_sent(home: Home, summaries: Sequence[SummaryEmail], playbook: Playbook) -> SentSummaryVariables | None:
    sent = [summary for summary in summaries if summary.state != "draft"]
    if not sent:
        return None
    last, week = sent[-1], home.week
    return SentSummaryVariables(
        standing(last, home.clock, week, playbook.confirm_within), _day(home, last.sent_at), last.recipient or None,
        last.subject or None, last.reference or None, age(last, home.clock, week),
    )  # fmt: skip


def _answered(
    home: Home, snapshot: DealSnapshot, playbook: Playbook, summary: SummaryEmail
) -> AnsweredSummaryVariables:
    corrections = snapshot.corrections[summary.id].items()
    return AnsweredSummaryVariables(
        on=_day(home, summary.answered_at),
        sent_on=_day(home, summary.sent_at),
        state=summary.state,
        to=summary.recipient or None,
        subject=summary.subject or None,
        body=summary.body or None,
        lines=summary.body.splitlines(),
        note=summary.note or None,
        reference=summary.reference or None,
        corrections=[CorrectionVariables(playbook.label_of(name), value) for name, value in corrections],
    )


def _promise(home: Home, promise: Promise) -> PromiseVariables:
    return PromiseVariables(promise.text, _day(home, promise.due), promise.kept_at is not None, _day(home, promise.at))
