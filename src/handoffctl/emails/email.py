"""Renders an e-mail about a deal from a template and from what is recorded. Sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from handoffctl.core.names import fold
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.playbook import rules_of
from handoffctl.emails.client_view import client_variables
from handoffctl.emails.context import DealSnapshot, TemplateContext
from handoffctl.emails.context_query import deal_snapshot
from handoffctl.emails.email_style import (
    MOST_SECONDS,
    MOST_WORDS,
    PITCHING,
    count_words,
    pitches_in,
    seconds_to_say,
    spoken_in,
    without_greeting_and_signature,
    words_under_heads,
)
from handoffctl.emails.engine import UndefinedVariable, UnknownValues, render_template
from handoffctl.emails.heads import empty_heads, head_title
from handoffctl.emails.introduction import INTRODUCTION, with_newcomer
from handoffctl.emails.next_summary import with_content
from handoffctl.emails.occasion import occasion_remarks, refuse_without_occasion
from handoffctl.emails.overdue import overdue_remarks
from handoffctl.emails.phrases_library import load_phrases
from handoffctl.emails.summary_model import ANSWERED
from handoffctl.emails.templates import CLIENT, COLLEAGUE, load_template
from handoffctl.emails.upgrade_notice import upgrade_remarks
from handoffctl.emails.variable_names import VARIABLES
from handoffctl.emails.variable_types import SentSummaryVariables, TemplateVariables
from handoffctl.emails.variables import template_variables
from handoffctl.errors import NotFound, NotReady, RulesFault, closest, nearest
from handoffctl.people.query import Person, named
from handoffctl.playbook.criteria import DealState, item_fix
from handoffctl.playbook.handoff_names import next_handoffs
from handoffctl.playbook.model import Playbook, in_words
from handoffctl.workspace.home import Home

SUMMARIES = ("summary", "summary-internal")


class EmailJson(NamedTuple):
    """An e-mail as `--json` prints it."""

    template: str
    to: str
    subject: str
    body: str


@dataclass(frozen=True)
class Email:
    """One e-mail, ready to paste. The remarks are for its writer, not for its reader."""

    template: str
    to: str
    to_name: str
    subject: str
    body: str
    remarks: tuple[str, ...] = ()
    internal: bool = False  # for the user's own team, so that it has no recipient
    references: tuple[str, ...] = ()  # the Message-IDs of the earlier mails in its thread, oldest first
    withheld: tuple[str, ...] = ()  # the internal values that its template asked for and did not get
    cc: tuple[str, ...] = ()  # colleagues who get a copy, each as `Name <address>`

    @property
    def pasted(self) -> str:
        """The text for the screen, a pipe and the clipboard."""
        return f"Subject: {self.subject}\n\n{self.body}"

    def as_json(self) -> EmailJson:
        return EmailJson(self.template, self.to, self.subject, self.body)


class NotYetKnown(NotReady):
    """A template would print unknown values; `labels` names each of them."""

    def __init__(self, labels: Sequence[str], message: str, hint: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message, hint, problems)
        self.labels = labels


class PrintsInternal(NotYetKnown):
    """A template for clients would print values that are internal, whether or not they are known."""


def write_email(home: Home, template: str, ref: str, receiver: str) -> Email:
    """Returns the e-mail of this template about a deal, in the context of its next handoff if there is only one.

    Raises what email_context and render_email raise.
    """
    context = email_context(home, template, ref, receiver)
    email = with_upgrade_notice(home, render_email(home, template, context), context.playbook)
    remarks = (
        *occasion_remarks(template, context, home.clock),
        *_unknown_role(context.playbook, context.receiver, context.snapshot.team),
    )
    return replace(email, remarks=(*email.remarks, *remarks)) if remarks else email


def email_context(home: Home, template: str, ref: str, receiver: str) -> TemplateContext:
    """Returns the context in which a mail about a deal would be written.

    Raises NotFound for the deal, the template and the receiver, NotReady if the mail would say what is not true.
    """
    load_template(home, template)
    with home.reading() as query:
        deal = find_deal(query, ref, ("open", "won"))
        snapshot = deal_snapshot(query, deal, facts(query, deal))
    playbook = rules_of(home, deal).playbook
    receiver = _known_receiver(snapshot, playbook, receiver, home.configuration.name) if receiver else ""
    person = named(snapshot.team, receiver)
    roles = person.roles if person else (receiver,)
    handoffs = next_handoffs(playbook, deal.stage)
    matching = [handoff for handoff in handoffs if handoff.receiver and handoff.receiver in roles] or handoffs
    context = TemplateContext(snapshot, playbook, matching[0] if len(matching) == 1 else None, receiver=receiver)
    refuse_without_occasion(template, context, home.clock)
    with_newcomer(template, context, home.configuration.name)
    return context


def with_upgrade_notice(home: Home, email: Email, playbook: Playbook) -> Email:
    """Returns a mail for the client with the remark about fields that are no longer sent, where that is due."""
    remarks = () if email.internal else upgrade_remarks(home, playbook, email.withheld)
    return replace(email, remarks=(*email.remarks, *remarks)) if remarks else email


def _known_receiver(snapshot: DealSnapshot, playbook: Playbook, receiver: str, me: str) -> str:
    """Returns the person or role of this name, in any case, as it is recorded. Raises NotFound with the nearest one."""
    people = dict.fromkeys(name for name in (*(one.name for one in snapshot.team), me, snapshot.deal.owner) if name)
    roles = dict.fromkeys([*playbook.roles, *(role for one in snapshot.team for role in one.roles)])
    names = {fold(name): name for name in (*people, *roles)}
    if fold(receiver) in names:
        return names[fold(receiver)]
    close = names.get(closest(fold(receiver), list(names)), "")
    guess = f' (did you mean "{close}"?)' if close else ""
    raise NotFound(
        f'Nobody is called "{receiver[:60]}", and no role of {playbook.playbook} either{guess}.',
        f"There are: {', '.join(names.values())}. Somebody new: handoffctl person add NAME --role ROLE",
    )


def _unknown_role(playbook: Playbook, receiver: str, team: Sequence[Person]) -> tuple[str, ...]:
    """Returns the remark about a role that somebody has and the playbook does not describe."""
    if receiver in playbook.roles or not any(receiver in person.roles for person in team):
        return ()
    roles = ", ".join(playbook.roles)
    return (f'The playbook has no role "{receiver}", so nothing is said of what they do. It has: {roles}.',)


def render_email(home: Home, template: str, context: TemplateContext, reference: str = "") -> Email:
    """Renders the template in this context.

    Raises NotFound for a missing template, RulesFault for a faulty one, NotReady if it prints an unknown value.
    """
    file = load_template(home, template)
    _refuse_empty_summary(template, context)
    context = with_content(home, template, with_newcomer(template, context, home.configuration.name))
    phrases = load_phrases(home.folder, home.configuration.locale, file.language)
    internal = file.reader == COLLEAGUE
    variables = template_variables(home, context, phrases, reference, internal)
    values = variables.as_mapping() if internal else client_variables(variables, context.playbook)
    try:
        subject, body, withheld = render_template(template, file.source, values)
    except UnknownValues as fault:
        if kept := [name for name in fault.names if name in fault.withheld]:
            raise _internal_values(template, context.playbook, kept) from None
        raise _missing_values(template, context, fault.names, home) from None
    except UndefinedVariable as fault:
        raise _undefined_variable(template, context.playbook, fault.name) from None
    to_client = file.reader == CLIENT
    to, to_name = (variables.contact.email or "", variables.contact.name or "") if to_client else ("", "")
    remarks = (*_remarks(template, context, body, variables), *_left_out(context.playbook, withheld, file.own))
    if to_client:
        remarks += overdue_remarks(context, file.source, body, home.clock)
    if to_client and not variables.me.signature:
        remarks += (f'It has no signature. Put your name into {home.folder / "config.yaml"}:  me: {{name: "..."}}',)
    references = context.content.references if context.content else ()
    copies = _copies(variables) if template == INTRODUCTION else ()
    return Email(template, to, to_name, subject, body, remarks, not to_client, references, withheld, copies)


def _copies(variables: TemplateVariables) -> tuple[str, ...]:
    """Returns the colleague whom an introduction is about, who gets a copy of it."""
    receiver = variables.receiver
    introduced = variables.introduces != "nobody" and receiver.person and receiver.email
    return (f"{receiver.person} <{receiver.email}>",) if introduced else ()


def _internal_values(template: str, playbook: Playbook, names: Sequence[str]) -> PrintsInternal:
    """Returns the refusal of a template for clients that would print internal values."""
    labels = [_label(playbook, name) for name in names]
    return PrintsInternal(
        labels,
        f"Can't write {template}: it goes to the client, and this is internal: {', '.join(labels)}.",
        "To send a field to clients, say `client: true` in the playbook. A template for your own side says at its top: "
        '{% set reader = "colleague" %}',
    )


def _left_out(playbook: Playbook, withheld: Sequence[str], own: bool) -> tuple[str, ...]:
    """Returns the remark on internal values that a template of the user's own asked for; ours know what they ask."""
    if not withheld or not own:
        return ()
    labels = dict.fromkeys(_label(playbook, name) for name in withheld)
    return (f"Left out, because it is internal: {', '.join(labels)}. To send it: `client: true` in the playbook.",)


