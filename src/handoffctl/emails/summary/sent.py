"""Freezes a summary that was sent: its text, recipient and moment."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from handoffctl.core.moments import Moment, format_local
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal, again, deal_to_record_for
from handoffctl.deals.playbook import rules_of
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.context import TemplateContext
from handoffctl.emails.context_query import deal_snapshot
from handoffctl.emails.email import Email
from handoffctl.emails.summary.draft import DraftText, keep_draft, parse_address, reference_for, refuse_taken, stale
from handoffctl.emails.summary.text import render_summary, with_summary_content
from handoffctl.emails.summary_content import SummaryContent
from handoffctl.emails.summary_model import SummaryEmail, hash_of
from handoffctl.errors import NotReady
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class RecordedSummary:
    """A summary after a change was recorded; `stale` has the labels of fields that changed since it was drafted."""

    deal: Deal
    summary: SummaryEmail
    stale: tuple[str, ...] = ()


def record_sent(
    home: Home,
    ref: str,
    to: str = "",
    at: str = "",
    announced: bool | None = None,
    text: tuple[str, str] | None = None,
) -> RecordedSummary:
    """Records that the summary was sent: its text, recipient and moment are frozen, with the hash of the text.

    The text is `text` (subject and body), else the draft, else what would be drafted now; if there is nothing to sum
    up, it stays unknown. Raises NotFound, Refused, NotReady if it was recorded as sent before.
    """
    when, to = home.past_moment("--at", at), parse_address(home, to)
    complete = text is not None and text[0] != ""  # without a subject it takes that of the draft
    deal, unsent = what_would_be_drafted(
        home,
        ref,
        lambda earlier: not complete and not any(summary.state == "draft" for summary in earlier),
    )
    with home.writing() as session:
        current = again(session.query, deal)
        if text is None:
            _refuse_twice(home, session.query, current)
        id = freeze(session, home, current, unsent, when, to, announced, text)
        session.log(f"Summary sent to {current.called}.", current.account.id, current.id)
        summary = summaries.by_id(session.query, current.id, id)
        return RecordedSummary(
            current, summary, stale(session.query, current, rules_of(home, current).playbook, summary.reference)
        )


@dataclass(frozen=True)
class UnsentText:
    """The e-mail that would be drafted now and its content, or None if a draft exists or nothing is known."""

    email: Email | None
    reference: str
    content: SummaryContent | None = None


def what_would_be_drafted(
    home: Home, ref: str, needed: Callable[[Sequence[SummaryEmail]], bool]
) -> tuple[Deal, UnsentText]:
    """Returns the deal, and its summary as it would be drafted now; rendered before any lock is held.

    `needed` decides by the recorded summaries if it is rendered: a faulty template must not block recording an answer.
    """
    with home.reading() as query:
        deal = deal_to_record_for(query, ref)
        snapshot = deal_snapshot(query, deal, facts(query, deal))
        reference = reference_for(home, query, deal, snapshot.summaries)
    if not needed(snapshot.summaries):
        return deal, UnsentText(None, reference)
    with suppress(NotReady):  # it was sent, but its text is unknown
        context = with_summary_content(home, TemplateContext(snapshot, rules_of(home, deal).playbook))
        email = render_summary(home, context, reference)
        return deal, UnsentText(email, reference, context.content)
    return deal, UnsentText(None, reference)


def _refuse_twice(home: Home, query: Query, deal: Deal) -> None:
    """Raises NotReady for a second `sent` without a new draft: a mistake, or another process was faster."""
    earlier = summaries.of_deal(query, deal.id)
    newest = earlier[-1] if earlier else None
    if newest is not None and newest.state == "sent" and newest.body:
        on = f" on {format_local(newest.sent_at, home.clock.zone)}" if newest.sent_at else ""
        raise NotReady(
            f"This summary for {deal.called} was recorded as sent{on} already.",
            f"For another one: handoffctl summary draft {deal.ref}, or summary sent {deal.ref} --text FILE",
        )


def freeze(
    session: WriteSession,
    home: Home,
    deal: Deal,
    unsent: UnsentText,
    when: Moment,
    to: str,
    announced: bool | None,
    text: tuple[str, str] | None,
) -> int:
    """Turns the draft, or the text of a new one, into a sent summary. Returns its id."""
    draft = summaries.draft_of(session.query, deal.id)
    if draft is None and text is None and unsent.content and unsent.content.kind == "nothing":
        raise NotReady(
            f"Nothing is new since {deal.called} answered the last summary, and nothing is drafted.",
            f"To send everything again: handoffctl summary draft {deal.ref} --whole",
        )
    draft = draft or _drafted_now(session, home, deal, unsent)
    subject, body = (text[0] or draft.subject, text[1]) if text else (draft.subject, draft.body)
    kept: dict[str, Any] = {
        "state": "sent",
        "sent_at": when,
        "recipient": to or draft.recipient or _address(session.query, deal),
    }
    if body:
        kept |= {"subject": subject, "body": body, "hash": hash_of(subject, body)}
        kept |= {"text_command_id": session.command_id(), "edited": 1} if text else {}
    if announced is not None:
        kept["announced"] = int(announced)
    session.change(session.models.Summary, draft.id, **kept)
    return draft.id


def _address(query: Query, deal: Deal) -> str:
    return facts(query, deal).values.get("contact.email", "")


def _drafted_now(session: WriteSession, home: Home, deal: Deal, unsent: UnsentText) -> SummaryEmail:
    """Adds a draft now; without a text if there is nothing to sum up."""
    if unsent.email:
        keep_draft(session, home, deal, DraftText(unsent.email, unsent.reference, content=unsent.content))
    else:
        refuse_taken(session.query, deal, unsent.reference)
        session.add(session.models.Summary(deal_id=deal.id, state="draft", reference=unsent.reference))
    drafted = summaries.draft_of(session.query, deal.id)
    assert drafted is not None
    return drafted
