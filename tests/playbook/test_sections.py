"""The further sections of a playbook by hand cases: what their keys take, and the sentence where they do not fit."""

import pytest
from pydantic import ValidationError
from tests.playbook.small_rules import handoff, playbook

from handoffctl.core.yaml.forms import checked
from handoffctl.playbook.criteria import Condition, Criterion
from handoffctl.playbook.criteria.time_facts import StageLength
from handoffctl.playbook.lint import faults
from handoffctl.playbook.sections import Agreement, Disposition, FollowUp, Objective, Signal
from handoffctl.playbook.symbols import DeclaredNames

SIGNAL = {"points": "10", "when": ["budget"]}
DISPOSITION = {"propose": "nurture", "when": [{"untouched": "30d"}], "because": "Nobody answers."}
AGREEMENT = {
    "from": "seller", "to": "delivery", "promise": "Each is taken up.", "measure": "accepted", "handoff": "won",
    "within": "4h",
}  # fmt: skip
OBJECTIVE = {"role": "seller", "measure": "calls", "serves": "More first talks.", "at_least": "20"}


def refused(model, raw):
    """The one sentence with which the model refuses this, and where."""
    with pytest.raises(ValidationError) as caught:
        checked(model, raw)
    (error,) = caught.value.errors()
    return error["loc"], str(error.get("ctx", {}).get("error", error["type"]))


def less(raw, *keys):
    return {key: value for key, value in raw.items() if key not in keys}


def told(**more):
    return [(fault.path, fault.sentence) for fault in faults(playbook(**more))]


# Follow-up


def test_follow_up_counts_attempts_and_measures_in_days():
    asked = checked(
        FollowUp,
        {"first_within": "4h", "attempts": "5", "most": "8", "within": "2w", "every": "36h", "waived": ["no budget"]},
    )
    assert (asked.first_within, asked.within, asked.every) == (4 / 24, 14, 1.5)
    assert (asked.attempts, asked.most, asked.waived) == (5, 8, ("no budget",))
    assert checked(FollowUp, {}) == FollowUp()


@pytest.mark.parametrize(("attempts", "most", "sound"), [("5", "5", True), ("5", "6", True), ("6", "5", False)])
def test_the_most_attempts_are_no_fewer_than_the_least(attempts, most, sound):
    raw = {"attempts": attempts, "most": most}
    if sound:
        assert checked(FollowUp, raw).most == int(most)
    else:
        assert refused(FollowUp, raw) == ((), '"most" is 5, less than "attempts", which is 6')


@pytest.mark.parametrize(("key", "value"), [("attempts", "0"), ("attempts", "101"), ("most", "0"), ("most", "1001")])
def test_attempts_are_within_reason(key, value):
    assert refused(FollowUp, {key: value})[0] == (key,)


# Signals


@pytest.mark.parametrize(
    ("points", "sound"), [("1", True), ("1000", True), ("0", False), ("1001", False), ("-5", False)]
)
def test_a_signal_gives_from_one_point_to_a_thousand(points, sound):
    raw = SIGNAL | {"points": points}
    if sound:
        assert checked(Signal, raw).points == int(points)
    else:
        assert refused(Signal, raw)[0] == ("points",)


def test_a_signal_owes_its_points_and_what_it_waits_for():
    assert refused(Signal, less(SIGNAL, "points")) == (("points",), "missing")
    assert refused(Signal, less(SIGNAL, "when")) == (("when",), "missing")
    assert refused(Signal, SIGNAL | {"when": []}) == (("when",), "too_short")


