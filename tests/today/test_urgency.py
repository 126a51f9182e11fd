"""The order of the day: pure, with its rules in one place."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.today.ranking import RULES, Item, in_order, rank

BERLIN = ZoneInfo("Europe/Berlin")
KINDS = sorted({kind for kind, _, _ in RULES})
MOMENTS = st.sampled_from([None, "2026-03-01", "2026-03-01T23:30:00Z", "2026-03-02", "2026-03-01T08:00:00.5Z"])
ITEMS = st.builds(
    Item, st.sampled_from(KINDS), st.integers(1, 4), st.sampled_from(["acme", "birch"]),
    st.sampled_from([("show", "{}"), ("check", "{}")]), st.just("something"), MOMENTS, MOMENTS,
    st.booleans(),
)  # fmt: skip


def item(kind, ref="acme", **more):
    return Item(kind, 1, ref, ("show", "{}"), "something", **more)


@given(st.lists(ITEMS, max_size=12), st.randoms())
def test_the_same_items_give_the_same_order_whatever_order_they_come_in(items, chance):
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert list(in_order(items, BERLIN)) == list(in_order(shuffled, BERLIN))


@given(st.lists(ITEMS, max_size=12))
def test_nothing_is_lost_and_no_item_stands_before_one_of_an_earlier_rule(items):
    ordered = list(in_order(items, BERLIN))
    assert sorted(map(repr, ordered)) == sorted(map(repr, items))
    assert [rank(one) for one in ordered] == sorted(rank(one) for one in items)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_rule_overdue_or_not_and_says_why(kind):
    for overdue in (True, False):
        number = rank(item(kind, overdue=overdue))
        assert RULES[number - 1][0] == kind
        assert RULES[number - 1][2].endswith(".")


def test_what_is_overdue_never_stands_behind_the_same_that_is_only_due():
    for kind in KINDS:
        assert rank(item(kind, overdue=True)) <= rank(item(kind))


def test_a_meeting_comes_first_then_a_hot_lead_and_an_open_deal_without_a_step_last():
    given = [item("no_step"), item("step", overdue=True), item("hot"), item("meeting"), item("promise", overdue=True)]
    assert [one.kind for one in in_order(given, BERLIN)] == ["meeting", "hot", "promise", "step", "no_step"]


def test_within_a_rule_what_has_waited_longest_comes_first_by_local_day():
    # Half past eleven at night in Greenwich is the next day in Berlin, so the date comes first.
    later = item("step", "night", due="2026-03-01T23:30:00Z", overdue=True)
    date = item("step", "date", due="2026-03-01", overdue=True)
    fraction = item("step", "fraction", due="2026-03-01T08:00:00.5Z", overdue=True)
    whole = item("step", "whole", due="2026-03-01T08:00:00Z", overdue=True)
    unknown = item("step", "unknown", overdue=True)
    ordered = list(in_order([unknown, later, fraction, whole, date], BERLIN))
    assert [one.ref for one in ordered] == ["date", "whole", "fraction", "night", "unknown"]


def test_what_an_item_says_is_put_into_words_only_when_it_is_asked():
    def broken():
        raise AssertionError("nobody asked")

    ordered = list(in_order([Item("step", 1, "a b", ("step", "{}", "--done"), broken)], BERLIN))
    assert ordered[0].command == "handoffctl step 'a b' --done"
