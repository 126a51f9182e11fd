"""Signals give points while they hold; a score asks for so many of them, and is never asked for in vain."""

import pytest
from tests.playbook.small_rules import criterion, deal, facts, playbook, touch

from handoffctl.playbook.criteria import SignalState, item_fields, item_fix, item_signals
from handoffctl.playbook.criteria.score import points
from handoffctl.playbook.lint import faults

SIGNALS = {
    "size": {"points": "20", "when": [{"field": "size", "one_of": ["large", "huge"]}]},
    "asked": {"points": "30", "when": [{"touches": {"direction": "in", "at_least": "2", "within": "30d"}}]},
    "money": {"points": "25", "when": ["budget", {"field": "seats", "at_least": "10"}]},
}
READY = {"ready": {"score": "45", "label": "Ready", "why": "Else it is too early."}}
RULES = playbook(signals=SIGNALS, criteria=READY)
TWICE = (touch(direction="in"), touch(direction="in", at="2026-03-01"))


def scored(*touches, **values):
    return points(deal(RULES, facts(values=values, touches=touches)))


def test_points_of_the_signals_that_hold_add_up():
    assert scored() == 0
    assert scored(size="large") == 20
    assert scored(size="small") == 0
    assert scored(*TWICE, size="huge") == 50
    assert scored(*TWICE, size="huge", budget="1", seats="10") == 75


def test_a_signal_gives_its_points_when_all_of_it_holds_and_none_before():
    assert scored(budget="1") == 0
    assert scored(budget="1", seats="9") == 0
    assert scored(budget="1", seats="10") == 25


def test_points_go_when_what_gave_them_is_too_long_ago():
    long_ago = (touch(direction="in"), touch(direction="in", at="2026-02-01"))
    assert scored(*long_ago) == 0
    assert scored(*TWICE) == 30


@pytest.mark.parametrize(("score", "met"), [("1", True), ("50", True), ("51", False), ("75", False)])
def test_a_score_holds_from_its_own_number_on_and_is_never_unknown(score, met):
    known = facts(values={"size": "huge"}, touches=TWICE)
    assert criterion({"score": score}).holds(deal(RULES, known)) is met
    assert criterion({"not": {"score": score}}).holds(deal(RULES, known)) is not met


def test_a_playbook_without_signals_gives_no_points():
    assert points(deal(playbook())) == 0


@pytest.mark.parametrize(
    "values", [{}, {"budget": "1"}, {"budget": "1", "seats": "9", "size": "small"}, {"budget": "1", "seats": "10"}]
)
def test_the_fix_is_to_look_at_the_score_and_never_to_set_a_fact(values):
    assert str(item_fix("ready", deal(RULES, facts(values=values)))) == "handoffctl score acme-corp"


def test_every_signal_is_listed_with_its_points_whether_it_holds_and_what_to_ask():
    known = deal(RULES, facts(values={"size": "small", "budget": "1"}))
    assert item_signals("ready", known) == [
        SignalState("size", "", 20, False, ()),
        SignalState("asked", "", 30, False, ()),
        SignalState("money", "", 25, False, ("seats",)),
    ]
    known = deal(RULES, facts(values={"size": "huge"}))
    assert item_signals("ready", known)[0] == SignalState("size", "", 20, True, ())


def test_the_signals_are_listed_once_wherever_the_score_stands_and_only_while_it_is_too_low():
    criteria = {**READY, "either": {"any_of": ["ready", {"all_of": ["start", {"score": "46"}]}]}}
    rules = playbook(signals=SIGNALS, criteria=criteria)
    assert [state.name for state in item_signals("either", deal(rules))] == ["size", "asked", "money"]
    enough = facts(touches=TWICE, values={"size": "huge"})
    assert item_signals("ready", deal(RULES, enough)) == []
    assert item_signals("reachable", deal(RULES)) == []
    assert item_signals("budget", deal(RULES)) == []


def test_the_fields_asked_are_those_of_silent_signals_those_of_most_points_first():
    assert item_fields("ready", deal(RULES)) == ["budget", "seats", "size"]
    assert item_fields("ready", deal(RULES, facts(values={"budget": "1"}))) == ["seats", "size"]
    assert item_fields("ready", deal(RULES, facts(values={"size": "large"}))) == ["budget", "seats"]
    assert item_fields("ready", deal(RULES, facts(values={"size": "small"}))) == ["budget", "seats"]  # known already


def test_what_is_not_known_gives_no_points_not_even_as_the_contrary():
    cheap = {"cheap": {"points": "10", "when": [{"not": {"field": "budget", "at_least": "500"}}]}}
    rules = playbook(signals=cheap)
    assert [points(deal(rules, facts(values=known))) for known in ({}, {"budget": "499"}, {"budget": "500"})] == [
        0,
        10,
        0,
    ]


def told(criteria=(), **sections):
    reachable = {"reachable": {"any_of": ["contact.email", "contact.phone"]}}
    rules = playbook(criteria={**reachable, **dict(criteria)}, **sections)
    return [(fault.path, fault.sentence) for fault in faults(rules)]


def test_a_score_within_reach_is_no_fault():
    assert told(signals=SIGNALS, criteria={"ready": {"score": "75"}}) == []


def test_a_score_that_no_signals_add_up_to_is_told_wherever_it_stands():
    never = "the signals add up to 75 points, so 76 can never be reached"
    nested = {"ready": {"all_of": ["budget", {"any_of": ["seats", {"score": "76"}]}]}}
    assert told(signals=SIGNALS, criteria=nested) == [(("criteria", "ready", "all_of", 1, "any_of", 1, "score"), never)]
    trigger = {"says": "They buy.", "when": [{"score": "76"}]}
    way = {"from": "lead", "to": "qualified", "trigger": trigger, "reason": "It fits.", "benefit": "They gain."}
    onward = {**way, "from": "qualified", "to": "won", "trigger": "They sign."}
    assert told(signals=SIGNALS, handoffs=[way, onward]) == [(("handoffs", 0, "trigger", "when", 0, "score"), never)]


def test_a_score_without_signals_is_told_so():
    assert told(criteria=READY) == [
        (("criteria", "ready", "score"), "there are no signals to give points, so 45 can never be reached")
    ]


@pytest.mark.parametrize("waits", [{"score": "10"}, "ready", {"any_of": ["budget", "roundabout"]}])
def test_a_signal_cannot_wait_for_the_score_that_it_is_a_part_of(waits):
    signals = {**SIGNALS, "circle": {"points": "10", "when": ["budget", waits]}}
    rules = {**READY, "roundabout": {"all_of": ["seats", "ready"]}}
    assert told(signals=signals, criteria=rules) == [
        (("signals", "circle", "when"), "a signal cannot wait for a score, which is made of signals")
    ]
