"""Four people sell one thing: each starts from what the client confirmed, and the client tells everything once."""

from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[2] / "playbooks" / "summary-email.yaml"


@pytest.fixture
def does(does):
    does("add", "Quill Press", "--playbook", "summary-email", "--contact", "Nora Quill <nora@quill.example>",
         now="2026-05-04")  # fmt: skip
    return does


@pytest.fixture
def confirmed(does):
    """A call, what was learned in it, the summary of it, and the client's yes."""

    def confirmed(day, text, *values, yes, **more):
        learned = [word for value in values for word in ("--set", value)]
        does("touch", "quill-press", "call", text, "--outcome", "held", *learned, *more.get("also", ()), now=day)
        if "nothing_new" in does("summary", "draft", "quill-press", "--json", now=day).json:
            return
        does("summary", "sent", "quill-press", "--announced", "yes", now=day)
        does("summary", "confirm", "quill-press", now=yes)

    return confirmed


@pytest.fixture
def handed(does):
    def handed(day, *words, step):
        done = does("handoff", "quill-press", *words, "--step", step, "--due", "+2d", "--json", now=day).json
        passed = done["handoff"]
        mails = {one["template"]: one["body"] for one in done["emails"]}
        return (passed["from_owner"], passed["to_owner"]), (done["from"], done["to"]), mails

    return handed


def names(gaps):
    return [gap["name"] for gap in gaps]


FIRST_CALL = ("situation=proofs go round by mail", "priorities=fewer rounds; no lost proof", "timeline=before the fair")
# What the client was asked in the first call, in the words of the playbook.
ASKED = ("How do you do it today", "Which two or three results", "By when should it work")


def test_from_the_first_call_to_support_nobody_asks_the_client_twice(does, confirmed, handed):
    # The SDR: what was said is known, but the client has not confirmed it, so it does not go on.
    learned = [word for value in FIRST_CALL for word in ("--set", value)]
    does("touch", "quill-press", "call", "--outcome", "held", *learned, now="2026-05-04")
    blocked = does("handoff", "quill-press", "--step", "call with the AE", "--due", "+2d", "--json",
                   now="2026-05-04", code=3).json  # fmt: skip
    assert names(blocked["missing"]) == ["agreed"]
    does("summary", "draft", "quill-press", now="2026-05-04")
    does("summary", "sent", "quill-press", "--announced", "yes", now="2026-05-04")
    does("handoff", "quill-press", "--to", "evaluation", now="2026-05-05", code=3)  # sent is not confirmed
    yes = does("summary", "correct", "quill-press", "timeline=before the fair in July", now="2026-05-06")
    assert "Trigger seen for Quill Press" in yes.err

    owners, stages, mails = handed("2026-05-06", step="first call of the AE")
    assert (owners, stages) == (("sdr", "sales"), ("first_talk", "evaluation"))
    assert "our sales side" not in mails["introduction"]
    confirms, _, asks = mails["receiver-agenda"].partition("\n2. Ask\n")
    assert "Confirmed on Wednesday, May 6 (corrected: " in confirms
    for told in ("proofs go round by mail", "fewer rounds; no lost proof", "before the fair in July"):
        assert told in confirms
    assert not [question for question in ASKED if question in mails["receiver-agenda"]]
    questions = [line for line in asks.splitlines() if line.startswith("- ") and line.endswith("?")]
    assert questions[0] == "- Once you like an offer, what has to happen before you sign, and who signs?"
    assert len(questions) == 3  # the first call asks no more
    assert "Last: agree on the next step, with a date and a name\n- Planned: first call of the AE" in asks

    # The AE brings in sales support: the stage stays, the person changes, and the engineer is briefed.
    confirmed("2026-05-08", "They want to know of their archive", "tech_questions=does it read our archive of 1998?",
              yes="2026-05-11")  # fmt: skip
    owners, stages, mails = handed("2026-05-11", "--to", "to sales support", step="call with the engineer")
    assert (owners, stages) == (("sales", "engineer"), ("evaluation", "evaluation"))
    brief = mails["engineer-brief"]
    assert brief.startswith("Quill Press -> you (from Sales, Mon 11 May)\nNora Quill")
    for part, told in (("How deep to go", "Hand back to Sales"),
                       ("Questions to answer", "Does it read our archive of 1998?"),
                       ("DON'T ASK AGAIN", "timeline")):  # fmt: skip
        assert told in brief.partition(part)[2], part
    again = does("email", "engineer-brief", "quill-press", now="2026-05-12").out  # to be had again at any time
    assert "Does it read our archive of 1998?" in again

    # The engineer hands back, once what was answered is on record and confirmed.
    blocked = does("handoff", "quill-press", "--to", "back to sales", "--json", now="2026-05-12", code=3).json
    assert names(blocked["missing"]) == ["answers", "setup"]
    confirmed("2026-05-12", "The engineer answered", "answers=the archive is read as it is",
              "setup=one file server, run by Nora", yes="2026-05-13", also=("--with", "engineer"))  # fmt: skip
    owners, stages, mails = handed("2026-05-13", "--to", "back to sales", step="ask what is open")
    assert (owners, stages) == (("engineer", "sales"), ("evaluation", "evaluation"))
    assert "- the archive is read as it is" in mails["summary-internal"]
    deal = does("show", "quill-press", "--json", now="2026-05-13").json["deals"][0]
    assert [stay["stage"] for stay in deal["stays"]] == ["first_talk", "evaluation"]  # one stay through three hands

    # The offer, on a summary that the client confirmed once more.
    confirmed("2026-05-15", "How they decide", "decision_process=Nora proposes, the owner signs", yes="2026-05-15")
    owners, stages, mails = handed("2026-05-18", "--to", "offer", step="send the offer")
    assert (owners, stages) == (("sales", "sales"), ("evaluation", "offer"))
    assert "summary" not in mails  # nothing is new since the client's last yes

    # Signed. Support reads every summary, and every promise.
    does(
        "promise",
        "add",
        "quill-press",
        "We owe: a training day on site, by Saturday, June 20",
        "--by",
        "2026-06-20",
        now="2026-05-18",
    )
    won = does("close", "quill-press", "--won", "--json", now="2026-05-26", code=3).json
    assert names(won["missing"]) == ["deal.amount", "success_criteria", "expectations", "promised", "next_step"]
    confirmed("2026-05-26", "Signed", "success_criteria=two rounds instead of five", "deal.amount=9,600",
              "expectations=one person to call", "promised=none", yes="2026-05-27")  # fmt: skip
    owners, stages, mails = handed("2026-05-27", step="kick-off with Nora")
    assert (owners, stages) == (("sales", "support"), ("offer", "client"))
    packet = mails["support-packet"]
    days = ("Wednesday, May 27", "Friday, May 15", "Wednesday, May 13", "Wednesday, May 6")  # nothing was new on May 11
    places = [packet.index(day) for day in days]  # the last one first
    assert places == sorted(places)
    for told in ("Timeline: before the fair in July", "We owe: a training day on site, by Saturday, June 20",
                 "- one person to call", "two rounds instead of five", "nora@quill.example"):  # fmt: skip
        assert told in packet
    assert "our support side" not in mails["introduction"]
    assert does("list", "--owner", "support", "--all", "--json", now="2026-05-28").json["deals"][0]["stage"] == "client"


