"""The second and the third summary, the one that nobody answered, and what a confirmation covers."""

import email.policy
import sys
from email import message_from_bytes
from email.message import EmailMessage

import pytest

NOW = "2026-03-05T15:00:00Z"

TALKS = """\
playbook: talks
title: Talks
fields:
  situation: {label: Situation, ask: What made you look at this now?, why: It is answered., summary: current situation}
  timeline: {label: Timeline, type: date, ask: By when do you need it?, why: A date makes a deal., summary: timeline}
  decision: {label: Decision, ask: Who decides?, why: To know whom to talk to., summary: decision process}
  fit: {label: Fit, ask: How much are they like our best clients?, why: To choose well.}
criteria:
  agreed: {label: Confirmed summary, summary: confirmed, covers: [situation, timeline], why: Both sides agree.}
stages:
  first: {title: First talk}
  offer: {title: Offer}
  won: {title: Won, kind: won}
handoffs:
  - {from: first, to: offer, trigger: They ask., reason: It fits., benefit: They get one offer.,
     required: [fit, situation, timeline, agreed], emails: [summary]}
  - {from: offer, to: won, trigger: They sign., reason: It is agreed., benefit: They begin., required: [decision]}
"""


@pytest.fixture
def does(does, playbook, home):
    playbook(TALKS)
    (home / "config.yaml").write_text("me: {name: Sam Ortiz, email: sam@brightline.example}\n", encoding="utf-8")
    does("add", "Acme Corp", "--playbook", "talks", "--contact", "Jane Doe <jane@acme.example>")
    does("set", "acme-corp", "situation=orders come by phone", "fit=much")
    return does


def gaps(does, now=NOW):
    """The gap that the criterion leaves, as (label, command); None where it is met."""
    missing = does("check", "acme-corp", "--json", now=now, code=3).json["missing"]
    return next(((gap["label"], gap["fix"]) for gap in missing if gap["name"] == "agreed"), None)


def confirmed(does, *values, now="2026-03-06T09:00:00Z"):
    does("summary", "draft", "acme-corp", "--sent")
    if values:
        does("summary", "correct", "acme-corp", *values, now=now)
    else:
        does("summary", "confirm", "acme-corp", now=now)


def test_the_first_says_everything_and_asks_one_question(does, rows):
    told = does("summary", "draft", "acme-corp", "--json").json
    assert "orders come by phone" in told["body"]
    assert told["body"].count("By when do you need it?") == 1
    assert "best clients" not in told["body"]
    assert "Who decides?" not in told["body"]
    assert "[" not in told["subject"]
    assert rows("SELECT since_id, question FROM summary") == [(None, "timeline")]


def test_never_confirmed_the_next_says_everything_again_in_the_same_thread(does, tmp_path):
    first = does("summary", "draft", "acme-corp", "--sent", "--json").json
    assert first["state"] == "sent"
    file = tmp_path / "second.eml"
    does("set", "acme-corp", "decision=Jane and Tom", now="2026-03-12")
    second = does("summary", "draft", "acme-corp", "--eml", str(file), now="2026-03-12")
    assert f"Subject: Re: {first['subject']}" in second.out
    assert "orders come by phone" in second.out
    assert "Jane and Tom" in second.out
    assert "This replaces my email of March 5" in second.out
    assert second.out.count("By when do you need it?") == 1  # the open question, and no other
    mail = message_from_bytes(file.read_bytes(), EmailMessage, policy=email.policy.default)
    assert (mail["In-Reply-To"], mail["References"]) == (first["message_id"], first["message_id"])


