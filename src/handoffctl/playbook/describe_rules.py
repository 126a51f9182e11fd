"""Describes a playbook's further rules: follow-up of a stage, signals, dispositions, agreements, objectives, goal."""

from typing import NamedTuple

from handoffctl.playbook.model import Playbook
from handoffctl.playbook.quantities import counted, length
from handoffctl.playbook.sections import Agreement, Disposition, FollowUp, Goal, Objective, Signal

RATES = ("win_rate", "churn", "retention", "renewal", "expansion")
_MEASURED = {
    "passed": "is passed on", "accepted": "is accepted", "first_touch": "has its first touch",
    "first_response": "has its first response", "converted": "goes on",
}  # fmt: skip


class SignalDescription(NamedTuple):
    """A buying signal; `when` describes its criteria, `fades` how soon its points halve, if they do."""

    label: str
    why: str
    points: int
    when: list[str]
    fades: str | None


class DispositionDescription(NamedTuple):
    """A rule to close, park or keep a deal, with its conditions, `wake` and `for` in words."""

    propose: str
    when: list[str]
    unless: list[str]
    because: str
    wake: str | float | None
    for_: str | float | None


class AgreementDescription(NamedTuple):
    """An agreement between teams, and what is measured of it in words."""

    from_: str
    to: str
    promise: str
    measure: str
    handoff: str | None
    stage: str | None
    within: float | None
    share: float | None
    in_words: str


class ObjectiveDescription(NamedTuple):
    """A measure of a role and its target; `in_words` says how much of what."""

    role: str
    measure: str
    serves: str
    at_least: float | None
    at_most: float | None
    per: str
    in_words: str
    person: str
    of: str | None


class GoalDescription(NamedTuple):
    """The revenue goal; `in_words` says how much in which time."""

    revenue: float
    per: str
    in_words: str


def describe_goal(goal: Goal) -> GoalDescription:
    return GoalDescription(goal.revenue, goal.per, f"revenue: {goal.revenue:,.10g} a {goal.per}")


def describe_signal(signal: Signal, playbook: Playbook) -> SignalDescription:
    conditions = [criterion.describe(playbook) for criterion in signal.when]
    fades = None if signal.fades is None else length(signal.fades)
    return SignalDescription(signal.label, signal.why, signal.points, conditions, fades)


def describe_disposition(rule: Disposition, playbook: Playbook) -> DispositionDescription:
    when, unless = ([part.describe(playbook) for part in parts] for parts in (rule.when, rule.unless))
    wake, keep_for = (days and length(days) for days in (rule.wake, rule.keep_for))
    return DispositionDescription(rule.propose, when, unless, rule.because, wake, keep_for)


def describe_agreement(rule: Agreement, playbook: Playbook) -> AgreementDescription:
    return AgreementDescription(
        rule.giver, rule.taker, rule.promise, rule.measure, rule.handoff, rule.stage, rule.within, rule.share,
        agreement_in_words(rule, playbook),
    )  # fmt: skip


def describe_objective(rule: Objective, playbook: Playbook) -> ObjectiveDescription:
    return ObjectiveDescription(
        rule.role, rule.measure, rule.serves, rule.at_least, rule.at_most, rule.per, objective_in_words(rule),
        rule.person, rule.of.describe(playbook) if rule.of else None,
    )  # fmt: skip


def share(part: float) -> str:
    """Returns a share in percent: `80%`."""
    return f"{round(part * 100, 2):g}%"


def follow_up_in_words(rule: FollowUp) -> str:
    """Returns the guideline in words: `first within 4 hours; at least 5 attempts, one every 3 days, within 2 weeks`."""
    parts = [f"first within {length(rule.first_within)}"] if rule.first_within is not None else []
    least = f"at least {counted(rule.attempts, 'attempt')}" if rule.attempts else ""
    most = f"at most {rule.most if least else counted(rule.most, 'attempt')}" if rule.most else ""
    spaced = f"one every {length(rule.every)}" if rule.every is not None else ""
    ended = f"within {length(rule.within)}" if rule.within is not None else ""
    parts += [", ".join(filter(None, (least, most, spaced, ended)))] if least or most or spaced or ended else []
    parts += [f"a decision after {counted(rule.no_shows, 'no-show')}"] if rule.no_shows else []
    parts += [f"fewer are enough when the reason is: {', '.join(rule.waived)}"] if rule.waived else []
    return "; ".join(parts)


def agreement_in_words(rule: Agreement, playbook: Playbook) -> str:
    """Returns what an agreement measures: `a handoff to qualified is accepted within 4 hours, in 80% of cases`."""
    what = f"a handoff to {rule.handoff}" if rule.handoff else f"a deal in {playbook.title_of(rule.stage or '')}"
    within = f" within {length(rule.within)}" if rule.within is not None else ""
    of_them = f", in {share(rule.share)} of cases" if rule.share is not None else ""
    return f"{what} {_MEASURED[rule.measure]}{within}{of_them}"


def objective_in_words(rule: Objective) -> str:
    """Returns how much of what: `calls: at least 20 a week`, `win rate: at least 30% a quarter`."""
    limit = rule.at_least if rule.at_least is not None else rule.at_most
    bound = "at least" if rule.at_least is not None else "at most"
    amount = share(limit) if rule.measure in RATES and limit is not None else f"{limit:,.10g}"
    return f"{rule.measure.replace('_', ' ')}: {bound} {amount} a {rule.per}"
