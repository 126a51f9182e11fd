"""Which disposition of a playbook speaks for a deal. Pure: rules and facts come as arguments."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from handoffctl.playbook.criteria import DealState
from handoffctl.playbook.sections import Disposition


class Judgement(NamedTuple):
    """The name of the rule that spoke, empty if none did, and of the later ones that match as well.

    `held_back` are rules that match and propose to give up a deal at which attempts are still owed.
    """

    rule: str = ""
    also: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()


def judge(
    rules: Mapping[str, Disposition], state: DealState, may_be_lost: Callable[[str], bool] = lambda because: True
) -> Judgement:
    """Returns which rule speaks: the first in the order of the file that matches.

    A rule matches while all of its `when` hold and none of its `unless` does. `may_be_lost` says whether the deal may
    be given up for a reason; while it may not, a rule that proposes it stays silent and the next one is looked at.
    """
    matching = [name for name, rule in rules.items() if matches(rule, state)]
    held_back = [name for name in matching if rules[name].propose == "lost" and not may_be_lost(rules[name].because)]
    speaking = [name for name in matching if name not in held_back]
    return Judgement(speaking[0] if speaking else "", tuple(speaking[1:]), tuple(held_back))


def matches(rule: Disposition, state: DealState) -> bool:
    """Returns True while all of `when` hold and none of `unless` does; what is not known does neither."""
    return all(part.holds(state) for part in rule.when) and not any(part.holds(state) for part in rule.unless)