def test_the_second_and_the_third_say_what_is_new_changed_and_done(does, rows):
    confirmed(does, "timeline=2026-06-01")
    does("set", "acme-corp", "decision=Jane and Tom", "timeline=2026-05-15", now="2026-03-12")
    second = does("summary", "draft", "acme-corp", "--sent", "--json", now="2026-03-12").json
    assert "May 15" in second["body"]
    assert "was June 1" in second["body"]
    assert "Jane and Tom" in second["body"]
    assert "orders come by phone" not in second["body"]
    assert "March 5" in second["subject"]
    assert second["subject"].startswith("Re: ")
    assert rows("SELECT since_id FROM summary ORDER BY id") == [(None,), (1,)]

    does("summary", "confirm", "acme-corp", now="2026-03-13")
    nothing = does("summary", "draft", "acme-corp", "--json", now="2026-03-16")
    assert nothing.json == {"account": "acme-corp", "deal": rows("SELECT slug FROM deal")[0][0], "nothing_new": True}
    said = does("summary", "draft", "acme-corp", now="2026-03-16")
    assert said.out == ""
    assert "Nothing is new since Acme Corp confirmed the last summary on Fri 13 Mar" in said.err
    assert "--whole" in said.err
    assert "orders come by phone" in does("summary", "draft", "acme-corp", "--whole", now="2026-03-16").out


def test_what_bore_out_the_value_is_news_to_the_client_and_what_lowered_it_stays_here(does):
    does("value", "add", "acme-corp", "+", "no order lost in February")
    confirmed(does)
    does("value", "add", "acme-corp", "-", "two pickers still use paper", now="2026-03-09")
    assert does("summary", "draft", "acme-corp", "--json", now="2026-03-09").json["nothing_new"]
    does("value", "add", "acme-corp", "+", "nobody retypes orders", now="2026-03-10")
    body = does("summary", "draft", "acme-corp", "--json", now="2026-03-10").json["body"]
    assert "Results so far\n  March 10: nobody retypes orders\n" in body
    assert "paper" not in body
    assert "February" not in body
    whole = does("summary", "draft", "acme-corp", "--whole", "--json", now="2026-03-10").json["body"]
    assert whole.count("no order lost in February") == whole.count("nobody retypes orders") == 1
    assert "paper" not in whole
    called = does("email", "follow-up", "acme-corp", "--json", now="2026-06-01").json
    assert "You told me on March 10: nobody retypes orders." in called["body"]


def test_a_kept_promise_names_the_colleague_who_made_it(does, home):
    config = "me: {{name: {}, email: {}@brightline.example}}\n"
    (home / "config.yaml").write_text(config.format("Sam Ortiz", "sam"), encoding="utf-8")
    confirmed(does)
    does("promise", "add", "acme-corp", "two references", "--tell", now="2026-03-09")
    (home / "config.yaml").write_text(config.format("Mia Park", "mia"), encoding="utf-8")
    does("promise", "add", "acme-corp", "a price", "--tell", now="2026-03-09")
    body = does("summary", "draft", "acme-corp", "--json", now="2026-03-10").json["body"]
    assert "  Sam Ortiz: two references\n" in body
    assert "  Me: a price\n" in body


def test_values_typed_with_a_draft_that_is_not_written_are_kept(does, rows):
    confirmed(does)
    assert does("summary", "draft", "acme-corp", "--set", "fit=little", "--json").json["nothing_new"]
    assert does("show", "acme-corp", "--json").json["deals"][0]["fields"]["fit"] == "little"


def test_a_handoff_prints_no_summary_that_says_what_was_just_confirmed(does):
    confirmed(does, "timeline=2026-06-01")
    handed = does("handoff", "acme-corp", "--json", now="2026-03-09").json
    assert handed["handed_off"]
    assert handed["emails"] == []


def test_yes_but_confirms_what_it_does_not_touch_and_the_corrected_value(does):
    does("set", "acme-corp", "timeline=2026-06-15")
    assert gaps(does) == ("Confirmed summary", "handoffctl summary sent acme-corp")
    confirmed(does, "timeline=2026-06-01")
    assert does("check", "acme-corp").code == 0
    assert does("show", "acme-corp", "--json").json["deals"][0]["changed"] == []


