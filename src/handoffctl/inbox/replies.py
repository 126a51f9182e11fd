"""Finds the answers to summaries in files of mail, proposes what each is, and takes down what a person says it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoffctl.core.moments import Moment, before
from handoffctl.db.query import Query, Row
from handoffctl.deals.facts_query import facts
from handoffctl.deals.fields import pairs, parse_values
from handoffctl.deals.lookup_query import deal
from handoffctl.deals.playbook import rules_of
from handoffctl.emails.summary import query as summaries
from handoffctl.emails.summary.model import Summary
from handoffctl.emails.summary.reply import Mail, answered, take
from handoffctl.errors import NotFound, NotReady
from handoffctl.inbox.matching import Index, Sent, matched
from handoffctl.inbox.proposal import proposal
from handoffctl.playbook.library import knowing
from handoffctl.workspace.home import Home

if TYPE_CHECKING:
    from handoffctl.inbox.mailbox import Message, Unreadable

NAMES_SHOWN = 10


@dataclass(frozen=True)
class Answer:
    """A mail that answers a summary, with what it seems to be: confirmed, corrected or other."""

    summary: Summary
    account: str
    name: str
    deal: str
    message: "Message"
    how: str
    text: str
    proposal: str
    remarks: tuple[str, ...]
    hash: str

    @property
    def ref(self) -> str:
        return f"{self.account}/{self.deal}"

    def as_json(self) -> dict[str, Any]:
        one = self.message
        return {
            "account": self.account, "deal": self.deal, "reference": self.summary.reference or None,
            "state": self.summary.state, "from": one.sender, "from_name": one.sender_name, "at": one.at,
            "subject": one.subject, "message_id": one.id or None, "place": one.place, "matched_by": self.how,
            "proposal": self.proposal, "text": self.text, "remarks": list(self.remarks),
        }  # fmt: skip


@dataclass
class Read:
    """What was in the box: the answers, how many mails there were, what could not be read, what was taken before."""

    answers: list[Answer] = field(default_factory=list)
    messages: int = 0
    taken_before: int = 0
    unreadable: "list[Unreadable]" = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "messages": self.messages,
            "replies": [one.as_json() for one in self.answers],
            "taken_before": self.taken_before,
            "unreadable": [{"place": one.place, "reason": one.reason} for one in self.unreadable],
        }


def read(home: Home, path: Path) -> Read:
    """Reads a .eml file, an mbox or a Maildir. Changes neither the mail nor the records."""
    from handoffctl.inbox.mailbox import Unreadable, messages

    with home.reading() as query:
        sent = {one.id: (one, row) for one, row in summaries.sent(query)}
        index = Index.of(_known(query, sent.values()))
        taken = {row[0] for row in query("SELECT hash FROM answer WHERE hash IS NOT NULL")}
    own = {home.configuration.email.casefold(), *(one.sent_as.casefold() for one, _ in sent.values())} - {""}
    found = Read()
    for message in messages(path):
        found.messages += 1
        if isinstance(message, Unreadable):
            found.unreadable.append(message)
            continue
        if message.sender.casefold() in own or message.id.casefold() in own:
            continue
        told = matched(index, message.answers, message.references, message.subject, message.sender)
        if told:
            _take_in(found, message, sent[told[0]], told[1], taken)
    found.answers.sort(key=lambda one: one.message.at or "")
    return found


def _known(query: Query, sent: Any) -> Iterator[Sent]:
    addresses: dict[int, set[str]] = {}
    for row in query("SELECT account_id, email FROM contact WHERE email IS NOT NULL"):
        addresses.setdefault(row["account_id"], set()).add(row["email"])
    for one, row in sent:
        people = addresses.get(row["account_id"], set()) | ({one.recipient} if one.recipient else set())
        yield Sent(one.id, one.sent_as, one.reference, one.subject, frozenset(people))


def _take_in(found: Read, message: "Message", of: tuple[Summary, Row], how: str, taken: set[str]) -> None:
    from handoffctl.inbox.newest_text import newest

    new = newest(message.raw)
    told = "\0".join((message.id, message.sender, message.at or "", message.subject, new.text))
    hash = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    if hash in taken:  # by an earlier run, or the same mail stands in the box twice
        found.taken_before += 1
        return
    taken.add(hash)
    summary, row = of
    found.answers.append(
        Answer(
            summary, row["account"], row["name"], row["deal"], replace(message, raw=b""), how, new.text,
            proposal(new.text, message.automatic), (*message.remarks, *new.remarks), hash,
        )
    )  # fmt: skip


def take_answer(home: Home, answer: Answer, given: Mapping[str, str]) -> None:
    """Records that the client confirmed the summary with this mail, or corrected it where values are given."""
    mail = Mail(answer.hash, answer.message.sender)
    on = _answered_on(home, answer) or ""
    try:
        answered(home, answer.ref, False, given, on, reference=answer.summary.reference, mail=mail)
    except NotReady:  # answered before: a second yes changes nothing, but it need not be asked about again
        if given:
            raise
        set_aside(home, answer, "confirmed")


def askable(home: Home, answer: Answer) -> dict[str, str]:
    """The fields that a correction may be about, with what is on record of them."""
    with home.reading() as query:
        found = deal(query, answer.ref, False)
        values = facts(query, found).values
    fields = rules_of(home, found).playbook.fields.items()
    return {name: values.get(name, "") for name, field in fields if field.summary}


def judged(home: Home, answer: Answer, line: str) -> dict[str, str]:
    """The value of one NAME=VALUE, as a correction would take it. Raises HandoffError where it would not."""
    with home.reading() as query:
        found = deal(query, answer.ref, False)
    given = pairs([line])
    parse_values(knowing(home, rules_of(home, found), found.stage, given), given, home.clock)
    return given


def _answered_on(home: Home, answer: Answer) -> Moment | None:
    """When the mail says it was written, where that can be: clocks of mail programs go wrong."""
    at, sent, clock = answer.message.at, answer.summary.sent_at, home.clock
    if at is None or before(clock.now, at, clock.zone) or (sent and before(at, sent, clock.zone)):
        return None
    return at


_WHOSE = "SELECT s.deal_id, d.account_id FROM summary AS s JOIN deal AS d ON d.id = s.deal_id WHERE s.id = :id"


def set_aside(home: Home, answer: Answer, taken_as: str = "other") -> None:
    """Records what the mail was taken for, so that it is not proposed again. The summary stays as it is."""
    one = answer.message
    with home.writing() as session:
        rows = session.query(_WHOSE, id=answer.summary.id)
        if not rows:
            raise NotFound("That summary is not there any more.", "handoffctl summary list shows those there are.")
        when = _answered_on(home, answer) or home.clock.now
        take(session, answer.summary.id, taken_as, when, mail=Mail(answer.hash, one.sender))
        said = f"A mail of {one.sender or 'somebody'} to {answer.name} changes nothing of the summary."
        session.log(said, rows[0]["account_id"], rows[0]["deal_id"])


def named(unreadable: "Sequence[Unreadable]", say: Callable[[str], None]) -> None:
    """Counts and names what could not be read."""
    if unreadable:
        say(f"{len(unreadable)} could not be read:")
    for one in unreadable[:NAMES_SHOWN]:
        say(f"  {one.place}: {one.reason}")
    if len(unreadable) > NAMES_SHOWN:
        say(f"  ... and {len(unreadable) - NAMES_SHOWN} more; --json names all.")
