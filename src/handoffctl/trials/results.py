"""Reads trials with their deals, as of a moment."""

from collections.abc import Iterable
from dataclasses import replace

from handoffctl.core.moments import Clock, Moment, days_between
from handoffctl.db.query import Query
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.requirements import item_label
from handoffctl.trials import query as trials_query
from handoffctl.trials.judge import DAYS
from handoffctl.trials.model import Trial, TrialDeal, TrialResult
from handoffctl.trials.query import Occurrence, TrialDealRow


def trial_label(playbook: Playbook, trial: Trial) -> str:
    """Returns what people call that which is left out."""
    if trial.item:
        return item_label(playbook, trial.item)
    stage = playbook.title_of(trial.handoff) if trial.handoff in playbook.stages else trial.handoff
    return f"The step {stage}"


def trial_results(query: Query, playbook: Playbook, clock: Clock) -> list[TrialResult]:
    """Returns all trials of the playbook that had begun by the clock's moment, the oldest first."""
    trials = trials_query.trials_of(query, playbook.playbook)
    begun = [as_of(trial, clock) for trial in trials if _occurred(trial.started_at, clock)]
    return [TrialResult(trial, trial_label(playbook, trial), trial_deals(query, trial, clock)) for trial in begun]


def as_of(trial: Trial, clock: Clock) -> Trial:
    """Returns the trial as it was at the clock's moment: one that ended later was running then."""
    if trial.ended_at and not _occurred(trial.ended_at, clock):
        return replace(trial, ended_at=None, verdict=None, because="")
    return trial


def trial_deals(query: Query, trial: Trial, clock: Clock) -> tuple[TrialDeal, ...]:
    """Returns the deals of a trial with what had become of them by the clock's moment."""
    rows = [row for row in trials_query.deals_in(query, trial.id) if _occurred(row.at, clock)]
    last = trial.ended_at or clock.now
    filled = {
        each.trial_deal for each in trials_query.filled_in_later(query, trial.id)
        if not clock.is_before(last, each.at) and _occurred(each.at, clock)
    }  # fmt: skip
    failed = _within(rows, trials_query.failures(query, trial.id), clock)
    named = {each.trial_deal for each in trials_query.named_in_returns(query, trial.id) if _occurred(each.at, clock)}
    return tuple(
        TrialDeal(
            row.id, row.account, row.deal, row.arm, row.at, _missed(row, clock), row.id in filled, row.id in failed,
            row.id in named,
        )
        for row in rows
    )  # fmt: skip


def _missed(row: TrialDealRow, clock: Clock) -> bool | None:
    said = row.missed is not None and row.missed_at is not None and _occurred(row.missed_at, clock)
    return bool(row.missed) if said else None


def _within(rows: Iterable[TrialDealRow], occurrences: Iterable[Occurrence], clock: Clock) -> set[int]:
    """Returns the ids of the rows to which something occurred within 30 days of the attempt."""
    began = {row.id: row.at for row in rows}
    return {
        each.trial_deal
        for each in occurrences
        if each.trial_deal in began
        and _occurred(each.at, clock)
        and 0 <= days_between(began[each.trial_deal], each.at, clock.zone) <= DAYS
    }


def _occurred(at: Moment, clock: Clock) -> bool:
    return not clock.is_before(clock.now, at)
