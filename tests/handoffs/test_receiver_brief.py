"""What the receiver's brief says of people, meetings, milestones and open questions, before and after the handoff."""

import pytest

PAIR = """\
playbook: pair
roles: {sdr: Finds them, account-manager: Talks to them}
fields:
  situation: {ask: How is it done today?, summary: current situation}
  decision: {ask: What does Tom need to see?}
  budget: {type: money, ask: What is set aside for it?}
  users: {ask: Who will use it every day?}
  stock: {ask: Who keeps the stock data?}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: account-manager}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They come., reason: They fit., benefit: They are heard.,
     required: [decision], nice_to_have: [stock]}
  - {from: talk, to: won, trigger: They sign., reason: They said yes., benefit: They get it.,
     required: [users], nice_to_have: [budget]}
  - {from: talk, to: lead, trigger: They wait., reason: Too early., benefit: Nobody pushes., required: [situation]}
"""
NOW = "2026-03-05T12:00:00Z"


@pytest.fixture
def pair(does, playbook, home):
    playbook(PAIR)
    (home / "config.yaml").write_text("me: {name: Sam Ortiz}\n")
    return does


@pytest.fixture
def acme(pair):
    pair("add", "Acme Corp", "--playbook", "pair", "--contact", "Jane Doe <jane@acme.example>", now="2026-03-02")
    return pair


@pytest.fixture
def team(pair):
    pair("person", "add", "Sam Ortiz", "--role", "sdr")
    pair("person", "add", "Alan Reed", "--role", "account-manager")
    return pair


def of_alan(does, template="receiver-agenda"):
    return does("email", template, "acme-corp", "--for", "Alan Reed").out


def line(text, label):
    return next(found for found in text.splitlines() if found.startswith(label))


def test_a_paper_before_the_handoff_names_who_hands_over_and_calls_the_receiver_you(team, acme):
    team("meeting", "book", "acme-corp", "--at", "2026-03-12T10:00:00Z", "--with", "Alan Reed", "--with", "Jane Doe",
         )  # fmt: skip
    for template in ("receiver-agenda", "internal-meeting", "support-packet"):
        text = of_alan(team, template)
        assert "Acme Corp -> you (from Sam Ortiz, Thu 5 Mar)\n" in text
        assert line(text, "NEXT") == "NEXT     Thu 12 Mar 10:00  meeting with you, booked"
    assert line(team("show", "acme-corp").out, "NEXT").endswith("meeting with Alan Reed, booked")


def test_a_subject_says_what_the_meeting_with_you_is(team, acme):
    team("meeting", "book", "acme-corp", "--at", "2026-03-12T10:00:00Z", "--with", "Alan Reed", "--subject",
         "first call")  # fmt: skip
    assert line(of_alan(team), "NEXT") == "NEXT     Thu 12 Mar 10:00  first call with you, booked"


def test_after_the_handoff_it_says_who_gave_the_deal_by_name(acme):
    acme("person", "add", "Alan Reed", "--role", "account-manager")
    acme("set", "acme-corp", "decision=a reference")
    acme("handoff", "acme-corp", "--to", "talk", "--to-person", "Alan Reed")
    assert line(acme("show", "acme-corp").out, "Acme Corp ->") == "Acme Corp -> Alan Reed (from SDR, Thu 5 Mar)"
    acme("person", "add", "Sam Ortiz", "--role", "sdr")
    assert " (from Sam Ortiz, Thu 5 Mar)" in acme("accept", "acme-corp").out


def test_the_user_hands_over_what_a_role_owns_that_nobody_has(acme):
    acme("person", "add", "Alan Reed", "--role", "account-manager")
    assert "Acme Corp -> you (from Sam Ortiz, Thu 5 Mar)\n" in of_alan(acme)


def test_nobody_hands_over_to_themselves(acme):
    acme("person", "add", "Sam Ortiz", "--role", "sdr", "--role", "account-manager")
    assert "Acme Corp -> you\n" in acme("email", "receiver-agenda", "acme-corp").out


def test_it_asks_what_the_handoff_into_the_stage_asks_and_nobody_knows(team, acme):
    team("set", "acme-corp", "situation=orders come in by phone")
    asks = line(of_alan(team), "ASK")
    assert asks == "ASK (3)  Who will use it every day? · What does Tom need to see? · What is set aside for it?"
    team("set", "acme-corp", "decision=a reference", "budget=9000", "users=clerks")
    team("handoff", "acme-corp", "--to", "talk")
    assert line(team("show", "acme-corp").out, "ASK") == "ASK (1)  Who keeps the stock data?"


def test_milestones_that_are_not_reached_have_a_line(team, acme):
    team("promise", "add", "acme-corp", "setup agreed", "--milestone", "--by", "2026-04-17", "--who", "Mia")
    team("promise", "add", "acme-corp", "live", "--milestone", "--by", "2026-03-04")
    assert (
        line(team("show", "acme-corp").out, "MILESTONES")
        == "MILESTONES live, was due Wed 4 Mar; setup agreed (Mia), Fri 17 Apr"
    )
    team("promise", "kept", "acme-corp", "1")
    team("promise", "kept", "acme-corp", "2")
    assert "MILESTONES" not in team("show", "acme-corp").out


def test_the_card_for_the_joint_call_says_so_where_nobody_is_named_to_take_over(acme):
    acme("contact", "set", "acme-corp", "Jane Doe", "--title", "COO")
    acme("set", "acme-corp", "situation=orders come in by phone")
    card = acme("email", "live-handoff", "acme-corp").out
    assert card.partition("4. Hand over\n")[2].startswith("(none: not ready. ")
    acme("person", "add", "Alan Reed", "--role", "account-manager")
    assert '"Over to you, Alan."' in acme("email", "live-handoff", "acme-corp", "--for", "Alan Reed").out


def test_the_agenda_does_not_plan_the_meeting_that_it_is_for(team, acme):
    team("meeting", "book", "acme-corp", "--at", "2026-03-12T10:00:00Z", "--with", "Alan Reed")
    last = of_alan(team).partition("Last: agree on the next step")[2]
    assert "- Nothing is planned after this meeting yet." in last
    assert "Planned: meeting" not in last


def test_the_card_of_a_firm_of_one_speaks_of_nobody_else(acme):
    acme("person", "add", "Sam Ortiz", "--role", "sdr", "--role", "account-manager")
    acme("set", "acme-corp", "situation=orders come in by phone")
    card = acme("email", "live-handoff", "acme-corp", "--for", "Sam Ortiz").out
    assert '4. Hand over\n"This is what happens next." Then say nothing more.' in card
    assert "Sam" not in card
