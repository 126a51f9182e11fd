"""A summary after each call: confirmed it opens the next handoff, corrected it teaches, silent it is flagged."""

import json

import pytest

TALKS = """\
playbook: talks
title: Talks
fields:
  situation: {label: Current situation, why: The offer answers it., summary: current situation}
  timeline: {label: Timeline, why: A date makes a deal., summary: timeline}
  budget: {label: Budget, type: money, why: To propose the right size., summary: timeline}
criteria:
  agreed: {label: Confirmed summary, summary: confirmed, why: Both sides agree on what was said.}
stages:
  first: {title: First talk}
  offer: {title: Offer, entry: [agreed]}
  won: {title: Won, kind: won}
handoffs:
  - {from: first, to: offer, trigger: They ask., reason: It fits., benefit: One offer that fits., required: [situation],
     emails: [summary]}
  - {from: offer, to: won, trigger: They sign., reason: It is agreed., benefit: They begin at once.}
"""


@pytest.fixture
def does(does, playbook, home):
    playbook(TALKS)
    does("add", "Birch & Sons", "--playbook", "talks", "--contact", "Ada Birch <ada@birch.example>", now="2026-04-01")
    return does


def test_drafted_sent_confirmed_and_the_handoff_that_required_it_passes(does):
    does("set", "birch-sons", "situation=orders on paper", now="2026-04-01")
    drafted = does("summary", "draft", "birch-sons", now="2026-04-01")
    subject, blank, *body = drafted.out.splitlines()
    assert subject == "Subject: Recap of our call on April 1"
    assert (blank, body[0]) == ("", "Hi Ada,")
    assert "Left out (nothing recorded yet): Timeline." in drafted.err

    blocked = does("handoff", "birch-sons", "--json", now="2026-04-01", code=3).json
    assert [(gap["name"], gap["fix"]) for gap in blocked["missing"]] == [
        ("agreed", "handoffctl summary sent birch-sons")
    ]
    does("summary", "sent", "birch-sons", "--announced", "yes", now="2026-04-01")
    blocked = does("handoff", "birch-sons", "--json", now="2026-04-01", code=3).json
    assert [gap["fix"] for gap in blocked["missing"]] == ["handoffctl summary confirm birch-sons"]
    listed = does("summary", "list", "--json", now="2026-04-02").json["summaries"]
    assert [(one["account"], one["state"], one["working_days"], one["announced"]) for one in listed] == [
        ("birch-sons", "sent", 1, True)
    ]
    does("summary", "confirm", "birch-sons", "--on", "2026-04-02", "--note", "all right", now="2026-04-03")
    assert does("summary", "list", "--json", now="2026-04-03").json["summaries"] == []
    passed = does("handoff", "birch-sons", "--json", now="2026-04-03").json
    assert passed["handed_off"]
    assert passed["emails"] == []  # they confirmed everything, so there is nothing to write

    told = does("summary", "list", "birch-sons", "--all", "--json", now="2026-04-03").json["summaries"]
    assert [(one["state"], one["answered_at"], one["note"]) for one in told] == [
        ("confirmed", "2026-04-02", "all right")
    ]


def test_silent_over_a_weekend_and_a_holiday_it_is_flagged_on_the_right_day(does, home):
    (home / "config.yaml").write_text("holidays: [2026-04-03, 2026-04-06]\n", encoding="utf-8")  # Good Friday, Monday
    does("set", "birch-sons", "situation=orders on paper", now="2026-04-01")
    sent = does("summary", "sent", "birch-sons", now="2026-04-01")  # a Wednesday
    assert "silent from 2026-04-09 on" in sent.err

    def state(day):
        one = does("summary", "list", "--json", now=day).json["summaries"][0]
        assert does("show", "birch-sons", "--json", now=day).json["deals"][0]["summary"] == one["state"]
        return one["working_days"], one["state"]

    assert state("2026-04-02") == (1, "sent")
    assert state("2026-04-06") == (1, "sent")
    assert state("2026-04-08") == (3, "sent")  # the third working day is still theirs
    assert state("2026-04-09") == (4, "silent")
    flagged = does("summary", "list", now="2026-04-09")
    assert "handoffctl email nudge birch-sons" in flagged.err
    nudge = does("email", "nudge", "birch-sons", now="2026-04-09").out
    assert "On April 1 I sent you a recap of our call. Does it look right?" in nudge
    does("summary", "confirm", "birch-sons", now="2026-04-10")
    assert does("summary", "list", "--json", now="2026-04-30").json["summaries"] == []


