"""inbox: which mails answer a summary, what is asked about them, and that nothing is asked twice."""

import os
import sys

import pytest

DAY = "2026-04-01T09:00:00Z"
LATER = "2026-04-03T09:00:00Z"


def mail(text, sender="Ada Birch <ada@birch.example>", subject="Re: hello", id="1@birch.example", **headers):
    lines = {"From": sender, "To": "me@sales.example", "Subject": subject, "Message-ID": f"<{id}>",
             "Date": "Thu, 02 Apr 2026 10:00:00 +0200", **headers}  # fmt: skip
    return "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in lines.items() if value) + f"\n{text}\n"


@pytest.fixture
def drafted(quick):
    assert quick("add", "Birch", "--contact", "Ada Birch <ada@birch.example>", now=DAY).code == 0
    assert quick("set", "birch", "situation=orders on paper", "timeline=June", now=DAY).code == 0
    made = quick("summary", "draft", "birch", "--json", now=DAY).json
    assert quick("summary", "sent", "birch", now=DAY).code == 0
    return made


@pytest.fixture
def answer(drafted):
    """A mail that answers the summary."""
    return lambda text, **headers: mail(text, In_Reply_To=drafted["message_id"], **headers)


@pytest.fixture
def box(tmp_path):
    def box(*mails):
        path = tmp_path / "box"
        path.write_text("".join(f"From müller@x.example Thu Apr  2 10:00:00 2026\n{one}\n" for one in mails))
        return str(path)

    return box


def listed(quick, path, now=LATER):
    done = quick("inbox", path, "--assume", "none", "--json", now=now)
    assert done.code == 0, done
    return done.json


def test_listing_shows_the_newest_text_and_changes_nothing(quick, answer, box, dump):
    path = box(answer("Yes, that is right.\n\nOn Wed, 1 Apr 2026, Me <me@sales.example> wrote:\n> Hello Ada,\n> paper"))
    before = dump()
    shown = quick("inbox", path, "--assume", "none", now=LATER)
    assert "  | Yes, that is right.\n" in shown.out
    assert "It looks like: confirmed" in shown.out
    assert "> paper" not in shown.out
    assert shown.err.startswith("1 answer to summaries among 1 mail.\n")
    quick("inbox", path, now=LATER)  # without a terminal nobody can be asked
    assert dump() == before


def test_json_has_everything_about_a_reply(quick, answer, box, drafted):
    found = listed(quick, box(answer("Yes.")))
    assert found == {
        "messages": 1, "taken_before": 0, "unreadable": [],
        "replies": [{
            "account": "birch", "deal": "deal", "reference": drafted["reference"], "state": "sent",
            "from": "ada@birch.example", "from_name": "Ada Birch", "at": "2026-04-02T08:00:00Z", "subject": "Re: hello",
            "message_id": "<1@birch.example>", "place": "message 1", "matched_by": "In-Reply-To",
            "proposal": "confirmed", "text": "Yes.", "remarks": [],
        }],
    }  # fmt: skip


def test_the_ways_come_in_their_order(quick, drafted, box):
    quick("add", "Corvid", "--contact", "Cleo <cleo@corvid.example>", now=DAY)
    quick("set", "corvid", "situation=three lists on paper", now=DAY)
    other = quick("summary", "draft", "corvid", "--json", now=DAY).json
    quick("summary", "sent", "corvid", now=DAY)
    subject = drafted["subject"].upper()
    path = box(
        mail("1", id="1", In_Reply_To=other["message_id"], References=drafted["message_id"]),
        mail("2", id="2", In_Reply_To="<who@knows.example>", References=f"<a@b.example> {other['message_id']}"),
        mail("3", id="3", subject=f"Antw: anything [{other['reference'].lower()}]"),
        mail("4", id="4", subject=f"AW: Re[2]: {subject}"),
        mail("5", id="5", sender="Stranger <x@else.example>", subject="Re: " + drafted["subject"]),
        mail("6", id="6", sender="me@sales.example", subject="Re: nothing of ours"),
    )
    told = [(one["text"], one["account"], one["matched_by"]) for one in listed(quick, path)["replies"]]
    assert told == [
        ("1", "corvid", "In-Reply-To"), ("2", "corvid", "References"), ("3", "corvid", "reference"),
        ("4", "birch", "sender and subject"),
    ]  # fmt: skip


def test_a_subject_without_its_reference_is_still_that_of_the_summary(quick, home, box):
    (home / "templates").mkdir(parents=True)
    (home / "templates" / "summary.j2").write_text("Subject: What we said\n\n{{ heads[0].lines[0] }}\n")
    quick("add", "Birch", "--contact", "Ada Birch <ada@birch.example>", now=DAY)
    quick("set", "birch", "situation=orders on paper", now=DAY)
    quick("summary", "sent", "birch", now=DAY)
    path = box(
        mail("4", subject="WG: AW: what  we said"), mail("5", sender="x@else.example", subject="Re: What we said")
    )
    assert [(one["text"], one["matched_by"]) for one in listed(quick, path)["replies"]] == [("4", "sender and subject")]