def test_a_typing_error_mended_after_the_yes_unconfirms_nothing(does):
    does("set", "acme-corp", "timeline=2026-06-15")
    confirmed(does)
    does("set", "acme-corp", "situation=Orders  come by phone.", now="2026-03-09")
    assert does("check", "acme-corp", now="2026-03-09").code == 0
    assert does("summary", "draft", "acme-corp", "--json", now="2026-03-09").json["nothing_new"]


def test_a_value_that_changed_after_the_yes_unconfirms_just_that_field(does):
    does("set", "acme-corp", "timeline=2026-06-15")
    confirmed(does)
    does("set", "acme-corp", "timeline=2026-07-01", now="2026-03-09")
    label, command = gaps(does, "2026-03-09")
    assert label == "Confirmed summary (not confirmed as it is now: timeline)"
    assert command == "handoffctl summary draft acme-corp"
    does("summary", "draft", "acme-corp", "--sent", now="2026-03-09")
    assert gaps(does, "2026-03-09")[1] == "handoffctl summary confirm acme-corp"
    does("summary", "confirm", "acme-corp", now="2026-03-10")
    assert does("check", "acme-corp", now="2026-03-10").code == 0


def test_what_is_learned_after_the_yes_is_not_confirmed_with_it(does):
    confirmed(does)
    does("set", "acme-corp", "timeline=2026-06-15", now="2026-03-09")
    assert "timeline" in gaps(does, "2026-03-09")[0]


def test_check_and_show_name_the_evidence(does, tmp_path):
    confirmed(does, "timeline=2026-06-01")
    told = does("check", "acme-corp", "--json").json["confirmed"]
    assert (told["state"], told["line"], told["mail"]) == ("corrected", None, None)
    assert "situation" in told["fields"]
    assert "timeline" in told["fields"]
    said = "corrected on Fri 6 Mar (recorded by you, in answer to your email of Thu 5 Mar)"
    assert f"Summary: {said}" in does("check", "acme-corp", now="2026-03-09").out
    assert said in does("show", "acme-corp", now="2026-03-09").out


def test_since_stage_asks_for_a_new_yes_only_where_something_has_changed(does, playbook):
    playbook(
        TALKS.replace("covers: [situation, timeline]", "since: stage")
        .replace("emails: [summary]}", "emails: []}")
        .replace("required: [decision]", "required: [agreed]")
    )
    does("set", "acme-corp", "timeline=2026-06-15")
    confirmed(does)
    does("handoff", "acme-corp", now="2026-03-09")
    assert does("check", "acme-corp", now="2026-03-09").code == 0  # nothing has changed, so nobody is asked again
    does("set", "acme-corp", "timeline=2026-07-01", now="2026-03-10")
    assert gaps(does, "2026-03-10")[1] == "handoffctl summary draft acme-corp"
    does("summary", "draft", "acme-corp", "--sent", now="2026-03-10")
    does("summary", "confirm", "acme-corp", now="2026-03-11")
    assert does("check", "acme-corp", now="2026-03-11").code == 0


@pytest.mark.parametrize(("before", "after", "fault"), [
    ("covers: [situation, timeline]", "covers: [situatoin]", 'no field is called "situatoin"'),
    ("covers: [situation, timeline]", "covers: [fit]", '"fit" stands under no head of the summary'),
    ("summary: confirmed, covers", "summary: sent, covers", "covers goes with `summary: confirmed` only"),
    ("covers: [situation, timeline]", "since: monday", "stage"),
])  # fmt: skip
def test_what_no_confirmation_can_cover_is_a_fault(does, playbook, before, after, fault):
    playbook(TALKS.replace(before, after))
    faults = does("playbook", "check", "talks", code=5)
    assert fault in faults.out + faults.err


def test_a_reference_stands_in_the_subject_only_where_the_playbook_says_so(does, playbook):
    playbook(TALKS.replace("title: Talks\n", "title: Talks\nreference: true\n", 1))
    first = does("summary", "draft", "acme-corp", "--sent", "--json").json
    assert first["subject"].endswith(f" [{first['reference']}]")
    second = does("summary", "draft", "acme-corp", "--json").json
    assert second["subject"] == f"Re: {first['subject'].partition(' [')[0]} [{second['reference']}]"


