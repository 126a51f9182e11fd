"""Records the client's reply to a summary: confirmation or correction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from handoffctl.core.moments import Moment, format_local, is_before, local_date
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.fields import record_rejected_placeholders, save
from handoffctl.deals.lookup_query import Deal, again, deal_to_record_for
from handoffctl.deals.playbook import rules_of
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.summary.sent import RecordedSummary
from handoffctl.emails.summary_model import ANSWERED, SummaryEmail
from handoffctl.errors import NotFound, NotReady, Refused
from handoffctl.playbook.library import with_destination_fields
from handoffctl.workspace.home import Home

LONGEST_NOTE = 10_000


@dataclass(frozen=True)
class ReplyMail:
    """The client's mail with the answer: its hash, the address of its sender, what they wrote, and its file."""

    hash: str
    sender: str
    line: str = ""
    file: str = ""


def record_reply(
    home: Home,
    ref: str,
    corrections: Mapping[str, str] | None = None,
    on: str = "",
    note: str = "",
    reference: str = "",
    mail: ReplyMail | None = None,
) -> RecordedSummary:
    """Records that the client confirmed the summary, or corrected it if there are corrections, which are saved.

    Without a reference it is the newest one that waits for an answer; only one that was sent can be answered. Raises
    NotFound, Refused, NotReady if none was sent, or if the client has confirmed it before.
    """
    corrections = corrections or {}
    when = home.past_moment("--on", on)
    if len(note) > LONGEST_NOTE:
        raise Refused(f"The note has {len(note):,} characters; {LONGEST_NOTE:,} is the most.", "Shorten it.")
    with home.reading() as query:
        deal = deal_to_record_for(query, ref)
    playbook = with_destination_fields(home, rules_of(home, deal), deal.stage, corrections)
    with record_rejected_placeholders(home, deal), home.writing() as session:
        present = again(session.query, deal)
        summary = _answered_summary(home, session.query, present, reference, correcting=bool(corrections))
        _not_before_sent(home, summary, when)
        save(session, home.clock, present, playbook, corrections)
        state = "corrected" if corrections else "confirmed"
        session.change(session.models.Summary, summary.id, state=state, confirmed_at=when)
        add_answer(session, summary.id, state, when, note, mail)
        session.log(_sentence(present, state, corrections, note), present.account.id, present.id)
        return RecordedSummary(present, summaries.by_id(session.query, present.id, summary.id))


def _sentence(deal: Deal, state: str, corrections: Mapping[str, str], note: str) -> str:
    values = ": " + ", ".join(f"{name} = {value}" for name, value in corrections.items()) if corrections else ""
    return f"Summary {state} by {deal.called}{values}{f' ({note.strip()})' if note.strip() else ''}."


def add_answer(
    session: WriteSession, summary_id: int, taken_as: str, at: Moment, note: str = "", mail: ReplyMail | None = None
) -> None:
    """Records an answer: its kind, its time, and the mail it came in. Raises NotReady if that mail was recorded."""
    if mail and summaries.is_recorded_reply(session.query, mail.hash):
        raise NotReady("That mail was taken down meanwhile.", "Nothing was changed.")
    session.add(
        session.models.Answer(
            summary_id=summary_id, taken_as=taken_as, at=at, note=note.strip() or None,
            hash=mail.hash if mail else None, sender=mail.sender if mail else None,
            line=(mail and mail.line) or None, mail=(mail and mail.file) or None,
        )
    )  # fmt: skip


def _answered_summary(home: Home, query: Query, deal: Deal, reference: str, correcting: bool) -> SummaryEmail:
    """Returns the summary that is answered: the newest that was sent, or the sent one with this reference.

    `correcting` allows one that was answered before. Raises NotFound, NotReady.
    """
    candidates = summaries.of_deal(query, deal.id)
    if reference:
        named = [summary for summary in candidates if summary.reference.casefold() == reference.casefold()]
        if not named:
            raise NotFound(
                f'{deal.called} has no summary with the reference "{reference[:20]}".',
                f"See them with: handoffctl summary list {deal.ref} --all",
            )
        candidates = named
    sent = [summary for summary in candidates if summary.state != "draft"]
    if correcting:
        return sent[-1] if sent else _refuse_unsent(deal, candidates, "correct")
    waiting = [summary for summary in sent if summary.state == "sent"]
    newest = candidates[-1] if candidates else None
    if newest and newest.state in ANSWERED:
        on = f" on {local_date(newest.answered_at, home.clock.zone)}" if newest.answered_at else ""
        raise NotReady(
            f"{deal.called} {newest.state} it already{on}.",
            f"For the next one: handoffctl summary draft {deal.ref}",
        )
    return waiting[-1] if waiting else _refuse_unsent(deal, candidates, "confirm")


def _refuse_unsent(deal: Deal, candidates: Sequence[SummaryEmail], verb: str) -> NoReturn:
    """Raises NotReady: the client cannot have answered what was never sent."""
    sent_by_now = f"If it was sent: handoffctl summary sent {deal.ref}"
    if candidates:
        raise NotReady(
            f"Can't {verb} the summary of {deal.called}: it is a draft that was not sent yet.",
            f"To change the draft: handoffctl summary draft {deal.ref} --set NAME=VALUE. {sent_by_now}",
        )
    raise NotReady(
        f"Can't {verb} a summary of {deal.called}: none was sent yet.",
        f"Draft one with: handoffctl summary draft {deal.ref}. {sent_by_now}",
    )


def _not_before_sent(home: Home, summary: SummaryEmail, when: Moment) -> None:
    if summary.sent_at and is_before(when, summary.sent_at, home.clock.zone):
        raise Refused(
            f"{format_local(when, home.clock.zone)}"
            f" is before it was sent ({format_local(summary.sent_at, home.clock.zone)}).",
            "Nothing was recorded. Give the day of the answer with --on.",
        )
