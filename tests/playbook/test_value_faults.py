"""What a playbook says of its own reports is checked like the rest of it."""

import pytest
from pydantic import ValidationError
from tests.playbook.small_rules import playbook

from handoffctl.playbook.lint import DeclaredNames, faults


def told(**value):
    return [(fault.path, fault.sentence) for fault in faults(playbook(value=value))]


def in_value(rules, declared):
    return [fault for fault in faults(rules, declared) if fault.path[0] == "value"]


@pytest.mark.parametrize("first", ["qualified", "won", "start", "deal.expected_close"])
def test_the_first_value_is_a_stage_or_a_field_of_type_date(first):
    assert told(seen="situation", first=first, log="size") == []


def test_an_unknown_name_is_told_with_the_nearest_one():
    assert told(seen="sitation", first="wun", log="budgt") == [
        (("value", "seen"), 'no field is called "sitation" (did you mean "situation"?)'),
        (("value", "log"), 'no field is called "budgt" (did you mean "budget"?)'),
        (("value", "first"), 'no stage or field is called "wun" (did you mean "won"?)'),
    ]


def test_a_criterion_holds_no_value():
    assert told(seen="reachable") == [(("value", "seen"), 'no field is called "reachable"')]


def test_a_first_value_of_another_type_is_told_so():
    assert told(seen="situation", first="budget") == [
        (("value", "first"), '"budget" is a field of type money; what is wanted is a stage, or a field of type date')
    ]


def test_a_field_that_only_the_value_uses_is_no_fault():
    assert told(seen="signed") == []
    assert faults(playbook()) == []


def test_what_could_not_be_read_is_not_called_unknown():
    rules = playbook(value={"seen": "lost", "first": "gone", "log": "lost"})
    assert not in_value(rules, DeclaredNames(None, [], list(rules.stages), []))
    declared = DeclaredNames(["lost", "gone"], [], list(rules.stages), list(rules.roles))
    assert not in_value(rules, declared)


@pytest.mark.parametrize("share", ["3", "150%", "half", "-0.1"])
def test_a_share_lies_between_nothing_and_all(share):
    with pytest.raises(ValidationError, match="is not a share; write one like 50%"):
        playbook(verdicts={"often": share})


def test_shares_are_written_either_way():
    verdicts = playbook(verdicts={"often": "40%", "placeholders": "0.1", "attempts": "5"}).verdicts
    assert (verdicts.often, verdicts.placeholders, verdicts.attempts) == (0.4, 0.1, 5)
