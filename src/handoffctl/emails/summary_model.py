"""A summary e-mail: its record, when it counts as silent, and what changed after the client answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from handoffctl.core.business_time import WorkCalendar, add_working_days, count_working_days
from handoffctl.core.field_values import same_value
from handoffctl.core.moments import Clock, Moment, local_date

ANSWERED = ("confirmed", "corrected")
CONFIRM_WITHIN = 3  # working days, if the playbook sets no other number


@dataclass(frozen=True)
class SummaryEmail:
    """A summary as the ledger has it. `state` is draft, sent, confirmed or corrected; silence is computed.

    `since_id` is the answered summary since which it says what is new; None if it says everything. `question` is the
    field that its one question is about. `answer_line` is what the client wrote, and `answer_mail` the file in which it
    stands; both are empty if the user recorded the answer. `nudged_at` is when the client was reminded of it.
    """

    id: int
    deal_id: int
    state: str
    reference: str
    sent_as: str
    recipient: str
    subject: str
    body: str
    hash: str
    edited: bool
    announced: bool | None
    note: str
    sent_at: Moment | None
    answered_at: Moment | None
    text_command: int | None
    since_id: int | None = None
    question: str = ""
    answer_line: str = ""
    answer_mail: str = ""
    nudged_at: Moment | None = None

    @property
    def intact(self) -> bool:
        """True if the text is still the one that was frozen when it was sent."""
        return not self.hash or self.hash == hash_of(self.subject, self.body)


@dataclass(frozen=True)
class DealSummary:
    """A summary with the account and deal it belongs to; `ref` is how a command names the deal."""

    summary: SummaryEmail
    account_id: int
    account: str
    name: str
    deal: str
    playbook: str
    ref: str


def hash_of(subject: str, body: str) -> str:
    """Returns the SHA-256 of the text as it is pasted: subject, blank line, body."""
    return sha256(f"{subject}\n\n{body}".encode("utf-8", "surrogatepass")).hexdigest()


def reference_of(deal_id: int, number: int, at: Moment) -> str:
    """Returns five letters and digits that stand for a summary, none of which look alike; a pure function."""
    letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    digest = int.from_bytes(sha256(f"{deal_id}/{number}/{at}".encode()).digest()[:8])
    return "".join(letters[digest // len(letters) ** place % len(letters)] for place in range(5))


def age(summary: SummaryEmail, clock: Clock, week: WorkCalendar) -> int | None:
    """Returns the working days from the day after it was sent to its answer or to today, or None if it was not sent."""
    if summary.sent_at is None:
        return None
    until = local_date(summary.answered_at, clock.zone) if summary.answered_at else clock.today
    return count_working_days(local_date(summary.sent_at, clock.zone), until, week)


def standing(summary: SummaryEmail, clock: Clock, week: WorkCalendar, within: int = CONFIRM_WITHIN) -> str:
    """Returns its state; `silent` if it was sent more than `within` working days ago and has no answer."""
    days = age(summary, clock, week)
    return "silent" if summary.state == "sent" and days is not None and days > within else summary.state


def silent_from(summary: SummaryEmail, clock: Clock, week: WorkCalendar, within: int) -> str | None:
    """Returns the first day on which an unanswered summary counts as silent, or None if it never will."""
    if summary.sent_at is None or summary.state != "sent" or not week.workdays:
        return None
    return add_working_days(local_date(summary.sent_at, clock.zone), within + 1, week).isoformat()


def changed_values(confirmed: Mapping[str, str], current: Mapping[str, str]) -> dict[str, str]:
    """Returns the confirmed values, by name, that differ from the current ones, as `same_value` compares."""
    changed = (name for name, value in confirmed.items() if name in current and not same_value(current[name], value))
    return {name: confirmed[name] for name in changed}
