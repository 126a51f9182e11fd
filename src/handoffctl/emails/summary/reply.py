"""Takes down what the client answered to a summary: confirmed it, or corrected it."""

from collections.abc import Mapping
from dataclasses import dataclass

from handoffctl.core.moments import Moment, before, local_date, shown
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.fields import record_rejected_placeholders, save
from handoffctl.deals.lookup_query import Deal, again
from handoffctl.deals.playbook import rules_of
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.summary.sent import Marked, by_id, freeze, what_would_be_drafted
from handoffctl.emails.summary_model import ANSWERED, Summary
from handoffctl.errors import NotFound, NotReady, Refused
from handoffctl.playbook.library import knowing
from handoffctl.workspace.home import Home

LONGEST_NOTE = 10_000


@dataclass(frozen=True)
class Mail:
    """The client's mail that an answer was taken from: its hash, and who wrote it."""

    hash: str
    sender: str


def answered(
    home: Home,
    ref: str,
    allow_prefix: bool,
    given: Mapping[str, str] | None = None,
    on: str = "",
    note: str = "",
    reference: str = "",
    mail: Mail | None = None,
) -> Marked:
    """Records that the client confirmed the summary, or corrected it where values are given, which are added.

    Without a reference the newest one that waits for an answer is meant. One of which nobody recorded that it was sent
    counts as sent at that moment too. Raises NotReady where the client has answered already.
    """
    given = given or {}
    when = home.past_moment("--on", on)
    if len(note) > LONGEST_NOTE:
        raise Refused(f"The note has {len(note):,} characters; {LONGEST_NOTE:,} is the most.", "Shorten it.")
    found, seen = what_would_be_drafted(home, ref, allow_prefix, lambda said: not said)
    playbook = knowing(home, rules_of(home, found), found.stage, given)
    with record_rejected_placeholders(home, found), home.writing() as session:
        now = again(session.query, found)
        meant = _meant(home, session.query, now, reference, again_too=bool(given))
        id = meant.id if meant and meant.state != "draft" else freeze(session, home, now, seen, when, "", None, None)
        _not_before_sent(home, by_id(session.query, now, id), when)
        save(session, home.clock, now, playbook, given)
        state = "corrected" if given else "confirmed"
        session.change(session.models.Summary, id, state=state, confirmed_at=when)
        take(session, id, state, when, note, mail)
        session.log(_said(now, state, given, note), now.account.id, now.id)
        return Marked(now, by_id(session.query, now, id))


def _said(found: Deal, state: str, given: Mapping[str, str], note: str) -> str:
    values = ": " + ", ".join(f"{name} = {value}" for name, value in given.items()) if given else ""
    return f"Summary {state} by {found.called}{values}{f' ({note.strip()})' if note.strip() else ''}."


def take(
    session: WriteSession, summary_id: int, taken_as: str, at: Moment, note: str = "", mail: Mail | None = None
) -> None:
    """Takes an answer down: what it was taken for, when it was given, and the mail it came in, if it did."""
    if mail and session.query("SELECT 1 FROM answer WHERE hash = :hash", hash=mail.hash):
        raise NotReady("That mail was taken down meanwhile.", "Nothing was changed.")
    session.add(
        session.models.Answer(
            summary_id=summary_id, taken_as=taken_as, at=at, note=note.strip() or None,
            hash=mail.hash if mail else None, sender=mail.sender if mail else None,
        )
    )  # fmt: skip


def _meant(home: Home, query: Query, found: Deal, reference: str, again_too: bool) -> Summary | None:
    """The summary that is answered; None where none is on record. `again_too`: an answered one is corrected."""
    said = summaries.of_deal(query, found.id)
    if reference:
        named = [one for one in said if one.reference.casefold() == reference.casefold()]
        if not named:
            raise NotFound(
                f'{found.called} has no summary with the reference "{reference[:20]}".',
                f"See them with: handoffctl summary list {found.ref} --all",
            )
        said = named
    newest = said[-1] if said else None
    waiting = [one for one in said if one.state == "sent"]
    if newest and newest.state in ANSWERED and not again_too:
        on = f" on {local_date(newest.answered_at, home.clock.zone)}" if newest.answered_at else ""
        raise NotReady(
            f"{found.called} {newest.state} it already{on}.",
            f"For the next one: handoffctl summary draft {found.ref}",
        )
    if newest and newest.state == "draft" and waiting:
        return waiting[-1]  # what was sent can be answered; what is drafted cannot
    return newest


def _not_before_sent(home: Home, one: Summary, when: Moment) -> None:
    if one.sent_at and before(when, one.sent_at, home.clock.zone):
        raise Refused(
            f"{shown(when, home.clock.zone)} is before it was sent ({shown(one.sent_at, home.clock.zone)}).",
            "Nothing was recorded. Give the day of the answer with --on.",
        )
