"""`score`: the buying signals that hold add up to so many points."""

from collections.abc import Iterator, Mapping
from math import floor, pow
from typing import Annotated

from handoffctl.core.moments import days_between
from handoffctl.core.yaml.types import Key
from handoffctl.playbook.criteria.base import (
    Condition,
    Criterion,
    DealState,
    PlaybookParts,
    SignalRule,
    SignalState,
    Truth,
)
from handoffctl.playbook.criteria.named import every_part
from handoffctl.playbook.criteria.since import holds_since
from handoffctl.playbook.fix import Fix, FixKind
from handoffctl.playbook.quantities import counted

ROUNDING = 1e-9  # half of 10 points is 5, and not 4 by a rounding error


class Score(Criterion):
    """At least so many points from the signals."""

    score: Annotated[int, Key(ge=1, le=100_000)] = Key(
        description="The signals that hold add up to so many points or more."
    )

    def holds(self, deal: DealState) -> Truth:
        return points(deal) >= self.score

    def fix(self, deal: DealState) -> Fix:
        """Returns the command that shows the signals. A fact is found out, never set for the sake of a score."""
        return Fix(FixKind.SHOW_SCORE, deal.facts.ref)

    def fields_asked(self, deal: DealState) -> Iterator[str]:
        for state in sorted(self.signals(deal), key=lambda state: -state.points):
            yield from state.unknown

    def signals(self, deal: DealState) -> list[SignalState]:
        if self.holds(deal):
            return []
        return signal_states(deal)

    def progress(self, deal: DealState) -> str:
        return f" ({points(deal)} of {self.score} points)"

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"at least {counted(self.score, 'point')}"

    def out_of_reach(self, signals: Mapping[str, SignalRule]) -> str:
        """Returns a sentence if all signals together give too few points; empty otherwise."""
        total = most_points(signals)
        if self.score <= total:
            return ""
        reason = f"the signals add up to {total} points" if signals else "there are no signals to give points"
        return f"{reason}, so {self.score} can never be reached"


def asks_score(criterion: Condition, criteria: Mapping[str, Criterion]) -> bool:
    """Returns True if it, or one of the named criteria that it refers to, requires a score."""
    return any(isinstance(part, Score) for part in every_part(criterion, criteria))


def most_points(signals: Mapping[str, SignalRule]) -> int:
    """Returns the points that these signals give if all of them hold."""
    return _total({name: signal.points for name, signal in signals.items()}, signals)


def signal_states(deal: DealState) -> list[SignalState]:
    """Returns every signal of the playbook as it stands for the deal, in the order of the playbook."""
    return [_state(name, signal, deal) for name, signal in deal.playbook.signals.items()]


def points(deal: DealState, also: str = "") -> int:
    """Returns the points of the signals that hold now; the one named `also` counts as if it held.

    Of signals that share `only_one_of`, the one with the most points counts.
    """
    given: dict[str, int] = {}
    for name, signal in deal.playbook.signals.items():
        if _gives(signal, deal):
            given[name] = present_points(signal, deal)
        elif name == also:
            given[name] = signal.points
    return _total(given, deal.playbook.signals)


def present_points(signal: SignalRule, deal: DealState) -> int:
    """Returns the points that a signal which holds gives now.

    With `fades` they halve each time so many days have passed since it began to hold, rounded down. They do not fade
    where that moment cannot be told.
    """
    if signal.fades is None:
        return signal.points
    since = holds_since(signal.when, deal)
    if since is None:
        return signal.points
    age = max(days_between(since, deal.clock.now, deal.clock.zone), 0.0)
    return floor(signal.points * pow(0.5, age / signal.fades) + ROUNDING)


def _total(given: Mapping[str, int], signals: Mapping[str, SignalRule]) -> int:
    """Returns the points that signals give together, of which those with one `only_one_of` count once."""
    most: dict[str, int] = {}
    for name, count in given.items():
        group = f"one of {signals[name].only_one_of}" if signals[name].only_one_of else name
        most[group] = max(most.get(group, 0), count)
    return sum(most.values())


def _gives(signal: SignalRule, deal: DealState) -> bool:
    return all(criterion.holds(deal) for criterion in signal.when)


def _state(name: str, signal: SignalRule, deal: DealState) -> SignalState:
    """Returns the state of a signal. Nothing is left to ask if one of its conditions is known not to hold."""
    open_fields: list[str] = []
    if not any(criterion.holds(deal) is False for criterion in signal.when):
        unmet = (criterion for criterion in signal.when if not criterion.holds(deal))
        open_fields = [field for criterion in unmet for field in criterion.fields_asked(deal)]
    unknown = tuple(dict.fromkeys(field for field in open_fields if field not in deal.facts.values))
    holds = _gives(signal, deal)
    return SignalState(name, signal.label, present_points(signal, deal) if holds else signal.points, holds, unknown)
