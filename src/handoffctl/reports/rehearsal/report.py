"""The rehearsal of a playbook: replays the recorded handoffs under new rules, with the facts as they were known."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from handoffctl.core.moments import Moment, days_between, is_before, sort_key
from handoffctl.deals.stays_query import DealName, deal_names
from handoffctl.handoffs.cover import NAME as COVER
from handoffctl.playbook.library import archived_playbook, playbook_paths
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.requirements import Requirements, item_label
from handoffctl.reports import attempts_query
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.fields.report import handoff_title
from handoffctl.reports.rehearsal import query as rehearsal_query
from handoffctl.reports.rehearsal.changes import FactsNeeded, ItemChange, Needs, facts_needed, item_changes, needs_of
from handoffctl.reports.rehearsal.figures import (
    ENOUGH,
    ItemFigures,
    Outcome,
    ReplayedItem,
    item_figures,
    months,
    never_known,
    seconds_a_month,
)
from handoffctl.reports.rehearsal.known_facts import KnownFacts
from handoffctl.reports.rehearsal.query import RecordedAttempt
from handoffctl.reports.rehearsal.replay import BothRules, GapsByKind, TriedHandoff, replay_attempts
from handoffctl.reports.requirements import HandoffKey, RequirementsAtTime, all_items
from handoffctl.stats.percentiles import percentile_of

IN_USE, LAST_USED = "the playbook in use", "the content last used"
_ENDED_BADLY = (Outcome.RETURNED, Outcome.LOST)


class DealBehind(NamedTuple):
    """A deal that was returned or lost and never knew the answer, and the command that opens it."""

    account: str
    deal: str
    outcome: str
    command: str


class RehearsedItem(NamedTuple):
    """An item that is asked for otherwise.

    `figures` are None where it cannot be rehearsed, because `never_known` was never asked or known. `timed` is the
    number of stays in which answering it was timed; `seconds_a_month` is negative where it is asked less.
    """

    item: str
    label: str
    change: str
    level: str | None
    level_before: str | None
    rehearsable: bool
    never_known: list[str]
    figures: ItemFigures | None
    timed: int
    median_seconds: float | None
    seconds_a_month: float | None
    deals: list[DealBehind]


class RehearsedHandoff(NamedTuple):
    """A handoff that asks otherwise. `handoffs` counts stays in which it was tried, `attempts` all attempts there.

    `would_be_stopped` are those that passed and would have been stopped at first, `would_have_passed` those that were
    blocked at first and would have passed.
    """

    handoff: str
    from_: str
    to: str
    called: str
    handoffs: int
    attempts: int
    passed: int
    enough: bool
    would_be_stopped: int
    would_have_passed: int
    items: list[RehearsedItem]


class LeftOutHandoff(NamedTuple):
    """A recorded handoff that the new playbook does not have, and why."""

    handoff: str
    from_: str
    to: str
    called: str
    handoffs: int
    attempts: int
    because: str


class LeftOut(NamedTuple):
    """What is in no figure: attempts of test accounts, covers, and moves in imported history without an attempt."""

    test_attempts: int
    covers: int
    imported_moves: int
    undated_moves: int


class SecondsAMonth(NamedTuple):
    """The seconds a month by which more and less would be asked. `untimed` items are in neither."""

    more: float
    less: float
    untimed: list[str]


class Rehearsal(NamedTuple):
    """The rehearsal. `compared_with` says which present rules the new ones are compared with."""

    head: ReportHead
    file: str
    compared_with: str
    handoffs_tried: int
    attempts: int
    months: float | None
    enough_from: int
    seconds_a_month: SecondsAMonth
    handoffs: list[RehearsedHandoff]
    no_longer_there: list[LeftOutHandoff]
    left_out: LeftOut


class _Records(NamedTuple):
    """What was recorded in the window: attempts by handoff and stay, and what is left out."""

    tried: dict[HandoffKey, list[list[RecordedAttempt]]]
    gaps: Mapping[int, GapsByKind]
    outcomes: Mapping[int, Outcome]
    asked_for: set[str]
    left_out: LeftOut


def build(context: ReportContext, new: Playbook, path: Path) -> Rehearsal:
    """Computes the rehearsal of a new playbook on the attempts that were recorded in that of the context."""
    contents = attempts_query.revision_contents(context.query, context.playbook.playbook)
    requirements = RequirementsAtTime(context, contents)
    present, compared_with = _present(context, path)
    records = _read(context, requirements)
    rehearsal = _Rehearsing(context, requirements, records, new, present)
    tried = [attempts for of_handoff in records.tried.values() for attempts in of_handoff]
    span = _months(context, [attempts[0].at for attempts in tried])
    handoffs = rehearsal.handoffs(span)
    return Rehearsal(
        context.head, str(path), compared_with, len(tried), sum(map(len, tried)), span, ENOUGH,
        _seconds(handoffs), handoffs, rehearsal.no_longer_there(), records.left_out,
    )  # fmt: skip


def _present(context: ReportContext, path: Path) -> tuple[Playbook, str]:
    """Returns the rules to compare with: the file in use, or if that is the new one, the content last used."""
    name = context.playbook.playbook
    file = playbook_paths(context.home).get(name)
    if file is None or file.resolve() == path.resolve():
        return archived_playbook(context.query, name) or context.playbook, LAST_USED
    return context.playbook, IN_USE


def _read(context: ReportContext, requirements: RequirementsAtTime) -> _Records:
    name, window = context.playbook.playbook, context.window
    gaps: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for gap in attempts_query.gaps(context.query, name):
        gaps[gap.handoff][gap.kind].add(gap.name)
    by_stay: dict[tuple[int, str], list[RecordedAttempt]] = defaultdict(list)
    test = covers = 0
    rules_then: set[tuple[int, HandoffKey, str]] = set()
    missing: set[str] = set()
    for attempt in rehearsal_query.attempts(context.query, name):
        if not window.occurred(attempt.at):
            continue
        if attempt.test or _is_cover(attempt):
            counted = window.contains(attempt.at)
            test, covers = test + (counted and bool(attempt.test)), covers + (counted and not attempt.test)
            continue
        by_stay[attempt.stay, attempt.name].append(attempt)
        rules_then.add((attempt.revision, (attempt.from_stage, attempt.name), attempt.to_stage))
        missing |= gaps[attempt.id]["required"] | gaps[attempt.id]["nice_to_have"] | gaps[attempt.id]["filled"]
    tried: dict[HandoffKey, list[list[RecordedAttempt]]] = defaultdict(list)
    for attempts in by_stay.values():
        if window.contains(attempts[0].at):
            tried[attempts[0].from_stage, attempts[0].name].append(attempts)
    asked_for = missing | _asked_for(requirements, rules_then)
    left_out = LeftOut(test, covers, *_moves_without_attempt(context))
    return _Records(tried, gaps, _ends(context), asked_for, left_out)


def _asked_for(requirements: RequirementsAtTime, rules_then: Iterable[tuple[int, HandoffKey, str]]) -> set[str]:
    """Returns the fields that the rules asked for under which handoffs were tried."""
    required = (requirements.at_revision(*each) for each in rules_then)
    return {field for then in required for item in all_items(then) for field in requirements.fields(then, item)}


def _is_cover(attempt: RecordedAttempt) -> bool:
    return attempt.name == COVER and attempt.from_stage == attempt.to_stage


def _moves_without_attempt(context: ReportContext) -> tuple[int, int]:
    """Returns the dated and the undated moves in imported history, of which no attempt is recorded."""
    moves = rehearsal_query.moves_without_attempt(context.query, context.playbook.playbook)
    dated = sum(move.left_at is not None and context.window.contains(move.left_at) for move in moves)
    return dated, sum(move.left_at is None for move in moves)


def _ends(context: ReportContext) -> dict[int, Outcome]:
    """Returns how each deal stands by now."""
    ends = {}
    for stay in rehearsal_query.stays(context.query, context.playbook.playbook):
        if stay.entered_at is None or context.window.occurred(stay.entered_at):
            ends[stay.deal] = Outcome(stay.kind)
    return ends


def _months(context: ReportContext, firsts: Sequence[Moment]) -> float | None:
    """Returns the months from the first handoff, or --since, to --until or the moment of the rehearsal."""
    zone, window = context.clock.zone, context.window
    if not firsts:
        return None
    start = window.since or min(firsts, key=lambda at: sort_key(at, zone))
    ends_earlier = window.until and is_before(window.until, context.clock.now, zone)
    end = window.until if window.until and ends_earlier else context.clock.now
    return months(days_between(start, end, zone))


def _seconds(handoffs: Iterable[RehearsedHandoff]) -> SecondsAMonth:
    items = [item for handoff in handoffs for item in handoff.items if item.figures]
    seconds = [item.seconds_a_month for item in items if item.seconds_a_month is not None]
    untimed = dict.fromkeys(item.label for item in items if item.seconds_a_month is None)
    more, less = sum(each for each in seconds if each > 0), -sum(each for each in seconds if each < 0)
    return SecondsAMonth(round(more, 1), round(less, 1), list(untimed))


class _Rehearsing:
    """Computes the handoffs of one rehearsal. Facts are read only if a handoff asks otherwise."""

    def __init__(
        self, context: ReportContext, requirements: RequirementsAtTime, records: _Records, new: Playbook,
        present: Playbook,
    ) -> None:  # fmt: skip
        self._context, self._requirements, self._records = context, requirements, records
        self._new, self._present = new, present
        self._facts: KnownFacts | None = None
        self._needed = FactsNeeded(True, True, True)
        self._timed: dict[int, Counter[str]] | None = None
        self._names: dict[int, DealName] | None = None

    def handoffs(self, span: float | None) -> list[RehearsedHandoff]:
        """Returns every handoff of the new playbook that asks otherwise, tried or not, in its order."""
        changed = []
        for key, (to_stage, required) in self._asked().items():
            rules = BothRules(required, self._requirements.in_playbook(self._present, key, to_stage))
            changes = item_changes(rules.present, required)
            if changes:
                changed.append((key, to_stage, rules, changes))
        self._needed = facts_needed(
            (item, each.playbook)
            for _, _, rules, changes in changed
            for each in (rules.new, rules.present)
            if each
            for item in (*each.required, *(change.item for change in changes))
        )
        return [self._handoff(*each, span) for each in changed]

    def _asked(self) -> dict[HandoffKey, tuple[str, Requirements]]:
        """Returns the handoffs of the new playbook, then the direct moves into a won stage that were tried."""
        asked = {
            (handoff.from_stage, handoff.key): (handoff.to_stage, self._requirements.of_handoff(self._new, handoff))
            for handoff in self._new.handoffs
        }
        for key, tried in self._records.tried.items():
            to_stage = tried[0][0].to_stage
            if key not in asked and (required := self._requirements.in_playbook(self._new, key, to_stage)):
                asked[key] = to_stage, required
        return asked

    def no_longer_there(self) -> list[LeftOutHandoff]:
        """Returns the recorded handoffs that the new playbook does not have."""
        left_out = []
        for key, tried in self._records.tried.items():
            to_stage = tried[0][0].to_stage
            if self._requirements.in_playbook(self._new, key, to_stage) is None:
                left_out.append(
                    LeftOutHandoff(
                        key[1], key[0], to_stage, handoff_title(self._present, key, to_stage), len(tried),
                        sum(map(len, tried)), self._why_not(key, tried[0][0]),
                    )
                )  # fmt: skip
        return left_out

    def _why_not(self, key: HandoffKey, attempt: RecordedAttempt) -> str:
        stages = [key[0]]
        if attempt.to_playbook == self._context.playbook.playbook:
            stages.append(attempt.to_stage)
        gone = [stage for stage in stages if stage not in self._new.stages]
        return f'it has no stage "{gone[0]}"' if gone else "it has no such handoff"

    def _known(self) -> KnownFacts:
        if self._facts is None:
            context = self._context
            self._facts = KnownFacts(context.query, context.playbook.playbook, context.window, self._needed)
        return self._facts

    def _handoff(
        self, key: HandoffKey, to_stage: str, rules: BothRules, changes: Sequence[ItemChange], span: float | None
    ) -> RehearsedHandoff:
        attempts = self._records.tried.get(key, [])
        tried = [self._replayed(each) for each in attempts]
        return RehearsedHandoff(
            key[1], key[0], to_stage, handoff_title(self._new, key, to_stage), len(tried), sum(map(len, attempts)),
            sum(each.completed is not None for each in tried), len(tried) >= ENOUGH,
            sum(each.would_be_stopped(rules, self._rehearsable(rules, changes)) for each in tried),
            sum(each.would_have_passed(rules) for each in tried),
            [self._item(rules, change, tried, span) for change in changes],
        )  # fmt: skip

    def _replayed(self, attempts: Sequence[RecordedAttempt]) -> TriedHandoff:
        known, window, gaps = self._known(), self._context.window, self._records.gaps
        replayed = replay_attempts(known, window, self._requirements, attempts, gaps)
        return TriedHandoff(known, window, replayed, self._outcome(attempts))

    def _outcome(self, attempts: Sequence[RecordedAttempt]) -> Outcome:
        if any(self._context.window.occurred(attempt.returned_at) for attempt in attempts):
            return Outcome.RETURNED
        return self._records.outcomes.get(attempts[0].deal, Outcome.OPEN)

    def _rehearsable(self, rules: BothRules, changes: Sequence[ItemChange]) -> list[ItemChange]:
        return [change for change in changes if change.level and not self._never_known(rules, change)]

    def _never_known(self, rules: BothRules, change: ItemChange) -> list[str]:
        """Returns the labels of what the item looks at that was never asked for and never known."""
        if change.level is None:
            return []
        needs = needs_of(change.item, rules.new.playbook)
        return _labels(needs, self._known(), self._records.asked_for, rules.new.playbook)

    def _item(
        self, rules: BothRules, change: ItemChange, tried: Sequence[TriedHandoff], span: float | None
    ) -> RehearsedItem:
        asking = rules.new if change.level else rules.present or rules.new
        never_known = self._never_known(rules, change)
        replayed = [] if never_known else [each.replay(rules, change) for each in tried]
        figures = item_figures(replayed) if replayed else None
        seconds = self._seconds_of(self._requirements.fields(asking, change.item))
        median = percentile_of(seconds, 0.5)
        more = figures.asked - figures.asked_before if figures else 0
        return RehearsedItem(
            change.item, item_label(asking.playbook, change.item), change.change.value, change.level,
            change.level_before, figures is not None, never_known, figures, len(seconds), median,
            seconds_a_month(more, median, span) if figures and span else None, self._deals(replayed),
        )  # fmt: skip

    def _seconds_of(self, names: set[str]) -> list[float]:
        """Returns the seconds that answering these fields took in each stay in which it was timed, in order."""
        if self._timed is None:
            self._timed = defaultdict(Counter)
            for answer in attempts_query.timed_answers(self._context.query, self._context.playbook.playbook):
                if self._context.window.occurred(answer.at):
                    self._timed[answer.stay][answer.name] += answer.seconds  # type: ignore[assignment]  # tenths
        timed = (stay for stay in self._timed.values() if not names.isdisjoint(stay))
        return sorted(sum(stay[name] for name in names) for stay in timed)

    def _deals(self, replayed: Iterable[ReplayedItem]) -> list[DealBehind]:
        behind = [one for one in replayed if never_known(one) and one.outcome in _ENDED_BADLY]
        names = self._deal_names() if behind else {}
        return [
            DealBehind(name.account, name.deal, one.outcome.value, f"handoffctl show {name.ref}")
            for one in behind
            if (name := names.get(one.deal))
        ]

    def _deal_names(self) -> dict[int, DealName]:
        """Returns the names of the deals that were returned or lost, read once."""
        if self._names is None:
            tried = (attempts for of_handoff in self._records.tried.values() for attempts in of_handoff)
            deals = {attempts[0].deal for attempts in tried if self._outcome(attempts) in _ENDED_BADLY}
            self._names = deal_names(self._context.query, deals)
        return self._names


def _labels(needs: Needs, known: KnownFacts, asked_for: set[str], playbook: Playbook) -> list[str]:
    fields = sorted(needs.fields - known.names_known - asked_for)
    roles = sorted(needs.roles - known.roles_met)
    summary = ["a summary"] if needs.summary and not known.any_summary else []
    return [*(playbook.label_of(name) for name in fields), *roles, *summary]
