"""A criterion that no command can ever meet is a fault of the playbook."""

import pytest
from tests.playbook.small_rules import playbook

from handoffctl.playbook.lint import faults

WITHOUT_ITEMS = {"lead": {}, "qualified": {"owner": "seller"}, "won": {"kind": "won"}}


def told(**more):
    return [(fault.path, fault.sentence) for fault in faults(playbook(**more))]


def told_of(criterion):
    """The faults of one criterion called c, by the path inside it."""
    found = told(criteria={"c": criterion}, stages=WITHOUT_ITEMS)
    assert all(path[:2] == ("criteria", "c") for path, _ in found)
    return [(path[2:], said) for path, said in found]


@pytest.mark.parametrize(
    ("criterion", "key", "part"),
    [
        ({"field": "budget", "at_least": "lots"}, "at_least", '"lots" is not an amount of money'),
        ({"field": "seats", "is": "many"}, "is", '"many" is not a number'),
        ({"field": "start", "before": "2026-13-45"}, "before", '"2026-13-45" is not a date'),
        ({"field": "size", "one_of": ["small", "tiny"]}, "one_of", '"tiny" is not one of: small, large, huge'),
        ({"field": "signed", "is": "maybe"}, "is", '"maybe" is neither yes nor no'),
        ({"field": "situation", "is": "n/a"}, "is", '"n/a" is a placeholder'),
        ({"field": "situation", "is": "too short"}, "is", "at least 3 words"),
        ({"field": "situation", "at_most": "z"}, "at_most", "this field is of type text"),
        ({"field": "contact.email", "at_least": "a@b.example"}, "at_least", "this field is of type email"),
        ({"field": "signed", "at_least": "yes"}, "at_least", "this field is of type yes_no"),
        ({"field": "budget", "before": "2026-01-01"}, "before", '"before" compares dates'),
        ({"field": "size", "after": "small"}, "after", '"after" compares dates'),
        ({"not": "budget"}, "not", "never undone"),
        ({"not": {"meeting": "held"}}, "not", "never undone"),
        ({"not": {"summary": "sent"}}, "not", "never undone"),
        ({"not": {"introduced": "delivery"}}, "not", "never undone"),
        ({"not": {"next_step": "set"}}, "not", "never undone"),
        ({"not": {"touches": {"at_least": "2"}}}, "not", "never undone"),
        ({"not": {"any_of": [{"field": "budget", "is": "1"}, "start"]}}, "not", "never undone"),
    ],
)
def test_what_no_command_can_ever_meet_is_a_fault(criterion, key, part):
    ((path, said),) = told_of(criterion)
    assert path == (key,)
    assert part in said


@pytest.mark.parametrize(
    "limits",
    [
        {"field": "budget", "at_least": "100", "at_most": "99.99"},
        {"field": "budget", "is": "5", "at_least": "10"},
        {"field": "size", "at_least": "huge", "at_most": "small"},
        {"field": "size", "is": "small", "one_of": ["large", "huge"]},
        {"field": "situation", "is": "one two three", "one_of": ["three two one"]},
        {"field": "start", "after": "2026-01-01", "before": "2026-01-02"},
        {"field": "start", "after": "+10d", "before": "+5d"},
        {"field": "seats", "one_of": ["1", "2"], "at_least": "3"},
    ],
)
def test_comparisons_that_contradict_each_other_are_a_fault(limits):
    assert told_of(limits) == [((), "these comparisons contradict each other; no value can meet them all")]


@pytest.mark.parametrize(
    "criterion",
    [
        {"field": "budget", "at_least": "100", "at_most": "100"},
        {"field": "budget", "at_least": "12,500"},
        {"field": "size", "is": "Small"},
        {"field": "size", "at_least": "large", "one_of": ["small", "huge"]},
        {"field": "start", "after": "2026-01-01", "before": "2026-01-03"},
        {"field": "start", "after": "2030-01-01", "before": "+30d"},
        {"field": "contact.level", "at_least": "director"},
        {"not": {"field": "budget", "at_least": "100"}},
        {"not": {"touches": {"within": "7d"}}},
        {"not": {"any_of": [{"field": "size", "is": "huge"}, {"not": {"field": "budget", "is": "1"}}]}},
        {"any_of": ["budget", {"introduced": "delivery"}, {"summary": "confirmed"}]},
    ],
)
def test_what_a_command_can_meet_is_none(criterion):
    assert told_of(criterion) == []


def test_not_may_stand_over_the_name_of_a_criterion_that_can_be_undone():
    criteria = {"big": {"field": "budget", "at_least": "9"}, "small": {"not": "big"}, "known": "budget"}
    assert told(criteria=criteria, stages=WITHOUT_ITEMS) == []
    ((path, _),) = told(criteria={**criteria, "odd": {"not": "known"}}, stages=WITHOUT_ITEMS)
    assert path == ("criteria", "odd", "not")


def test_criteria_that_refer_to_themselves_in_a_circle_are_told_once():
    criteria = {
        "a": "b",
        "b": {"any_of": [{"field": "seats", "is": "1"}, "c"]},
        "c": {"not": "a"},
        "leads_there": "a",
        "self": "self",
    }
    assert told(criteria=criteria, stages=WITHOUT_ITEMS) == [
        (("criteria", "a"), "it refers to itself (a -> b -> c -> a), so it can never be met"),
        (("criteria", "self"), "it refers to itself (self -> self), so it can never be met"),
    ]


def test_criteria_that_nobody_can_follow_are_a_fault():
    long = {f"c{n}": f"c{n + 1}" for n in range(5_000)} | {"c5000": "budget"}
    assert ("criteria", "c4950") in [path for path, _ in told(criteria=long, stages=WITHOUT_ITEMS)]
    wide = {f"c{n}": {"all_of": [f"c{n + 1}"] * 2} for n in range(45)} | {"c45": "budget"}
    assert told(criteria=wide, stages=WITHOUT_ITEMS)