def test_a_score_is_held_against_all_signals_together():
    signals = {"one": SIGNAL, "two": SIGNAL | {"points": "5"}}
    never = "the signals add up to 15 points, so 16 can never be reached"
    assert told(signals=signals, criteria={"reachable": {"score": "15"}}) == []
    assert told(signals=signals, criteria={"reachable": {"score": "16"}}) == [
        (("criteria", "reachable", "score"), never)
    ]
    nested = {"any_of": ["budget", {"all_of": ["seats", {"score": "16"}]}]}
    assert told(signals=signals, criteria={"reachable": nested}) == [
        (("criteria", "reachable", "any_of", 1, "all_of", 1, "score"), never)
    ]
    called = handoff(trigger={"says": "They ask.", "when": [{"score": "16"}]})
    to_won = handoff(**{"from": "qualified", "to": "won"})
    assert told(signals=signals, handoffs=[called, to_won]) == [(("handoffs", 0, "trigger", "when", 0, "score"), never)]
    kept = DISPOSITION | {"unless": [{"score": "16"}]}
    assert told(signals=signals, dispositions={"cold": kept}) == [
        (("dispositions", "cold", "unless", 0, "score"), never)
    ]
    assert told(criteria={"reachable": {"score": "1"}}) == [
        (("criteria", "reachable", "score"), "there are no signals to give points, so 1 can never be reached")
    ]


def test_nothing_is_said_of_scores_where_a_signal_could_not_be_read():
    rules = playbook(criteria={"reachable": {"score": "16"}})
    known = DeclaredNames(["budget"], ["reachable"], list(rules.stages), list(rules.roles), points=False)
    assert faults(rules, known) == []


@pytest.mark.parametrize("when", [[{"score": "5"}], ["warm"], ["budget", {"any_of": ["seats", "warm"]}], ["by_way"]])
def test_a_signal_cannot_wait_for_a_score_however_it_is_asked(when):
    criteria = {"reachable": "budget", "warm": {"score": "5"}, "by_way": {"all_of": ["warm"]}}
    said = "a signal cannot wait for a score, which is made of signals"
    assert told(criteria=criteria, signals={"one": SIGNAL, "two": SIGNAL | {"when": when}}) == [
        (("signals", "two", "when"), said)
    ]


def test_criteria_that_go_in_a_circle_are_told_of_once_and_not_followed_for_ever():
    criteria = {"reachable": "other", "other": "reachable"}
    assert [path for path, _ in told(criteria=criteria, signals={"one": SIGNAL | {"when": ["reachable"]}})] == [
        ("criteria", "reachable")
    ]


# Dispositions


@pytest.mark.parametrize(
    ("raw", "key", "value"),
    [
        ({"stage_age": "30d"}, "stage_age", StageLength(at_least=30)),
        ({"stage_age": {"times_usual": "2", "else": "60d"}}, "stage_age",
         checked(StageLength, {"times_usual": 2, "else": 60.0})),
        ({"past_close": "2w"}, "past_close", 14),
        ({"untouched": "12h"}, "untouched", 0.5), ({"slips": "2"}, "slips", 2),
        ({"penetration": "3"}, "penetration", 3),
        ({"pool_left": "5"}, "pool_left", 5), ({"attempts": "5"}, "attempts", 5), ("budget", "known", "budget"),
        ({"meeting": "held"}, "meeting", "held"), ({"score": "5"}, "score", 5),
    ],
)  # fmt: skip
def test_a_condition_is_a_criterion_or_a_fact_about_time(raw, key, value):
    assert getattr(checked(Condition, raw), key) == value


def test_a_condition_says_one_thing():
    said = "has known, untouched; it can have only one of them"
    assert refused(Condition, {"untouched": "30d", "known": "budget"}) == ((), said)
    nothing = refused(Condition, {"label": "Cold"})[1]
    assert nothing.startswith("needs one of known, any_of, all_of, not, field, ")
    assert nothing.endswith("stage_age, past_close, untouched, attempts, slips, penetration, pool_left")
    assert refused(Condition, {"untouched": "30d", "at_least": "5"})[1] == "at_least goes with field only"


