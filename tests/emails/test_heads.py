"""What stands under which head of a summary, which heads are empty, and what comes first when it is spoken."""

import pytest

from handoffctl.core.yaml.forms import checked
from handoffctl.emails.heads import empty_heads, key_points, lines_of, summary_heads
from handoffctl.playbook.model import Field, Playbook

TEXT, LIST = Field(), Field(type="list")


@pytest.mark.parametrize(("field", "value", "lines"), [
    (TEXT, None, None),
    (LIST, None, None),
    (TEXT, "one", ["one"]),
    (TEXT, "one; two", ["one; two"]),
    (LIST, "one; two", ["one", "two"]),
    (LIST, "one", ["one"]),
    (LIST, "one;two", ["one;two"]),
    (TEXT, "one\ntwo", ["one", "two"]),
    (TEXT, "one\n\n  two  \n", ["one", "two"]),
    (TEXT, "one\r\ntwo", ["one", "two"]),
    (TEXT, " \n ", []),
    (LIST, "one;  ; two", ["one", "two"]),
    (Field(type="money"), "12500", ["12500"]),
    (Field(type="yes_no"), "no", ["no"]),
])  # fmt: skip
def test_a_value_becomes_lines(field, value, lines):
    assert lines_of(field, value) == lines


def playbook(**fields):
    return checked(Playbook, {"playbook": "p", "fields": fields, "stages": {"lead": {}}})


TWO = playbook(
    pain={"summary": "current situation"},
    wishes={"type": "list", "summary": "priorities"},
    cost={"summary": "current situation"},
    open={"type": "list", "summary": "next steps"},
    when={"summary": "timeline"},
    secret={},
)


def as_written(field, value):
    return value


def told(book, values):
    return [(head.title, head.lines) for head in summary_heads(book, values, as_written)]


def test_heads_stand_in_the_playbooks_order_whatever_was_told_first():
    values = {"when": "May", "wishes": "a; b", "pain": "slow"}
    assert told(TWO, values) == [("Current situation", ["slow"]), ("Priorities", ["a", "b"]), ("Timeline", ["May"])]


def test_two_fields_may_stand_under_one_head():
    assert told(TWO, {"cost": "much", "pain": "slow"}) == [("Current situation", ["slow", "much"])]


def test_what_feeds_no_head_is_not_told():
    assert told(TWO, {"secret": "they are broke"}) == []


def test_a_head_without_anything_under_it_is_not_there():
    assert told(TWO, {}) == []


def test_a_field_that_names_next_steps_stands_nowhere():
    assert told(TWO, {"open": "a contract", "when": "May"}) == [("Timeline", ["May"])]


def test_internal_fields_stand_nowhere_and_a_head_has_the_playbooks_words():
    book = checked(Playbook, {
        "playbook": "p", "heads": {"timeline": "Timing"}, "stages": {"lead": {}},
        "fields": {"when": {"summary": "timeline"}, "fit": {"internal": "true"}},
    })  # fmt: skip
    assert told(book, {"when": "May", "fit": "poor"}) == [("Timing", ["May"])]


def test_heads_that_nothing_feeds_are_named_once_each_in_order():
    assert empty_heads(TWO, {}) == ["Current situation", "Priorities", "Timeline"]
    assert empty_heads(TWO, {"cost": "much"}) == ["Priorities", "Timeline"]
    assert empty_heads(TWO, {"pain": "a", "wishes": "b", "open": "c", "when": "d"}) == []


def test_every_head_is_either_told_or_named_as_empty():
    for values in ({}, {"pain": "a"}, {"wishes": "b", "when": "c"}, {"open": "d"}):
        titles = [title for title, _ in told(TWO, values)]
        assert sorted([*titles, *empty_heads(TWO, values)]) == sorted(empty_heads(TWO, {}))


OWN = playbook(key_points={"type": "list"}, pain={"summary": "pain"})


@pytest.mark.parametrize(("book", "values", "points"), [
    (TWO, {}, []),
    (TWO, {"secret": "x"}, []),
    (TWO, {"pain": "slow", "wishes": "a; b"}, ["slow", "a; b"]),
    (TWO, {"pain": "1", "wishes": "2", "cost": "3", "open": "4"}, ["1; 3", "2"]),
    (TWO, {"wishes": "2", "when": "3"}, ["3", "2"]),
    (TWO, {"pain": "one\ntwo"}, ["one; two"]),
    (OWN, {"pain": "slow"}, ["slow"]),
    (OWN, {"pain": "slow", "key_points": "a; b; c; d"}, ["a", "b", "c"]),
])  # fmt: skip
def test_three_points_come_first_and_those_named_so_before_all(book, values, points):
    assert key_points(book, values, summary_heads(book, values, as_written), as_written) == points
