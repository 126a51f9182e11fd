"""What a playbook's further rules say, in words: how a stage is followed up, agreements, objectives."""

from handoffctl.playbook.model import Playbook
from handoffctl.playbook.quantities import counted, length
from handoffctl.playbook.sections import Agreement, FollowUp, Objective

RATES = ("win_rate", "churn", "retention", "renewal", "expansion")
_MEASURED = {
    "passed": "is passed on", "accepted": "is accepted", "first_touch": "has its first touch",
    "first_response": "has its first response", "converted": "goes on",
}  # fmt: skip


def share(part: float) -> str:
    """`80%`"""
    return f"{round(part * 100, 2):g}%"


def follow_up_in_words(rule: FollowUp) -> str:
    """How a stage is followed up: `first within 4 hours; at least 5 attempts, one every 3 days, within 2 weeks`."""
    said = [f"first within {length(rule.first_within)}"] if rule.first_within is not None else []
    least = f"at least {counted(rule.attempts, 'attempt')}" if rule.attempts else ""
    most = f"at most {rule.most if least else counted(rule.most, 'attempt')}" if rule.most else ""
    spaced = f"one every {length(rule.every)}" if rule.every is not None else ""
    ended = f"within {length(rule.within)}" if rule.within is not None else ""
    said += [", ".join(filter(None, (least, most, spaced, ended)))] if least or most or spaced or ended else []
    said += [f"a decision after {counted(rule.no_shows, 'no-show')}"] if rule.no_shows else []
    said += [f"fewer are enough when the reason is: {', '.join(rule.waived)}"] if rule.waived else []
    return "; ".join(said)


def agreement_in_words(rule: Agreement, rules: Playbook) -> str:
    """What is measured of an agreement: `a handoff to qualified is accepted within 4 hours, in 80% of cases`."""
    what = f"a handoff to {rule.handoff}" if rule.handoff else f"a deal in {rules.title_of(rule.stage or '')}"
    within = f" within {length(rule.within)}" if rule.within is not None else ""
    of_them = f", in {share(rule.share)} of cases" if rule.share is not None else ""
    return f"{what} {_MEASURED[rule.measure]}{within}{of_them}"


def objective_in_words(rule: Objective) -> str:
    """How much of what: `calls: at least 20 a week`, `win rate: at least 30% a quarter`."""
    limit = rule.at_least if rule.at_least is not None else rule.at_most
    bound = "at least" if rule.at_least is not None else "at most"
    amount = share(limit) if rule.measure in RATES and limit is not None else f"{limit:,.10g}"
    return f"{rule.measure.replace('_', ' ')}: {bound} {amount} a {rule.per}"
