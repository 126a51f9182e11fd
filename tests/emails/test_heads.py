"""What stands under which head of a summary, which heads are empty, and what comes first when it is spoken."""

import pytest

from handoffctl.emails.summary_sections import empty_sections, key_points, lines_of, summary_sections
from handoffctl.playbook.facts import Facts, Step
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
    return Playbook.model_validate({"playbook": "p", "fields": fields, "stages": {"lead": {}}})


TWO = playbook(
    pain={"summary": "current situation"},
    wishes={"type": "list", "summary": "priorities"},
    cost={"summary": "current situation"},
    open={"type": "list", "summary": "next steps"},
    when={"summary": "timeline"},
    secret={},
)


def told(book, values, step=None):
    return [(one.title, one.lines) for one in summary_sections(book, Facts("acme", values, step=step), None)]


def test_heads_stand_in_the_playbooks_order_whatever_was_told_first():
    values = {"when": "May", "wishes": "a; b", "pain": "slow"}
    assert told(TWO, values) == [("Current situation", ["slow"]), ("Priorities", ["a", "b"]), ("Timeline", ["May"])]


def test_two_fields_may_stand_under_one_head():
    assert told(TWO, {"cost": "much", "pain": "slow"}) == [("Current situation", ["slow", "much"])]


def test_what_feeds_no_head_is_not_told():
    assert told(TWO, {"secret": "they are broke"}) == []


def test_a_head_without_anything_under_it_is_not_there():
    assert told(TWO, {}) == []


@pytest.mark.parametrize(("step", "line"), [
    (Step("send it", None), "send it"),
    (Step("send it", "2026-03-05"), "send it (by 2026-03-05)"),
    (Step("send it", "2026-03-05T09:00:00Z"), "send it (by 2026-03-05)"),
])  # fmt: skip
def test_the_next_step_comes_last_after_what_is_open(step, line):
    assert told(TWO, {"open": "a contract", "when": "May"}, step) == [
        ("Timeline", ["May"]), ("Next steps", ["a contract", line]),
    ]  # fmt: skip


def test_a_playbook_without_that_head_gets_the_next_step_all_the_same():
    assert told(playbook(pain={}), {}, Step("send it", None)) == [("Next steps", ["send it"])]


def empty(values, step=None):
    return empty_sections(TWO, Facts("acme", values, step=step))


def test_heads_that_nothing_feeds_are_named_once_each_in_order():
    assert empty({}) == ["Current situation", "Priorities", "Next steps", "Timeline"]
    assert empty({"cost": "much"}) == ["Priorities", "Next steps", "Timeline"]
    assert empty({"cost": "much"}, Step("send it", None)) == ["Priorities", "Timeline"]
    assert empty({"pain": "a", "wishes": "b", "open": "c", "when": "d"}) == []


def test_every_head_is_either_told_or_named_as_empty():
    for values in ({}, {"pain": "a"}, {"wishes": "b", "when": "c"}, {"open": "d"}):
        known = Facts("acme", values)
        titles = [one.title for one in summary_sections(TWO, known, None)]
        assert sorted([*titles, *empty_sections(TWO, known)]) == sorted(empty({}))


OWN = playbook(key_points={"type": "list"}, pain={"summary": "pain"})


@pytest.mark.parametrize(("book", "values", "points"), [
    (TWO, {}, []),
    (TWO, {"secret": "x"}, []),
    (TWO, {"pain": "slow", "wishes": "a; b"}, ["slow", "a; b"]),
    (TWO, {"pain": "1", "wishes": "2", "cost": "3", "open": "4"}, ["1", "2", "3"]),
    (TWO, {"pain": "one\ntwo"}, ["one; two"]),
    (OWN, {"pain": "slow"}, ["slow"]),
    (OWN, {"pain": "slow", "key_points": "a; b; c; d"}, ["a", "b", "c"]),
])  # fmt: skip
def test_three_points_come_first_and_those_named_so_before_all(book, values, points):
    assert key_points(book, Facts("acme", values)) == points