def test_silence_is_flagged_and_a_new_summary_has_to_be_confirmed_too(does, confirmed, handed):
    confirmed("2026-05-04", "First call", *FIRST_CALL, yes="2026-05-05")
    handed("2026-05-05", step="first call of the AE")
    does("set", "quill-press", "decision_process=Nora proposes, the owner signs", now="2026-05-06")
    does("summary", "draft", "quill-press", "--anew", now="2026-05-06")
    does("summary", "sent", "quill-press", now="2026-05-06")  # a Wednesday; three working days are theirs
    listed = does("summary", "list", "--json", now="2026-05-12").json["summaries"]
    assert [(one["account"], one["state"]) for one in listed] == [("quill-press", "silent")]
    blocked = does("handoff", "quill-press", "--to", "offer", "--step", "offer", "--due", "+1d", "--json",
                   now="2026-05-12", code=3).json  # fmt: skip
    assert names(blocked["missing"]) == ["agreed"]
    assert "nora" in does("email", "nudge", "quill-press", "--json", now="2026-05-12").json["to"]


def test_a_summary_needs_an_address_and_a_call(does):
    does("add", "Vole Books", "--playbook", "summary-email", now="2026-05-04")
    does("set", "vole-books", "contact.phone=+49 30 1234567", now="2026-05-04")
    missing = does("check", "vole-books", "--json", now="2026-05-04", code=3).json["missing"]
    assert names(missing) == ["contact.email", "talked", "situation", "priorities", "agreed", "next_step"]


def test_the_shipped_playbook_checks_silently(does):
    checked = does("playbook", "check", str(SHIPPED), now="2031-01-01")
    assert (checked.out, checked.err) == ("", "")