def _label(playbook: Playbook, name: str) -> str:
    field = name.removeprefix("fields.").removeprefix("lines.")
    return playbook.label_of(field) if playbook.field(field) else in_words(name)


def _undefined_variable(template: str, playbook: Playbook, name: str) -> RulesFault:
    names = [*playbook.fields, *(part for variable in VARIABLES for part in variable.split("."))]
    hint = f"(write it as fields.{name})" if name in playbook.fields else nearest(name, names)
    return RulesFault(
        f'The template {template} uses "{name}", and there is no such variable {hint}'.rstrip() + ".",
        "See what there is with: handoffctl template show --variables",
    )


def _refuse_empty_summary(template: str, context: TemplateContext) -> None:
    fields, values = context.playbook.fields.items(), context.snapshot.facts.values
    if template != "summary" or any(field.summary and name in values for name, field in fields):
        return
    summary_fields = [name for name, field in fields if field.summary]
    raise NotReady(
        f"There is nothing to sum up for {context.deal.called} yet.",
        "Record what you heard: handoffctl set "
        f'{context.deal.ref} {summary_fields[0] if summary_fields else "NAME"}="TEXT"',
    )


def _missing_values(template: str, context: TemplateContext, names: Sequence[str], home: Home) -> NotYetKnown:
    """Returns the refusal of a template that would print unknown values, with the command that fills each."""
    playbook, deal = context.playbook, context.deal
    items = dict.fromkeys(name.removeprefix("fields.").removeprefix("lines.") for name in names)
    items = dict.fromkeys("contact.name" if name == "contact.first_name" else name for name in items)
    labels = [playbook.label_of(name) if playbook.field(name) else in_words(name) for name in items]
    commands = [_fix(context, name, home) for name in items]
    message = f"The template {template} needs what is not known for {deal.called}: {', '.join(labels)}."
    if len(commands) == 1:
        return NotYetKnown(labels, message, f"Fill it with: {commands[0]}")
    return NotYetKnown(labels, message, "Fill them with these commands.", commands)


