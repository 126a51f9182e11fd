"""Freezes a summary that was sent: its text, recipient and moment."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from handoffctl.core.moments import Moment, shown
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import OPEN_OR_WON, Deal, again, deal
from handoffctl.deals.playbook import rules_of
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.context import Occasion, material
from handoffctl.emails.email import Email, rendered
from handoffctl.emails.summary.draft import Written, address, keep_draft, reference_for, refuse_taken, stale
from handoffctl.emails.summary_model import Summary, hash_of
from handoffctl.errors import NotReady
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class Marked:
    """What was recorded: the deal, the summary as it stands now, and labels of what changed since it was drafted."""

    deal: Deal
    summary: Summary
    stale: tuple[str, ...] = ()


def sent(
    home: Home,
    ref: str,
    allow_prefix: bool,
    to: str = "",
    at: str = "",
    announced: bool | None = None,
    text: tuple[str, str] | None = None,
) -> Marked:
    """Records that the summary was sent: its text, recipient and moment are frozen, with the hash of the text.

    The text is the one given as subject and body, else the draft, else what would be drafted now; where there is
    nothing to sum up it stays unknown.
    """
    when, to = home.past_moment("--at", at), address(home, to)
    whole = text is not None and text[0] != ""  # without a subject of its own it takes that of the draft
    found, seen = what_would_be_drafted(
        home, ref, allow_prefix, lambda said: not whole and not any(one.state == "draft" for one in said)
    )
    with home.writing() as session:
        now = again(session.query, found)
        if text is None:
            _refuse_twice(home, session.query, now)
        id = freeze(session, home, now, seen, when, to, announced, text)
        session.log(f"Summary sent to {now.called}.", now.account.id, now.id)
        one = by_id(session.query, now, id)
        return Marked(now, one, stale(session.query, now, rules_of(home, now).playbook, one.reference))


@dataclass(frozen=True)
class Seen:
    """What was seen before the transaction: what a draft would say, where there is none and something to say."""

    made: Email | None
    reference: str


def what_would_be_drafted(
    home: Home, ref: str, allow_prefix: bool, needed: Callable[[Sequence[Summary]], bool]
) -> tuple[Deal, Seen]:
    """The deal that is meant, and its summary as it would be drafted now; rendered before any lock is held.

    `needed` tells by the summaries on record whether it is: a faulty template must not keep an answer from being taken.
    """
    with home.reading() as query:
        found = deal(query, ref, allow_prefix, OPEN_OR_WON)
        of = material(query, found, facts(query, found))
        reference = reference_for(home, query, found, of.said)
    if not needed(of.said):
        return found, Seen(None, reference)
    made = None
    with suppress(NotReady):  # that a mail was sent is known, though not what stood in it
        made = rendered(home, "summary", Occasion(of, rules_of(home, found).playbook), reference)
    return found, Seen(made, reference)


def _refuse_twice(home: Home, query: Query, found: Deal) -> None:
    """A second `sent` without a new draft is a slip, or another process was faster."""
    said = summaries.of_deal(query, found.id)
    newest = said[-1] if said else None
    if newest is not None and newest.state == "sent" and newest.body:
        on = f" on {shown(newest.sent_at, home.clock.zone)}" if newest.sent_at else ""
        raise NotReady(
            f"This summary for {found.called} was recorded as sent{on} already.",
            f"For another one: handoffctl summary draft {found.ref}, or summary sent {found.ref} --text FILE",
        )


def freeze(
    session: WriteSession,
    home: Home,
    found: Deal,
    seen: Seen,
    when: Moment,
    to: str,
    announced: bool | None,
    text: tuple[str, str] | None,
) -> int:
    """Makes the draft, or what would be one, a summary that was sent. Gives its id."""
    draft = _draft(session.query, found) or _drafted_now(session, home, found, seen)
    subject, body = (text[0] or draft.subject, text[1]) if text else (draft.subject, draft.body)
    kept: dict[str, Any] = {
        "state": "sent",
        "sent_at": when,
        "recipient": to or draft.recipient or _address(session.query, found),
    }
    if body:
        kept |= {"subject": subject, "body": body, "hash": hash_of(subject, body)}
        kept |= {"text_command_id": session.command_id(), "edited": 1} if text else {}
    if announced is not None:
        kept["announced"] = int(announced)
    session.change(session.models.Summary, draft.id, **kept)
    return draft.id


def _address(query: Query, found: Deal) -> str:
    return facts(query, found).values.get("contact.email", "")


def _drafted_now(session: WriteSession, home: Home, found: Deal, seen: Seen) -> Summary:
    """A draft made on the spot; without a text where there is nothing to sum up."""
    if seen.made:
        keep_draft(session, home, found, Written(seen.made, seen.reference))
    else:
        refuse_taken(session.query, found, seen.reference)
        session.add(session.models.Summary(deal_id=found.id, state="draft", reference=seen.reference))
    drafted = _draft(session.query, found)
    assert drafted is not None
    return drafted


def _draft(query: Query, found: Deal) -> Summary | None:
    return next((one for one in summaries.of_deal(query, found.id) if one.state == "draft"), None)


def by_id(query: Query, found: Deal, id: int) -> Summary:
    return next(one for one in summaries.of_deal(query, found.id) if one.id == id)
