"""Asks for and records whether what was left out was missed."""

from collections.abc import Collection, Mapping, Sequence

from handoffctl.core.names import part_of
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals import lookup_query
from handoffctl.deals.lookup_query import Account, Deal
from handoffctl.errors import NotFound
from handoffctl.playbook.library import load_playbook
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.requirements import item_label
from handoffctl.trials.judge import judge
from handoffctl.trials.query import MissedQuestion, left_out_of, open_questions, trials_of
from handoffctl.trials.results import trial_deals, trial_label
from handoffctl.workspace.home import Home


def question_name(question: MissedQuestion) -> str:
    """Returns the name by which `--missed` answers the question: the item, or the step."""
    return question.item or question.handoff


def question_label(playbook: Playbook, question: MissedQuestion) -> str:
    """Returns what people call that which was left out."""
    return item_label(playbook, question.item) if question.item else playbook.title_of(question.handoff)


def answers_by_name(missed: Sequence[str], not_missed: Sequence[str]) -> dict[str, bool]:
    """Returns the answers that came with a command."""
    return {**{name.strip(): False for name in not_missed}, **{name.strip(): True for name in missed}}


def refuse_unknown(playbook: Playbook, questions: Sequence[MissedQuestion], answers: Mapping[str, bool]) -> None:
    """Raises NotFound for an answer to a question that the deal does not have."""
    names = [question_name(question) for question in questions]
    unknown = next((name for name in answers if name not in names), None)
    if unknown is not None:
        hint = f"Left out here: {', '.join(names)}." if names else "See what is on trial: handoffctl trial list"
        raise NotFound(f'This deal has not gone without "{unknown[:60]}".', hint)


def record_missed(
    session: WriteSession, home: Home, deal: Deal, playbook: Playbook, answers: Mapping[str, bool]
) -> list[str]:
    """Records the answers about a deal. Returns remarks: a proposal for what was missed three times.

    Raises NotFound for an answer to a question that the deal does not have.
    """
    questions = open_questions(session.query, deal.id)
    refuse_unknown(playbook, questions, answers)
    for question in questions:
        if question_name(question) in answers:
            missed = int(answers[question_name(question)])
            session.change(session.models.TrialDeal, question.trial_deal, missed=missed, missed_at=session.at)
    touched = {question.trial_id for question in questions if answers.get(question_name(question))}
    return put_back_remarks(session.query, home, deal.playbook, playbook, touched)


def put_back_remarks(query: Query, home: Home, name: str, playbook: Playbook, trial_ids: set[int]) -> list[str]:
    """Returns a proposal for each of these trials whose item was missed too often."""
    remarks = []
    for trial in trials_of(query, name):
        if trial.id in trial_ids and trial.running:
            judged = judge(trial, trial_deals(query, trial, home.clock), home.clock)
            if judged.put_it_back:
                label = trial_label(playbook, trial)
                remarks.append(
                    f"{label} was missed {judged.missed} times. Put it back: "
                    f"handoffctl trial stop {trial.name} --put-back"
                )
    return remarks


def filled_in_remarks(home: Home, ref: str, names: Collection[str]) -> list[str]:
    """Returns a proposal for each item on probation that has now been filled in by hand too often.

    `ref` and `names` are the account or deal and the fields that were just recorded.
    """
    if not names:
        return []
    with home.reading() as query:
        account = _account_of(query, ref)
        trials = left_out_of(query, account.id, names)
        return [
            remark
            for name, trial_ids in trials.items()
            for remark in put_back_remarks(query, home, name, load_playbook(home, name).playbook, trial_ids)
        ]


def _account_of(query: Query, ref: str) -> Account:
    """Returns the account of `account` or `account/deal`."""
    try:
        return lookup_query.account(query, ref)
    except NotFound:
        return lookup_query.account(query, part_of(ref, ref.rpartition("/")[0]))