def test_corrected_the_correction_is_in_the_field_and_in_the_next_summary(does):
    does("set", "birch-sons", "situation=orders on paper", "timeline=by the summer", now="2026-04-01")
    does("summary", "sent", "birch-sons", now="2026-04-01")
    first = does("summary", "show", "birch-sons", "--json", now="2026-04-01").json
    does("summary", "correct", "birch-sons", "timeline=by May", "--note", "the fair is in May", now="2026-04-02")
    shown = does("show", "birch-sons", "--json", now="2026-04-02").json["deals"][0]
    assert (shown["fields"]["timeline"], shown["summary"], shown["changed"]) == ("by May", "corrected", [])
    does("handoff", "birch-sons", now="2026-04-02")  # corrected counts as confirmed
    frozen = does("summary", "show", "birch-sons", "--ref", first["reference"], "--json", now="2026-04-02").json
    assert (frozen["body"], frozen["hash"], frozen["intact"]) == (first["body"], first["hash"], True)
    assert frozen["corrections"] == [{"name": "timeline", "value": "by May"}]
    again = does("summary", "draft", "birch-sons", now="2026-04-03")
    assert (again.out, again.err.startswith("Nothing is new")) == ("", True)  # what they corrected is no news to them
    fresh = does("summary", "draft", "birch-sons", "--whole", now="2026-04-03").out
    assert "Timeline: by May" in fresh
    assert "by the summer" not in fresh

    does("set", "birch-sons", "timeline=by June", "budget=9000", now="2026-04-04")
    shown = does("show", "birch-sons", "--json", now="2026-04-04").json["deals"][0]
    assert shown["changed"] == ["timeline"]  # the budget is new; nobody confirmed another one
    assert "by June  (changed since the client confirmed it)" in does("show", "birch-sons", now="2026-04-04").out
    for brief in ("prep-brief", "receiver-agenda", "support-packet"):
        told = does("email", brief, "birch-sons", now="2026-04-04").out
        assert "hanged since" in told, brief
        assert "by June" in told


def test_a_reply_in_a_mail_file_is_proposed_and_confirmed_by_nobody_but_the_seller(does, tmp_path):
    does("set", "birch-sons", "situation=orders on paper", now="2026-04-01")
    eml = tmp_path / "summary.eml"
    drafted = does("summary", "draft", "birch-sons", "--eml", str(eml), "--json", now="2026-04-01").json
    assert drafted["message_id"].encode() in eml.read_bytes()
    does("summary", "sent", "birch-sons", now="2026-04-01")
    reply = tmp_path / "reply.eml"
    reply.write_text(
        "From: Ada Birch <ada@birch.example>\nTo: me@sales.example\nSubject: Re: something else\n"
        f"Date: Thu, 2 Apr 2026 09:30:00 +0200\nMessage-ID: <1@birch.example>\nIn-Reply-To: {drafted['message_id']}\n\n"
        "Yes, that is right.\n\nOn Wed, 1 Apr 2026 at 10:00, Me <me@sales.example> wrote:\n> Hello Ada,\n> orders\n",
        encoding="utf-8",
    )
    found = does("inbox", str(reply), "--assume", "none", "--json", now="2026-04-02T12:00Z").json
    assert [(one["account"], one["matched_by"], one["proposal"], one["text"]) for one in found["replies"]] == [
        ("birch-sons", "In-Reply-To", "confirmed", "Yes, that is right.")
    ]
    assert does("summary", "show", "birch-sons", "--json", now="2026-04-02").json["state"] == "sent"


