"""Criteria answer yes, no, or not known, and name the command that would make them hold."""

import pytest
from tests.playbook.small_rules import NOW, STEP, criterion, deal, facts, playbook, touch

from handoffctl.playbook.criteria import item_fields, item_fix, item_holds
from handoffctl.playbook.fix import Fix, FixKind

RULES = playbook()


def truth(raw, **known):
    return criterion(raw).holds(deal(RULES, facts(**known)))


def test_a_bare_name_is_the_field_being_known():
    assert truth("budget") is None
    assert truth("budget", values={"budget": "100"}) is True


def test_a_bare_name_may_be_another_criterion():
    assert truth("reachable") is None
    assert truth("reachable", values={"contact.phone": "+49 30 1234567"}) is True


def test_any_of_needs_one_and_all_of_needs_each():
    either, both = {"any_of": ["budget", "start"]}, {"all_of": ["budget", "start"]}
    assert truth(either) is None
    assert truth(either, values={"start": "2026-05-01"}) is True
    assert truth(both, values={"start": "2026-05-01"}) is None
    assert truth(both, values={"start": "2026-05-01", "budget": "1"}) is True


def test_any_of_is_no_only_when_every_part_is_no_and_all_of_when_one_is():
    big, huge = {"field": "budget", "at_least": "500"}, {"field": "size", "is": "huge"}
    known = {"values": {"budget": "100"}}
    assert truth({"any_of": [big, huge]}, **known) is None
    assert truth({"any_of": [big, huge]}, values={"budget": "100", "size": "small"}) is False
    assert truth({"all_of": [big, huge]}, **known) is False


@pytest.mark.parametrize(
    ("raw", "value", "expected"),
    [
        ({"field": "budget", "at_least": "12,500"}, "12500", True),
        ({"field": "budget", "at_least": "12,500"}, "12499.99", False),
        ({"field": "budget", "at_least": "1,000"}, "999", False),
        ({"field": "budget", "at_most": "100"}, "100", True),
        ({"field": "budget", "at_most": "100"}, "100.01", False),
        ({"field": "seats", "at_least": "10"}, "9", False),
        ({"field": "seats", "at_least": "10", "at_most": "20"}, "15", True),
        ({"field": "seats", "is": "10"}, "10", True),
        ({"field": "size", "at_least": "large"}, "huge", True),
        ({"field": "size", "at_least": "large"}, "small", False),
        ({"field": "size", "is": "Large"}, "large", True),
        ({"field": "size", "one_of": ["small", "huge"]}, "huge", True),
        ({"field": "size", "one_of": ["small", "huge"]}, "large", False),
        ({"field": "start", "before": "2026-04-01"}, "2026-03-31", True),
        ({"field": "start", "before": "2026-04-01"}, "2026-04-01", False),
        ({"field": "start", "after": "2026-04-01"}, "2026-04-02", True),
        ({"field": "start", "after": "2026-04-01"}, "2026-04-01", False),
        ({"field": "start", "before": "+30d"}, "2026-04-08", True),
        ({"field": "start", "before": "+30d"}, "2026-04-09", False),
        ({"field": "signed", "is": "yes"}, "yes", True),
        ({"field": "signed", "is": "yes"}, "no", False),
    ],
)
def test_a_comparison_follows_the_type_of_its_field(raw, value, expected):
    assert truth(raw, values={raw["field"]: value}) is expected
    assert truth({"not": raw}, values={raw["field"]: value}) is not expected


def test_the_comparison_of_an_unknown_field_is_not_known_and_neither_is_its_contrary():
    big = {"field": "budget", "at_least": "500"}
    assert truth(big) is None
    assert truth({"not": big}) is None
    assert truth({"not": {"not": big}}, values={"budget": "600"}) is True


def test_a_limit_that_a_kept_revision_cannot_read_is_not_met():
    assert truth({"field": "size", "at_least": "medium"}, values={"size": "huge"}) is False


@pytest.mark.parametrize(
    ("state", "sent", "confirmed"),
    [(None, False, False), ("draft", False, False), ("sent", True, False), ("silent", True, False),
     ("confirmed", True, True), ("corrected", True, True)],
)  # fmt: skip
def test_a_summary_counts_as_sent_or_confirmed_by_its_state(state, sent, confirmed):
    assert truth({"summary": "sent"}, summary=state) is sent
    assert truth({"summary": "confirmed"}, summary=state) is confirmed


def test_only_a_meeting_or_a_call_that_was_held_counts():
    assert truth({"meeting": "held"}, touches=(touch("meeting", outcome="no-show"), touch("call"))) is False
    assert truth({"meeting": "held"}, touches=(touch("meeting", outcome="held"),)) is True
    assert truth({"meeting": "held"}, touches=(touch("call", outcome="held"),)) is True
    assert truth({"meeting": "held"}, touches=(touch("email", outcome="held"),)) is False


