"""Advice on a playbook that has no fault; what its criteria say in words."""

from datetime import date

import pytest
from tests.playbook.small_rules import criterion
from tests.small_playbook import SMALL

from handoffctl.core.yaml.forms import checked
from handoffctl.playbook.advice import AdviceContext, advice, advice_on_age
from handoffctl.playbook.criteria import TIME_FACTS, Condition, Criterion
from handoffctl.playbook.criteria.base import main_key
from handoffctl.playbook.describe_rules import follow_up_in_words
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.quantities import length
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.playbook.sections import FollowUp

GOOD = SMALL.replace("owner: seller}", "owner: seller, target: 7d}").replace(
    "[situation, budget]", "[situation, budget, size, start]"
)


def small(old: str = "", new: str = "", text: str = GOOD) -> Playbook:
    assert old in text
    return playbook_from_text(text.replace(old, new) if old else text, "small.yaml")


def advised(rules: Playbook, around: AdviceContext | None = None) -> list[tuple[str, str]]:
    found = advice(rules, around) if around else advice(rules)
    return [(".".join(map(str, path)), said) for path, said in found]


def test_a_good_playbook_needs_no_advice():
    assert advised(small()) == []


def test_an_open_stage_without_a_target_is_told_of():
    [(path, said)] = advised(small("target: 3d", "title: Lead", GOOD.replace("title: Lead, ", "")))
    assert path == "stages.lead"
    assert said.startswith("no target; ")


def test_a_field_that_nothing_uses_is_told_of_but_not_one_that_a_summary_or_an_email_uses():
    rules = small("size, start]", "size]")
    assert advised(rules) == [("fields.start", "nothing uses this field; let a handoff ask for it, or take it out")]
    assert advised(rules, AdviceContext({}, {"start"})) == []
    assert advised(small("type: date", "type: date, summary: timeline", GOOD.replace(", start]", "]"))) == []


def test_a_field_under_next_steps_prints_nowhere():
    [(path, said)] = advised(small("type: date", "type: date, summary: next steps"))
    assert path == "fields.start.summary"
    assert said.startswith("nothing prints there any more")


def test_words_for_a_head_that_no_field_feeds_are_never_read():
    [(path, said)] = advised(small("\nroles:", "\nheads: {timelime: Timing}\nroles:"))
    assert path == "heads.timelime"
    assert "no field has this head" in said


def test_a_field_that_the_playbook_led_to_asks_for_is_used():
    rules = small("size, start]", "size]")
    other = small("exit: [reachable]", "exit: [start]")
    assert advised(rules, AdviceContext({"other": other})) == []


def test_more_than_seven_required_items_are_told_of_with_those_of_the_stages():
    more = ", contact.name, contact.title, deal.amount]"
    [(path, said)] = advised(small(", start]", ", start" + more))
    assert path == "handoffs.0.required"
    assert said.startswith("8 items are required, with what its stages ask on leaving and entering; ")
    assert advised(small(", start]", ", start, contact.name, contact.title]")) == []  # seven, and a next step


def test_two_stages_that_begin_with_the_same_words_are_told_of():
    begun = GOOD.replace("title: Lead,", "title: Lead, begins_when: They answer.,")
    rules = small("title: Qualified,", "title: Qualified, begins_when: they  answer,", begun)
    assert advised(rules) == [
        ("stages.qualified.begins_when", '"lead" begins with the same words; say what sets them apart')
    ]


@pytest.mark.parametrize("benefit", ["The Client's time is saved.", "THEY wait less.", "Buyers know whom to call."])
def test_a_benefit_that_speaks_of_the_buyer_is_enough(benefit):
    assert advised(small("The prospect is heard.", benefit)) == []


@pytest.mark.parametrize("benefit", ["We know more.", "Our team saves an hour.", "Prospecting gets faster."])
def test_a_benefit_of_ones_own_is_told_of(benefit):
    assert [path for path, _ in advised(small("The prospect is heard.", benefit))] == ["handoffs.0.benefit"]


def test_more_than_ten_open_stages_are_told_of():
    many = "".join(f"  s{n}: {{target: 7d}}\n" for n in range(9))
    ways = "".join(
        f"  - {{from: lead, to: s{n}, trigger: They ask., reason: They fit., benefit: They gain.}}\n" for n in range(9)
    )
    text = GOOD.replace("  won: ", many + "  won: ") + ways
    [(path, said)] = advised(playbook_from_text(text, "small.yaml"))
    assert (path, said[:14]) == ("stages", "11 open stages")


