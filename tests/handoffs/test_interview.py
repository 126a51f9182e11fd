"""The questions of an interactive handoff act on what a gap is, whatever its text happens to say."""

import pytest

DAY = "2026-03-02T09:00:00Z"

ODD = """\
playbook: odd
roles: {seller: Who sells, delivery: Who delivers}
fields:
  size: {label: "Size: roughly", type: number, why: To send the right person.}
criteria:
  asked: {label: They were called, touches: {kind: call, direction: out}, why: Nobody hands off unheard.}
  met: {label: Delivery was there, introduced: delivery, why: They do the work.}
stages:
  lead: {title: Lead}
  talks: {title: Talks}
  offer: {title: Offer}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, to: talks, required: [size, asked], trigger: They agree., reason: They fit., benefit: They are heard.}
  - {from: talks, to: offer, required: [met], trigger: They ask., reason: It fits., benefit: They get one.}
  - {from: offer, to: won, trigger: They sign., reason: It fits., benefit: They get it.}
"""


@pytest.fixture
def does(quick, playbook):
    playbook(ODD)

    def does(*words, code=0):
        ran = quick(*words, now=DAY)
        assert ran.code == code, (words, ran)
        return ran

    return does


@pytest.fixture
def asks(does, monkeypatch):
    """`asks("yes", "2")`: somebody who answers so one question after the other, and then nothing more."""

    def asks(*answers):
        left = iter(answers)
        prompts = []

        def asked(prompt):
            prompts.append(prompt.strip())
            return next(left, ""), 1.0

        monkeypatch.setattr("handoffctl.console.context.prompting", lambda: True)
        monkeypatch.setattr("handoffctl.handoffs.interview.ask_line", asked)
        return prompts

    return asks


def test_a_score_that_is_too_low_lists_its_signals_and_asks_only_for_what_is_unknown(does, asks, quick, rows):
    does("add", "Quarry Rail", "--playbook", "account-based")
    does("contact", "add", "quarry-rail", "Olu Stone <olu@quarry.example>", "--level", "manager")
    does("set", "quarry-rail", "situation=tickets are still printed", "fit=good")
    asks()
    told = does("handoff", "quarry-rail", code=3).out
    assert "       no  25 points  Somebody in the c-suite talks to you\n" in told
    assert "      ask  20 points  They asked for a price: " in told
    assert "Contact's level:" not in told


def test_no_account_is_taken_for_a_meeting_that_was_held_because_of_its_name(does, asks, rows):
    does("add", "Held", "--playbook", "odd")
    prompts = asks("12")
    told = does("handoff", "held", code=3).out
    assert "The command for it: handoffctl touch held call --out" in told
    assert not [prompt for prompt in prompts if "Has it happened?" in prompt]
    assert rows("SELECT count(*) FROM touch") == [(0,)]


def test_whom_the_meeting_was_with_is_recorded(does, asks, rows):
    does("add", "Acme Corp", "--playbook", "odd")
    does("set", "acme-corp", "size=12")
    does("touch", "acme-corp", "call", "they answered")
    does("handoff", "acme-corp", "--step", "meet them")
    asks("yes")
    told = does("handoff", "acme-corp", "--to", "offer").out
    assert "The command for it: handoffctl touch acme-corp meeting --outcome held --with delivery" in told
    assert rows("SELECT kind, outcome, met FROM touch ORDER BY id") == [
        ("call", "", ""),
        ("meeting", "held", "delivery"),
    ]


def test_a_refused_answer_is_told_without_its_name_whatever_the_name_is(does, asks):
    does("add", "Acme Corp", "--playbook", "odd")
    asks("many", "12")
    told = does("handoff", "acme-corp", code=3).out
    assert '\n  "many" is not a number' in told
    assert "\n  roughly (size)" not in told


def test_a_day_that_cannot_be_read_is_told_without_the_option(does, asks):
    does("add", "Acme Corp", "--playbook", "odd")
    asks("12", "call them", "someday", "+3d")
    told = does("handoff", "acme-corp", code=3).out
    assert "--due" not in told.split("By when?")[0].rpartition("What happens next?")[2]
    assert '  "someday"' in told
