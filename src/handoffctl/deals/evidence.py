"""The evidence that a client confirmed a summary: which mail, when, and the line they wrote."""

from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.playbook.facts import SummaryAnswer


class ClientEvidence(NamedTuple):
    """The client's newest answer to a summary, as `check --json` and `show --json` print it.

    `state` is confirmed or corrected, `sent_at` when the summary was sent. `line` is what the client wrote, and `mail`
    the file in which it stands; both are null if the user recorded the answer, perhaps with a `note`. `fields`
    names everything that the client has confirmed so far.
    """

    state: str
    sent_at: Moment | None
    answered_at: Moment | None
    line: str | None
    mail: str | None
    note: str | None
    fields: Sequence[str]


def evidence_of(answer: SummaryAnswer | None) -> ClientEvidence | None:
    """Returns the record of the client's answer; None if they have not answered any summary."""
    if answer is None:
        return None
    return ClientEvidence(
        answer.state, answer.sent_at, answer.answered_at, answer.line or None, answer.mail or None, answer.note or None,
        sorted(answer.confirmed),
    )  # fmt: skip


def describe_evidence(evidence: ClientEvidence, clock: Clock) -> str:
    """Returns it in words: `confirmed on Fri 6 Mar: "Looks right." (reply.eml, to your email of Thu 5 Mar)`."""
    on = f" on {weekday_and_day(evidence.answered_at, clock)}" if evidence.answered_at else ""
    sent = f"your email of {weekday_and_day(evidence.sent_at, clock)}" if evidence.sent_at else "your email"
    said = evidence.line or evidence.note
    words = f': "{said}"' if said else ""
    source = f"{evidence.mail}, in answer to {sent}" if evidence.mail else f"recorded by you, in answer to {sent}"
    return f"{evidence.state}{on}{words} ({source})"
