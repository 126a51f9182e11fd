"""What sets two contents of a playbook apart, said in words."""

import pytest
from tests.small_playbook import SMALL

from handoffctl.playbook.diff import differences, written_length
from handoffctl.playbook.reader import playbook_from_text


def told(*changes):
    """What is said when each of these words in the small playbook becomes the other."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return differences(playbook_from_text(SMALL, "before"), playbook_from_text(text, "after"))


def test_the_same_rules_have_no_differences_however_they_are_laid_out():
    assert told() == []
    assert told(("seller: You", 'seller: "You"'), ("stages:\n", "# what there is\nstages:\n")) == []


@pytest.mark.parametrize(("old", "new", "says"), [
    ("[situation, budget]", "[situation]", "Lead -> Qualified no longer requires budget"),
    ("[situation, budget]", "[situation, budget, size]", "Lead -> Qualified now requires size"),
    ("[situation, budget]", "[situation]\n    nice_to_have: [budget]",
     "Lead -> Qualified no longer requires budget; it is nice to have"),
    ("[situation, budget]", "[situation, budget]\n    nice_to_have: [size]",
     "Lead -> Qualified now asks size as nice to have"),
    ("reason: They fit.", "reason: They suit us.", "Lead -> Qualified: reason: They fit. -> They suit us."),
    ("next_step: required", "next_step: nice_to_have", "Lead -> Qualified: next_step: required -> nice_to_have"),
    ("Budget, type: money", "Budget, type: number", "field budget: now of type number"),
    ("[small, large]", "[small, middle, large]", "field size: choices: small; large -> small; middle; large"),
    ("label: Start", "label: Begin", "field start: label: Start -> Begin"),
    ("target: 3d", "target: 5d", "target of lead: 3d -> 5d"),
    (", target: 3d", "", "target of lead: 3d -> none"),
    ("target: 3d", "target: 3d, follow_up: {attempts: 5}", "stage lead: follow_up: none -> attempts: 5"),
    ("exit: [reachable], ", "", "leaving lead no longer requires reachable"),
    ("title: Won,", "title: Won, entry: [start],", "entering won now requires start"),
    ("at_least: 5000", "at_least: 9000", "criterion big: at_least: 5000 -> 9000"),
    ("seller: You", "seller: Me", "role seller: You -> Me"),
    ("roles: {", "roles: {helper: Somebody, ", "role helper is new"),
    ("title: A small one", "title: Another", "title: A small one -> Another"),
    ("roles:", "reviewed: 2026-03-01\nroles:", "reviewed: none -> 2026-03-01"),
    ("roles:", "verdicts: {attempts: 5}\nroles:", "verdicts: attempts: 20 -> 5"),
    ("handoffs:", "signals:\n  loud: {points: 5, when: [budget]}\nhandoffs:", "signal loud is new"),
])  # fmt: skip
def test_a_change_is_one_sentence(old, new, says):
    assert told((old, new)) == [says]


def test_a_criterion_that_became_one_of_another_kind_is_told_key_by_key():
    assert told(("field: budget, at_least: 5000", "any_of: [budget, {touches: {within: 14d}}]")) == [
        "criterion big: any_of: none -> known: budget; touches: at_least: 1, within: 14d",
        "criterion big: field: budget -> none",
        "criterion big: at_least: 5000 -> none",
    ]


def test_a_stage_that_is_new_or_gone_is_named_with_its_place_and_its_handoffs():
    demo = "  demo: {title: Demo}\n  won: {title: Won, kind: won}\n"
    way = """handoffs:
  - {from: qualified, to: demo, trigger: They ask., reason: To see it., benefit: The prospect sees it.}
"""
    after = [("  won: {title: Won, kind: won}\n", demo), ("handoffs:\n", way)]
    assert told(*after) == ["stage demo is new, after qualified", "the handoff Qualified -> Demo is new"]
    text = SMALL.replace(*after[0]).replace(*after[1])
    back = differences(playbook_from_text(text, "before"), playbook_from_text(SMALL, "after"))
    assert back == ["stage demo is gone", "the handoff Qualified -> Demo is gone"]


def test_another_order_of_the_stages_is_said():
    qualified, won = SMALL[SMALL.index("  qualified:") : SMALL.index("handoffs:")].splitlines(keepends=True)
    assert told((qualified + won, won + qualified)) == ["the stages stand in another order: lead, won, qualified"]


def test_no_change_of_a_shipped_playbook_into_another_is_without_words():
    from handoffctl.playbook.reader import read_playbook
    from handoffctl.resources import shipped

    read = [read_playbook(path) for path in sorted(shipped("playbooks").glob("*.yaml"))]
    for one in read:
        for other in read:
            said = differences(one, other)
            assert bool(said) == (one is not other)
            assert all(line and "\n" not in line and "Criterion(" not in line for line in said)


@pytest.mark.parametrize(("days", "says"), [(3, "3d"), (4 / 24, "4h"), (30 / 1440, "30m"), (14, "14d"), (1.5, "36h")])
def test_a_length_is_written_as_in_a_playbook(days, says):
    assert written_length(float(days)) == says


def test_a_goal_and_whose_objective_it_is_are_told_of():
    goal, other_goal = "goal: {revenue: 20000, per: quarter}\n", "goal: {revenue: 30000}\n"
    calls = "objectives:\n  calls: {role: seller, measure: leads, at_least: 6, serves: Enough talks.%s}\n"
    before = playbook_from_text(SMALL + goal + calls % "", "before")
    after = playbook_from_text(SMALL + other_goal + calls % ", person: Sam, of: {known: budget}", "after")
    changes = differences(before, after)
    assert "goal: revenue: 20000 -> 30000" in changes
    assert "goal: per: quarter -> year" in changes
    assert "objective calls: person: none -> Sam" in changes
    assert any(change.startswith("objective calls: of: none -> ") for change in changes)
