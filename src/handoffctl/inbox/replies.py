"""Finds replies to summaries in mail files, proposes what each one is, and records what the user decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from handoffctl.core.moments import Moment, is_before
from handoffctl.core.names import escape_controls
from handoffctl.deals.facts_query import facts
from handoffctl.deals.fields import pairs, parse_values
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.lookup_query import full_deal_ref
from handoffctl.deals.playbook import rules_of
from handoffctl.emails.summary.reply import ReplyMail, add_answer, record_reply
from handoffctl.emails.summary_model import SummaryEmail
from handoffctl.errors import NotFound, NotReady
from handoffctl.inbox.client_line import client_line
from handoffctl.inbox.mailbox import MailMessage, UnreadableMail, read_messages
from handoffctl.inbox.matching import SummaryIndex
from handoffctl.inbox.newest_text import newest_text
from handoffctl.inbox.query import SentSummary, recorded_hashes, sent_summaries, summary_keys, summary_owner
from handoffctl.inbox.reply_kind import ReplyKind, propose_kind
from handoffctl.playbook.library import with_destination_fields
from handoffctl.workspace.home import Home


class ReplyJson(NamedTuple):
    """A reply as `inbox --json` prints it."""

    account: str
    deal: str
    reference: str | None
    state: str
    from_: str
    from_name: str
    at: Moment | None
    subject: str
    message_id: str | None
    place: str
    matched_by: str
    proposal: ReplyKind
    text: str
    remarks: Sequence[str]


@dataclass(frozen=True)
class SummaryReply:
    """A mail that answers a summary, with its newest text and the proposed kind.

    `matched_by` is the evidence for the match: a header, "reference" or "sender and subject". `hash` identifies the
    mail in the records, `mailbox` the file that it was found in.
    """

    sent: SentSummary
    message: MailMessage
    matched_by: str
    text: str
    proposal: ReplyKind
    remarks: tuple[str, ...]
    hash: str
    mailbox: str = ""

    @property
    def summary(self) -> SummaryEmail:
        return self.sent.summary

    @property
    def ref(self) -> str:
        """The reference of the deal, as it is typed: account/deal."""
        return full_deal_ref(self.sent.account, self.sent.deal)

    def as_json(self) -> ReplyJson:
        message = self.message
        return ReplyJson(
            self.sent.account, self.sent.deal, self.summary.reference or None, self.summary.state,
            message.sender, message.sender_name, message.at, message.subject, message.id or None, message.place,
            self.matched_by, self.proposal, self.text, self.remarks,
        )  # fmt: skip


class InboxScanJson(NamedTuple):
    """The replies found in a mailbox as `inbox --json` prints them."""

    messages: int
    replies: list[SummaryReply]
    taken_before: int
    unreadable: list[UnreadableMail]


@dataclass
class InboxScan:
    """The replies found in a mailbox, the number of mails and of known replies, and the unreadable mails."""

    replies: list[SummaryReply] = field(default_factory=list)
    messages: int = 0
    recorded_before: int = 0
    unreadable: list[UnreadableMail] = field(default_factory=list)

    def as_json(self) -> InboxScanJson:
        return InboxScanJson(self.messages, self.replies, self.recorded_before, self.unreadable)


def scan(home: Home, path: Path) -> InboxScan:
    """Finds the replies in a .eml file, an mbox or a Maildir, oldest first. Changes neither the mail nor the records.

    Raises Refused if the path is none of these or cannot be read.
    """
    with home.reading() as query:
        sent = {row.summary.id: row for row in sent_summaries(query)}
        index = SummaryIndex.build(summary_keys(query, sent.values()))
        hashes = recorded_hashes(query)
    own = _own_keys(home, sent.values())
    result = InboxScan()
    for message in read_messages(path):
        result.messages += 1
        if isinstance(message, UnreadableMail):
            result.unreadable.append(message)
            continue
        if message.sender.casefold() in own or message.id.casefold() in own:
            continue
        match = index.match(message.answers, message.references, message.subject, message.sender)
        if match:
            reply = _reply(message, sent[match.summary_id], match.evidence)
            _add_reply(result, replace(reply, mailbox=escape_controls(path.name)), hashes)
    result.replies.sort(key=lambda reply: reply.message.at or "")
    return result


def _own_keys(home: Home, sent: Iterable[SentSummary]) -> set[str]:
    """Returns the user's address and the ids of the sent summaries: a mail with one of them is the user's own."""
    return {home.configuration.email.casefold(), *(row.summary.sent_as.casefold() for row in sent)} - {""}


def _reply(message: MailMessage, sent: SentSummary, matched_by: str) -> SummaryReply:
    newest = newest_text(message.raw)
    identity = "\0".join((message.id, message.sender, message.at or "", message.subject, newest.text))
    return SummaryReply(
        sent=sent,
        message=replace(message, raw=b""),
        matched_by=matched_by,
        text=newest.text,
        proposal=propose_kind(newest.text, message.automatic),
        remarks=(*message.remarks, *newest.remarks),
        hash=sha256(identity.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _add_reply(result: InboxScan, reply: SummaryReply, hashes: set[str]) -> None:
    if reply.hash in hashes:  # recorded by an earlier run, or twice in this mailbox
        result.recorded_before += 1
        return
    hashes.add(reply.hash)
    result.replies.append(reply)


def record_answer(home: Home, reply: SummaryReply, corrections: Mapping[str, str]) -> None:
    """Records that the client confirmed the summary with this mail, or corrected it if values are given.

    Raises NotReady if corrections are given for a summary that was answered before.
    """
    mail = _mail(reply)
    on = _answered_on(home, reply) or ""
    try:
        record_reply(home, reply.ref, corrections, on, reference=reply.summary.reference, mail=mail)
    except NotReady:  # answered before: a second yes changes nothing, but it need not be asked about again
        if corrections:
            raise
        set_aside(home, reply, "confirmed")


def _mail(reply: SummaryReply) -> ReplyMail:
    """Returns the mail as evidence: what the client wrote, and in which file it stands."""
    place, mailbox = reply.message.place, reply.mailbox
    file = f"{place} of {mailbox}" if mailbox and mailbox != place else place
    return ReplyMail(reply.hash, reply.message.sender, client_line(reply.text), file)


def correctable_values(home: Home, reply: SummaryReply) -> dict[str, str]:
    """Returns the fields that a correction may change, with their recorded values; empty where there is none."""
    with home.reading() as query:
        deal = find_deal(query, reply.ref)
        values = facts(query, deal).values
    fields = rules_of(home, deal).playbook.fields.items()
    return {name: values.get(name, "") for name, field in fields if field.summary}


def parse_correction(home: Home, reply: SummaryReply, line: str) -> dict[str, str]:
    """Parses one NAME=VALUE of a correction. Raises HandoffError if the value would be refused."""
    with home.reading() as query:
        deal = find_deal(query, reply.ref)
    correction = pairs([line])
    parse_values(with_destination_fields(home, rules_of(home, deal), deal.stage, correction), correction, home.clock)
    return correction


def _answered_on(home: Home, reply: SummaryReply) -> Moment | None:
    """Returns the date of the mail if it is plausible, since clocks of mail programs go wrong; else None."""
    at, sent, clock = reply.message.at, reply.summary.sent_at, home.clock
    if at is None or is_before(clock.now, at, clock.zone) or (sent and is_before(at, sent, clock.zone)):
        return None
    return at


def set_aside(home: Home, reply: SummaryReply, kind: ReplyKind = "other") -> None:
    """Records the kind of the mail, so that it is not proposed again, and leaves the summary as it is.

    Raises NotFound if the summary was deleted meanwhile.
    """
    message = reply.message
    with home.writing() as session:
        owner = summary_owner(session.query, reply.summary.id)
        if not owner:
            raise NotFound("That summary is not there any more.", "handoffctl summary list shows those there are.")
        when = _answered_on(home, reply) or home.clock.now
        add_answer(session, reply.summary.id, kind, when, mail=_mail(reply))
        sentence = (
            f"A mail of {message.sender or 'somebody'} to {reply.sent.account_name} changes nothing of the summary."
        )
        session.log(sentence, owner.account_id, owner.deal_id)
