"""The report on trials: each with its verdict and deals, the time saved a month, and what to leave out next."""

from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.core.moments import Moment, days_between
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.fields import report as fields_report
from handoffctl.reports.fields.price import MONTH_DAYS, money_of
from handoffctl.reports.trials.figures import Candidate, Outcomes, candidates, outcomes_after, outcomes_before
from handoffctl.reports.trials.query import earlier_handoffs
from handoffctl.trials.judge import judge
from handoffctl.trials.model import Trial, TrialDeal, TrialResult
from handoffctl.trials.results import trial_results


class TrialDealLine(NamedTuple):
    """A deal in a trial, and the command that opens it. `missed` is None while nobody has said."""

    account: str
    deal: str
    arm: str
    at: Moment
    missed: bool | None
    command: str


class ArmFigures(NamedTuple):
    """The deals of both arms whose 30 days are over, and the difference (without - with) as a share with its 90 %
    interval; the difference is None where an arm has none."""

    without_failed: int
    without: int
    with_failed: int
    with_: int
    difference: float | None
    low: float | None
    high: float | None
    p: float | None


class BeforeAfter(NamedTuple):
    """What followed a step before and after it was left out; time may have done it."""

    before: Outcomes
    after: Outcomes
    caution: str


class TrialLine(NamedTuple):
    """The figures of one trial. `state` is running, keep_out or put_back; seconds and money are of 30 days."""

    name: str
    label: str
    kind: str
    mode: str
    size: int
    margin: float | None
    started_at: Moment
    ended_at: Moment | None
    state: str
    verdict: str
    says: str
    asked: int
    missed: int
    at_most: float | None
    arms: ArmFigures | None
    step: BeforeAfter | None
    saved_seconds: float | None
    saved_money: float | None
    because: str
    deals: list[TrialDealLine]


class TrialsReport(NamedTuple):
    """The trials of the playbook that began in the window, the newest first, and the next candidates."""

    head: ReportHead
    currency: str
    trials: list[TrialLine]
    candidates: list[Candidate]


def build(context: ReportContext) -> TrialsReport:
    """Computes the report."""
    lines = fields_report.build(_silent(context)).fields
    seconds = {(line.handoff, line.item): line.median_seconds for line in lines}
    results = trial_results(context.query, context.playbook, context.clock)
    out = [result.trial.name for result in results if result.trial.running or result.trial.verdict == "keep_out"]
    shown = [result for result in reversed(results) if context.window.contains(result.trial.started_at)]
    trials = [_line(context, result, seconds.get((result.trial.handoff, result.trial.item))) for result in shown]
    proposed = candidates(lines, out, _named_by_playbook(context, results))
    return TrialsReport(context.head, context.home.configuration.currency, trials, proposed)


def _named_by_playbook(context: ReportContext, results: Sequence[TrialResult]) -> str | None:
    """Returns the candidate that the playbook names, unless it has been tried."""
    improve = context.playbook.improve
    tried = {result.trial.name for result in results}
    return improve.candidate if improve and improve.candidate not in tried else None


def _silent(context: ReportContext) -> ReportContext:
    """Returns the context with remarks of its own: those on fields belong to their report."""
    return ReportContext(context.home, context.query, context.playbook, context.window, context.progress)


def _line(context: ReportContext, result: TrialResult, seconds: float | None) -> TrialLine:
    trial, deals, clock = result.trial, result.deals, context.clock
    judged = judge(trial, deals, clock)
    arms = None
    if judged.counts:
        arms = ArmFigures(*judged.counts, judged.difference, judged.low, judged.high, judged.p)
    recent = [
        deal for deal in deals
        if deal.arm == "without" and days_between(deal.at, clock.now, clock.zone) <= MONTH_DAYS
    ]  # fmt: skip
    saved = None if seconds is None else round(seconds * len(recent), 1)
    money = None if saved is None else money_of(saved, context.home.configuration.hourly_rate)
    return TrialLine(
        trial.name, result.label, trial.kind, trial.mode, trial.size, trial.margin, trial.started_at, trial.ended_at,
        "running" if trial.running else trial.verdict or "stopped", judged.verdict, judged.says, judged.asked,
        judged.missed, judged.at_most, arms, _step(context, trial, deals), saved, money, trial.because,
        [_deal(deal) for deal in deals],
    )  # fmt: skip


def _step(context: ReportContext, trial: Trial, deals: Sequence[TrialDeal]) -> BeforeAfter | None:
    if trial.item:
        return None
    earlier = earlier_handoffs(context.query, trial.playbook, trial.handoff)
    before = outcomes_before(earlier, trial.started_at, context.clock)
    return BeforeAfter(before, outcomes_after(deals, context.clock), "time may have done it")


def _deal(deal: TrialDeal) -> TrialDealLine:
    command = f"handoffctl show {deal.account}"
    return TrialDealLine(deal.account, deal.deal, deal.arm, deal.at, deal.was_missed, command)
