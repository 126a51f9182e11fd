"""Dispositions as an ordered list of rules with names; a mapping of names to rules means the same."""

import pytest

from handoffctl.errors import RulesFault
from handoffctl.playbook.describe_rules import describe_disposition
from handoffctl.playbook.reader import playbook_from_text

HEAD = """\
playbook: small
stages:
  lead: {title: Lead}
  won: {kind: won}
handoffs:
  - {from: lead, to: won, trigger: They sign., reason: They signed., benefit: They can begin.}
fields: {champion: {type: yes_no}}
targets: 10
conditions:
  late: {past_close: 60d}
"""
LISTED = """\
dispositions:
  - {name: big, when: [late, champion], propose: keep, for: 30d, because: They still talk.}
  - {name: quiet, when: [late, {untouched: 30d}], propose: nurture, wake: 90d, because: Nobody talks.}
"""
MAPPED = """\
dispositions:
  big: {when: [late, champion], propose: keep, for: 30d, because: They still talk.}
  quiet: {when: [late, {untouched: 30d}], propose: nurture, wake: 90d, because: Nobody talks.}
"""


def faults(text):
    with pytest.raises(RulesFault) as refused:
        playbook_from_text(HEAD + text, "small.yaml")
    return list(refused.value.problems)


def test_a_list_and_a_mapping_mean_the_same_in_the_order_of_the_file():
    listed, mapped = (playbook_from_text(HEAD + text, "small.yaml") for text in (LISTED, MAPPED))
    assert listed == mapped
    assert list(listed.dispositions) == ["big", "quiet"]


def test_a_condition_that_a_rule_names_is_described_by_what_it_says():
    playbook = playbook_from_text(HEAD + LISTED, "small.yaml")
    described = describe_disposition(playbook.dispositions["big"], playbook)
    assert described.when == ["at least 60 days past the expected close", "champion is known"]
    assert (described.propose, described.for_) == ("keep", "30 days")


def test_faults_name_the_rule_and_its_line():
    assert faults(LISTED + "  - {name: big, when: [late], propose: keep, because: They talk.}\n") == [
        'small.yaml:14: dispositions.big: "big" is here twice, first in line 12'
    ]
    assert faults(LISTED + "  - {when: [late], propose: keep, because: They talk.}\n") == [
        "small.yaml:14: dispositions[2]: needs a name, as in `name: gone-quiet`"
    ]
    assert faults(LISTED + "  - {name: odd, when: [lat], propose: keep, because: They talk.}\n") == [
        'small.yaml:14: dispositions.odd.when: no field or criterion is called "lat" (did you mean "late"?)'
    ]
    assert faults(LISTED + "  - {name: odd, when: [{stage_age: 60}], propose: keep, because: They talk.}\n") == [
        'small.yaml:14: dispositions.odd.when[0].stage_age: "60" is not a length of time; write one like 30m, 4h, 3d '
        "or 2w"
    ]


def test_only_dispositions_may_name_a_condition():
    named_elsewhere = LISTED + "signals:\n  old: {points: 3, when: [late]}\n"
    assert faults(named_elsewhere) == ['small.yaml:15: signals.old.when: no field or criterion is called "late"']


def test_what_is_left_of_the_targets_needs_targets():
    text = HEAD.replace("targets: 10\n", "") + LISTED.replace("champion]", "{pool_left: 5}]")
    with pytest.raises(RulesFault) as refused:
        playbook_from_text(text, "small.yaml")
    assert refused.value.problems == [
        "small.yaml:11: dispositions.big.when[1].pool_left: it needs to know how many accounts there are to win, as in "
        "`targets: 150`"
    ]


def test_a_condition_cannot_be_called_like_something_else():
    text = HEAD.replace("  late:", "  champion:") + LISTED.replace("late, champion", "champion").replace("late, ", "")
    with pytest.raises(RulesFault) as refused:
        playbook_from_text(text, "small.yaml")
    assert [line.partition(": ")[2] for line in refused.value.problems] == [
        'conditions.champion: "champion" is the name of something else too; give the condition another name'
    ]
