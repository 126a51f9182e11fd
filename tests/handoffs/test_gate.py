"""The gate decides whether a handoff may happen and names every gap."""

from tests.playbook.small_rules import NOW, STEP, facts, handoff, playbook

from handoffctl.handoffs.gate import decide
from handoffctl.playbook.facts import Step
from handoffctl.playbook.requirements import WHY_NEXT_STEP, requirements_of, requirements_to_close

READY = {"contact.email": "jane@acme.example", "situation": "They outgrew spreadsheets", "budget": "5000"}


def verdict(rules, **known):
    return decide(requirements_of(rules, rules.handoffs[0]), facts(**known), NOW)


def one(**more):
    return playbook(handoffs=[handoff(**more)])


def test_a_handoff_with_everything_known_is_clear():
    answer = verdict(one(required=["situation"], next_step="required"), values=READY, step=STEP)
    assert answer.clear
    assert answer.missing == answer.nice_to_have == ()


def test_every_gap_is_named_at_once_with_label_reason_and_command():
    gaps = verdict(one(required=["situation", "budget"], next_step="required")).missing
    assert [(gap.name, gap.label) for gap in gaps] == [
        ("reachable", "Reachable"), ("situation", "Situation"), ("budget", "Budget"), ("next_step", "Next step")
    ]  # fmt: skip
    assert [gap.why for gap in gaps] == [
        "To follow up.", "To begin somewhere.", "The playbook asks for it: budget.", WHY_NEXT_STEP
    ]  # fmt: skip
    assert str(gaps[1].fix) == 'handoffctl set acme-corp situation="TEXT"'
    assert gaps[0].fields == ("contact.email", "contact.phone")
    assert gaps[3].fields == ()


def test_an_overdue_step_is_a_gap_that_names_it():
    rules = one(next_step="required")
    overdue = verdict(rules, values=READY, step=Step("first call", "2026-03-03"))
    assert [(gap.name, gap.label) for gap in overdue.missing] == [
        ("next_step", 'Next step: "first call" was due on Tue 3 Mar')
    ]
    for due in (NOW.today.isoformat(), "2026-12-01", None):
        assert verdict(rules, values=READY, step=Step("first call", due)).clear


def test_an_overdue_step_meets_no_criterion_about_steps_either():
    rules = playbook(criteria={"agreed": {"next_step": "set"}}, stages={"lead": {}, "qualified": {}},
                     handoffs=[handoff(required=["agreed"])])  # fmt: skip
    gap = verdict(rules, values=READY, step=Step("first call", "2025-03-03")).missing[0]
    assert gap.label == 'Agreed: "first call" was due on Mon 3 Mar 2025'


def test_exit_items_come_first_then_those_of_the_handoff_then_entry_items():
    stages = {"lead": {"exit": ["reachable"]}, "qualified": {"entry": ["budget"]}}
    rules = playbook(stages=stages, handoffs=[handoff(required=["situation"])])
    assert requirements_of(rules, rules.handoffs[0]).required == ("reachable", "situation", "budget")


def test_an_item_asked_for_twice_is_asked_once():
    stages = {"lead": {"exit": ["budget"]}, "qualified": {"entry": ["budget", "situation"]}}
    rules = playbook(stages=stages, handoffs=[handoff(required=["situation", "budget"])])
    assert requirements_of(rules, rules.handoffs[0]).required == ("budget", "situation")


def test_what_is_required_is_not_also_nice_to_have():
    rules = one(required=["budget"], nice_to_have=["budget", "start", "start"])
    assert requirements_of(rules, rules.handoffs[0]).nice_to_have == ("start", "next_step")


def test_nice_to_have_never_blocks():
    answer = verdict(one(nice_to_have=["start"]), values=READY)
    assert answer.clear
    assert [gap.name for gap in answer.nice_to_have] == ["start", "next_step"]


def test_a_comparison_that_fails_is_a_gap_like_one_that_is_unknown():
    rules = playbook(criteria={"big": {"field": "budget", "at_least": "9000"}}, stages={"lead": {}, "qualified": {}},
                     handoffs=[handoff(required=["big"])])  # fmt: skip
    assert [gap.name for gap in verdict(rules, values=READY).missing] == ["big"]
    assert [gap.name for gap in verdict(rules).missing] == ["big"]
    assert verdict(rules, values={"budget": "9000"}).clear


def test_a_handoff_that_only_changes_the_person_asks_neither_exit_nor_entry_items_of_its_stage():
    stages = {"lead": {"exit": ["reachable"], "entry": ["situation"]}, "qualified": {}}
    rules = playbook(stages=stages, handoffs=[handoff(to=None, receiver="delivery", required=["budget"])])
    assert requirements_of(rules, rules.handoffs[0]).required == ("budget",)


def test_a_way_into_won_without_a_handoff_asks_exit_and_entry_items():
    stages = {"lead": {"exit": ["reachable"]}, "qualified": {}, "won": {"kind": "won", "entry": ["signed"]}}
    rules = playbook(stages=stages)
    answer = decide(requirements_to_close(rules, "lead", "won"), facts(), NOW)
    assert [gap.name for gap in answer.missing] == ["reachable", "signed"]


def test_a_handoff_into_another_playbook_asks_that_one_s_entry_items_in_its_words():
    other = playbook(playbook="care", fields={"goal": {"label": "Goal of the year"}},
                     criteria={"settled": {"field": "goal", "is": "renewal"}},
                     stages={"start": {"entry": ["goal", "settled"]}}, handoffs=[])  # fmt: skip
    rules = one(to="care/start", required=["situation"])
    answer = decide(requirements_of(rules, rules.handoffs[0], other), facts(values=READY), NOW)
    assert [(gap.name, gap.label) for gap in answer.missing] == [("goal", "Goal of the year"), ("settled", "Settled")]