def test_a_role_is_introduced_by_a_touch_with_it_that_took_place():
    introduced = {"introduced": "delivery"}
    assert truth(introduced, touches=(touch("meeting", met="seller", outcome="held"),)) is False
    assert truth(introduced, touches=(touch("meeting", met="delivery", outcome="no-show"),)) is False
    assert truth(introduced, touches=(touch("call", met="delivery"),)) is True


@pytest.mark.parametrize(
    ("levels", "holds"),
    [((), None), (("user", "director"), False), (("user", "vp"), True), (("c-suite",), True)],
)
def test_the_level_of_any_contact_counts_and_a_higher_one_will_do(levels, holds):
    assert truth({"contact_level": "vp"}, contact_levels=levels) is holds


def test_touches_are_counted_by_kind_direction_and_age():
    touches = (touch("call", at="2026-03-01"), touch("email", "in"), touch("call"))
    assert truth({"touches": {"at_least": "3"}}, touches=touches) is True
    assert truth({"touches": {"at_least": "4"}}, touches=touches) is False
    assert truth({"touches": {"kind": "email", "direction": "in"}}, touches=touches) is True
    assert truth({"touches": {"kind": "call", "at_least": "2", "within": "7d"}}, touches=touches) is False
    assert truth({"touches": {"within": "7d"}}, touches=(touch(at="2026-03-11"),)) is False, "one to come"
    assert truth({"touches": {"within": "7d"}}, touches=(touch(at=NOW.now),)) is True, "one at this very moment"
    assert truth({"not": {"touches": {"within": "3d"}}}, touches=touches[:1]) is True


def test_the_next_step_is_a_criterion_and_an_item():
    assert truth({"next_step": "set"}) is False
    assert truth({"next_step": "set"}, step=STEP) is True
    assert item_holds("next_step", deal(RULES)) is None
    assert item_holds("next_step", deal(RULES, facts(step=STEP))) is True


@pytest.mark.parametrize(
    ("raw", "command"),
    [
        ("situation", 'handoffctl set acme-corp situation="TEXT"'),
        ("budget", "handoffctl set acme-corp budget=AMOUNT"),
        ("size", 'handoffctl set acme-corp size="small|large|huge"'),
        ("contact.email", "handoffctl set acme-corp contact.email=ADDRESS"),
        ("reachable", "handoffctl set acme-corp contact.email=ADDRESS"),
        ({"not": {"field": "start", "before": "2026-01-01"}}, "handoffctl set acme-corp start=DATE"),
        ({"summary": "sent"}, "handoffctl summary sent acme-corp"),
        ({"summary": "confirmed"}, "handoffctl summary sent acme-corp"),  # only what was sent can be confirmed
        ({"meeting": "held"}, "handoffctl touch acme-corp meeting --outcome held"),
        ({"introduced": "delivery"}, "handoffctl touch acme-corp meeting --outcome held --with delivery"),
        ({"touches": {"kind": "email", "direction": "in"}}, "handoffctl touch acme-corp email --in"),
        ({"touches": {}}, "handoffctl touch acme-corp call --out"),
        ({"next_step": "set"}, 'handoffctl step acme-corp "TEXT" --due +3d'),
    ],
)
def test_each_kind_names_the_command_that_meets_it(raw, command):
    assert str(criterion(raw).fix(deal(RULES))) == command


def test_the_next_step_as_an_item_names_its_command():
    assert str(item_fix("next_step", deal(RULES))) == 'handoffctl step acme-corp "TEXT" --due +3d'


def test_the_command_is_for_the_first_part_that_is_unmet():
    both = criterion({"all_of": ["budget", {"meeting": "held"}]})
    unmet = both.fix(deal(RULES, facts(values={"budget": "1"})))
    assert str(unmet) == "handoffctl touch acme-corp meeting --outcome held"


def test_the_command_is_a_value_so_nobody_needs_to_read_its_text():
    assert item_fix("next_step", deal(RULES)) == Fix(FixKind.PLAN_STEP, "acme-corp")
    assert criterion({"introduced": "delivery"}).fix(deal(RULES)) == Fix(
        FixKind.HOLD_MEETING, "acme-corp", met="delivery"
    )
    assert criterion({"touches": {"kind": "meeting"}}).fix(deal(RULES)) == Fix(
        FixKind.RECORD_TOUCH, "acme-corp", touch="meeting", direction="out"
    )


def test_an_item_asks_for_the_fields_whose_answers_could_meet_it():
    assert item_fields("situation", deal(RULES)) == ["situation"]
    assert item_fields("reachable", deal(RULES)) == ["contact.email", "contact.phone"]
    assert item_fields("next_step", deal(RULES)) == []


def test_a_part_that_holds_is_not_asked_for_again():
    rules = playbook(criteria={"fit": {"all_of": ["budget", {"field": "size", "is": "huge"}, "budget"]}})
    assert item_fields("fit", deal(rules)) == ["budget", "size"]
    assert item_fields("fit", deal(rules, facts(values={"budget": "1"}))) == ["size"]
