"""Facts about time and effort, which only a disposition may wait for. Each stands by itself in its `when` or `unless`.

They are counted from the records and never typed. Outside dispositions they are not loaded, and so not known.
"""

from typing import Annotated, Any

from handoffctl.core.moments import Moment, days_between
from handoffctl.core.yaml.types import Days, JsonValue, Key, StrictModel
from handoffctl.playbook.criteria.base import Condition, DealState, PlaybookParts, Truth
from handoffctl.playbook.facts import CountedFacts
from handoffctl.playbook.fix import Fix, FixKind
from handoffctl.playbook.quantities import counted, length

HEARD_WITHIN_DAYS = 90


class StageLength(StrictModel):
    """A length of time in a stage: a fixed one, or a multiple of what is usual there.

    Usual is the time within which 85 % of the stays that went forward had ended, from 20 of them on. With fewer, the
    fixed length under `else` counts, or else the same multiple of the stage's target.
    """

    at_least: Days | None = Key(None, description="A fixed length of time; `stage_age: 60d` means the same.")
    times_usual: Annotated[float, Key(ge=1, le=100)] | None = Key(
        None, description="So many times what is usual in the stage."
    )
    otherwise: Days | None = Key(
        None, written="else", description="What counts while fewer than 20 stays went forward; else the stage's target."
    )

    @classmethod
    def read_raw(cls, raw: Any) -> Any:
        return {"at_least": raw} if isinstance(raw, str | int | float) else raw

    def check(self) -> None:
        if (self.at_least is None) == (self.times_usual is None):
            raise ValueError("needs a length of time, or times_usual, and not both")
        if self.otherwise is not None and self.times_usual is None:
            raise ValueError('"else" goes with times_usual only')

    def as_json_of(self, kind: type[StrictModel]) -> JsonValue:
        """Returns a fixed length as a number of days, as it is written without keys."""
        return super().as_json_of(kind) if self.at_least is None else self.at_least

    def days(self, facts: CountedFacts) -> float | None:
        """Returns the length in days for the stage of the deal; None if it cannot be told yet."""
        if self.times_usual is None:
            return self.at_least
        if facts.usual_days is not None:
            return self.times_usual * facts.usual_days
        if self.otherwise is not None:
            return self.otherwise
        return None if facts.target_days is None else self.times_usual * facts.target_days

    def in_words(self) -> str:
        """Returns the length in words: `60 days`, `2 times what is usual`."""
        if self.times_usual is None:
            return length(self.at_least or 0)
        fixed = f" ({length(self.otherwise)} while that is not known)" if self.otherwise is not None else ""
        return f"{self.times_usual:g} times what is usual{fixed}"


class CountedCondition(Condition):
    """A condition on what was counted. It is not known where nothing was counted."""

    def holds(self, deal: DealState) -> Truth:
        return None if deal.facts.counted is None else self.holds_for(deal.facts.counted, deal)

    def holds_for(self, facts: CountedFacts, deal: DealState) -> Truth:
        """Returns True, False, or None if what it depends on is not known."""
        raise NotImplementedError

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.SHOW, deal.facts.ref)


def _days_since(moment: Moment, deal: DealState) -> float:
    return days_between(moment, deal.clock.now, deal.clock.zone)


class StageAge(CountedCondition):
    """At least so long in the stage."""

    stage_age: StageLength = Key(description="The deal has been in its stage for so long or longer.")

    def holds_for(self, facts: CountedFacts, deal: DealState) -> Truth:
        days = self.stage_age.days(facts)
        return None if days is None or facts.entered_at is None else _days_since(facts.entered_at, deal) >= days

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {self.stage_age.in_words()} in the stage"


class PastClose(CountedCondition):
    """At least so long past its expected close."""

    past_close: Days = Key(description="The day on which it was expected to close is so long ago or longer.")

    def holds_for(self, facts: CountedFacts, deal: DealState) -> Truth:
        close_date = deal.facts.values.get("deal.expected_close")
        return None if close_date is None else _days_since(close_date, deal) >= self.past_close

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {length(self.past_close)} past the expected close"


class Untouched(CountedCondition):
    """At least so long without a touch."""

    untouched: Days = Key(
        description="Nobody has been in touch for so long or longer, counted from the beginning of the stay at most."
    )

    def holds_for(self, facts: CountedFacts, deal: DealState) -> Truth:
        return None if facts.touched_at is None else _days_since(facts.touched_at, deal) >= self.untouched

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {length(self.untouched)} without a touch"


class Attempts(CountedCondition):
    """At least so many attempts to reach somebody."""

    attempts: Annotated[int, Key(ge=1, le=1000)] = Key(
        description="There were so many attempts to reach somebody, or more."
    )

    def holds_for(self, facts: CountedFacts, deal: DealState) -> Truth:
        return facts.attempts >= self.attempts

    def fix(self, deal: DealState) -> Fix:
        return Fix(FixKind.RECORD_TOUCH, deal.facts.ref, touch="call", direction="out")

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {counted(self.attempts, 'attempt')} to reach somebody"


class Slips(CountedCondition):
    """Its close date was moved later at least so often."""

    slips: Annotated[int, Key(ge=1, le=1000)] = Key(
        description="The expected close was moved to a later day so many times or more."
    )

    def holds_for(self, facts: CountedFacts, deal: DealState) -> Truth:
        return facts.slips >= self.slips

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"the close date was moved later at least {counted(self.slips, 'time')}"


class Penetration(CountedCondition):
    """At least so many contacts were heard from."""

    penetration: Annotated[int, Key(ge=1, le=1000)] = Key(
        description="So many contacts of the account or more were heard from in the last 90 days."
    )

    def holds_for(self, facts: CountedFacts, deal: DealState) -> Truth:
        return facts.heard_from >= self.penetration

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {counted(self.penetration, 'contact')} heard from in {HEARD_WITHIN_DAYS} days"


class PoolLeft(CountedCondition):
    """At most so many target accounts are left."""

    pool_left: Annotated[int, Key(ge=0, le=10_000_000)] = Key(
        description="So few of the playbook's `targets`, or fewer, are accounts that were never added."
    )

    def holds_for(self, facts: CountedFacts, deal: DealState) -> Truth:
        return None if facts.pool_left is None else facts.pool_left <= self.pool_left

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at most {counted(self.pool_left, 'target account')} left"
