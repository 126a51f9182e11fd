"""A playbook that makes no sense is told so, each fault with the path to it."""

import pytest
from tests.playbook.small_rules import handoff, playbook

from handoffctl.playbook.lint import DeclaredNames, faults


def told(**more):
    return [(fault.path, fault.sentence) for fault in faults(playbook(**more))]


WITHOUT_ITEMS = {"lead": {}, "qualified": {"owner": "seller"}, "won": {"kind": "won"}}
TO_WON = handoff(**{"from": "qualified", "to": "won"})


def test_a_sound_playbook_has_no_fault():
    assert told() == []


@pytest.mark.parametrize("key", ["required", "nice_to_have"])
def test_an_unknown_item_of_a_handoff_is_told_with_the_nearest_name(key):
    assert told(handoffs=[handoff(**{key: ["situation", "budgt"]}), TO_WON]) == [
        (("handoffs", 0, key, 1), 'no field or criterion is called "budgt" (did you mean "budget"?)')
    ]


def test_a_kind_of_deal_is_told_by_fields_alone():
    assert told(handoffs=[handoff(like=["budget", "deal.source"]), TO_WON]) == []
    assert told(handoffs=[handoff(like=["budgt", "reachable"]), TO_WON]) == [
        (("handoffs", 0, "like", 0), 'no field is called "budgt" (did you mean "budget"?)'),
        (("handoffs", 0, "like", 1), 'no field is called "reachable"'),
    ]


def test_fields_criteria_built_in_values_and_the_next_step_are_known_items():
    assert told(handoffs=[handoff(required=["budget", "reachable", "deal.amount", "next_step"]), TO_WON]) == []


def test_unknown_names_are_found_wherever_a_criterion_hides_them():
    criteria = {
        "reachable": "contact.emial",
        "deep": {"any_of": [{"all_of": ["budget", "sitation"]}, {"not": {"field": "budgt", "is": "1"}}]},
    }
    trigger = {"says": "They ask.", "when": ["met"]}
    assert [path for path, _ in told(criteria=criteria, handoffs=[handoff(trigger=trigger), TO_WON])] == [
        ("criteria", "reachable", "known"),
        ("criteria", "deep", "any_of", 0, "all_of", 1, "known"),
        ("criteria", "deep", "any_of", 1, "not", "field"),
        ("handoffs", 0, "trigger", "when", 0, "known"),
    ]


def test_a_comparison_is_of_a_field_never_of_a_criterion():
    assert told(criteria={"reachable": "budget", "big": {"field": "reachable", "is": "1"}}) == [
        (("criteria", "big", "field"), 'no field is called "reachable"')
    ]


def test_stages_and_roles_must_be_known():
    stages = {"lead": {"owner": "selller"}, "qualified": {}, "won": {"kind": "won"}}
    handoffs = [handoff(sender="bob", receiver="delivry"), handoff(**{"from": "qualifed", "to": "wun"})]
    criteria = {"reachable": {"introduced": "boss"}}
    assert told(stages=stages, handoffs=handoffs, criteria=criteria) == [
        (("stages", "lead", "owner"), 'no role is called "selller" (did you mean "seller"?)'),
        (("handoffs", 0, "sender"), 'no role is called "bob"'),
        (("handoffs", 0, "receiver"), 'no role is called "delivry" (did you mean "delivery"?)'),
        (("criteria", "reachable", "introduced"), 'no role is called "boss"'),
        (("handoffs", 1, "from"), 'no stage is called "qualifed" (did you mean "qualified"?)'),
        (("handoffs", 1, "to"), 'no stage is called "wun" (did you mean "won"?)'),
    ]


def test_a_playbook_without_roles_may_call_people_what_it_likes():
    assert told(roles={}, handoffs=[handoff(receiver="whoever"), TO_WON]) == []


def test_the_stages_of_another_playbook_cannot_be_checked_here():
    assert told(handoffs=[handoff(), TO_WON, handoff(to="care/start")]) == []


@pytest.mark.parametrize("to", ["a/b/c", "/start", "care/"])
def test_a_destination_is_a_stage_or_a_playbook_and_a_stage(to):
    assert told(handoffs=[handoff(), TO_WON, handoff(to=to, name="over")]) == [
        (("handoffs", 2, "to"), f'"{to}" is neither a stage nor PLAYBOOK/STAGE')
    ]


def test_a_stage_of_the_same_playbook_is_named_alone():
    assert told(handoffs=[handoff(), TO_WON, handoff(to="small/qualified")]) == [
        (("handoffs", 2, "to"), 'it stays in this playbook; write "qualified" alone')
    ]


