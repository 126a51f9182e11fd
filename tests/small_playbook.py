"""A small playbook as its owner would write it, and what its reader says of it."""

from pathlib import Path

import pytest

from handoffctl.errors import RulesFault
from handoffctl.playbook.reader import read_playbook

SMALL = """\
playbook: small
title: A small one
roles: {seller: You, delivery: A partner}
fields:
  situation: {label: Situation, type: text, min_words: 3}
  budget: {label: Budget, type: money}
  size: {label: Size, type: choice, choices: [small, large]}
  start: {label: Start, type: date}
criteria:
  reachable: {any_of: [contact.email, contact.phone]}
  big: {field: budget, at_least: 5000}
stages:
  lead: {title: Lead, exit: [reachable], target: 3d}
  qualified: {title: Qualified, owner: seller}
  won: {title: Won, kind: won}
handoffs:
  - from: lead
    to: qualified
    trigger: {says: They agree to talk., when: [reachable]}
    reason: They fit.
    benefit: The prospect is heard.
    required: [situation, budget]
    next_step: required
  - from: qualified
    to: won
    receiver: delivery
    trigger: They sign.
    reason: They said yes.
    benefit: The prospect gets what they asked for.
    required: [big]
"""


def faults_of(text: str, name: str = "small") -> list[str]:
    """The faults of a text, read as a file in the current folder."""
    Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesFault) as caught:
        read_playbook(Path(f"{name}.yaml"))
    return caught.value.problems