def test_nobody_answers_one_nudge_and_then_a_call(does):
    does("summary", "draft", "acme-corp", "--sent")  # a Thursday
    today = does("today", now="2026-03-11").out
    assert "email nudge acme-corp" in today
    assert "Re: Recap of our call on March 5" in does("email", "nudge", "acme-corp", "--sent", now="2026-03-11").out
    assert "summary" not in does("today", now="2026-03-11").out
    later = does("today", now="2026-03-12").out
    assert "call Jane: they have not answered the summary" in later
    assert "email nudge" not in later
    refused = does("email", "nudge", "acme-corp", now="2026-03-13", code=3)
    assert "Can't remind Acme Corp again: that was done on Wed 11 Mar." in refused.err
    does("summary", "confirm", "acme-corp", now="2026-03-13")
    assert "have not answered" not in does("today", now="2026-03-16").out
    assert does("email", "nudge", "acme-corp", "--sent", now="2026-03-16", code=3)


def test_a_summary_in_place_of_an_unanswered_one_is_the_one_that_waits(does):
    does("summary", "draft", "acme-corp", "--sent")
    does("set", "acme-corp", "decision=Jane and Tom", now="2026-03-12")
    does("summary", "draft", "acme-corp", "--sent", now="2026-03-12")
    waiting = does("summary", "list", "--json", now="2026-03-13").json["summaries"]
    assert [(one["sent_at"], one["state"]) for one in waiting] == [("2026-03-12", "sent")]
    assert "email nudge" not in does("today", now="2026-03-13").out


REPLY = """\
From: Jane Doe <jane@acme.example>
To: sam@brightline.example
Subject: Re: Recap of our call on March 5
Date: Fri, 06 Mar 2026 09:00:00 +0000
Message-ID: <1@acme.example>

Hi Sam,

Looks right. It's June 1,
not mid-June.

Jane

On Thu, 5 Mar 2026, Sam Ortiz wrote:
> Hi Jane,
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_line_that_the_client_wrote_is_kept_as_evidence(does, sits, tmp_path):
    does("set", "acme-corp", "timeline=2026-06-15")
    does("summary", "draft", "acme-corp", "--sent")
    (tmp_path / "reply.eml").write_text(REPLY, encoding="utf-8")
    asked = sits("inbox", str(tmp_path / "reply.eml"), now="2026-03-06T12:00:00Z")
    asked.sees("told by sender and subject").sees("What is it?").sees("> ").types("corrected").sees("NAME=VALUE")
    asked.sees("> ").types("timeline=2026-06-01").sees("> ").types("").sees("Taken down: corrected")
    assert asked.ends() == 0
    told = does("check", "acme-corp", "--json", now="2026-03-09").json["confirmed"]
    assert (told["line"], told["mail"]) == ("Looks right. It's June 1, not mid-June.", "reply.eml")
    said = (
        'corrected on Fri 6 Mar: "Looks right. It\'s June 1, not mid-June." (reply.eml, in answer to your email of '
        "Thu 5 Mar)"
    )
    assert said in does("show", "acme-corp", now="2026-03-09").out


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_it_is_recorded_as_sent_without_a_second_command(does, sits, rows):
    asked = sits("summary", "draft", "acme-corp", now="2026-03-05T15:00:00Z")
    asked.sees("What did Jane say they would do?").types("")
    asked.sees("Clipboard [c]").types("").sees("Sent? [y/N]").types("y").sees("Recorded as sent.")
    assert asked.ends() == 0
    assert rows("SELECT state FROM summary") == [("sent",)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_enter_leaves_it_a_draft(does, sits, rows):
    asked = sits("summary", "draft", "acme-corp", now="2026-03-05T15:00:00Z")
    asked.sees("What did Jane say they would do?").types("")
    asked.sees("Clipboard [c]").types("").sees("Sent? [y/N]").types("").sees("When it is sent:")
    assert asked.ends() == 0
    assert rows("SELECT state FROM summary") == [("draft",)]