def test_a_draft_says_what_it_still_lacks():
    text = GOOD.replace("title: A small one", "draft: true").replace("    reason: They fit.\n", "")
    [(path, said)] = advised(playbook_from_text(text, "small.yaml"))
    assert path == "draft"
    assert "1 handoff does not yet say" in said


def test_a_review_is_long_ago_after_more_than_180_days():
    rules = small("title: A small one", "reviewed: 2026-01-01")
    assert advice_on_age(rules, date(2026, 6, 30)) == []
    assert [path for path, _ in advice_on_age(rules, date(2026, 7, 1))] == [("reviewed",)]
    assert advice_on_age(small(), date(2999, 1, 1)) == []  # names no day


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("budget", "budget is known"),
        ("big", "budget is at least 5000"),
        ("next_step", "a next step is set"),
        ("reachable", "any of: contact's e-mail is known; contact's phone is known"),
        ({"not": "reachable"}, "not: (any of: contact's e-mail is known; contact's phone is known)"),
        ({"all_of": ["big", "reachable"]},
         "all of: budget is at least 5000; (any of: contact's e-mail is known; contact's phone is known)"),
        ({"any_of": ["big"]}, "budget is at least 5000"),
        ({"field": "size", "one_of": ["small", "large"]}, "size is one of: small, large"),
        ({"field": "start", "after": "2026-01-01", "before": "+14d"}, "start is before +14d and is after 2026-01-01"),
        ({"meeting": "held"}, "a meeting was held"),
        ({"summary": "confirmed"}, "a summary was confirmed"),
        ({"introduced": "delivery"}, "delivery was introduced to them"),
        ({"score": 50}, "at least 50 points"),
        ({"touches": {"kind": "call", "direction": "out", "at_least": 2, "within": 14}},
         "at least 2 calls to them within 2 weeks"),
        ({"touches": {}}, "at least 1 touch"),
        ({"stage_age": 30}, "at least 30 days in the stage"),
        ({"past_close": 14}, "at least 2 weeks past the expected close"),
        ({"untouched": 1}, "at least 1 day without a touch"),
        ({"attempts": 5}, "at least 5 attempts to reach somebody"),
        ({"stage_age": {"times_usual": 2, "else": 60}}, "at least 2 times what is usual (60 days while that is not "
         "known) in the stage"),
        ({"slips": 2}, "the close date was moved later at least 2 times"),
        ({"penetration": 1}, "at least 1 contact heard from in 90 days"),
        ({"pool_left": 5}, "at most 5 target accounts left"),
    ],
)  # fmt: skip
def test_a_criterion_is_said_in_words(raw, said):
    timed = isinstance(raw, dict) and {main_key(kind) for kind in TIME_FACTS} & set(raw)
    assert checked(Condition if timed else Criterion, raw).describe(small()) == said


def test_criteria_that_name_each_other_in_a_circle_still_have_an_end():
    rules = small()
    circle = {"big": criterion("reachable"), "reachable": criterion("big")}
    assert circle["big"].describe(rules.with_values(criteria=circle)) == "reachable is known"


def test_a_length_of_time_is_said_in_the_unit_that_fits():
    told = [length(days) for days in (30 / 1440, 4 / 24, 36 / 24, 1, 7, 10, 14, 30)]
    assert told == ["30 minutes", "4 hours", "36 hours", "1 day", "7 days", "10 days", "2 weeks", "30 days"]


def test_follow_up_is_said_in_one_line():
    rule = checked(
        FollowUp,
        {"first_within": "4h", "attempts": "5", "most": "8", "every": "3d", "within": "14d", "waived": ["moved away"]},
    )
    assert follow_up_in_words(rule) == (
        "first within 4 hours; at least 5 attempts, at most 8, one every 3 days, within 2 weeks; "
        "fewer are enough when the reason is: moved away"
    )
    assert follow_up_in_words(checked(FollowUp, {"most": "1"})) == "at most 1 attempt"


def test_a_yes_that_need_not_cover_anything_is_told_of():
    bare = "  agreed: {summary: confirmed}\n  big:"
    exit_of = "required: [situation, budget"
    said = advised(small(text=GOOD.replace("  big:", bare).replace(exit_of, "required: [agreed, situation, budget")))
    assert [(path, text.partition(";")[0]) for path, text in said if "summary" in path] == [
        ("criteria.agreed.summary", "one yes is enough, whatever changes after it")
    ]