@pytest.mark.parametrize("key", ["stage_age", "past_close", "untouched", "attempts", "slips", "pool_left"])
def test_a_fact_about_time_stands_by_itself_in_a_disposition_and_nowhere_else(key):
    said = f'"{key}" is a condition of a disposition; it stands by itself in its when or unless'
    assert refused(Criterion, {key: "3d"}) == ((), said)
    assert refused(Condition, {"any_of": ["budget", {key: "3d"}]}) == (("any_of", 1), said)
    assert refused(Condition, {"not": {key: "3d"}}) == (("not",), said)


@pytest.mark.parametrize("propose", ["lost", "disqualified", "keep"])
def test_only_what_is_put_aside_wakes(propose):
    raw = DISPOSITION | {"propose": propose}
    assert checked(Disposition, raw).wake is None
    said = f'"wake" goes with propose: nurture only, and this proposes {propose}'
    assert refused(Disposition, raw | {"wake": "90d"}) == ((), said)


def test_what_is_put_aside_may_wake():
    assert checked(Disposition, DISPOSITION).wake is None
    assert checked(Disposition, DISPOSITION | {"wake": "90d"}).wake == 90


@pytest.mark.parametrize("key", ["propose", "when", "because"])
def test_a_disposition_owes_what_it_proposes_when_and_why(key):
    assert refused(Disposition, less(DISPOSITION, key)) == ((key,), "missing")


def test_the_names_in_conditions_are_known_and_their_comparisons_can_come_true():
    conditions = [
        "budgt", {"field": "size", "is": "medium"}, {"field": "budget", "at_least": "lots"}, {"introduced": "boss"},
    ]  # fmt: skip
    assert told(dispositions={"cold": DISPOSITION | {"when": ["budget"], "unless": conditions}}) == [
        (("dispositions", "cold", "unless", 0, "known"), 'no field or criterion is called "budgt" '
         '(did you mean "budget"?)'),
        (("dispositions", "cold", "unless", 3, "introduced"), 'no role is called "boss"'),
        (("dispositions", "cold", "unless", 1, "is"), '"medium" is not one of: small, large, huge, so no value can '
         "meet it"),
        (("dispositions", "cold", "unless", 2, "at_least"), '"lots" is not an amount of money; write one like 12500 '
         "or 12,500, so no value can meet it"),
    ]  # fmt: skip


def test_a_disposition_may_wait_for_what_has_not_happened_though_it_cannot_be_undone():
    assert told(dispositions={"cold": DISPOSITION | {"when": [{"not": {"meeting": "held"}}, {"not": "budget"}]}}) == []


# Agreements


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (less(AGREEMENT, "handoff"), "needs handoff or stage"),
        (AGREEMENT | {"stage": "lead"}, "has handoff and stage; it can have only one of them"),
        (less(AGREEMENT, "within"), "needs within (how soon) or share (how many of them), or both"),
        (AGREEMENT | {"measure": "converted"}, "measure: converted needs a share"),
    ],
)
def test_an_agreement_is_about_one_thing_and_says_how_much_of_it(raw, said):
    assert refused(Agreement, raw) == ((), said)


@pytest.mark.parametrize(
    "raw",
    [
        AGREEMENT, AGREEMENT | {"share": "80%"}, less(AGREEMENT, "handoff") | {"stage": "lead"},
        less(AGREEMENT, "within") | {"measure": "converted", "share": "0.2"},
    ],
)  # fmt: skip
def test_a_sound_agreement_is_taken(raw):
    assert told(sla={"fresh": raw}) == []


@pytest.mark.parametrize(("text", "share"), [("80%", 0.8), ("0.5", 0.5), ("12.5 %", 0.125), ("0", 0), ("100%", 1)])
def test_a_share_is_of_a_hundred_or_of_one(text, share):
    assert checked(Agreement, AGREEMENT | {"share": text}).share == share


@pytest.mark.parametrize("text", ["80", "101%", "1.1", "-5%", "most", "", "nan", "8/10"])
def test_what_is_no_share_is_refused(text):
    said = f'"{text}" is not a share; write one like 50% or 0.5'
    assert refused(Agreement, AGREEMENT | {"share": text}) == (("share",), said)


