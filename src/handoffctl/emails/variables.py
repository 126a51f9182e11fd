"""Computes the variables of a template: typed values, written as the mail's language writes them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from handoffctl.core.moments import Moment, is_over, sort_key
from handoffctl.emails.context import DealSnapshot, EmailContact, TemplateContext, TouchNote, changed_since
from handoffctl.emails.heads import summary_heads
from handoffctl.emails.mail_dates import MailDay, mail_day, mail_moment
from handoffctl.emails.phrases import Phrases
from handoffctl.emails.summary_model import ANSWERED, SummaryEmail, age, standing
from handoffctl.emails.summary_sections import key_points, lines_of
from handoffctl.emails.variable_types import (
    AccountVariables,
    AnsweredSummaryVariables,
    ChangeVariables,
    CorrectionVariables,
    DealVariables,
    KnownFieldVariables,
    MeetingVariables,
    NextStepVariables,
    OwnerVariables,
    PromiseVariables,
    RecipientVariables,
    SentSummaryVariables,
    StageVariables,
    StepVariables,
    TemplateVariables,
    TouchVariables,
    UnknownFieldVariables,
    UserVariables,
    ValueVariables,
)
from handoffctl.meetings.model import Meeting
from handoffctl.playbook.model import Field, Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of
from handoffctl.promises.model import Promise
from handoffctl.workspace.home import Home

_DEAL_PARTS = ("amount", "expected_close", "source")
_CONTACT_PARTS = ("name", "email", "phone", "title", "level")
NOTHING = ("none", "nothing", "no")
TITLES = ("dr", "prof", "mr", "mrs", "ms", "herr", "frau", "sir", "dame", "madame", "monsieur")


@dataclass(frozen=True)
class _Writer:
    """Writes days and values as the mail's language does."""

    home: Home
    phrases: Phrases

    def day(self, moment: Moment | None) -> MailDay | None:
        return mail_day(moment, self.home.clock, self.phrases)

    def value(self, field: Field, value: str) -> str:
        """Returns a value as people read it: dates and amounts of money by the patterns, the rest as it is."""
        if field.type == "date":
            return mail_moment(value, self.home.clock, self.phrases).short
        if field.type == "money":
            return self.phrases.money(value, self.home.configuration.currency)
        return value


def template_variables(
    home: Home, context: TemplateContext, phrases: Phrases, reference: str = ""
) -> TemplateVariables:
    """Computes the variables of a template for this context."""
    snapshot, playbook, handoff = context.snapshot, context.playbook, context.handoff
    deal, values, step = context.deal, snapshot.facts.values, snapshot.facts.step
    writer = _Writer(home, phrases)
    fields = {name: _field_text(writer, playbook.fields[name], values.get(name)) for name in playbook.fields}
    recipient = _recipient(context)
    return TemplateVariables(
        account=AccountVariables(deal.account.name, deal.account.domain),
        deal=_deal(writer, context),
        contact=recipient,
        contacts=[_contact(contact) for contact in snapshot.contacts],
        me=_user(home),
        sender=_owner(context, context.sender or deal.owner, handoff.sender if handoff else ""),
        receiver=_owner(context, context.receiver_name, context.receiver_role),
        from_stage=playbook.title_of(context.from_stage),
        to_stage=context.to_title or (playbook.title_of(context.to_stage) if context.to_stage else None),
        stages=[_stage(playbook, name, deal.stage) for name in playbook.stages],
        trigger=handoff.trigger.says if handoff and handoff.trigger else None,
        reason=(handoff and handoff.reason) or None,
        benefit=(handoff and handoff.benefit) or None,
        fields=fields,
        lines={name: _items(writer, playbook.fields[name], values.get(name)) for name in fields},
        known=_known_fields(writer, snapshot, playbook),
        unknown=_unknown_fields(context),
        heads=summary_heads(playbook, values, writer.value),
        key_points=key_points(playbook, snapshot.facts),
        touches=[_touch(writer, touch) for touch in snapshot.touches],
        step=StepVariables(step.text, writer.day(step.due)) if step else None,
        next_steps=_next_steps(writer, snapshot),
        meeting=_next_meeting(writer, snapshot),
        missed_meeting=_missed_meeting(writer, snapshot),
        values=[ValueVariables(entry.text, writer.day(entry.at), entry.effect > 0) for entry in snapshot.values_seen],
        question=None,
        summary=_last_sent(writer, snapshot.summaries, playbook),
        summaries=[
            _answered(writer, snapshot, playbook, summary)
            for summary in snapshot.summaries
            if summary.state in ANSWERED
        ],
        changed=[
            ChangeVariables(
                playbook.label_of(name),
                _written(writer, playbook.field(name), was),
                _written(writer, playbook.field(name), values[name]),
            )
            for name, was in changed_since(snapshot, playbook).items()
        ],
        promises=[_promise(writer, promise) for promise in snapshot.promises if promise.dropped_at is None],
        introduces=_introduces(context),
        greeting=_greeting(phrases, recipient.first_name),
        say=dict(phrases.say),
        reference=reference,
        today=MailDay(home.clock.today, home.clock.today, phrases),
    )


