"""Computes the variables of a template: typed values, written as the mail's language writes them."""

from collections.abc import Sequence

from handoffctl.core.moments import sort_key
from handoffctl.core.names import first_name_of
from handoffctl.emails.brief_lines import brief_lines
from handoffctl.emails.brief_names import handover_under_way, shown_in_brief
from handoffctl.emails.context import DealSnapshot, EmailContact, TemplateContext, TouchNote, changed_since
from handoffctl.emails.heads import head_title, key_points, lines_of, summary_heads
from handoffctl.emails.mail_dates import MailDay
from handoffctl.emails.next_steps import last_call, missed_meeting, next_meeting, next_steps, offers, third_person
from handoffctl.emails.next_summary import summary_question
from handoffctl.emails.phrases import Phrases
from handoffctl.emails.receiver_brief import ReceiverBrief, receiver_brief
from handoffctl.emails.summary_model import ANSWERED, SummaryEmail, age, standing
from handoffctl.emails.value_writer import ValueWriter
from handoffctl.emails.variable_types import (
    AccountVariables,
    AnsweredSummaryVariables,
    ChangedHeadVariables,
    ChangeVariables,
    CorrectionVariables,
    DealVariables,
    DoneVariables,
    KnownFieldVariables,
    NewsVariables,
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
from handoffctl.playbook.model import Field, Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of
from handoffctl.promises.model import Promise
from handoffctl.workspace.home import Home

_DEAL_PARTS = ("amount", "expected_close", "source")
_CONTACT_PARTS = ("name", "email", "phone", "title", "level")
NOTHING = ("none", "nothing", "no")


def template_variables(
    home: Home, context: TemplateContext, phrases: Phrases, reference: str = "", for_colleague: bool = True
) -> TemplateVariables:
    """Computes the variables of a template for this context; the receiver's brief only for a colleague."""
    snapshot, playbook, handoff = context.snapshot, context.playbook, context.handoff
    deal, values, step = context.deal, snapshot.facts.values, snapshot.facts.step
    writer = ValueWriter(home, phrases)
    fields = {name: _field_text(writer, playbook.fields[name], values.get(name)) for name in playbook.fields}
    recipient = _recipient(context)
    brief = _brief(writer, context) if for_colleague else None
    heads = summary_heads(playbook, values, writer.value)
    return TemplateVariables(
        account=AccountVariables(deal.account.name, deal.account.domain),
        deal=_deal(writer, context),
        contact=recipient,
        contacts=[_contact(contact) for contact in snapshot.contacts],
        me=_user(home),
        sender=_owner(home, context, context.sender or deal.owner, handoff.sender if handoff else ""),
        receiver=_owner(home, context, context.receiver_name, context.receiver_role),
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
        heads=heads,
        key_points=key_points(playbook, values, heads, writer.value),
        touches=[_touch(writer, touch) for touch in snapshot.touches],
        step=StepVariables(step.text, writer.day(step.due)) if step else None,
        next_steps=next_steps(writer, snapshot),
        meeting=next_meeting(writer, snapshot),
        missed_meeting=missed_meeting(writer, snapshot),
        values=[ValueVariables(entry.text, writer.day(entry.at), entry.effect > 0) for entry in snapshot.values_seen],
        question=_question(context),
        news=_news(writer, context),
        replaces=writer.day(context.content.replaces.sent_at) if context.content and context.content.replaces else None,
        thread=(context.content.thread_subject if context.content else "") or None,
        call_on=writer.day(last_call(snapshot.touches)),
        offers=offers(writer),
        client_benefit=(handoff and handoff.client_benefit) or None,
        brief=brief_lines(brief) if brief else [],
        questions=list(brief.questions) if brief else [],
        summary=_last_sent(writer, snapshot.summaries, playbook),
        summaries=[
            _answered(writer, snapshot, playbook, summary)
            for summary in snapshot.summaries
            if summary.state in ANSWERED
        ],
        changed=[
            ChangeVariables(
                name,
                playbook.label_of(name),
                _written(writer, playbook.field(name), was),
                _written(writer, playbook.field(name), values[name]),
            )
            for name, was in changed_since(snapshot, playbook).items()
        ],
        promises=[_promise(writer, promise) for promise in snapshot.promises if promise.dropped_at is None],
        introduces=_introduces(context),
        closing=_closing(writer, snapshot),
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


def _closing(writer: ValueWriter, snapshot: DealSnapshot) -> str:
    """Returns the last line: `See you Thursday,` before a meeting within six days, else `See you on March 24,`.

    Without a meeting it is the usual one, such as `Thanks,`.
    """
    meeting, say = next_meeting(writer, snapshot), writer.phrases.say
    close = say.get("close", "")
    if meeting is None:
        return close
    if meeting.at.is_soon:
        return say.get("see_you", close).replace("{weekday}", meeting.at.weekday)
    return say.get("see_you_on", close).replace("{date}", meeting.at.short)


def _deal(writer: ValueWriter, context: TemplateContext) -> DealVariables:
    values, deal = context.snapshot.facts.values, context.deal
    amount, closes, source = (values.get(f"deal.{part}") for part in _DEAL_PARTS)
    worth = writer.phrases.money(amount, writer.home.configuration.currency) if amount else None
    return DealVariables(deal.name, deal.ref, worth, writer.day(closes), source)


def _field_text(writer: ValueWriter, field: Field, value: str | None) -> str | None:
    return None if value is None else writer.value(field, value)


def _written(writer: ValueWriter, field: Field | None, value: str) -> str:
    return writer.value(field, value) if field else value


def _introduces(context: TemplateContext) -> str:
    """Returns what an introduction has to say: somebody joins, took over, or there is nobody new.

    Before the deal has changed its owner the receiver only joins a meeting. Where no other person takes over, as in a
    firm of one, nobody is introduced.
    """
    snapshot, owner, receiver = context.snapshot, context.deal.owner, context.receiver_name
    if snapshot.facts.values.get("delivered_by") == "me":
        return "nobody"
    people = {person.name for person in snapshot.team}
    if receiver in people and receiver != owner:
        return "joins"
    return "took over" if owner in people and (snapshot.handover or context.sender not in ("", owner)) else "nobody"


def _question(context: TemplateContext) -> str | None:
    """Returns the one question to the client."""
    question = context.content.question if context.content else summary_question(context.snapshot, context.playbook)
    return question.ask if question else None


def _news(writer: ValueWriter, context: TemplateContext) -> NewsVariables | None:
    content, playbook = context.content, context.playbook
    if content is None or content.kind != "news" or content.base is None:
        return None
    return NewsVariables(
        writer.day(content.base.sent_at),
        writer.day(content.base.answered_at),
        [
            ChangedHeadVariables(
                head_title(playbook, item.head), _written(writer, playbook.field(item.name), item.value), None
            )
            for item in content.new
        ],
        [
            ChangedHeadVariables(
                head_title(playbook, item.head),
                _written(writer, playbook.field(item.name), item.now),
                _written(writer, playbook.field(item.name), item.was),
            )
            for item in content.changed
        ],
        [
            DoneVariables(done.text, done.kind, third_person(writer, context.snapshot, done.owner))
            for done in content.done
        ],
        [ValueVariables(entry.text, writer.day(entry.at), plus=True) for entry in content.seen],
    )


def _brief(writer: ValueWriter, context: TemplateContext) -> ReceiverBrief:
    """Returns what every paper for a receiver begins with."""
    home = writer.home
    me = home.configuration.name
    return receiver_brief(
        context.snapshot, context.playbook, home.clock, receiver=context.receiver_name, stage=context.to_stage or "",
        currency=home.configuration.currency, me=me, handover=handover_under_way(context, home.clock, me),
    )  # fmt: skip


def _recipient(context: TemplateContext) -> RecipientVariables:
    """Returns the main contact, or the contact with the address that the e-mail goes to."""
    snapshot = context.snapshot
    contact = EmailContact(*(snapshot.facts.values.get(f"contact.{part}") for part in _CONTACT_PARTS))
    if context.addressee and context.addressee != contact.email:
        others = [other for other in snapshot.contacts if other.email == context.addressee]
        contact = _contact(others[0]) if others else EmailContact(email=context.addressee)
    return RecipientVariables(*contact, first_name=first_name_of(contact.name) if contact.name else None)


def _contact(contact: EmailContact) -> EmailContact:
    return EmailContact(*(getattr(contact, part) or None for part in _CONTACT_PARTS))


def _owner(home: Home, context: TemplateContext, name: str, role: str) -> OwnerVariables:
    """Describes a role, or a person by this role if they have it, else by the first of theirs that is described."""
    descriptions = context.playbook.roles
    team = context.snapshot.team
    called = shown_in_brief(name, context.snapshot, context.playbook, home.configuration.name)
    person = next((person for person in team if person.name == name and name not in descriptions), None)
    if person is None:
        return OwnerVariables(name, called, descriptions.get(name, ""), None, None, None, None)
    roles = [own for own in (role, *person.roles) if own in person.roles and own in descriptions]
    return OwnerVariables(
        name, called, descriptions[roles[0]] if roles else "", person.name, first_name_of(person.name), person.email,
        person.intro or None,
    )  # fmt: skip


def _stage(playbook: Playbook, name: str, present: str) -> StageVariables:
    begins_when = playbook.stages[name].begins_when or None
    return StageVariables(name, playbook.title_of(name), begins_when, here=name == present)


def _items(writer: ValueWriter, field: Field, value: str | None) -> list[str] | None:
    """Returns the lines to list; a bare "none" is an answer with nothing to list."""
    if value and value.casefold() in NOTHING:
        return []
    lines = lines_of(field, value)
    return None if lines is None else [writer.value(field, line) for line in lines]


def _known_fields(writer: ValueWriter, snapshot: DealSnapshot, playbook: Playbook) -> list[KnownFieldVariables]:
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


def _touch(writer: ValueWriter, touch: TouchNote) -> TouchVariables:
    return TouchVariables(
        writer.day(touch.at), touch.kind, touch.direction, touch.outcome or None, touch.met or None, touch.text or None
    )


def _last_sent(
    writer: ValueWriter, summaries: Sequence[SummaryEmail], playbook: Playbook
) -> SentSummaryVariables | None:
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
    writer: ValueWriter, snapshot: DealSnapshot, playbook: Playbook, summary: SummaryEmail
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
        corrections=[_correction(writer, playbook, name, value) for name, value in corrections],
    )


def _correction(writer: ValueWriter, playbook: Playbook, name: str, value: str) -> CorrectionVariables:
    field = playbook.field(name)
    title = head_title(playbook, field.head) if field and field.head else playbook.label_of(name)
    return CorrectionVariables(name, playbook.label_of(name), title, _written(writer, field, value))


def _promise(writer: ValueWriter, promise: Promise) -> PromiseVariables:
    clock = writer.home.clock
    overdue = (
        promise.is_open
        and promise.due is not None
        and sort_key(promise.due, clock.zone) < sort_key(clock.now, clock.zone)
    )
    return PromiseVariables(
        promise.clause, writer.day(promise.due), promise.kept_at is not None, writer.day(promise.at), promise.kind,
        promise.owner or None, promise.told, overdue,
    )  # fmt: skip