def test_an_agreement_is_between_known_roles_about_a_known_handoff_or_stage():
    lost = {"from": "bob", "to": "delivry", "handoff": "wun"}
    assert told(sla={"fresh": AGREEMENT | lost, "other": less(AGREEMENT, "handoff") | {"stage": "leed"}}) == [
        (("sla", "fresh", "from"), 'no role is called "bob"'),
        (("sla", "fresh", "to"), 'no role is called "delivry" (did you mean "delivery"?)'),
        (("sla", "fresh", "handoff"), 'no handoff is called "wun" (did you mean "won"?)'),
        (("sla", "other", "stage"), 'no stage is called "leed" (did you mean "lead"?)'),
    ]
    assert told(roles={}, sla={"fresh": AGREEMENT | {"from": "whoever"}}, stages={"lead": {}, "won": {"kind": "won"}},
                handoffs=[handoff(to="won")]) == []  # fmt: skip


def test_a_handoff_that_is_misspelt_or_unread_is_not_told_of_again_by_the_agreement_about_it():
    misspelt = [handoff(), handoff(**{"from": "qualified", "to": "wonn"})]
    assert [path for path, _ in told(handoffs=misspelt, sla={"fresh": AGREEMENT})] == [("handoffs", 1, "to")]
    rules = playbook(sla={"fresh": AGREEMENT | {"handoff": "signing"}})
    assert len(faults(rules)) == 1
    known = DeclaredNames(list(rules.fields), ["reachable"], list(rules.stages), list(rules.roles), handoffs=False)
    assert faults(rules, known) == []


def test_a_handoff_with_a_name_is_known_by_it_alone():
    named = [handoff(), handoff(**{"from": "qualified", "to": "won", "name": "over to won"})]
    assert [path for path, _ in told(handoffs=named, sla={"fresh": AGREEMENT})] == [("sla", "fresh", "handoff")]
    assert told(handoffs=named, sla={"fresh": AGREEMENT | {"handoff": "over to won"}}) == []


# Objectives


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (less(OBJECTIVE, "at_least"), "needs at_least or at_most"),
        (OBJECTIVE | {"at_most": "30"}, "has at_least and at_most; it can have only one of them"),
    ],
)
def test_an_objective_has_one_limit(raw, said):
    assert refused(Objective, raw) == ((), said)


def test_an_objective_is_of_the_month_unless_it_says_so():
    assert checked(Objective, OBJECTIVE).per == "month"
    assert checked(Objective, less(OBJECTIVE, "at_least") | {"at_most": "0", "per": "year"}).at_most == 0


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "-inf", "1e999", "few", ""])
def test_a_limit_is_a_number_that_can_be_counted_to(text):
    assert refused(Objective, OBJECTIVE | {"at_least": text})[0] == ("at_least",)


@pytest.mark.parametrize("key", ["role", "measure", "serves"])
def test_an_objective_owes_whose_it_is_what_it_measures_and_what_it_serves(key):
    assert refused(Objective, less(OBJECTIVE, key)) == ((key,), "missing")


def test_the_role_of_an_objective_is_known():
    assert told(objectives={"calls": OBJECTIVE | {"role": "sellr"}}) == [
        (("objectives", "calls", "role"), 'no role is called "sellr" (did you mean "seller"?)')
    ]
    assert told(roles={}, objectives={"calls": OBJECTIVE | {"role": "whoever"}}) == []


def test_a_typed_number_counts_no_deals_and_names_in_of_are_known():
    path = ("objectives", "ups", "of")
    typed = {**OBJECTIVE, "measure": "typed", "of": {"field": "budget", "at_least": "5"}}
    assert (path, "measure: typed counts no deals that could meet it") in told(objectives={"ups": typed})
    assert told(objectives={"ups": less(typed, "of")}) == []
    unknown = {**OBJECTIVE, "measure": "leads", "of": {"field": "nothing_such", "at_least": "5"}}
    assert any(place[:3] == path for place, _ in told(objectives={"ups": unknown}))