def _user(home: Home) -> UserVariables:
    me = home.configuration
    return UserVariables(me.name or None, me.email or None, me.signature or me.name)


def _greeting(phrases: Phrases, first_name: str | None) -> str:
    greeting = phrases.say.get("greeting", "{name},")
    return greeting.replace("{name}", first_name) if first_name else phrases.say.get("greeting_without_name", "")


def _deal(writer: _Writer, context: TemplateContext) -> DealVariables:
    values, deal = context.snapshot.facts.values, context.deal
    amount, closes, source = (values.get(f"deal.{part}") for part in _DEAL_PARTS)
    worth = writer.phrases.money(amount, writer.home.configuration.currency) if amount else None
    return DealVariables(deal.name, deal.ref, worth, writer.day(closes), source)


def _field_text(writer: _Writer, field: Field, value: str | None) -> str | None:
    return None if value is None else writer.value(field, value)


def _written(writer: _Writer, field: Field | None, value: str) -> str:
    return writer.value(field, value) if field else value


def _introduces(context: TemplateContext) -> str:
    """Returns what an introduction has to say: somebody joins, took over, or there is nobody new.

    Before the deal has changed its owner the receiver only joins a meeting. Where no other person takes over, as in a
    firm of one, nobody is introduced.
    """
    owner = context.deal.owner
    receiver = context.receiver_name
    if context.snapshot.facts.values.get("delivered_by") == "me":
        return "nobody"
    people = {person.name for person in context.snapshot.team}
    if context.sender and receiver == owner and context.sender != owner:
        return "took over" if receiver in people else "nobody"
    return "joins" if receiver in people and receiver != owner else "nobody"


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
        return OwnerVariables(name, descriptions.get(name, ""), None, None, None, None)
    roles = [own for own in (role, *person.roles) if own in person.roles and own in descriptions]
    return OwnerVariables(
        name, descriptions[roles[0]] if roles else "", person.name, first_name_of(person.name), person.email,
        person.intro or None,
    )  # fmt: skip


def _stage(playbook: Playbook, name: str, present: str) -> StageVariables:
    begins_when = playbook.stages[name].begins_when or None
    return StageVariables(name, playbook.title_of(name), begins_when, here=name == present)


def _items(writer: _Writer, field: Field, value: str | None) -> list[str] | None:
    """Returns the lines to list; a bare "none" is an answer with nothing to list."""
    if value and value.casefold() in NOTHING:
        return []
    lines = lines_of(field, value)
    return None if lines is None else [writer.value(field, line) for line in lines]


