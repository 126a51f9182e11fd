"""Records the deals of running trials with the attempt that did without what is left out."""

from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.handoffs.attempt import HandoffAttempt, tried_stay
from handoffctl.handoffs.gate import Verdict
from handoffctl.trials.draw import draw_arm
from handoffctl.trials.left_out import takes_part
from handoffctl.trials.model import WITHOUT, Trial
from handoffctl.trials.query import trials_of
from handoffctl.workspace.home import Home


def record_in_trials(
    session: WriteSession, home: Home, attempt: HandoffAttempt, verdict: Verdict, handoff_id: int
) -> None:
    """Adds the deal to each running trial of this handoff, once in a stay.

    A probation takes it where the handoff passed without the item; a randomized trial at the first attempt, in the arm
    that was drawn.
    """
    deal = attempt.deal
    for trial in trials_of(session.query, deal.playbook):
        arm = _arm(trial, attempt, verdict, home)
        if arm and not _is_in(session.query, trial.id, deal.visit_id):
            session.add(
                session.models.TrialDeal(
                    trial_id=trial.id, deal_id=deal.id, visit_id=deal.visit_id, handoff_id=handoff_id, arm=arm,
                    at=session.at,
                )
            )  # fmt: skip


def _arm(trial: Trial, attempt: HandoffAttempt, verdict: Verdict, home: Home) -> str:
    """Returns the arm of the deal; empty where this attempt does not bring it into the trial."""
    stay = tried_stay(attempt.deal)
    if not trial.running or not takes_part(trial, stay, attempt.handoff.key, home.clock):
        return ""
    if trial.randomized:
        return draw_arm(trial.draw_key, stay.account_id)
    went_without = any(item.trial_id == trial.id for item in verdict.not_asked)
    return WITHOUT if verdict.clear and went_without else ""


def _is_in(query: Query, trial_id: int, visit_id: int) -> bool:
    sql = "SELECT 1 FROM trial_deal WHERE trial_id = :trial AND visit_id = :visit"
    return bool(query(sql, trial=trial_id, visit=visit_id))
