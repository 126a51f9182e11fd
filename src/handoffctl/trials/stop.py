"""Ends a trial: puts back what it left out, or keeps it out."""

from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.errors import NotFound, NotReady
from handoffctl.playbook.library import load_playbook
from handoffctl.trials.judge import JudgedTrial, judge
from handoffctl.trials.model import Trial
from handoffctl.trials.query import trials_of
from handoffctl.trials.results import trial_deals, trial_label
from handoffctl.workspace.home import Home


class StoppedTrial(NamedTuple):
    """The trial as it ended: `verdict` is keep_out or put_back."""

    trial: Trial
    label: str
    verdict: str
    judged: JudgedTrial


def stop_trial(home: Home, name: str, playbook_name: str, verdict: str, because: str) -> StoppedTrial:
    """Ends the running trial, or puts back what an earlier one left out. Without a verdict the figures decide.

    Raises NotFound for no such trial, NotReady where the figures do not decide yet.
    """
    playbook = load_playbook(home, playbook_name).playbook
    with home.writing() as session:
        trial = _meant(trials_of(session.query, playbook.playbook), name)
        label = trial_label(playbook, trial)
        judged = judge(trial, trial_deals(session.query, trial, home.clock), home.clock)
        verdict = verdict or _decided(trial, judged)
        session.change(session.models.Trial, trial.id, ended_at=session.at, verdict=verdict, because=because.strip())
        word = "put back" if verdict == "put_back" else "kept out"
        session.log(f"Ended the trial of {label} ({trial.name}): {word}." + (f" {because}" if because else ""))
    return StoppedTrial(trial, label, verdict, judged)


def _decided(trial: Trial, judged: JudgedTrial) -> str:
    if judged.put_it_back or judged.keep_it_out:
        return judged.verdict
    raise NotReady(
        f"Can't decide for you: {judged.says}.",
        f"Decide yourself: handoffctl trial stop {trial.name} --put-back, or --keep-out",
    )


def _meant(trials: Sequence[Trial], name: str) -> Trial:
    """Returns the running trial, or the newest of this name whose item is left out."""
    out = [trial for trial in trials if trial.running or trial.verdict == "keep_out"]
    named = [trial for trial in out if name.casefold() == trial.name.casefold()]
    found = named or [trial for trial in out if not name and trial.running]
    if found:
        return found[-1]
    names = ", ".join(dict.fromkeys(trial.name for trial in out))
    hint = f"Left out are: {names}." if names else "Begin one with: handoffctl trial start HANDOFF.ITEM"
    raise NotFound(f'No trial of "{name[:60]}" is running.' if name else "No trial is running.", hint)