def test_the_sellers_own_mails_are_no_answers(quick, answer, box, home, drafted):
    (home / "config.yaml").write_text("me: {name: Me, email: Me@sales.example}\n", encoding="utf-8")
    own = mail("Hello Ada", sender="Me <me@SALES.example>", subject=drafted["subject"])
    copy = mail("Hello Ada", id=drafted["message_id"].strip("<>"), subject=drafted["subject"])
    assert listed(quick, box(own, copy))["replies"] == []


def test_the_same_mail_twice_is_one_answer_and_one_id_for_two_mails_is_two(quick, answer, box):
    found = listed(quick, box(answer("Yes."), answer("Yes."), answer("No, it is May.")))
    assert [one["text"] for one in found["replies"]] == ["Yes.", "No, it is May."]
    assert (found["messages"], found["taken_before"]) == (3, 1)


def test_what_could_not_be_read_is_counted_and_named_and_stops_nothing(quick, answer, tmp_path):
    box = tmp_path / "box"
    box.mkdir()
    (box / "a.eml").write_bytes(b"\xff\xfe\x00 no mail at all")
    (box / "b.eml").write_text(answer("Yes."), encoding="utf-8")
    shown = quick("inbox", str(box), "--assume", "none", now=LATER)
    assert shown.code == 0
    assert "| Yes." in shown.out
    assert "1 could not be read:\n  a.eml: " in shown.err


def test_a_reply_cannot_steer_the_terminal(quick, answer, box):
    shown = quick("inbox", box(answer("Yes \x1b[31m\x07 \u202e", subject="Re: \x1b]0;x\x07")), now=LATER)
    assert "\x1b" not in shown.out + shown.err
    assert "\u202e" not in shown.out


@pytest.mark.parametrize("path", ["nothing-here", ""])
def test_a_path_that_is_no_box_is_refused(quick, drafted, tmp_path, path):
    refused = quick("inbox", str(tmp_path / path) if path else str(tmp_path), now=LATER)
    assert refused.code == 6
    assert refused.err


def test_on_a_terminal_each_is_asked_about_once(sits, quick, answer, box, rows):
    path = box(
        answer("Yes, that is right.", id="1"), answer("What is this?", id="2"), answer("The deadline is May.", id="3"),
        answer("Yes!", id="4"),
    )  # fmt: skip
    asked = sits("inbox", path, now=LATER)
    asked.sees("What is it?").sees("> ").types("other").sees("Taken down: other.")
    asked.sees("What is it?").sees("> ").types("").sees("Left as it is.")
    asked.sees("What is it?").sees("> ").types("2").sees("NAME=VALUE")
    asked.sees("timeline=June").sees("> ").types("timeline=May").sees("> ").types("timline").sees("is not NAME=VALUE")
    asked.sees("what you gave before stays").sees("> ").types("").sees("Taken down: corrected (timeline = May).")
    asked.sees("What is it?").sees("> ").types("confirmed").sees("Taken down: confirmed.")
    assert asked.ends() == 0
    shown = quick("summary", "show", "birch", "--json", now=LATER).json
    assert (shown["state"], shown["answered_at"]) == ("corrected", "2026-04-02T08:00:00Z")
    assert shown["corrections"] == [{"name": "timeline", "value": "May"}]
    assert rows("SELECT taken_as FROM answer ORDER BY id") == [("other",), ("corrected",), ("confirmed",)]

    again = sits("inbox", path, now=LATER)
    again.sees("What is this?").sees("> ").types("1").sees("Taken down")
    assert again.ends() == 0
    assert "3 answers known already" in again.raw
    found = listed(quick, path)
    assert (found["replies"], found["taken_before"]) == ([], 4)


def test_ctrl_c_keeps_what_was_taken_down(sits, quick, answer, box):
    path = box(answer("Yes, that is right.", id="1"), answer("What is this?", id="2"))
    asked = sits("inbox", path, now=LATER)
    asked.sees("What is it?").sees("> ").types("1").sees("Taken down").sees("What is it?").sees("> ").interrupts()
    assert asked.ends() == 130
    assert quick("summary", "show", "birch", "--json", now=LATER).json["state"] == "confirmed"
    assert len(listed(quick, path)["replies"]) == 1


def test_no_terminal_means_no_question(run, answer, box):
    done = run("inbox", box(answer("Yes.")), now=LATER, input="1\n")
    assert done.code == 0
    assert "Taken down" not in done.out


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_box_that_may_not_be_read_is_refused(quick, answer, box):
    path = box(answer("Yes."))
    os.chmod(path, 0)
    assert quick("inbox", path, now=LATER).code == 6
