"""What a playbook's rules say, in words: a criterion, a length of time, how a stage is followed up."""

from collections.abc import Iterable

from handoffctl.playbook.criterion import Criterion, TouchRule
from handoffctl.playbook.model import NEXT_STEP, Playbook
from handoffctl.playbook.sections import Agreement, Condition, FollowUp, Objective

_COMPARED = (
    ("equals", "is"), ("at_least", "is at least"), ("at_most", "is at most"), ("before", "is before"),
    ("after", "is after"),
)  # fmt: skip
_TOUCHES = {
    "call": ("call", "calls"), "email": ("e-mail", "e-mails"), "meeting": ("meeting", "meetings"),
    "message": ("message", "messages"), "note": ("note", "notes"), None: ("touch", "touches"),
}  # fmt: skip
_DIRECTIONS = {"in": " from them", "out": " to them", None: ""}
RATES = ("win_rate", "churn", "retention", "renewal", "expansion")
_MEASURED = {
    "passed": "is passed on", "accepted": "is accepted", "first_touch": "has its first touch",
    "first_response": "has its first response", "converted": "goes on",
}  # fmt: skip


def in_words(criterion: Criterion, rules: Playbook) -> str:
    """What must be true: `budget is at least 5000`, `a meeting was held`, `any of: ...`."""
    return _said(criterion, rules, ())


def name_in_words(name: str, rules: Playbook) -> str:
    """The same for the bare name of a field or a criterion, as a list of items has it."""
    return _known(name, rules, ())


def _said(criterion: Criterion, rules: Playbook, seen: tuple[str, ...]) -> str:
    if criterion.known is not None:
        return _known(criterion.known, rules, seen)
    if criterion.any_of is not None:
        return _several("any of", criterion.any_of, rules, seen)
    if criterion.all_of is not None:
        return _several("all of", criterion.all_of, rules, seen)
    if criterion.negated is not None:
        return f"not: {_as_part(criterion.negated, rules, seen)}"
    if criterion.field is not None:
        return f"{_called(criterion.field, rules)} {_comparison(criterion)}"
    return _timed(criterion) or _happened(criterion)


def _known(name: str, rules: Playbook, seen: tuple[str, ...]) -> str:
    """A criterion of the playbook is said by what it asks, not by its name."""
    if name == NEXT_STEP:
        return "a next step is set"
    if name in rules.criteria and name not in seen:  # a circle is a fault of the playbook, and ends here
        return _said(rules.criteria[name], rules, (*seen, name))
    return f"{_called(name, rules)} is known"


def _several(lead: str, parts: Iterable[Criterion], rules: Playbook, seen: tuple[str, ...]) -> str:
    said = list(dict.fromkeys(_as_part(part, rules, seen) for part in parts))
    return f"{lead}: {'; '.join(said)}" if len(said) > 1 else said[0]


def _as_part(criterion: Criterion, rules: Playbook, seen: tuple[str, ...]) -> str:
    said = _said(criterion, rules, seen)
    return f"({said})" if "; " in said else said


def _called(name: str, rules: Playbook) -> str:
    """The label within a sentence: `Current situation` as `current situation`, but `CRM in use` as it is."""
    label = rules.label_of(name)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _comparison(criterion: Criterion) -> str:
    said = [f"{words} {getattr(criterion, key)}" for key, words in _COMPARED if getattr(criterion, key) is not None]
    if criterion.one_of:
        said.append(f"is one of: {', '.join(criterion.one_of)}" if len(criterion.one_of) > 1
                    else f"is {criterion.one_of[0]}")  # fmt: skip
    return " and ".join(said)


def _timed(criterion: Criterion) -> str:
    if not isinstance(criterion, Condition):
        return ""
    if criterion.stage_age is not None:
        return f"at least {length(criterion.stage_age)} in the stage"
    if criterion.past_close is not None:
        return f"at least {length(criterion.past_close)} past the expected close"
    if criterion.untouched is not None:
        return f"at least {length(criterion.untouched)} without a touch"
    if criterion.attempts is not None:
        return f"at least {_counted(criterion.attempts, 'attempt')} to reach somebody"
    return ""


def _happened(criterion: Criterion) -> str:
    if criterion.summary is not None:
        return f"a summary was {criterion.summary}"
    if criterion.meeting is not None:
        return "a meeting was held"
    if criterion.introduced is not None:
        return f"{criterion.introduced} was introduced to them"
    if criterion.touches is not None:
        return _touched(criterion.touches)
    if criterion.score is not None:
        return f"at least {_counted(criterion.score, 'point')}"
    return "a next step is set"


def _touched(rule: TouchRule) -> str:
    one, many = _TOUCHES[rule.kind]
    within = f" within {length(rule.within)}" if rule.within is not None else ""
    return f"at least {rule.at_least} {one if rule.at_least == 1 else many}{_DIRECTIONS[rule.direction]}{within}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def length(days: float) -> str:
    """A length of time given in days, in the largest unit that needs no fraction: `4 hours`, `2 weeks`, `10 days`."""
    minutes = round(days * 1440)
    for unit, size in (("week", 10080), ("day", 1440), ("hour", 60)):
        # Ten days are days to everybody, and so are seven; a fortnight and more may be weeks.
        if minutes and minutes % size == 0 and (unit != "week" or minutes > size):
            return _counted(minutes // size, unit)
    return _counted(minutes, "minute")


def share(part: float) -> str:
    """`80%`"""
    return f"{round(part * 100, 2):g}%"


def follow_up_in_words(rule: FollowUp) -> str:
    """How a stage is followed up: `first within 4 hours; at least 5 attempts, one every 3 days, within 2 weeks`."""
    said = [f"first within {length(rule.first_within)}"] if rule.first_within is not None else []
    least = f"at least {_counted(rule.attempts, 'attempt')}" if rule.attempts else ""
    most = f"at most {rule.most if least else _counted(rule.most, 'attempt')}" if rule.most else ""
    spaced = f"one every {length(rule.every)}" if rule.every is not None else ""
    ended = f"within {length(rule.within)}" if rule.within is not None else ""
    said += [", ".join(filter(None, (least, most, spaced, ended)))] if least or most or spaced or ended else []
    said += [f"a decision after {_counted(rule.no_shows, 'no-show')}"] if rule.no_shows else []
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
