"""The lines of the missed report as records. Each line about a deal begins with the fields of DealRef."""

from typing import NamedTuple

from handoffctl.core.moments import Moment


class DealRef(NamedTuple):
    """A deal by the slugs of its account and of itself, and `ref`, by which commands find it."""

    account: str
    deal: str
    ref: str


class WaitingLine(NamedTuple):
    """A trigger that waits for its handoff, with the command that makes it.

    `day` is the local day on which the trigger occurred. It is None like `seen_at` and `days` if that is not known.
    """

    account: str
    deal: str
    ref: str
    stage: str
    stage_title: str
    handoff: str
    trigger: str
    seen_at: Moment | None
    day: str | None
    days: float | None
    command: str


class MissedLine(NamedTuple):
    """A trigger without a handoff, the local day on which it occurred, and how the stay ended, after so many days."""

    account: str
    deal: str
    ref: str
    stage: str
    stage_title: str
    handoff: str
    trigger: str
    seen_at: Moment
    day: str | None
    days: float | None
    ended: str


class OutsideLine(NamedTuple):
    """A deal that an export has in another stage."""

    account: str
    deal: str
    ref: str
    stage: str
    outside_stage: str
    outside_at: Moment | None
    stage_title: str
    outside_stage_title: str
    day: str | None


class ReturnLine(NamedTuple):
    """A handoff that was returned after so many days, and the items named as missing.

    `reason` is the name of the reason, if it is from the playbook's list.
    """

    account: str
    deal: str
    ref: str
    stage: str
    handoff: str
    from_owner: str
    to_owner: str
    at: Moment
    returned_at: Moment
    days: float
    because: str | None
    missing: list[str]
    reason: str | None


class WaitLine(NamedTuple):
    """How often the trigger of a handoff occurred, and how many days the handoff took from there."""

    handoff: str
    from_: str
    to: str | None
    seen: int
    handed_off: int
    still_waiting: int
    median_days: float | None
    median_days_low: float | None
    median_days_high: float | None
    p85_days_completed: float | None
