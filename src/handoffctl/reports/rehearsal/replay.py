"""Replays tried handoffs under new rules and under the present ones, with the facts of each attempt."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from handoffctl.core.moments import Clock
from handoffctl.core.windows import Window
from handoffctl.playbook.criteria import DealState, item_holds
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.requirements import Requirements
from handoffctl.reports.rehearsal.changes import Change, ItemChange
from handoffctl.reports.rehearsal.figures import Outcome, ReplayedItem
from handoffctl.reports.rehearsal.known_facts import Interview, KnownFacts
from handoffctl.reports.rehearsal.query import RecordedAttempt
from handoffctl.reports.requirements import RequirementsAtTime

GapsByKind = Mapping[str, set[str]]


class ReplayedAttempt(NamedTuple):
    """An attempt with its facts before the interview and after it, the items filled there, and those not asked."""

    attempt: RecordedAttempt
    clock: Clock
    before: Facts
    after: Facts
    filled: set[str]
    not_asked: set[str]


class BothRules(NamedTuple):
    """What a handoff asks for by the new playbook and by the present one, None if that has no such handoff."""

    new: Requirements
    present: Requirements | None


class TriedHandoff:
    """All attempts at one handoff in one stay, replayed. `outcome` is what followed by now."""

    def __init__(self, known: KnownFacts, window: Window, attempts: Sequence[ReplayedAttempt], outcome: Outcome):
        self._known, self._window = known, window
        self.attempts, self.outcome = attempts, outcome

    @property
    def completed(self) -> ReplayedAttempt | None:
        """The attempt that passed, or None."""
        return next((each for each in self.attempts if not each.attempt.blocked), None)

    def replay(self, rules: BothRules, change: ItemChange) -> ReplayedItem:
        """Returns whether the item would have been asked for, and whether it was known later."""
        asked = [n for n, each in enumerate(self.attempts) if _asks(rules.new, change, each, True)]
        present = rules.present
        asked_before = present is not None and any(_asks(present, change, each, False) for each in self.attempts)
        known_later = bool(asked) and self._known_later(rules.new, change.item, asked[0])
        return ReplayedItem(self.attempts[0].attempt.deal, bool(asked), asked_before, known_later, self.outcome)

    def _known_later(self, rules: Requirements, item: str, first: int) -> bool:
        if any(_holds(rules, item, each.after, each.clock) for each in self.attempts[first:]):
            return True
        return _holds(rules, item, self._facts_by_now, self._window.clock)

    @cached_property
    def _facts_by_now(self) -> Facts:
        return self._known.by_now(self.attempts[0].attempt)

    def would_be_stopped(self, rules: BothRules, changes: Sequence[ItemChange]) -> bool:
        """True if it passed, and something that is only now required was missing then."""
        each = self.completed
        return each is not None and any(
            change.level == "required"
            and change.item not in each.not_asked
            and not _holds(rules.new, change.item, each.after, each.clock)
            for change in changes
        )

    def would_have_passed(self, rules: BothRules) -> bool:
        """True if its first attempt is blocked by the present rules, and by the new ones it is not."""
        each = self.attempts[0]
        if not each.attempt.blocked or rules.present is None:
            return False
        return _blocks(rules.present, each) and not _blocks(rules.new, each)


def _blocks(rules: Requirements, each: ReplayedAttempt) -> bool:
    names = (name for name in rules.required if name not in each.not_asked)
    return any(not _holds(rules, name, each.after, each.clock) for name in names)


def _asks(rules: Requirements, change: ItemChange, each: ReplayedAttempt, new: bool) -> bool:
    """True if the rules ask for the item at this attempt. What was filled in an interview was asked for there."""
    if (change.level if new else change.level_before) is None or change.item in each.not_asked:
        return False
    if change.item in each.filled and not (new and change.change is Change.CHANGED):
        return True
    return not _holds(rules, change.item, each.before, each.clock)


def _holds(rules: Requirements, item: str, facts: Facts, clock: Clock) -> bool:
    return bool(item_holds(item, DealState(rules.playbook, facts, clock)))


def replay_attempts(
    known: KnownFacts,
    window: Window,
    requirements: RequirementsAtTime,
    attempts: Sequence[RecordedAttempt],
    gaps: Mapping[int, GapsByKind],
) -> list[ReplayedAttempt]:
    """Returns the attempts at one handoff in one stay with their facts."""
    replayed, previous = [], 0
    for attempt in attempts:
        of_attempt = gaps.get(attempt.id, {})
        filled = of_attempt.get("filled", set())
        after = known.at_attempt(attempt)
        before = after
        if filled:
            key = (attempt.from_stage, attempt.name)
            then = requirements.at_revision(attempt.revision, key, attempt.to_stage)
            fields = {name for item in filled for name in requirements.fields(then, item)}
            before = known.at_attempt(attempt, Interview(fields, previous))
        clock = Clock(attempt.at, window.clock.zone)
        replayed.append(ReplayedAttempt(attempt, clock, before, after, filled, of_attempt.get("not_asked", set())))
        previous = attempt.command
    return replayed
