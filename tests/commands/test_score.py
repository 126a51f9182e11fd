"""`score`: the points by the buying signals, what each would add, and what to ask; kept with every handoff attempt."""

import pytest

NOW = "2026-03-05T09:00:00Z"
SIGNALS = """\
playbook: signs
fields:
  fit: {type: choice, choices: [good, poor], ask: How much are they like your clients?}
  level: {type: choice, choices: [director, chief], ask: How senior are they?}
signals:
  fits: {label: They fit, points: 20, when: [{field: fit, is: good}], why: The best list beats the best letter.}
  director: {points: 15, only_one_of: level, when: [{field: level, one_of: [director, chief]}]}
  chief: {points: 25, only_one_of: level, when: [{field: level, is: chief}]}
criteria: {enough: {score: 45}, never: {score: 46}}
stages: {talk: {}, offer: {}, won: {kind: won}, lost: {kind: lost}}
handoffs:
  - {from: talk, to: offer, trigger: They ask., reason: It fits., benefit: It goes on., required: [enough]}
  - {from: offer, to: won, trigger: They sign., reason: It fits., benefit: It goes on.}
"""


@pytest.fixture
def acme(does, playbook):
    playbook(SIGNALS.replace(", never: {score: 46}", ""))
    does("add", "Acme Corp", "--playbook", "signs")
    return "acme-corp"


def held(does, acme):
    scored = does("score", acme, "--json").json
    return scored["points"], {one["name"]: (one["holds"], one["would_add"], one["ask"]) for one in scored["signals"]}


def test_it_says_what_holds_what_the_others_would_add_and_what_to_ask(does, acme):
    does("set", acme, "fit=good")
    assert held(does, acme) == (20, {
        "fits": (True, 0, []), "chief": (False, 25, ["How senior are they?"]),
        "director": (False, 15, ["How senior are they?"]),
    })  # fmt: skip
    shown = does("score", acme).out.splitlines()
    assert shown[0] == "Acme Corp: 20 points"
    assert shown[2].split() == ["yes", "20", "They", "fit"]
    assert shown[3].split()[:3] == ["no", "+25", "Chief"]


def test_of_signals_that_share_a_name_the_one_with_the_most_points_counts(does, acme):
    does("set", acme, "level=director")
    points, signals = held(does, acme)
    assert (points, signals["chief"][1]) == (15, 10)
    does("set", acme, "level=chief")
    assert held(does, acme)[0] == 25
    assert does("check", acme, code=3).out.count("(25 of 45 points)") == 1


def test_the_score_is_kept_with_every_attempt(does, acme, rows):
    does("handoff", acme, code=3)
    does("set", acme, "fit=good", "level=chief")
    does("handoff", acme)
    assert rows("SELECT score FROM handoff ORDER BY id") == [(0,), (45,)]


def test_a_score_that_needs_two_of_a_group_can_never_be_reached(playbook, quick):
    playbook(SIGNALS)
    refused = quick("playbook", "check", "signs", now=NOW)
    assert refused.code == 5
    assert "the signals add up to 45 points, so 46 can never be reached" in refused.err + refused.out


def test_a_playbook_without_signals_has_no_score(does, playbook):
    does("add", "Bo Corp", "--playbook", "solo")
    assert does("score", "bo-corp").out == "The playbook solo has no signals, so there is no score.\n"
    assert does("score", "bo-corp", "--json").json["signals"] == []
