"""The further sections of a playbook: follow-up, signals, dispositions, agreements, objectives, goal and reasons."""

from collections.abc import Mapping
from typing import Annotated, Literal

from handoffctl.core.yaml.types import Days, Key, Name, Share, StrictModel, Text
from handoffctl.playbook.criteria import Condition, Criterion

Amount = Annotated[float, Key(ge=0, allow_inf_nan=False)]
Period = Literal["week", "month", "quarter", "year"]
MEASURES = Literal[
    "leads", "worked", "calls", "conversations", "meetings_set", "meetings", "handoffs", "accepted", "pipeline",
    "wins", "revenue", "win_rate", "cycle", "churn", "retention", "contract_length", "renewal", "expansion",
    "first_value", "typed",
]  # fmt: skip


class FollowUp(StrictModel):
    """The follow-up guideline of a stage: first attempt within, number of attempts, time frame, spacing.

    Times are days of working time. `waived` are words of a closing reason that waive the minimum of attempts. After
    `no_shows` no-shows somebody must decide.
    """

    first_within: Days | None = None
    attempts: Annotated[int, Key(ge=1, le=100)] | None = None
    most: Annotated[int, Key(ge=1, le=1000)] | None = None
    within: Days | None = None
    every: Days | None = None
    no_shows: Annotated[int, Key(ge=1, le=100)] | None = None
    waived: tuple[Text, ...] = ()

    def check(self) -> None:
        if self.attempts and self.most and self.most < self.attempts:
            raise ValueError(f'"most" is {self.most}, less than "attempts", which is {self.attempts}')


class Signal(StrictModel):
    """A buying signal, and the points it gives while all of `when` holds.

    With `fades` the points halve each time so many days have passed since it began to hold. Of the signals with the
    same `only_one_of`, the one with the most points counts.
    """

    label: Text = ""
    why: Text = ""
    points: Annotated[int, Key(ge=1, le=1000)]
    when: Annotated[tuple[Criterion, ...], Key(min_length=1)]
    fades: Days | None = None
    only_one_of: Text = ""

    def check(self) -> None:
        if self.fades == 0:
            raise ValueError('"fades" needs a length of time above 0')


class Disposition(StrictModel):
    """A rule to close, park or keep a deal: applies if all of `when` hold and none of `unless`."""

    propose: Literal["lost", "disqualified", "nurture", "keep"]
    when: Annotated[tuple[Condition, ...], Key(min_length=1)]
    unless: tuple[Condition, ...] = ()
    because: Text
    wake: Days | None = None
    keep_for: Days | None = Key(None, written="for")

    def check(self) -> None:
        if self.wake is not None and self.propose != "nurture":
            raise ValueError(f'"wake" goes with propose: nurture only, and this proposes {self.propose}')
        if self.keep_for is not None and self.propose != "keep":
            raise ValueError(f'"for" goes with propose: keep only, and this proposes {self.propose}')


class Agreement(StrictModel):
    """An agreement between teams: how soon something is done, or what share of it succeeds."""

    giver: Text = Key(written="from")
    taker: Text = Key(written="to")
    promise: Text
    measure: Literal["passed", "accepted", "first_touch", "first_response", "converted"]
    handoff: Text | None = None
    stage: Text | None = None
    within: Days | None = None
    share: Share | None = None

    def check(self) -> None:
        _either("handoff", self.handoff, "stage", self.stage)
        if self.within is None and self.share is None:
            raise ValueError("needs within (how soon) or share (how many of them), or both")
        if self.measure == "converted" and self.share is None:
            raise ValueError("measure: converted needs a share")


class Objective(StrictModel):
    """A measure of a role, its target, and the business goal it serves."""

    role: Text
    person: Text = ""
    measure: MEASURES
    of: Criterion | None = None
    serves: Text
    at_least: Amount | None = None
    at_most: Amount | None = None
    per: Period = "month"

    def check(self) -> None:
        _either("at_least", self.at_least, "at_most", self.at_most)


class Goal(StrictModel):
    """The revenue that everybody works towards."""

    revenue: Annotated[float, Key(ge=1, allow_inf_nan=False)]
    per: Period = "year"


class Reasons(StrictModel):
    """Reasons by name that can be counted, each with its words: for returned handoffs and for deals that ended."""

    returned: Mapping[Name, Text] = Key(default_factory=dict, written="return")
    lost: Mapping[Name, Text] = Key(default_factory=dict)
    disqualified: Mapping[Name, Text] = Key(default_factory=dict)
    nurture: Mapping[Name, Text] = Key(default_factory=dict)


def _either(name: str, value: object, other_name: str, other_value: object) -> None:
    if value is None and other_value is None:
        raise ValueError(f"needs {name} or {other_name}")
    if value is not None and other_value is not None:
        raise ValueError(f"has {name} and {other_name}; it can have only one of them")