FIRM = """\
playbook: firm
title: Three people sell
roles: {sdr: Finds and qualifies, ae: Sells, engineer: Answers technical questions, support: Looks after clients}
fields:
  situation: {label: Current situation, why: All start from it., ask: What is it like today?,
              summary: current situation}
  setup: {label: Technical setup, why: The offer must fit it., ask: Which systems must it fit?,
          summary: current situation}
  success_criteria: {label: Success criteria, why: Support works towards them., ask: When was it worth it?,
                     summary: business priorities}
criteria:
  agreed: {label: Confirmed summary, summary: confirmed, why: Nobody asks the client twice.}
stages:
  new: {title: New, owner: sdr}
  selling: {title: Selling, owner: ae}
  client: {title: Client, kind: won, owner: support}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: new, to: selling, trigger: They agree to a call., reason: They fit., benefit: They tell it once.,
     required: [situation, agreed], emails: [introduction, receiver-agenda]}
  - {from: selling, name: to the engineer, receiver: engineer, trigger: They ask how., reason: Only an engineer knows.,
     benefit: They get an answer at once., required: [agreed], emails: [prep-brief]}
  - {from: selling, name: back to sales, sender: engineer, receiver: ae, trigger: It is answered.,
     reason: Sales goes on., benefit: One face again., required: [setup, agreed], emails: [summary-internal]}
  - {from: selling, to: client, trigger: They sign., reason: It is to be delivered., benefit: Support knows it all.,
     required: [success_criteria, agreed], emails: [support-packet]}
"""


def test_from_the_sdr_to_the_ae_to_the_engineer_and_back_and_to_support_with_three_summaries(quick, playbook):
    playbook(FIRM)

    def does(*words, now, code=0):
        ran = quick(*words, now=now)
        assert ran.code == code, (words, ran)
        return ran

    def confirmed(day, *values):
        does("set", "corvid", *values, now=day)
        does("summary", "draft", "corvid", now=day)
        does("summary", "sent", "corvid", now=day)
        does("summary", "confirm", "corvid", now=day)

    def handed(day, *words):
        done = does("handoff", "corvid", *words, "--json", now=day).json
        return done["handoff"]["to_owner"], {one["template"]: one["body"] for one in done["emails"]}

    does("add", "Corvid", "--playbook", "firm", "--contact", "Cleo Voss <cleo@corvid.example>", now="2026-05-04")
    does("set", "corvid", "situation=three lists on paper", now="2026-05-04")
    does("handoff", "corvid", now="2026-05-04", code=3)  # known, but not confirmed
    confirmed("2026-05-04", "situation=three lists on paper")
    owner, mails = handed("2026-05-05", "--step", "first call of the AE", "--due", "+2d")
    assert owner == "ae"
    assert "ae side" not in mails["introduction"]
    agenda = mails["receiver-agenda"]
    assert "1. Review and confirm the email" in agenda
    assert "- Current situation: three lists on paper" in agenda
    assert "What is it like today?" not in agenda  # nothing known is asked again
    assert "When was it worth it?" in agenda  # what the next handoff of the receiver asks

    owner, mails = handed("2026-05-07", "--to", "to the engineer")
    brief = mails["prep-brief"]
    assert owner == "engineer"
    assert "Current situation: three lists on paper" in brief
    does("handoff", "corvid", "--to", "back to sales", now="2026-05-08", code=3)
    confirmed("2026-05-08", "setup=their own ledger")
    owner, mails = handed("2026-05-08", "--to", "back to sales")
    assert owner == "ae"
    assert "their own ledger" in mails["summary-internal"]

    does("promise", "add", "corvid", "training on site", "--by", "2026-06-01", now="2026-05-11")
    confirmed("2026-05-12", "success_criteria=half the time for an order")
    owner, mails = handed("2026-05-13", "--to", "client")
    packet = mails["support-packet"]
    assert owner == "support"
    in_order = [packet.index(day) for day in ("confirmed on Tuesday, May 12", "Friday, May 8", "Monday, May 4")]
    assert in_order == sorted(in_order)
    assert "- Current situation: three lists on paper" in packet
    assert "their own ledger" in packet
    assert "training on site, by Monday, June 1" in packet
    assert "half the time for an order" in packet
    assert json.loads(json.dumps(mails))  # plain text, all of it
