"""Judges deals by the dispositions of their playbooks, and finds what is proposed about them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from handoffctl.core.business_time import WorkCalendar
from handoffctl.core.moments import Clock, Moment, days_between, sort_key
from handoffctl.db.query import Query
from handoffctl.dispositions.facts import PlaybookOf, facts_of_many
from handoffctl.dispositions.judgement import Judgement, judge
from handoffctl.dispositions.model import DealFacts, DealToJudge, DecisionRow, Proposal
from handoffctl.dispositions.playbook_figures import PlaybookFigures
from handoffctl.dispositions.stage_history import still_here_in_words
from handoffctl.follow_up.rules import follow_up_status, waiving_word
from handoffctl.playbook.criteria import Condition, DealState
from handoffctl.playbook.criteria.base import named_condition
from handoffctl.playbook.criteria.time_facts import CountedCondition, StageAge
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.sections import Disposition


@dataclass(frozen=True)
class JudgingContext:
    """What deals are judged with: the database, the time, and the playbook of each deal as the deal has it."""

    query: Query
    clock: Clock
    week: WorkCalendar
    playbook_of: PlaybookOf
    figures: PlaybookFigures = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", PlaybookFigures(self.query, self.clock))


def proposals(context: JudgingContext, deals: Sequence[DealToJudge], with_evidence: bool = True) -> Iterator[Proposal]:
    """Yields what is proposed about the deals for which a rule speaks, in the order of `deals`."""
    with_rules = [row for row in deals if (playbook := context.playbook_of(row.deal)) and playbook.dispositions]
    facts = facts_of_many(context.query, context.clock, with_rules, context.playbook_of, context.figures)
    for row in with_rules:
        playbook = context.playbook_of(row.deal)
        if playbook is None:
            continue
        judgement = judge_deal(context, row, playbook, facts[row.deal.id])
        if judgement.rule:
            rule = playbook.dispositions[judgement.rule]
            evidence = _evidence(context, row, playbook, rule, facts[row.deal.id]) if with_evidence else ""
            yield Proposal(row.deal, rule, judgement, evidence)


def judge_deal(context: JudgingContext, row: DealToJudge, playbook: Playbook, facts: DealFacts) -> Judgement:
    """Returns which rule of the playbook speaks for the deal."""
    state = DealState(playbook, facts.facts, context.clock)
    return judge(playbook.dispositions, state, lambda because: may_be_lost(context, row, playbook, facts, because))


def may_be_lost(context: JudgingContext, row: DealToJudge, playbook: Playbook, facts: DealFacts, because: str) -> bool:
    """Returns False while attempts are owed by the follow-up guideline of the stage, as `close --lost` refuses then."""
    stage = playbook.stages.get(row.deal.stage)
    if stage is None or stage.follow_up is None or facts.attempts is None:
        return True
    status = follow_up_status(stage.follow_up, facts.attempts, context.clock, context.week)
    return not status.owed or bool(status.decide) or bool(waiving_word(stage.follow_up, because))


def _evidence(
    context: JudgingContext, row: DealToJudge, playbook: Playbook, rule: Disposition, facts: DealFacts
) -> str:
    """Returns what became of the deals that were in the stage as long, where time is a reason of the rule."""
    conditions = [named for part in rule.when for named in with_named(part, playbook)]
    counted = facts.facts.counted
    if counted is None or not any(isinstance(condition, CountedCondition) for condition in conditions):
        return ""
    limits = [part.stage_age.days(counted) for part in conditions if isinstance(part, StageAge)]
    day = max((limit for limit in limits if limit is not None), default=None)
    if day is None and row.deal.entered_at is not None:
        day = days_between(row.deal.entered_at, context.clock.now, context.clock.zone)
    history = context.figures.history(playbook, row.deal.stage)
    return "" if day is None else still_here_in_words(history, day)


def with_named(condition: Condition, playbook: Playbook) -> Iterator[Condition]:
    """Yields the condition, or what it stands for where it is a name."""
    named = [named_condition(playbook, name) for name in condition.items()]
    yield condition
    yield from (inner for inner in named if inner is not None)


def is_quiet(decision: DecisionRow | None, clock: Clock) -> bool:
    """Returns True if nothing is to be proposed yet, because somebody decided so."""
    return decision is not None and decision.until is not None and clock.is_before(clock.now, decision.until)


def oldest_first(deals: Iterable[DealToJudge], clock: Clock) -> list[DealToJudge]:
    """Returns the deals by the beginning of their stays; those of which it is not known come first."""

    def key(row: DealToJudge) -> tuple[object, ...]:
        entered_at: Moment | None = row.deal.entered_at
        return (entered_at is not None, sort_key(entered_at, clock.zone) if entered_at else (), row.deal.id)

    return sorted(deals, key=key)
