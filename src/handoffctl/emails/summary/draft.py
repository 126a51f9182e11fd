"""Drafts the summary e-mail of a call, and keeps the draft in the ledger until it is sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handoffctl.core.field_values import BadValue, parsed
from handoffctl.core.names import name_and_email
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts
from handoffctl.deals.facts_query import values as values_of
from handoffctl.deals.fields import parse_values, record_rejected_placeholders, save
from handoffctl.deals.lookup_query import OPEN_OR_WON, Deal, again, deal
from handoffctl.deals.playbook import rules_of
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.context import Occasion, material
from handoffctl.emails.email import Email, remarks_on_words, rendered
from handoffctl.emails.eml import message_id
from handoffctl.emails.engine import tidy
from handoffctl.emails.summary_model import Summary, reference_of
from handoffctl.errors import NotReady, Refused
from handoffctl.playbook.library import knowing
from handoffctl.playbook.model import BUILT_IN, Playbook
from handoffctl.workspace.home import Home

LONGEST_TEXT = 100_000


@dataclass(frozen=True)
class Drafted:
    """A draft as it stands in the ledger. `kept`: somebody wrote in it before, so it was not written anew, and `stale`
    names what has changed since."""

    deal: Deal
    email: Email
    reference: str
    sent_as: str
    kept: bool
    stale: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "account": self.deal.account.slug, "deal": self.deal.slug, "state": "draft", "reference": self.reference,
            **self.email.as_json(), "message_id": self.sent_as, "remarks": list(self.email.remarks),
        }  # fmt: skip


def draft(
    home: Home,
    ref: str,
    given: Mapping[str, str],
    allow_prefix: bool,
    to: str = "",
    announced: bool | None = None,
    anew: bool = False,
    edit: Callable[[str], str | None] | None = None,
) -> Drafted:
    """Writes the summary from what is known, these values included, and keeps it as the deal's only draft.

    A draft that somebody wrote in stays as it is, unless it is to be written anew. `edit` gives the text back as the
    user changed it, or None. Values and draft are one transaction. Raises NotReady where there is nothing to sum up.
    """
    with home.reading() as query:
        found = deal(query, ref, allow_prefix, OPEN_OR_WON)
        of = material(query, found, facts(query, found))
        reference = reference_for(home, query, found, of.said)
    playbook = knowing(home, rules_of(home, found), found.stage, given)
    to = address(home, to)
    with record_rejected_placeholders(home, found):
        values = parse_values(playbook, given, home.clock)
    known = replace(of.known, values={**of.known.values, **values})
    before = next((one for one in of.said if one.state == "draft"), None)
    goes_to = to or (before.recipient if before else "")
    about = Occasion(replace(of, known=known), playbook, addressee=goes_to)
    kept = before is not None and before.edited and not anew
    made = as_edited(before, about) if before and kept else rendered(home, "summary", about, reference)
    text = edit(made.pasted) if edit else None
    if text is not None:
        made = _changed_by_hand(made, text, playbook)
    with home.writing() as session:
        now = again(session.query, found)
        save(session, home.clock, now, playbook, given)
        _refuse_another_hand(session.query, now, before)
        written = Written(made, reference, fresh=not kept, edited=kept or text is not None)
        sent_as = keep_draft(session, home, now, written, to, announced)
        session.log(f"Drafted a summary for {now.called} ({reference}).", now.account.id, now.id)
        older = stale(session.query, now, playbook, reference) if kept else ()
    return Drafted(now, made, reference, sent_as, kept and text is None, older)


def _refuse_another_hand(query: Query, found: Deal, before: Summary | None) -> None:
    """Somebody may have written in the draft while this one was being edited; neither text shall be lost."""
    present = next((one for one in summaries.of_deal(query, found.id) if one.state == "draft"), None)
    seen = (before.subject, before.body) if before else None
    if present and present.edited and (present.subject, present.body) != seen:
        raise NotReady(
            f"Somebody wrote in the draft for {found.called} meanwhile; nothing was changed.",
            f"See it with: handoffctl summary show {found.ref}",
        )


def stale(query: Query, found: Deal, playbook: Playbook, reference: str) -> tuple[str, ...]:
    """The labels of what the text says otherwise than it is known now, because it was written before."""
    one = next(one for one in summaries.of_deal(query, found.id) if one.reference == reference)
    said, known = summaries.confirmed_values(query, found, one), values_of(query, found)
    fed = [name for name, field in playbook.fields.items() if field.summary]
    return tuple(playbook.label_of(name) for name in fed if one.body and said.get(name) != known.get(name))


def reference_for(home: Home, query: Query, found: Deal, said: Sequence[Summary]) -> str:
    """That of the draft there is, or one that no summary has."""
    drafted = next((one.reference for one in said if one.state == "draft" and one.reference), "")
    taken, number = summaries.references(query), len(said) + 1
    while not drafted:
        free = reference_of(found.id, number, home.clock.now)
        drafted, number = ("" if free in taken else free), number + 1000
    return drafted


def as_edited(before: Summary, about: Occasion) -> Email:
    """A draft that somebody wrote in, as it stands."""
    values = about.of.known.values
    remarks = tuple(remarks_on_words(about.playbook, before.body))
    to = about.addressee or before.recipient or values.get("contact.email", "")
    name = values.get("contact.name", "") if to == values.get("contact.email") else ""
    return Email("summary", to, name, before.subject, before.body, remarks)


def _changed_by_hand(made: Email, text: str, playbook: Playbook) -> Email:
    subject, body = parted(text, made.subject)
    return replace(made, subject=subject, body=body, remarks=tuple(remarks_on_words(playbook, body)))


def parted(text: str, subject: str = "") -> tuple[str, str]:
    """Subject and body of a text that somebody wrote; without a subject line the old one holds. Raises Refused."""
    whole = tidy(text)
    if len(whole) > LONGEST_TEXT:
        raise Refused(f"The text has {len(whole):,} characters; {LONGEST_TEXT:,} is the most.", "Shorten it.")
    head, _, body = whole.partition("\n")
    if not head.casefold().startswith("subject:"):
        head, body = f"Subject: {subject}", whole
    if not body.strip():
        raise Refused("The text is empty; nothing was recorded.", "Below the subject and a blank line goes the text.")
    return " ".join(head[len("subject:") :].split()) or subject, body.strip()


def address(home: Home, to: str, option: str = "--to") -> str:
    """The address as it is written down, of `Jane <jane@acme.example>` too. Raises Refused for what is none."""
    try:
        return parsed(BUILT_IN["contact.email"], name_and_email(to)[1] or to, home.clock) if to else ""
    except BadValue as fault:
        raise Refused(str(fault), f"As in: {option} jane@acme.example") from None


@dataclass(frozen=True)
class Written:
    """A draft to be kept. `fresh`: it was rendered just now, so that it says what is known now."""

    email: Email
    reference: str
    fresh: bool = True
    edited: bool = False


def keep_draft(
    session: WriteSession, home: Home, found: Deal, written: Written, to: str = "", announced: bool | None = None
) -> str:
    """Writes the one draft of the deal, over the one there was. Gives its Message-ID."""
    made, reference = written.email, written.reference
    sent_as = message_id(reference, home.configuration.email)
    kept: dict[str, Any] = {"reference": reference, "sent_as": sent_as, "subject": made.subject, "body": made.body}
    kept["edited"] = int(written.edited)
    if written.fresh:
        kept["text_command_id"] = session.command_id()
    if to:
        kept["recipient"] = to
    if announced is not None:
        kept["announced"] = int(announced)
    before = session.query("SELECT id FROM summary WHERE deal_id = :deal AND state = 'draft'", deal=found.id)
    refuse_taken(session.query, found, reference, before[0]["id"] if before else None)
    if before:
        session.change(session.models.Summary, before[0]["id"], **kept)
    else:
        session.add(session.models.Summary.model_validate({"deal_id": found.id, "state": "draft", **kept}))
    return sent_as


def refuse_taken(query: Query, found: Deal, reference: str, own: int | None = None) -> None:
    """The reference was free when it was chosen; meanwhile another process may have taken it."""
    taken = [row[0] for row in query("SELECT id FROM summary WHERE reference = :reference", reference=reference)]
    if taken and taken != [own]:
        raise NotReady(
            f"Another summary was recorded for {found.called} meanwhile; nothing was changed.",
            f"See it with: handoffctl summary show {found.ref}",
        )
