"""Judges a trial by the deals in it: the counts, the verdict, and its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.moments import Clock, days_between
from handoffctl.stats.probation_verdict import ProbationWord, judge_probation
from handoffctl.stats.trial_verdict import TrialCounts, TrialVerdict, TrialWord, judge_trial
from handoffctl.trials.model import WITH, WITHOUT, Trial, TrialDeal

DAYS = 30  # returned or lost within so many days is the outcome of a randomized trial


class JudgedTrial(NamedTuple):
    """What a trial shows. `verdict` is a word for programs, `says` the sentence; `at_most` and intervals are shares."""

    verdict: str
    says: str
    asked: int
    missed: int
    at_most: float | None
    counts: TrialCounts | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def put_it_back(self) -> bool:
        return self.verdict == "put_back"

    @property
    def keep_it_out(self) -> bool:
        return self.verdict == "keep_out"


def judge(trial: Trial, deals: Sequence[TrialDeal], clock: Clock) -> JudgedTrial:
    """Returns what the trial shows as of the clock's moment."""
    return _judge_randomized(trial, deals, clock) if trial.randomized else _judge_probation(trial, deals)


def _judge_probation(trial: Trial, deals: Sequence[TrialDeal]) -> JudgedTrial:
    answers = [deal.was_missed for deal in deals if deal.was_missed is not None]
    missed, asked = sum(answers), len(answers)
    if not asked:
        return JudgedTrial("going_on", f"nobody has said yet whether it was missed; 0 of {trial.size}", 0, 0, None)
    word, at_most = judge_probation(missed, asked, trial.size)
    counted = f"missed {missed} of {asked} (at most {at_most:.0%}, 95 %)".replace("%, 95", " %, 95")
    if word is ProbationWord.PUT_BACK:
        return JudgedTrial("put_back", f"put it back: missed {missed} of {asked}", asked, missed, at_most)
    if word is ProbationWord.KEEP_OUT:
        return JudgedTrial("keep_out", f"keep it out: {counted}", asked, missed, at_most)
    return JudgedTrial("going_on", f"{counted}; {trial.size - asked} to go", asked, missed, at_most)


@dataclass
class _Arm:
    total: int = 0
    failed: int = 0


def _judge_randomized(trial: Trial, deals: Sequence[TrialDeal], clock: Clock) -> JudgedTrial:
    """Counts only deals whose 30 days are over, so that both arms had the same time."""
    arms, named = {WITHOUT: _Arm(), WITH: _Arm()}, 0
    for deal in deals:
        named += deal.named
        if days_between(deal.at, clock.now, clock.zone) >= DAYS:
            arms[deal.arm].total += 1
            arms[deal.arm].failed += deal.failed
    without, with_item = arms[WITHOUT], arms[WITH]
    counts = TrialCounts(without.failed, without.total, with_item.failed, with_item.total)
    finished = min(without.total, with_item.total) >= trial.size
    judged = judge_trial(counts, trial.margin or 0.0, finished, named)
    words = {
        TrialWord.KEEP_OUT: "keep_out", TrialWord.PUT_BACK: "put_back", TrialWord.NOT_SHOWN: "not_shown",
        TrialWord.GOING_ON: "going_on",
    }  # fmt: skip
    says = _words(trial, counts, judged) + (f"; named by {named} return{'' if named == 1 else 's'}" if named else "")
    return JudgedTrial(
        words[judged.word], says, without.total, without.failed, None, counts, judged.difference, judged.low,
        judged.high, judged.p,
    )  # fmt: skip


def _words(trial: Trial, counts: TrialCounts, judged: TrialVerdict) -> str:
    if judged.difference is None or judged.low is None or judged.high is None:
        without = _arm(counts.without, counts.without_total, "without")
        said = f"{without}, {_arm(counts.with_item, counts.with_total, 'with')}"
        alone = (
            "nobody to compare with yet" if judged.word is not TrialWord.PUT_BACK else "put it back: returns name it"
        )
        return f"{alone}: {said}"
    said = (
        f"returned or lost within {DAYS} days {counts.without} of {counts.without_total} without it, "
        f"{counts.with_item} of {counts.with_total} with it: {judged.difference * 100:+.0f} points "
        f"({judged.low * 100:.0f} to {judged.high * 100:.0f}, 90 %)"
    )
    if judged.word is TrialWord.GOING_ON:
        return f"{said}; it decides at {trial.size} in each arm"
    return f"{judged.word.value}: {said}"


def _arm(failed: int, total: int, name: str) -> str:
    return f"{failed} of {total} returned or lost {name} it"