def _fix(context: TemplateContext, name: str, home: Home) -> str:
    playbook, ref = context.playbook, context.deal.ref
    if playbook.field(name):
        return str(item_fix(name, DealState(playbook, context.snapshot.facts, home.clock)))
    top, _, part = name.partition(".")
    return {
        "me": f'in {home.folder / "config.yaml"}:  me: {{{part or "name"}: "..."}}',
        "step": f'handoffctl step {ref} "TEXT" --due +3d',
        "summary": f"handoffctl summary sent {ref}",
    }.get(top, f"(no command fills {name}; ask for it first, as in: {{% if {name} %}})")


def _remarks(template: str, context: TemplateContext, body: str, variables: TemplateVariables) -> tuple[str, ...]:
    """Returns remarks for the writer: empty sections, length, pitching, long key points, a nudge that is too early."""
    remarks = []
    if template in SUMMARIES:
        if empty := empty_heads(context.playbook, context.snapshot.facts.values):
            remarks.append(f"Left out (nothing recorded yet): {', '.join(empty)}.")
        remarks += style_remarks(context.playbook, body)
    if template == "nudge" and (remark := _too_early(variables.summary)):
        remarks.append(remark)
    if template == "live-handoff" and (seconds := seconds_to_say(spoken_in(body))) > MOST_SECONDS:
        remarks.append(f"It takes {seconds:.0f} seconds to say, and people listen for {MOST_SECONDS}. Say less.")
    return tuple(remarks)


def _too_early(summary: SentSummaryVariables | None) -> str:
    if summary is None:
        return "No summary was sent yet."
    if summary.state in ANSWERED:
        return f"They {summary.state} it already."
    if summary.state == "silent":
        return ""
    return f"It is not silent yet: sent {summary.working_days} working days ago."


def style_remarks(playbook: Playbook, body: str) -> list[str]:
    """Returns remarks if a summary has more than 150 words, or promotes the seller instead of the client."""
    remarks = []
    text = without_greeting_and_signature(body)
    if (count := count_words(text)) > MOST_WORDS:
        remarks.append(
            f"It has {count} words, and {MOST_WORDS} are the most that is read. {_longest_head(playbook, text)}"
        )
    phrases = PITCHING if playbook.pitching is None else playbook.pitching
    if pitches := pitches_in(body, phrases):
        remarks.append(f"It pitches: {', '.join(pitches)}. A summary is about the client.")
    return remarks


def _longest_head(playbook: Playbook, text: str) -> str:
    """Returns which head of a summary to shorten: the one with the most words under it."""
    heads = dict.fromkeys(field.head for field in playbook.fields.values() if field.head)
    counts = words_under_heads(text, [head_title(playbook, head) for head in heads])
    if not counts:
        return "Shorten the fields."
    longest = max(counts, key=lambda title: counts[title])
    return f'Shorten "{longest}", which has {counts[longest]}.'
