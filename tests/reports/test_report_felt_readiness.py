"""`report listening`: what receivers say of handoffs beside what the gate said, and what clients were asked again."""

import pytest

NOW = "2026-03-20"
PAIR = """\
playbook: pair
fields:
  situation: {label: Current situation}
  budget: {type: money}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: ae}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They come., reason: They fit., benefit: They are heard., nice_to_have: [budget]}
"""
SAID = {
    "Acme": (True, "--enough"), "Birch": (True, "--enough"), "Cedar": (True, "--lacked=who signs?"),
    "Dune": (False, "--not-enough"), "Elm": (False, "--enough"), "Fir": (False, ""),
}  # fmt: skip


@pytest.fixture
def told(does, playbook):
    """Six handoffs, of which one is not judged by its receiver; one on a test account."""
    playbook(PAIR)
    for name, (ready, said) in SAID.items():
        does("add", name, "--playbook", "pair", now="2026-03-02")
        does("handoff", name.lower(), *(["--set", "budget=12000"] if ready else []), now="2026-03-03")
        does("accept", name.lower(), *([said] if said else []), now="2026-03-05")
    does("add", "Drill", "--playbook", "pair", "--test", now="2026-03-02")
    does("handoff", "drill", now="2026-03-03")
    does("accept", "drill", "--enough", "--asked-twice", "budget", now="2026-03-05")
    does("touch", "acme", "call", "--asked-twice", "budget", "--asked-twice", "situation", now="2026-03-06")
    does("touch", "birch", "call", "--asked-twice", "budget", now="2026-03-12")
    return does


def test_gate_and_receiver_are_counted_two_by_two_with_the_deals_on_which_they_disagree(told):
    felt = told("report", "listening", "--playbook", "pair", "--json").json["felt"]
    assert felt == {
        "ready_enough": 2, "ready_not_enough": 1, "open_enough": 1, "open_not_enough": 1, "unsaid": 1, "test": 1,
        "ready_but_not_enough": [{"account": "cedar", "ref": "cedar", "at": "2026-03-03", "lacked": "who signs?"}],
        "open_but_enough": [{"account": "elm", "ref": "elm", "at": "2026-03-03", "lacked": ""}],
    }  # fmt: skip
    text = told("report", "listening", "--playbook", "pair").out
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[lines.index("nothing was missing 2 1") + 1] == "something was missing 1 1"
    assert "The receiver has not said it of 1 more handoff." in text
    assert "cedar not enough who signs?" in lines
    assert "handoffctl show ACCOUNT" in text
    assert "Left out on test accounts: 1 answer, 1 report of a field asked again." in text


def test_what_was_asked_again_is_counted_by_field_with_its_deals(told):
    asked = told("report", "listening", "--playbook", "pair", "--json").json["asked_twice"]
    assert asked == [
        {"field": "budget", "label": "Budget", "times": 2, "deals": ["birch", "acme"]},
        {"field": "situation", "label": "Current situation", "times": 1, "deals": ["acme"]},
    ]
    lines = told("report", "listening", "--playbook", "pair", "--csv").out.splitlines()
    assert 'asked twice,budget,,,,,,,2,"birch, acme",' in lines
    assert 'felt,"ready, not enough",,,,,,,1,,' in lines
    assert 'felt deal,"ready, not enough",,,,,,,,cedar,who signs?' in lines


def test_as_of_an_earlier_moment_it_is_what_it_was_then(told):
    found = told("report", "listening", "--playbook", "pair", "--json", now="2026-03-04").json
    assert (found["felt"]["unsaid"], found["felt"]["ready_enough"], found["asked_twice"]) == (6, 0, [])
    found = told("report", "listening", "--playbook", "pair", "--json", now="2026-03-10").json
    assert [(item["field"], item["times"]) for item in found["asked_twice"]] == [
        ("budget", 1), ("situation", 1),
    ]  # fmt: skip
    since = told("report", "listening", "--playbook", "pair", "--since", "2026-03-10", "--json").json
    assert (since["felt"]["unsaid"], [item["times"] for item in since["asked_twice"]]) == (0, [1])


def test_announced_is_put_against_not_announced_in_a_sentence(does, playbook):
    playbook(PAIR.replace("{label: Current situation}", "{label: Current situation, summary: current situation}"))
    for name, announced, answered in (("Ash", "yes", True), ("Bay", "yes", True), ("Cob", "no", False)):
        does("add", name, "--playbook", "pair", now="2026-03-02")
        does("set", name.lower(), "situation=orders on paper", now="2026-03-02")
        does("summary", "draft", name.lower(), "--announced", announced, "--sent", now="2026-03-02")
        if answered:
            does("summary", "confirm", name.lower(), now="2026-03-03")
    says = "Answered within 5 working days: announced 2, answered 2; not announced 1, answered 0."
    assert says in does("report", "listening", "--playbook", "pair").out