@pytest.mark.parametrize("key", ["trigger", "reason", "benefit"])
def test_every_handoff_owes_a_trigger_a_reason_and_a_benefit_unless_it_is_a_draft(key):
    bare = handoff()
    del bare[key]
    ((path, said),) = told(handoffs=[bare, TO_WON])
    assert path == ("handoffs", 0, key)
    assert said.startswith(f'"{key}" is missing; say ')
    assert told(handoffs=[bare, TO_WON], draft="true") == []


def test_handoffs_that_join_the_same_stages_need_names():
    assert told(handoffs=[handoff(), handoff(), TO_WON]) == [
        (("handoffs", 1, "name"), "it joins the same stages as handoffs[0]; give each a name")
    ]
    assert told(handoffs=[handoff(), handoff(name="second try"), TO_WON]) == []


def test_two_handoffs_cannot_leave_a_stage_under_one_name():
    named = handoff(to="won", name="Qualified")
    assert told(handoffs=[handoff(), named, TO_WON]) == [
        (("handoffs", 1, "name"), 'handoffs[0] leaves "lead" under the same name, "Qualified"')
    ]


def test_without_a_destination_there_must_be_a_receiver_be_it_another_person_of_the_same_role():
    said = 'without "to" only the person changes, so it needs a "receiver"'
    rest = [handoff(), TO_WON]
    assert told(handoffs=[*rest, handoff(to=None, receiver="delivery")]) == []
    assert told(handoffs=[*rest, handoff(to=None)]) == [(("handoffs", 2, "to"), said)]
    assert told(handoffs=[*rest, handoff(to=None, receiver="seller")]) == []
    assert told(handoffs=[*rest, handoff(to=None, sender="delivery", receiver="seller")]) == []


def test_a_handoff_leaves_an_open_stage_and_goes_elsewhere():
    back = handoff(**{"from": "won", "to": "lead"})
    assert told(handoffs=[handoff(), TO_WON, back]) == [
        (("handoffs", 2, "from"), 'a handoff leaves an open stage; "won" is won')
    ]
    assert told(handoffs=[handoff(), TO_WON, handoff(to="lead")]) == [
        (("handoffs", 2, "to"), 'it leads back to where it begins; leave "to" out where only the person changes')
    ]


def test_a_name_belongs_to_one_thing():
    fields = {"budget": {}, "contact.email": {}, "next_step": {}}
    criteria = {"budget": {"meeting": "held"}, "deal.amount": {"meeting": "held"}}
    assert told(fields=fields, criteria=criteria, stages=WITHOUT_ITEMS) == [
        (("fields", "contact.email"), '"contact.email" is built in; take it out here, or give the field another name'),
        (("fields", "next_step"), '"next_step" is built in; take it out here, or give the field another name'),
        (("criteria", "budget"), '"budget" is the name of a field too; give the criterion another name'),
        (("criteria", "deal.amount"), '"deal.amount" is built in; give the criterion another name'),
    ]


def test_choices_differ_in_more_than_capitals():
    fields = {"size": {"type": "choice", "choices": ["small", "Small", "large"]}}
    assert told(fields=fields) == [
        (("fields", "size", "choices"), '"small" is there more than once; capitals make no difference')
    ]


def test_every_open_stage_needs_a_way_in_and_the_first_one_is_the_entrance():
    stages = {**WITHOUT_ITEMS, "island": {}, "beach": {}, "lost": {"kind": "lost"}}
    said = "it needs a handoff from a stage that a deal can reach"
    there = handoff(**{"from": "beach", "to": "island", "name": "along"})
    assert told(stages=stages) == [
        (("stages", "island"), f'nothing leads to "island"; {said}'),
        (("stages", "beach"), f'nothing leads to "beach"; {said}'),
    ]
    assert (("stages", "beach"), f'nothing leads to "beach"; {said}') in told(
        stages=stages, handoffs=[handoff(), TO_WON, there]
    )


def test_what_follows_from_a_stage_without_a_way_in_is_not_a_fault_of_its_own():
    stages = {**WITHOUT_ITEMS, "island": {}, "beach": {}}
    along = handoff(**{"from": "island", "to": "beach"})
    assert [path for path, _ in told(stages=stages, handoffs=[handoff(), TO_WON, along])] == [("stages", "island")]


def test_a_deal_needs_an_open_stage_to_begin_in():
    assert told(stages={"won": {"kind": "won"}}, handoffs=[]) == [
        (("stages",), "no stage is open; a deal needs one to begin in")
    ]


def test_a_name_that_is_declared_is_known_even_where_what_it_stands_for_is_at_fault():
    rules = playbook(fields={}, handoffs=[handoff(required=["budget"]), TO_WON])
    declared = DeclaredNames(["budget"], ["reachable"], list(rules.stages), list(rules.roles))
    assert faults(rules, declared) == []
    unread = DeclaredNames(None, None, None, None, ways=False)
    assert faults(playbook(fields={}, stages={"lead": {}}), unread) == []
