"""One summary e-mail: where it stands, since when it has been silent, and what changed after the client answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from handoffctl.core.business_time import Working, working_days
from handoffctl.core.moments import Clock, Moment, local_date

ANSWERED = ("confirmed", "corrected")
CONFIRM_WITHIN = 3  # working days, where the playbook does not say


@dataclass(frozen=True)
class Summary:
    """A summary as the ledger has it. `state` is draft, sent, confirmed or corrected; silence is reckoned."""

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

    @property
    def intact(self) -> bool:
        """Whether the text is still the one that was frozen when it was sent."""
        return not self.hash or self.hash == hash_of(self.subject, self.body)


def hash_of(subject: str, body: str) -> str:
    """SHA-256 of the text as it is pasted: subject, blank line, body."""
    return sha256(f"{subject}\n\n{body}".encode("utf-8", "surrogatepass")).hexdigest()


def reference_of(deal_id: int, number: int, at: Moment) -> str:
    """Five letters and digits that stand for one summary; none that look alike. The same input gives the same ones."""
    letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    spun = int.from_bytes(sha256(f"{deal_id}/{number}/{at}".encode()).digest()[:8])
    return "".join(letters[spun // len(letters) ** place % len(letters)] for place in range(5))


def age(summary: Summary, clock: Clock, week: Working) -> int | None:
    """Working days from the day it was sent, which does not count, to its answer or to now. None: not sent."""
    if summary.sent_at is None:
        return None
    until = local_date(summary.answered_at, clock.zone) if summary.answered_at else clock.today
    return working_days(local_date(summary.sent_at, clock.zone), until, week)


def standing(summary: Summary, clock: Clock, week: Working, within: int = CONFIRM_WITHIN) -> str:
    """Its state; `silent` for one that was sent more than `within` working days ago and has no answer."""
    days = age(summary, clock, week)
    return "silent" if summary.state == "sent" and days is not None and days > within else summary.state


def changed(confirmed: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Of the values that the client confirmed those that are others now, with what was confirmed."""
    return {name: value for name, value in confirmed.items() if name in now and now[name] != value}
