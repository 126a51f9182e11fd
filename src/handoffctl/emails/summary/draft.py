"""Drafts the summary e-mail of a call, and keeps the draft in the ledger until it is sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from handoffctl.core.field_values import BadValue, parse_value
from handoffctl.core.names import split_name_and_email
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts
from handoffctl.deals.facts_query import values as values_of
from handoffctl.deals.fields import parse_values, record_rejected_placeholders, save
from handoffctl.deals.lookup_query import OPEN_OR_WON, Deal, again
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.playbook import rules_of
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.context import TemplateContext
from handoffctl.emails.context_query import deal_snapshot
from handoffctl.emails.email import Email, style_remarks, with_upgrade_notice
from handoffctl.emails.eml import message_id
from handoffctl.emails.engine import tidy
from handoffctl.emails.summary.text import render_summary, with_summary_content
from handoffctl.emails.summary_content import BaseSummary, SummaryContent
from handoffctl.emails.summary_model import SummaryEmail, reference_of
from handoffctl.errors import NotReady, Refused
from handoffctl.playbook.library import with_destination_fields
from handoffctl.playbook.model import BUILT_IN, Playbook
from handoffctl.workspace.home import Home

LONGEST_TEXT = 100_000


class DraftJson(NamedTuple):
    """A draft as `summary draft --json` prints it."""

    account: str
    deal: str
    state: str
    reference: str
    template: str
    to: str
    subject: str
    body: str
    message_id: str
    remarks: Sequence[str]


@dataclass(frozen=True)
class Drafted:
    """A draft in the ledger. `kept`: it was edited before and not rewritten; `stale` names what changed since."""

    deal: Deal
    email: Email
    reference: str
    sent_as: str
    kept: bool
    stale: tuple[str, ...] = ()

    def as_json(self, state: str = "draft") -> DraftJson:
        names = (self.deal.account.slug, self.deal.slug)
        return DraftJson(*names, state, self.reference, *self.email.as_json(), self.sent_as, self.email.remarks)


class NothingNewJson(NamedTuple):
    """What `summary draft --json` prints where there is nothing to write."""

    account: str
    deal: str
    nothing_new: bool


@dataclass(frozen=True)
class NothingNew:
    """No draft was written: the client has confirmed everything that a summary of this deal could say."""

    deal: Deal
    base: BaseSummary

    def as_json(self) -> NothingNewJson:
        return NothingNewJson(self.deal.account.slug, self.deal.slug, True)


def check_typed(home: Home, ref: str, typed_values: Mapping[str, str], to: str) -> None:
    """Raises what `draft` would raise for this deal, these values and this address, before anything is recorded."""
    with home.reading() as query:
        deal = find_deal(query, ref, OPEN_OR_WON)
        present_values = facts(query, deal).values
    playbook = with_destination_fields(home, rules_of(home, deal), deal.stage, typed_values)
    parse_address(home, to)
    with record_rejected_placeholders(home, deal):
        parse_values(playbook, typed_values, home.clock, present_values)


def draft(
    home: Home,
    ref: str,
    typed_values: Mapping[str, str],
    to: str = "",
    announced: bool | None = None,
    anew: bool = False,
    edit: Callable[[str], str | None] | None = None,
    whole: bool = False,
) -> Drafted | NothingNew:
    """Saves the values, writes the summary, and keeps it as the deal's only draft.

    It says what is new since the client's last answer, and everything if there is none or `whole`; where nothing is
    new, no draft is written.

    An edited draft stays as it is unless `anew`. `edit` returns the text as the user changed it, or None. Values and
    draft are one transaction. Raises NotFound, Refused for a bad value, NotReady if there is nothing to sum up.
    """
    with home.reading() as query:
        deal = find_deal(query, ref, OPEN_OR_WON)
        snapshot = deal_snapshot(query, deal, facts(query, deal))
        reference = reference_for(home, query, deal, snapshot.summaries)
    playbook = with_destination_fields(home, rules_of(home, deal), deal.stage, typed_values)
    to = parse_address(home, to)
    with record_rejected_placeholders(home, deal):
        values = parse_values(playbook, typed_values, home.clock, snapshot.facts.values)
    facts_now = replace(snapshot.facts, values={**snapshot.facts.values, **values})
    old_draft = next((summary for summary in snapshot.summaries if summary.state == "draft"), None)
    addressee = to or (old_draft.recipient if old_draft else "")
    context = TemplateContext(replace(snapshot, facts=facts_now), playbook, addressee=addressee)
    context = with_summary_content(home, context, whole)
    kept = old_draft is not None and old_draft.edited and not anew
    if not kept and context.content and context.content.kind == "nothing" and context.content.base:
        _save_values(home, deal, playbook, typed_values)
        return NothingNew(deal, context.content.base)
    email = as_edited(old_draft, context) if old_draft and kept else render_summary(home, context, reference)
    text = edit(email.pasted) if edit else None
    if text is not None:
        email = _changed_by_hand(email, text, playbook)
    email = with_upgrade_notice(home, email, playbook)
    with home.writing() as session:
        present = again(session.query, deal)
        save(session, home.clock, present, playbook, typed_values)
        _refuse_edited_meanwhile(session.query, present, old_draft)
        by_hand = kept or text is not None
        draft_text = DraftText(email, reference, fresh=not kept, edited=by_hand, content=context.content)
        sent_as = keep_draft(session, home, present, draft_text, to, announced)
        session.log(f"Drafted a summary for {present.called} ({reference}).", present.account.id, present.id)
        older = stale(session.query, present, playbook, reference) if kept else ()
    return Drafted(present, email, reference, sent_as, kept and text is None, older)


def _save_values(home: Home, deal: Deal, playbook: Playbook, typed_values: Mapping[str, str]) -> None:
    """Saves what was typed beside a summary that is not written."""
    if typed_values:
        with home.writing() as session:
            present = again(session.query, deal)
            save(session, home.clock, present, playbook, typed_values)
            session.log(f"Set {', '.join(typed_values)} of {present.called}.", present.account.id, present.id)


def _refuse_edited_meanwhile(query: Query, deal: Deal, old_draft: SummaryEmail | None) -> None:
    """Raises NotReady if the draft was edited elsewhere while this one was being edited: neither text is lost."""
    present = summaries.draft_of(query, deal.id)
    seen = (old_draft.subject, old_draft.body) if old_draft else None
    if present and present.edited and (present.subject, present.body) != seen:
        raise NotReady(
            f"Somebody wrote in the draft for {deal.called} meanwhile; nothing was changed.",
            f"See it with: handoffctl summary show {deal.ref}",
        )


def stale(query: Query, deal: Deal, playbook: Playbook, reference: str) -> tuple[str, ...]:
    """Returns the labels of the fields that have changed since the text was written."""
    summary = next(summary for summary in summaries.of_deal(query, deal.id) if summary.reference == reference)
    in_text, current = summaries.confirmed_values(query, deal, summary), values_of(query, deal)
    fed = [name for name, field in playbook.fields.items() if field.summary]
    return tuple(playbook.label_of(name) for name in fed if summary.body and in_text.get(name) != current.get(name))


def reference_for(home: Home, query: Query, deal: Deal, earlier: Sequence[SummaryEmail]) -> str:
    """Returns the reference of the present draft, or an unused one."""
    drafted = next((summary.reference for summary in earlier if summary.state == "draft" and summary.reference), "")
    taken, number = summaries.references(query), len(earlier) + 1
    while not drafted:
        free = reference_of(deal.id, number, home.clock.now)
        drafted, number = ("" if free in taken else free), number + 1000
    return drafted


def as_edited(old_draft: SummaryEmail, context: TemplateContext) -> Email:
    """Returns an edited draft as an e-mail, with its text unchanged."""
    values = context.snapshot.facts.values
    remarks = tuple(style_remarks(context.playbook, old_draft.body))
    to = context.addressee or old_draft.recipient or values.get("contact.email", "")
    name = values.get("contact.name", "") if to == values.get("contact.email") else ""
    references = context.content.references if context.content else ()
    return Email("summary", to, name, old_draft.subject, old_draft.body, remarks, references=references)


def _changed_by_hand(email: Email, text: str, playbook: Playbook) -> Email:
    subject, body = split_text(text, email.subject)
    return replace(email, subject=subject, body=body, remarks=tuple(style_remarks(playbook, body)))


def split_text(text: str, subject: str = "") -> tuple[str, str]:
    """Splits a text into subject and body; without a subject line it keeps `subject`. Raises Refused."""
    whole = tidy(text)
    if len(whole) > LONGEST_TEXT:
        raise Refused(f"The text has {len(whole):,} characters; {LONGEST_TEXT:,} is the most.", "Shorten it.")
    head, _, body = whole.partition("\n")
    if not head.casefold().startswith("subject:"):
        head, body = f"Subject: {subject}", whole
    if not body.strip():
        raise Refused("The text is empty; nothing was recorded.", "Below the subject and a blank line goes the text.")
    return " ".join(head[len("subject:") :].split()) or subject, body.strip()


def parse_address(home: Home, to: str, option: str = "--to") -> str:
    """Returns the address in its stored form, also of `Jane <jane@acme.example>`. Raises Refused if it is invalid."""
    try:
        address = (
            to if any((c.isspace() and c != " ") or not c.isprintable() for c in to) else split_name_and_email(to)[1]
        )
        return parse_value(BUILT_IN["contact.email"], address or to, home.clock) if to else ""
    except BadValue as fault:
        raise Refused(str(fault), f"As in: {option} jane@acme.example") from None


@dataclass(frozen=True)
class DraftText:
    """A draft to be kept. `fresh`: it was rendered just now, from the present values; `content` is what it says."""

    email: Email
    reference: str
    fresh: bool = True
    edited: bool = False
    content: SummaryContent | None = None


def keep_draft(
    session: WriteSession, home: Home, deal: Deal, draft: DraftText, to: str = "", announced: bool | None = None
) -> str:
    """Writes the only draft of the deal, replacing an earlier one. Returns its Message-ID."""
    email, reference = draft.email, draft.reference
    sent_as = message_id(reference, home.configuration.email)
    kept: dict[str, Any] = {"reference": reference, "sent_as": sent_as, "subject": email.subject, "body": email.body}
    kept["edited"] = int(draft.edited)
    if draft.fresh:
        kept["text_command_id"] = session.command_id()
        kept |= _content_columns(draft.content)
    if to:
        kept["recipient"] = to
    if announced is not None:
        kept["announced"] = int(announced)
    old_draft = summaries.draft_of(session.query, deal.id)
    refuse_taken(session.query, deal, reference, old_draft.id if old_draft else None)
    if old_draft:
        session.change(session.models.Summary, old_draft.id, **kept)
    else:
        session.add(session.models.Summary(deal_id=deal.id, state="draft", **kept))
    return sent_as


def _content_columns(content: SummaryContent | None) -> dict[str, Any]:
    """Returns the columns for what a summary says: the answered one since which it has the news, and its question."""
    if content is None:
        return {}
    since = content.base.id if content.kind == "news" and content.base else None
    return {"since_id": since, "question": content.question.name if content.question else None}


def refuse_taken(query: Query, deal: Deal, reference: str, own: int | None = None) -> None:
    """Raises NotReady if another process has taken the reference since it was chosen."""
    taken = summaries.ids_with_reference(query, reference)
    if taken and taken != [own]:
        raise NotReady(
            f"Another summary was recorded for {deal.called} meanwhile; nothing was changed.",
            f"See it with: handoffctl summary show {deal.ref}",
        )