def _known_fields(writer: _Writer, snapshot: DealSnapshot, playbook: Playbook) -> list[KnownFieldVariables]:
    changed, values = changed_since(snapshot, playbook), snapshot.facts.values
    return [
        KnownFieldVariables(
            name, playbook.label_of(name), [writer.value(field, line) for line in lines_of(field, values[name]) or []],
            field.summary or None,
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


def _touch(writer: _Writer, touch: TouchNote) -> TouchVariables:
    return TouchVariables(
        writer.day(touch.at), touch.kind, touch.direction, touch.outcome or None, touch.met or None, touch.text or None
    )


def _next_steps(writer: _Writer, snapshot: DealSnapshot) -> list[NextStepVariables]:
    """Returns what the client may read of what happens next: what we promised, what they did, booked meetings.

    A private step is never among them, nor a promise of ours that the client was not told.
    """
    still_open = sorted(
        (promise for promise in snapshot.promises if promise.is_open and promise.kind != "milestone"),
        key=lambda promise: (promise.due is None, promise.due or "", promise.number),
    )
    ours = [promise for promise in still_open if promise.kind == "ours" and promise.told]
    theirs = [promise for promise in still_open if promise.kind == "theirs"]
    steps = [
        NextStepVariables(promise.kind, promise.owner or None, promise.text, writer.day(promise.due), None)
        for promise in (*ours, *theirs)
    ]
    meetings = [
        NextStepVariables(
            "meeting", None, meeting.subject or None, None, mail_moment(meeting.at, writer.home.clock, writer.phrases)
        )
        for meeting in _booked(writer, snapshot)
    ]
    return [*steps, *meetings]


def _booked(writer: _Writer, snapshot: DealSnapshot) -> list[Meeting]:
    clock = writer.home.clock
    booked = [meeting for meeting in snapshot.meetings if meeting.state == "booked"]
    ahead = [meeting for meeting in booked if not is_over(meeting.at, meeting.minutes, clock)]
    return sorted(ahead, key=lambda meeting: sort_key(meeting.at, clock.zone))


def _next_meeting(writer: _Writer, snapshot: DealSnapshot) -> MeetingVariables | None:
    booked = _booked(writer, snapshot)
    return _meeting(writer, booked[0]) if booked else None


def _missed_meeting(writer: _Writer, snapshot: DealSnapshot) -> MeetingVariables | None:
    """Returns the last meeting that the client did not come to, unless one was held since."""
    zone = writer.home.clock.zone
    over = [meeting for meeting in snapshot.meetings if meeting.state in ("held", "no-show")]
    last = max(over, key=lambda meeting: sort_key(meeting.at, zone), default=None)
    return _meeting(writer, last) if last and last.state == "no-show" else None


def _meeting(writer: _Writer, meeting: Meeting) -> MeetingVariables:
    return MeetingVariables(
        mail_moment(meeting.at, writer.home.clock, writer.phrases), meeting.minutes, meeting.subject or None,
        meeting.place or None, [guest.name for guest in meeting.guests if guest.side == "client"],
        [guest.name for guest in meeting.guests if guest.side == "ours"],
    )  # fmt: skip


def _last_sent(writer: _Writer, summaries: Sequence[SummaryEmail], playbook: Playbook) -> SentSummaryVariables | None:
    sent = [summary for summary in summaries if summary.state != "draft"]
    if not sent:
        return None
    last, home = sent[-1], writer.home
    return SentSummaryVariables(
        standing(last, home.clock, home.week, playbook.confirm_within), writer.day(last.sent_at),
        writer.day(last.answered_at), last.recipient or None, last.subject or None, last.reference or None,
        age(last, home.clock, home.week),
    )  # fmt: skip


def _answered(
    writer: _Writer, snapshot: DealSnapshot, playbook: Playbook, summary: SummaryEmail
) -> AnsweredSummaryVariables:
    corrections = snapshot.corrections[summary.id].items()
    return AnsweredSummaryVariables(
        on=writer.day(summary.answered_at),
        sent_on=writer.day(summary.sent_at),
        state=summary.state,
        to=summary.recipient or None,
        subject=summary.subject or None,
        body=summary.body or None,
        lines=summary.body.splitlines(),
        note=summary.note or None,
        reference=summary.reference or None,
        corrections=[
            CorrectionVariables(playbook.label_of(name), _written(writer, playbook.field(name), value))
            for name, value in corrections
        ],
    )


def _promise(writer: _Writer, promise: Promise) -> PromiseVariables:
    clock = writer.home.clock
    overdue = (
        promise.is_open
        and promise.due is not None
        and sort_key(promise.due, clock.zone) < sort_key(clock.now, clock.zone)
    )
    return PromiseVariables(
        promise.text, writer.day(promise.due), promise.kept_at is not None, writer.day(promise.at), promise.kind,
        promise.owner or None, promise.told, overdue,
    )  # fmt: skip
