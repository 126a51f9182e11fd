"""What the receiver of a deal must know before anything else, in the order in which they need it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Clock, is_before
from handoffctl.core.screen_dates import day_and_month, day_and_time, weekday_and_day
from handoffctl.emails.brief_names import are_same, names_of, shown_in_brief
from handoffctl.emails.brief_questions import open_questions
from handoffctl.emails.context import DealSnapshot, EmailContact, changed_since
from handoffctl.emails.heads import lines_of
from handoffctl.emails.summary_model import ANSWERED
from handoffctl.meetings.model import Meeting, earliest_first
from handoffctl.people.query import LastHandover
from handoffctl.playbook.model import Field, Playbook
from handoffctl.promises.model import Promise

MOST_PROMISES = 2
YOU = "you"
WHY_NOW = ("situation", "timeline", "timing")  # words in the heads of the summary that each line is made of
WANTS = ("priorities",)
DECIDES, COMPETITION = ("decision",), ("competition",)
RISK_FIELDS = ("risks", "risk")


class ClientAnswer(NamedTuple):
    """Who answered a summary, on which day, in which words (empty if none were kept), what has changed since, and what
    they corrected with it."""

    by: str
    on: str
    words: str
    changed: tuple[str, ...]
    corrected: tuple[str, ...] = ()


class ReceiverBrief(NamedTuple):
    """The receiver's brief. Texts are ready for the screen; an empty one stands for what is not known, None for what
    the playbook never asks.

    `to` is the receiver, "you" where they are the reader; `giver` and `handed_on` are empty where nobody else handed
    the deal over. `unanswered` is the day on which a summary without an answer was sent. `confirmed_heads` are the
    heads of the summary that the client confirmed and that have not changed since. `has_summary` is True if the
    playbook has fields that a summary tells the client.
    """

    called: str
    to: str
    giver: str
    handed_on: str
    amount: str
    close: str
    contact: EmailContact | None
    others: tuple[EmailContact, ...]
    next: str
    why_now: str | None
    wants: tuple[str, ...] | None
    decides: str | None
    answer: ClientAnswer | None
    unanswered: str
    we_owe: tuple[str, ...]
    they_owe: tuple[str, ...]
    risk: str | None
    confirmed_heads: tuple[str, ...]
    questions: tuple[str, ...]
    has_summary: bool = True
    milestones: tuple[str, ...] = ()


def receiver_brief(
    snapshot: DealSnapshot,
    playbook: Playbook,
    clock: Clock,
    *,
    receiver: str = "",
    reads: bool = True,
    stage: str = "",
    currency: str = "",
    me: str = "",
    handover: LastHandover | None = None,
) -> ReceiverBrief:
    """Returns the brief of a deal. The playbook is the one that has the receiver's stage.

    `receiver` is the person or role that takes over, by default the owner; `reads` is True if the brief is for them.
    `stage` is the receiver's, by default the one that the deal is in; `me` is the user's name. `handover` is one that
    is only under way, by default the last one that went through.
    """
    values, deal = snapshot.facts.values, snapshot.deal
    receiver, close = receiver or deal.owner, values.get("deal.expected_close")
    handed = _from_another(handover or snapshot.handover, receiver, snapshot)
    to = YOU if reads else shown_in_brief(receiver, snapshot, playbook, me)
    why_now, wants = (_lines_under(playbook, values, heads, clock, currency) for heads in (WHY_NOW, WANTS))
    return ReceiverBrief(
        called=deal.called,
        to=to,
        giver=shown_in_brief(handed.giver, snapshot, playbook, me) if handed else "",
        handed_on=weekday_and_day(handed.at, clock) if handed else "",
        amount=_amount(values.get("deal.amount"), currency),
        close=day_and_month(close, clock) if close else "",
        contact=snapshot.contacts[0] if snapshot.contacts else None,
        others=tuple(contact for contact in snapshot.contacts[1:] if contact.name),
        next=_next(snapshot, playbook, clock, _reader_names(receiver, snapshot, playbook, stage) if reads else set()),
        why_now=None if why_now is None else "; ".join(why_now),
        wants=wants,
        decides=_decides(playbook, values, clock, currency),
        answer=_answer(snapshot, playbook, clock),
        unanswered=_unanswered(snapshot, clock),
        we_owe=_owed(snapshot.promises, "ours", clock),
        they_owe=_owed(snapshot.promises, "theirs", clock),
        risk=_risk(playbook, values),
        confirmed_heads=_confirmed_heads(snapshot, playbook),
        questions=open_questions(snapshot.facts, playbook, stage or deal.stage, clock),
        has_summary=any(field.head for field in playbook.fields.values()),
        milestones=_owed(snapshot.promises, "milestone", clock),
    )


def _from_another(handover: LastHandover | None, receiver: str, snapshot: DealSnapshot) -> LastHandover | None:
    """Returns the handoff unless the receiver gave the deal to themselves, in another role of theirs."""
    return None if handover is None or are_same(handover.giver, receiver, snapshot.team) else handover


def _decides(playbook: Playbook, values: Mapping[str, str], clock: Clock, currency: str) -> str | None:
    """Returns who decides and how, and what they compare with; None if the playbook asks for neither."""
    decision = _lines_under(playbook, values, DECIDES, clock, currency)
    compared = _lines_under(playbook, values, COMPETITION, clock, currency)
    if decision is None and compared is None:
        return None
    parts = ["; ".join(decision) if decision else "not known yet" if compared else ""]
    parts += [f"comparing with: {'; '.join(compared)}"] if compared else []
    return "; ".join(part for part in parts if part)


def _amount(amount: str | None, currency: str) -> str:
    if not amount:
        return ""
    whole, point, cents = amount.partition(".")
    return f"{int(whole):,}{point}{cents} {currency}".rstrip()


def _next(snapshot: DealSnapshot, playbook: Playbook, clock: Clock, readers: set[str]) -> str:
    """Describes the earliest booked meeting, with the step before it; without a meeting only the step.

    `readers` are the names by which a meeting may call the reader of the brief; empty if the receiver is not the one.
    """
    step = snapshot.facts.step
    due = ""
    if step and step.due:
        when = "was due" if is_before(step.due, clock.now, clock.zone) else "by"
        due = f"{',' if when != 'by' else ''} {when} {weekday_and_day(step.due, clock)}"
    booked = earliest_first((meeting for meeting in snapshot.meetings if meeting.state == "booked"), clock.zone)
    if not booked:
        return f"{step.text}{due}" if step else ""
    meeting = booked[0]
    booking = f"{day_and_time(meeting.at, clock)}  {_called(meeting, snapshot, playbook, readers)}, booked"
    return booking if step is None or step.due == meeting.at else f"{booking} (we: {step.text}{due})"


def _reader_names(receiver: str, snapshot: DealSnapshot, playbook: Playbook, stage: str) -> set[str]:
    """Returns the names by which a meeting may call the receiver, with the role of their stage if nobody has it."""
    names = names_of(receiver, snapshot.team)
    stage = stage or snapshot.deal.stage
    if stage not in playbook.stages:  # it is one of the playbook that the deal is handed on to
        return names
    role = playbook.owner_of(stage)
    return names if any(role in person.roles for person in snapshot.team) else names | {role}


def _called(meeting: Meeting, snapshot: DealSnapshot, playbook: Playbook, readers: set[str]) -> str:
    """Returns what a meeting is called: `First call with you`, `meeting with Jane Doe`."""
    if readers & {meeting.met, *(guest.name for guest in meeting.guests)}:
        return f"{meeting.subject or 'meeting'} with {YOU}"
    if meeting.subject or not meeting.met:
        return meeting.subject or meeting.called
    return f"meeting with {shown_in_brief(meeting.met, snapshot, playbook)}"


def _lines_under(
    playbook: Playbook, values: Mapping[str, str], heads: Sequence[str], clock: Clock, currency: str
) -> tuple[str, ...] | None:
    """Returns the lines of the known fields under these heads of the summary, head by head.

    Returns None if the playbook has no field under any of them.
    """
    names = [name for head in heads for name, field in playbook.fields.items() if head in field.head.casefold()]
    if not names:
        return None
    known = [name for name in dict.fromkeys(names) if name in values]
    return tuple(line for name in known for line in _lines(playbook.fields[name], values[name], clock, currency))


def _lines(field: Field, value: str, clock: Clock, currency: str) -> list[str]:
    if field.type == "date":
        return [day_and_month(value, clock)]
    if field.type == "money":
        return [_amount(value, currency)]
    return lines_of(field, value) or []


def _answer(snapshot: DealSnapshot, playbook: Playbook, clock: Clock) -> ClientAnswer | None:
    answered = [summary for summary in snapshot.summaries if summary.state in ANSWERED]
    if not answered:
        return None
    last = answered[-1]
    recipients = [contact.name for contact in snapshot.contacts if contact.email and contact.email == last.recipient]
    names = [name for name in (*recipients, *(contact.name for contact in snapshot.contacts[:1])) if name]
    changed = tuple(playbook.label_of(name) for name in changed_since(snapshot, playbook))
    on = weekday_and_day(last.answered_at, clock) if last.answered_at else ""
    corrections = snapshot.corrections.get(last.id, {})
    corrected = tuple(f"{playbook.label_of(name)}: {value}" for name, value in corrections.items())
    return ClientAnswer(names[0] if names else "", on, snapshot.client_line or last.note, changed, corrected)


def _unanswered(snapshot: DealSnapshot, clock: Clock) -> str:
    """Returns the day on which the last summary was sent if the client has not answered any, else an empty text."""
    sent = [summary for summary in snapshot.summaries if summary.state != "draft" and summary.sent_at]
    if not sent or any(summary.state in ANSWERED for summary in sent):
        return ""
    return weekday_and_day(sent[-1].sent_at or "", clock)


def _owed(promises: Sequence[Promise], kind: str, clock: Clock) -> tuple[str, ...]:
    still_open = [promise for promise in promises if promise.kind == kind and promise.is_open]
    by_date = sorted(still_open, key=lambda promise: (promise.due is None, promise.due or "", promise.number))
    more = [f"and {len(by_date) - MOST_PROMISES} more"] if len(by_date) > MOST_PROMISES else []
    return (*(_promise(promise, clock) for promise in by_date[:MOST_PROMISES]), *more)


def _promise(promise: Promise, clock: Clock) -> str:
    who = f" ({promise.owner})" if promise.kind == "milestone" and promise.owner else ""
    if promise.due is None:
        return f"{promise.clause}{who}"
    overdue = "was due " if is_before(promise.due, clock.now, clock.zone) else ""
    return f"{promise.clause}{who}, {overdue}{weekday_and_day(promise.due, clock)}"


def _risk(playbook: Playbook, values: Mapping[str, str]) -> str | None:
    """Returns the first risk that was written down, or None if the playbook has no field for risks."""
    fields = {name: playbook.fields[name] for name in RISK_FIELDS if name in playbook.fields}
    lines = [line for name, field in fields.items() for line in lines_of(field, values.get(name)) or []]
    return next(iter(lines), "") if fields else None


def _confirmed_heads(snapshot: DealSnapshot, playbook: Playbook) -> tuple[str, ...]:
    changed, values = changed_since(snapshot, playbook), snapshot.facts.values
    reopened = {field.head for name, field in playbook.fields.items() if name in changed}
    heads = [
        field.head
        for name, field in playbook.fields.items()
        if field.head and field.head not in reopened and name in snapshot.confirmed and name in values
    ]
    return tuple(head.casefold() for head in dict.fromkeys(heads))
