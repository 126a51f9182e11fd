"""The summary of a call: drafted, sent, confirmed or corrected; what was sent is frozen, and silence is noticed."""

import email
import email.policy
import os
import re
import shlex
import subprocess
import sys
from hashlib import sha256

import pytest

NOW = "2026-03-05T09:00:00Z"  # a Thursday
FRIDAY = "2026-03-06T09:00:00Z"

OWN = """\
playbook: own
fields:
  pain: {label: Pain, summary: current situation}
  wishes: {label: Wishes, type: list, summary: priorities}
  budget: {label: Budget, type: money}
criteria:
  told: {label: A summary that was sent, summary: sent}
  agreed: {label: A confirmed summary, summary: confirmed}
stages:
  lead: {title: Lead}
  talks: {title: Talks}
  offer: {title: Offer}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talks, trigger: They answer., reason: They fit., benefit: Heard., required: [told]}
  - {from: talks, to: offer, trigger: They ask., reason: They want it., benefit: They get it., required: [agreed],
     emails: [summary, introduction]}
  - {from: offer, to: won, trigger: They sign., reason: They want it., benefit: They get it.}
"""


@pytest.fixture
def acme(quick, playbook, once):
    def make():
        playbook(OWN)
        added = quick("add", "Acme Corp", "--playbook", "own", "--contact", "Ada Bell <ada@acme.example>", now=NOW)
        assert added.code == 0
        assert quick("set", "acme-corp", "pain=it hurts a lot", now=NOW).code == 0

    once(make)
    return "acme-corp"


EDITOR = """\
import pathlib, re, sys
file = pathlib.Path(sys.argv[-1])
text = file.read_text(encoding="utf-8")
for change in zip(sys.argv[1:-1:2], sys.argv[2:-1:2]):
    text = re.sub(*change, text)
file.write_text(text, encoding="utf-8")
"""


@pytest.fixture
def editing(monkeypatch, tmp_path):
    """`editing("a", "b")`: the editor is one that puts b for each a."""
    (tmp_path / "editor.py").write_text(EDITOR, encoding="utf-8")

    def editing(*changes):
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", shlex.join([sys.executable, "-ISs", str(tmp_path / "editor.py"), *changes]))

    return editing


def kept(does, *more, now=NOW):
    return does("summary", "show", "acme-corp", "--json", *more, now=now).json


def waiting(does, now=NOW):
    return does("summary", "list", "--json", now=now).json["summaries"]


def state(does, now):
    return [one["state"] for one in waiting(does, now=now)]


# --- the draft


PLAIN = re.compile(r"\ASubject: \S[^\n]*\n\n\S[\s\S]*\S\n\Z")


@pytest.mark.parametrize("more", [
    (), ("--to", "bob@acme.example"), ("--announced", "no"), ("--anew",), ("--set", "wishes=a thing; another"),
    ("--eml", "OUT"), ("--eml", "OUT", "--cc", "sam@acme.example", "--cc", "Sue <sue@acme.example>"), ("--copy",),
    ("--edit",),
])  # fmt: skip
def test_in_a_pipe_the_output_is_the_mail_and_nothing_else(does, acme, editing, monkeypatch, tmp_path, more):
    monkeypatch.setattr("handoffctl.console.clipboard.copy_text", lambda text: False)  # the clipboard is not ours
    editing("nothing-of-it", "x")
    drafted = does("summary", "draft", acme, *(str(tmp_path / "o.eml") if word == "OUT" else word for word in more))
    assert PLAIN.match(drafted.out), drafted.out
    shown = kept(does)
    assert drafted.out == f"Subject: {shown['subject']}\n\n{shown['body']}\n"
    assert "When it is sent: handoffctl summary sent acme-corp" in drafted.err


def test_a_second_draft_keeps_reference_and_message_id_and_is_the_only_one(does, acme, rows):
    first = does("summary", "draft", acme, "--json").json
    does("set", acme, "wishes=speed")
    second = does("summary", "draft", acme, "--json").json
    assert [second[name] for name in ("reference", "message_id", "subject")] == [
        first[name] for name in ("reference", "message_id", "subject")
    ]
    assert "Priorities: speed" in second["body"]
    assert "speed" not in first["body"]
    assert rows("SELECT count(*), count(DISTINCT reference) FROM summary") == [(1, 1)]


def test_after_it_was_sent_the_next_draft_has_a_reference_of_its_own(does, acme):
    first = does("summary", "draft", acme, "--json").json["reference"]
    does("summary", "sent", acme)
    second = does("summary", "draft", acme, "--json").json["reference"]
    assert first != second
    assert sorted(one["reference"] for one in waiting(does)) == sorted([first, second])


def test_values_and_draft_are_one_transaction(does, acme, dump, rows):
    before = dump()
    refused = does("summary", "draft", acme, "--set", "wishes=speed", "--set", "budget=lots", code=6)
    assert refused.out == ""
    assert dump() == before
    does("summary", "draft", acme, "--set", "wishes=speed", "--set", "budgt=12", code=4)
    does("summary", "draft", acme, "--set", "wishes", code=2)
    assert dump() == before
    commands = rows("SELECT max(id) FROM command")[0][0]
    done = does("summary", "draft", acme, "--set", "wishes=speed")
    assert "Priorities: speed" in done.out
    told = rows("SELECT command_id FROM field_value WHERE name = 'wishes' UNION SELECT command_id FROM summary")
    assert told == [(commands + 1,)]


def test_a_placeholder_is_refused_and_counted(does, acme, rows):
    does("summary", "draft", acme, "--set", "wishes=speed", "--set", "pain=tbd", code=6)
    assert rows("SELECT name FROM refusal") == [("pain",)]
    assert rows("SELECT count(*) FROM summary") == [(0,)]
    assert rows("SELECT count(*) FROM field_value WHERE name = 'wishes'") == [(0,)]


@pytest.mark.parametrize(("typed", "code"), [
    (("draft", "nobody"), 4), (("draft", "acme-corp/renewal"), 4), (("draft", "acme-corp", "--to", "ada at acme"), 6),
    (("draft", "acme-corp", "--announced", "perhaps"), 2), (("draft", "acme-corp", "--cc", "sam@acme.example"), 2),
    (("draft", "acme"), 4), (("sent", "acme"), 4), (("sent", "acme-corp", "--to", "x"), 6),
    (("sent", "acme-corp", "--at", "tomorrow"), 6), (("sent", "acme-corp", "--at", "soon"), 6),
    (("sent", "acme-corp", "--text", "no such file"), 6), (("sent", "acme-corp", "--text", "/"), 6),
    (("confirm", "acme-corp", "--on", "tomorrow"), 6), (("confirm", "acme-corp", "--on", "2026-02-30"), 6),
    (("confirm", "acme-corp", "--ref", "K7Q2M"), 4), (("confirm", "acme-corp", "--note", "x" * 20_000), 6),
    (("correct", "acme-corp"), 2), (("correct", "acme-corp", "pain"), 2),
    (("correct", "acme-corp", "pain=it burns"), 3), (("correct", "acme-corp", "pain=a b", "pain=c d"), 2),
    (("show", "acme-corp"), 3), (("show", "acme-corp", "--ref", "K7Q2M"), 4), (("list", "nobody"), 4),
])  # fmt: skip
def test_what_cannot_be_done_is_told_and_changes_nothing(does, acme, dump, typed, code):
    before = dump()
    refused = does("summary", *typed, code=code)
    assert refused.out == ""
    assert refused.err.strip()
    assert "Traceback" not in refused.err
    assert dump() == before


@pytest.mark.parametrize(("values", "code"), [(("budgt=1",), 4), (("wishes=speed", "budget=lots"), 6)])
def test_a_correction_with_a_wrong_name_or_value_is_refused(does, acme, dump, values, code):
    does("summary", "sent", acme)
    before = dump()
    does("summary", "correct", acme, *values, code=code)
    assert dump() == before


# --- the editor


def test_the_editor_changes_text_and_subject(does, acme, editing):
    editing(r"\ASubject: .*", "Subject:   Our   talk", "hurts", "aches")
    drafted = does("summary", "draft", acme, "--edit")
    assert drafted.out.startswith("Subject: Our talk\n\nHi Ada,\n")
    assert "Current situation: it aches a lot" in drafted.out
    assert (kept(does)["subject"], kept(does)["state"]) == ("Our talk", "draft")


def test_a_subject_that_was_taken_out_stays_as_it_was(does, acme, editing):
    editing(r"\A.*\n\n", "")
    drafted = does("summary", "draft", acme, "--edit")
    assert drafted.out.startswith("Subject: Recap of our call on March 5\n\nHi Ada,\n")


def test_what_was_edited_is_kept_by_a_second_draft_and_written_anew_only_if_told(does, acme, editing):
    editing("hurts", "aches")
    does("summary", "draft", acme, "--edit")
    again = does("summary", "draft", acme, "--set", "wishes=speed")
    assert "aches" in again.out
    assert "speed" not in again.out
    assert "--anew writes it from the records again" in again.err
    anew = does("summary", "draft", acme, "--anew")
    assert "aches" not in anew.out
    assert "speed" in anew.out
    assert "--anew" not in anew.err
    assert "hurts" in does("summary", "draft", acme).out


def test_an_editor_that_changes_nothing_leaves_a_draft_that_follows_the_records(does, acme, editing):
    editing("nothing-of-it", "x")
    does("summary", "draft", acme, "--edit")
    assert "Priorities: speed" in does("summary", "draft", acme, "--set", "wishes=speed").out


def test_a_draft_can_be_edited_twice(does, acme, editing):
    editing("hurts", "aches")
    does("summary", "draft", acme, "--edit")
    editing("aches", "burns")
    assert "it burns" in does("summary", "draft", acme, "--edit").out


def test_a_text_that_was_taken_out_is_refused_and_changes_nothing(does, acme, editing, dump):
    before = dump()
    editing(r"\n[\s\S]*", "\n")
    refused = does("summary", "draft", acme, "--edit", "--set", "wishes=speed", code=6)
    assert (refused.out, refused.err.splitlines()[0]) == ("", "The text is empty; nothing was recorded.")
    assert dump() == before


def test_whoever_empties_the_file_wants_no_draft(does, acme, editing, dump):
    editing(r"[\s\S]+", "")
    before = dump()
    does("summary", "draft", acme, "--edit", "--set", "wishes=speed", code=6)
    assert dump() == before


def test_an_editor_that_fails_changes_nothing(does, acme, monkeypatch, dump, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # for what was typed is kept
    before = dump()
    monkeypatch.setenv("EDITOR", "false")
    does("summary", "draft", acme, "--edit", "--set", "wishes=speed", code=6)
    assert dump() == before


# --- the file


def parsed(path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def test_the_file_is_a_mail_that_was_not_sent(does, acme, home, tmp_path):
    (home / "config.yaml").write_text("me: {name: Sam Poe, email: sam@poe.example}\n", encoding="utf-8")
    path = tmp_path / "a b ü.eml"
    drafted = does("summary", "draft", acme, "--eml", str(path), "--cc", "bob@acme.example", "--json").json
    mail = parsed(path)
    assert mail.defects == []
    assert (mail["To"], mail["From"]) == ("Ada Bell <ada@acme.example>", "Sam Poe <sam@poe.example>")
    assert (mail["Cc"], mail["X-Unsent"]) == ("bob@acme.example", "1")
    assert (mail["Subject"], mail["Message-ID"]) == (drafted["subject"], drafted["message_id"])
    assert mail["Message-ID"] == f"<handoffctl.{drafted['reference']}@poe.example>"
    assert mail.get_content().replace("\r\n", "\n") == drafted["body"] + "\n"


def test_the_file_is_written_over_by_the_same_mail_only(does, acme, tmp_path):
    path, other = tmp_path / "a.eml", tmp_path / "b.eml"
    does("summary", "draft", acme, "--eml", str(path))
    does("summary", "draft", acme, "--eml", str(path), "--set", "wishes=speed")
    assert "speed" in parsed(path).get_content()
    other.write_text("somebody's own text")
    refused = does("summary", "draft", acme, "--eml", str(other), code=6)
    assert "is there already, and is not this mail." in refused.err
    assert other.read_text() == "somebody's own text"
    does("summary", "sent", acme)
    does("summary", "draft", acme, "--eml", str(path), code=6)
    assert "speed" in parsed(path).get_content()


def test_a_mail_to_another_address_is_not_named_after_the_contact(does, acme, tmp_path):
    does("summary", "draft", acme, "--eml", str(tmp_path / "a.eml"), "--to", "bob@acme.example")
    assert parsed(tmp_path / "a.eml")["To"] == "bob@acme.example"


@pytest.mark.parametrize("place", [".", "no/such/folder/a.eml"])
def test_a_file_that_cannot_be_written_is_told(does, acme, tmp_path, place):
    refused = does("summary", "draft", acme, "--eml", str(tmp_path / place), code=6)
    assert refused.err.strip()


# --- as JSON

DRAFTED = {"account", "deal", "state", "reference", "template", "to", "subject", "body", "message_id", "remarks"}
LISTED = {"account", "name", "deal", "ref", "reference", "state", "sent_at", "working_days", "silent_from",
          "answered_at", "to", "subject", "announced", "note"}  # fmt: skip
SHOWN = LISTED | {"body", "message_id", "hash", "intact", "corrections", "changed"}


def test_the_shapes_of_json(does, acme):
    assert set(does("summary", "draft", acme, "--json").json) == DRAFTED
    assert set(does("email", "summary", acme, "--json").json) == DRAFTED
    does("summary", "sent", acme)
    does("summary", "correct", acme, "pain=it burns", "--note", "so they say")
    does("set", acme, "pain=it is gone")
    listed = does("summary", "list", "--all", "--json").json
    assert set(listed) == {"summaries", "total"}
    assert listed["total"] == len(listed["summaries"]) == 1
    assert set(listed["summaries"][0]) == LISTED
    shown = kept(does)
    assert set(shown) == SHOWN
    assert [set(one) for one in shown["corrections"]] == [{"name", "value"}]
    assert [set(one) for one in shown["changed"]] == [{"name", "was", "now"}]
    empty = does("summary", "list", "--json").json
    assert empty == {"summaries": [], "total": 0}


def test_what_is_not_there_is_told_as_json_too(does, acme):
    for typed in (("draft", "nobody"), ("show", "acme-corp")):
        told = does("summary", *typed, "--json", code=4 if "nobody" in typed else 3)
        assert set(told.json) == {"error"}
        assert told.err == ""


# --- sent


def test_what_was_sent_never_changes(does, acme, rows):
    drafted = does("summary", "draft", acme).out.removesuffix("\n")
    subject, body = drafted.removeprefix("Subject: ").split("\n\n", 1)
    does("summary", "sent", acme)
    frozen = "SELECT subject, body, hash, reference, sent_as, recipient, sent_at FROM summary WHERE id = 1"
    before = rows(frozen)
    assert before[0][:3] == (subject, body, sha256(drafted.removeprefix("Subject: ").encode()).hexdigest())
    does("set", acme, "pain=it is gone", "contact.email=eve@acme.example", "contact.name=Eve")
    does("summary", "draft", acme, now=FRIDAY)
    does("summary", "draft", acme, "--anew", "--to", "bob@acme.example", now=FRIDAY)
    does("summary", "sent", acme, now=FRIDAY)
    does("summary", "confirm", acme, "--ref", before[0][3], now=FRIDAY)
    assert rows(frozen) == before
    assert kept(does, "--ref", before[0][3])["intact"] is True
    does("rename", acme, "Other Name", now=FRIDAY)
    assert rows(frozen) == before


def test_a_text_that_somebody_changed_in_the_database_is_told(does, acme, home):
    import sqlite3
    from contextlib import closing

    does("summary", "sent", acme)
    assert kept(does)["intact"] is True
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
        connection.execute("UPDATE summary SET body = body || 'and it is free'")
    assert kept(does)["intact"] is False
    assert "somebody changed it in the database" in does("summary", "show", acme).err


def test_sent_without_a_draft_freezes_what_would_be_drafted(does, acme):
    does("summary", "sent", acme)
    shown = kept(does)
    assert (shown["state"], shown["to"], shown["sent_at"]) == ("sent", "ada@acme.example", NOW)
    assert "it hurts a lot" in shown["body"]
    assert shown["subject"] == "Recap of our call on March 5"


def test_sent_with_nothing_to_say_keeps_no_text(does, quick, playbook):
    playbook(OWN)
    does("add", "Bare Ltd", "--playbook", "own")
    sent = does("summary", "sent", "bare-ltd")
    assert "Its text is not kept" in sent.err
    shown = does("summary", "show", "bare-ltd", "--json").json
    assert [shown[name] for name in ("state", "body", "subject", "hash", "to", "intact")] == [
        "sent", None, None, None, None, True,
    ]  # fmt: skip
    assert "Its text is not on record." in does("summary", "show", "bare-ltd").out


@pytest.mark.parametrize("way", ["file", "pipe"])
def test_the_text_as_it_was_sent_can_be_given(does, acme, tmp_path, way):
    text = "Subject:  Our  talk \r\n\r\nDear Ada,\r\nthis is it.  \r\n\r\n\r\n\r\nSam\r\n"
    does("summary", "draft", acme)
    (tmp_path / "sent.txt").write_bytes(text.encode())
    if way == "file":
        does("summary", "sent", acme, "--text", str(tmp_path / "sent.txt"))
    else:
        does("summary", "sent", acme, "--text", "-", input=text.replace("\r\n", "\n"))
    shown = kept(does)
    assert (shown["subject"], shown["body"]) == ("Our talk", "Dear Ada,\nthis is it.\n\nSam")
    assert shown["hash"] == sha256(b"Our talk\n\nDear Ada,\nthis is it.\n\nSam").hexdigest()


@pytest.mark.parametrize(
    "text", [b"", b"\n\n", b"Subject: x\n", b"Subject: x\n\n \n", b"caf\xe9", b"\xff\xfe", b"x" * 100_002]
)
def test_a_text_that_is_none_is_refused(does, acme, tmp_path, dump, text):
    does("summary", "draft", acme)
    before = dump()
    (tmp_path / "sent.txt").write_bytes(text)
    refused = does("summary", "sent", acme, "--text", str(tmp_path / "sent.txt"), code=6)
    assert refused.err.strip()
    assert dump() == before


def test_a_text_steers_no_terminal(does, acme, tmp_path):
    (tmp_path / "sent.txt").write_text("Subject: \x1b[31mred\n\n\x1b]0;title\x07body\u202e\n", encoding="utf-8")
    does("summary", "sent", acme, "--text", str(tmp_path / "sent.txt"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", does("summary", "show", acme).out)


@pytest.mark.parametrize(("when", "answer"), [("draft", "yes"), ("draft", "no"), ("sent", "yes"), ("sent", "no")])
def test_whether_it_was_announced_is_kept(does, acme, when, answer):
    does("summary", "draft", acme, *(("--announced", answer) if when == "draft" else ()))
    does("summary", "draft", acme)
    does("summary", "sent", acme, *(("--announced", answer) if when == "sent" else ()))
    assert kept(does)["announced"] is (answer == "yes")
    assert re.search(rf" {answer} +\w{{5}}$", does("summary", "list").out, re.MULTILINE)


def test_where_nobody_said_so_it_is_not_known_whether_it_was_announced(does, acme):
    does("summary", "sent", acme)
    assert kept(does)["announced"] is None


# --- answered


def test_an_answer_before_it_was_sent_or_in_the_future_is_refused(does, acme, dump):
    does("summary", "sent", acme)
    before = dump()
    refused = does("summary", "confirm", acme, "--on", "2026-03-04", now=FRIDAY, code=6)
    assert "is before it was sent" in refused.err
    does("summary", "correct", acme, "pain=it burns", "--on", "2026-03-04", now=FRIDAY, code=6)
    assert "in the future" in does("summary", "confirm", acme, "--on", "2026-03-09", now=FRIDAY, code=6).err
    assert dump() == before
    does("summary", "confirm", acme, "--on", "2026-03-05", now=FRIDAY)
    assert kept(does)["answered_at"] == "2026-03-05"


def test_a_second_confirmation_is_refused(does, acme, dump):
    does("summary", "sent", acme)
    does("summary", "confirm", acme, "--note", "all right", now=FRIDAY)
    before = dump()
    refused = does("summary", "confirm", acme, now=FRIDAY, code=3)
    assert "Acme Corp confirmed it already on 2026-03-06." in refused.err
    assert "handoffctl summary draft acme-corp" in refused.err
    assert dump() == before
    assert kept(does)["note"] == "all right"


@pytest.mark.parametrize(("drafted", "reason"), [
    (True, "Can't confirm the summary of Acme Corp: it is a draft that was not sent yet."),
    (False, "Can't confirm a summary of Acme Corp: none was sent yet."),
])  # fmt: skip
def test_what_was_never_sent_cannot_be_confirmed(does, acme, dump, drafted, reason):
    if drafted:
        does("summary", "draft", acme)
    before = dump()
    refused = does("summary", "confirm", acme, now=FRIDAY, code=3)
    assert reason in refused.err
    assert "If it was sent: handoffctl summary sent acme-corp" in refused.err
    assert dump() == before
    does("summary", "sent", acme)
    does("summary", "confirm", acme, now=FRIDAY)
    assert kept(does)["state"] == "confirmed"


def test_an_answer_is_one_to_what_was_sent_and_not_to_the_next_draft(does, acme):
    does("summary", "sent", acme)
    does("summary", "draft", acme, now=FRIDAY)
    does("summary", "confirm", acme, now=FRIDAY)
    assert [one["state"] for one in does("summary", "list", "--all", "--json").json["summaries"]] == [
        "confirmed",
        "draft",
    ]


def test_a_correction_adds_what_is_right_or_nothing_at_all(does, acme, dump, rows):
    does("summary", "sent", acme)
    before = dump()
    does("summary", "correct", acme, "pain=it burns", "budget=lots", now=FRIDAY, code=6)
    assert dump() == before
    does("summary", "correct", acme, "pain=it burns", "budget=12k", "--note", "both wrong", now=FRIDAY)
    shown = kept(does)
    assert (shown["state"], shown["note"], shown["changed"]) == ("corrected", "both wrong", [])
    assert shown["corrections"] == [{"name": "pain", "value": "it burns"}, {"name": "budget", "value": "12000"}]
    assert rows("SELECT name, value FROM field_value ORDER BY id DESC LIMIT 2")[::-1] == [
        ("pain", "it burns"), ("budget", "12000"),
    ]  # fmt: skip
    assert "it hurts" in shown["body"]
    assert "it burns" in does("summary", "draft", acme, "--whole", now=FRIDAY).out


def test_a_placeholder_corrects_nothing_and_is_counted(does, acme, rows):
    does("summary", "sent", acme)
    does("summary", "correct", acme, "pain=tbd", code=6)
    assert rows("SELECT name FROM refusal") == [("pain",)]
    assert state(does, NOW) == ["sent"]


def test_a_reference_names_the_summary_that_is_meant(does, acme):
    first = does("summary", "draft", acme, "--json").json["reference"]
    does("summary", "sent", acme)
    does("summary", "draft", acme)
    does("summary", "sent", acme, now=FRIDAY)
    does("summary", "confirm", acme, "--ref", first.lower(), now=FRIDAY)
    assert kept(does, "--ref", first.lower())["state"] == "confirmed"
    assert kept(does)["state"] == "sent"
    assert [one["reference"] == first for one in waiting(does, FRIDAY)] == [False]


def test_an_answer_settles_what_was_sent_before_it(does, acme):
    does("summary", "sent", acme)
    does("summary", "draft", acme)
    does("summary", "sent", acme, now=FRIDAY)
    assert state(does, FRIDAY) == ["sent"]  # the later one takes the place of the earlier
    does("summary", "confirm", acme, now=FRIDAY)
    assert waiting(does, FRIDAY) == []


@pytest.mark.parametrize("drafted", [True, False])
def test_to_say_twice_that_it_was_sent_is_a_slip(does, acme, dump, drafted):
    if drafted:
        does("summary", "draft", acme)
    does("summary", "sent", acme)
    before = dump()
    refused = does("summary", "sent", acme, now=FRIDAY, code=3)
    assert "recorded as sent on 2026-03-05 09:00 already" in refused.err
    assert dump() == before
    does("summary", "sent", acme, "--text", "-", input="Subject: x\n\nanother", now=FRIDAY)
    assert state(does, FRIDAY) == ["sent"]  # the later one takes the place of the earlier


def test_a_field_that_is_another_since_is_marked_and_one_that_became_known_is_not(does, acme):
    does("summary", "sent", acme)
    does("summary", "confirm", acme, now=FRIDAY)
    does("set", acme, "wishes=speed", "budget=12000", now=FRIDAY)
    assert kept(does)["changed"] == []
    does("set", acme, "pain=it burns", "budget=13000", now=FRIDAY)
    assert kept(does)["changed"] == [{"name": "pain", "was": "it hurts a lot", "now": "it burns"}]
    assert "changed since: pain was 'it hurts a lot', is 'it burns'" in does("summary", "show", acme).out
    assert does("show", acme, "--json", now=FRIDAY).json["deals"][0]["changed"] == ["pain"]
    marked = re.findall(r"^ +(\w+) .*\(changed since", does("show", acme, now=FRIDAY).out, re.MULTILINE)
    assert marked == ["pain"]
    does("set", acme, "pain=it hurts a lot", now=FRIDAY)
    assert kept(does)["changed"] == []


# --- the list, and silence


def test_it_is_silent_from_the_fourth_working_day_on(does, acme):
    said = does("summary", "sent", acme).err
    assert "silent from 2026-03-11 on" in said
    assert {day: state(does, f"2026-03-{day}")[0] for day in ("05", "06", "09", "10", "11", "12")} == {
        "05": "sent", "06": "sent", "09": "sent", "10": "sent", "11": "silent", "12": "silent",
    }  # fmt: skip
    assert [waiting(does, f"2026-03-{day}")[0]["working_days"] for day in ("05", "07", "09", "11")] == [0, 1, 2, 4]
    silent = does("summary", "list", now="2026-03-11")
    assert re.search("^acme-corp +silent ", silent.out, re.MULTILINE)
    assert "1 summary" in silent.err
    assert "handoffctl email nudge acme-corp" in silent.err


@pytest.mark.parametrize(("config", "first"), [
    ("holidays: [2026-03-09]", "2026-03-12"),
    ("holidays: [2026-03-07]", "2026-03-11"),
    ("workdays: [mon, tue, wed, thu, fri, sat, sun]", "2026-03-09"),
    ("workdays: [sun, mon]", "2026-03-16"),
    ("workdays: []", None),
])  # fmt: skip
def test_the_first_silent_day_follows_the_configuration(does, acme, home, config, first):
    (home / "config.yaml").write_text(config + "\n", encoding="utf-8")
    does("summary", "sent", acme)
    assert waiting(does)[0]["silent_from"] == first
    if first:
        before = f"{first[:8]}{int(first[8:]) - 1:02}"
        assert (state(does, before), state(does, first)) == (["sent"], ["silent"])
    else:
        assert state(does, "2029-01-01") == ["sent"]


@pytest.mark.parametrize(("within", "first"), [("1d", "2026-03-09"), ("5", "2026-03-13"), ("10d", "2026-03-20")])
def test_a_playbook_may_say_within_how_many_working_days(does, acme, playbook, within, first):
    playbook(OWN + f"confirm_within: {within}\n")
    assert f"silent from {first} on" in does("summary", "sent", acme).err
    assert waiting(does)[0]["silent_from"] == first


@pytest.mark.parametrize("within", ["2h", "0d", "-1d", "366d", "soon", "1.5d", "[]", "3w"])
def test_a_faulty_time_to_confirm_is_told_and_the_list_goes_on(does, acme, playbook, within):
    does("summary", "sent", acme)
    playbook(OWN + f"confirm_within: {within}\n")
    refused = does("playbook", "check", "own", code=5)
    assert f"own.yaml:{len(OWN.splitlines()) + 1}: " in refused.err
    assert "confirm_within" in refused.err
    assert waiting(does)[0]["silent_from"] == "2026-03-11"


def test_the_list_has_the_oldest_first_and_drafts_last(does, acme):
    for name, at in (("Zeta", "2026-03-03"), ("Beta", "2026-03-01"), ("Eta", "2026-03-02T10:00:00Z")):
        slug = does("add", name, "--playbook", "own").out.strip()
        does("set", slug, "pain=it hurts")
        does("summary", "sent", slug, "--at", at)
    does("summary", "draft", acme)
    assert [one["account"] for one in waiting(does)] == ["beta", "eta", "zeta", "acme-corp"]
    assert [one["account"] for one in does("summary", "list", "zeta", "--json").json["summaries"]] == ["zeta"]
    lines = does("summary", "list").out.partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in lines] == ["account", "beta", "eta", "zeta", "acme-corp"]


def test_each_deal_of_an_account_has_summaries_of_its_own(does, acme):
    does("deal", "add", acme, "renewal", "--playbook", "own")
    does("set", "acme-corp/renewal", "pain=it hurts again")
    does("summary", "draft", acme, code=4)
    does("summary", "draft", "acme-corp/renewal")
    does("summary", "draft", "acme-corp/deal")
    assert sorted(one["ref"] for one in waiting(does)) == ["acme-corp/deal", "acme-corp/renewal"]
    done = does("summary", "sent", "acme-corp/renewal")
    assert "handoffctl summary confirm acme-corp/renewal" in done.err
    does("summary", "confirm", "acme-corp/renewal")
    assert does("summary", "show", "acme-corp/deal", "--json").json["state"] == "draft"
    assert "it hurts again" in does("summary", "show", "acme-corp/renewal", "--json").json["body"]


def test_a_closed_deals_summaries_do_not_wait(does, acme):
    does("summary", "sent", acme)
    does("close", acme, "--lost", "--because", "the price was too high", now=FRIDAY)
    assert waiting(does, FRIDAY) == []
    assert [one["state"] for one in does("summary", "list", "--all", "--json", now=FRIDAY).json["summaries"]] == [
        "sent"
    ]
    assert "it hurts" in does("summary", "show", acme, now=FRIDAY).out
    does("summary", "draft", acme, now=FRIDAY, code=4)
    does("reopen", acme, now=FRIDAY)
    assert state(does, FRIDAY) == ["sent"]


# --- the gate


@pytest.fixture
def gate(quick):
    def gate(now=NOW):
        return [gap["name"] for gap in quick("check", "acme-corp", "--json", now=now).json["missing"]]

    return gate


def test_the_gate_asks_for_a_summary_that_was_sent(does, acme, gate):
    assert gate() == ["told"]
    does("summary", "draft", acme)
    assert gate() == ["told"]
    does("summary", "sent", acme)
    assert gate() == []
    assert gate("2026-04-01") == []
    does("summary", "draft", acme)
    assert gate() == []


@pytest.mark.parametrize("answer", [("confirm",), ("correct", "pain=it burns")])
def test_the_gate_asks_for_an_answer(does, acme, gate, answer):
    does("summary", "sent", acme)
    does("handoff", acme, "--to", "talks")
    assert gate() == ["agreed"]
    assert gate("2026-04-01") == ["agreed"]
    does("summary", answer[0], acme, *answer[1:])
    assert gate() == []
    does("summary", "draft", acme)
    assert gate() == []


def test_the_command_that_the_gate_names_meets_it(does, acme, ready):
    assert ready(acme, "--to", "talks", now=NOW) == ["told"]
    does("handoff", acme, "--to", "talks")
    assert ready(acme, "--to", "offer", now=NOW) == ["agreed"]


# --- warnings


def test_a_long_summary_is_warned_of(does, acme):
    long = does("summary", "draft", acme, "--set", "pain=" + " ".join(f"word{n}" for n in range(190)))
    told = r"It has \d+ words, and 150 are the most that is read\. Shorten \"Current situation\", which has 190\."
    assert re.search(told, long.err)
    assert "are the most" not in does("summary", "draft", acme, "--set", "pain=it hurts a lot").err
    assert PLAIN.match(long.out)


def test_pitching_is_warned_of_by_the_usual_words_or_the_playbooks(does, acme, playbook, editing):
    text = "pain=our platform is world-class for ninjas"
    assert "It pitches: our platform, world-class." in does("summary", "draft", acme, "--set", text).err
    playbook(OWN + "pitching: [Ninjas]\n")
    assert "It pitches: Ninjas." in does("summary", "draft", acme).err
    playbook(OWN + "pitching: []\n")
    assert "It pitches" not in does("summary", "draft", acme).err
    playbook(OWN)
    editing("Hi Ada", "Guaranteed, Ada")
    assert "guaranteed" in does("summary", "draft", acme, "--edit").err
    assert "guaranteed" in does("summary", "draft", acme).err


def test_empty_heads_are_named(does, acme):
    drafted = does("summary", "draft", acme, "--json")
    assert drafted.json["remarks"][0] == "Left out (nothing recorded yet): Priorities."
    assert "Priorities" in drafted.err
    assert "Priorities" not in drafted.json["body"]
    filled = does("summary", "draft", acme, "--set", "wishes=speed", "--json").json["remarks"]
    assert [remark for remark in filled if "Left out" in remark] == []


# --- where else it is drafted


def test_the_command_for_e_mails_puts_the_summary_into_the_ledger(does, acme):
    written = does("email", "summary", acme)
    assert PLAIN.match(written.out)
    assert "handoffctl summary draft" in written.err
    assert state(does, NOW) == ["draft"]
    assert written.out == does("summary", "draft", acme).out


@pytest.fixture
def agreed(does, acme):
    does("summary", "sent", acme)
    does("handoff", acme, "--to", "talks")
    does("summary", "confirm", acme)
    return acme


def test_a_handoff_drafts_its_mails_in_its_own_transaction(does, agreed, rows):
    does("set", agreed, "wishes=speed", now=FRIDAY)
    done = does("handoff", agreed, "--json", now=FRIDAY).json
    assert [one["template"] for one in done["emails"]] == ["summary", "introduction"]
    assert [set(one) for one in done["emails"]] == [{"template", "to", "subject", "body"}] * 2
    draft = kept(does)
    assert (draft["state"], draft["subject"], draft["body"]) == (
        "draft", done["emails"][0]["subject"], done["emails"][0]["body"],
    )  # fmt: skip
    assert rows("SELECT handoff_id, template, recipient, subject, at FROM letter ORDER BY id") == [
        (done["handoff"]["id"], one["template"], "ada@acme.example", one["subject"], FRIDAY) for one in done["emails"]
    ]
    commands = rows(
        "SELECT command_id FROM letter UNION SELECT command_id FROM handoff WHERE id = ? UNION "
        "SELECT command_id FROM summary WHERE state = 'draft'",
        done["handoff"]["id"],
    )
    assert len(commands) == 1


def test_a_blocked_handoff_drafts_nothing(does, acme, rows):
    does("summary", "sent", acme)
    does("handoff", acme, "--to", "talks")
    does("handoff", acme, code=3)
    assert rows("SELECT count(*) FROM letter") == [(0,)]
    assert state(does, NOW) == ["sent"]


def test_a_handoff_never_writes_over_a_draft_that_was_edited(does, agreed, editing):
    editing("hurts", "aches")
    does("summary", "draft", agreed, "--edit", "--whole", now=FRIDAY)
    done = does("handoff", agreed, "--set", "wishes=speed", "--json", now=FRIDAY).json
    assert "it aches a lot" in done["emails"][0]["body"]
    assert "it aches a lot" in kept(does)["body"]
    again = does("summary", "draft", agreed, now=FRIDAY)
    assert "it aches a lot" in again.out
    assert "--anew" in again.err


def test_a_handoff_whose_summary_has_nothing_to_say_goes_on(does, playbook):
    playbook(OWN.replace("required: [told]", "emails: [summary]"))
    does("add", "Bare Ltd", "--playbook", "own")
    done = does("handoff", "bare-ltd", "--json")
    assert (done.json["handed_off"], done.json["emails"]) == (True, [])
    assert done.err.startswith("No e-mail summary: There is nothing to sum up")


# --- others at the same time, and what becomes of it


def test_a_draft_that_is_sent_by_two_at_once_is_frozen_once(acme, does, home, rows):
    does("summary", "draft", acme)
    command = [sys.executable, "-m", "handoffctl", "--home", str(home), "--now", NOW, "summary", "sent", acme]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [one.communicate(timeout=60) for one in both]
    assert "Traceback" not in told[0][1] + told[1][1]
    assert {one.returncode for one in both} <= {0, 3, 6}
    frozen = rows("SELECT state, body IS NOT NULL, hash IS NOT NULL FROM summary")
    assert ("sent", 1, 1) in frozen
    assert all(state == "sent" for state, _, _ in frozen)


def test_who_was_outrun_is_told_in_a_sentence_and_keeps_no_empty_summary(acme, does, quick, rows, monkeypatch):
    from handoffctl.emails.summary import sent as sending

    does("summary", "draft", acme)
    asked = sending.what_would_be_drafted

    def outrun(home, ref, needed):
        seen = asked(home, ref, needed)
        monkeypatch.setattr(sending, "what_would_be_drafted", asked)
        sending.record_sent(home, ref)
        return seen

    monkeypatch.setattr(sending, "what_would_be_drafted", outrun)
    second = quick("summary", "sent", acme, now=NOW)
    assert second.code in (0, 3, 6), second
    assert rows("SELECT count(*) FROM summary WHERE body IS NULL") == [(0,)]


def test_a_joined_account_keeps_its_summaries_and_their_text(does, acme):
    does("add", "Acme Limited", "--playbook", "own")
    does("set", "acme-limited", "pain=it hurts there")
    does("summary", "sent", "acme-limited")
    before = does("summary", "show", "acme-limited", "--json").json
    does("summary", "draft", acme)
    does("merge", acme, "acme-limited", "--yes")
    every = {one["ref"]: one for one in waiting(does)}
    assert sorted(one["state"] for one in every.values()) == ["draft", "sent"]
    ref = next(ref for ref, one in every.items() if one["state"] == "sent")
    after = does("summary", "show", ref, "--json").json
    assert all(after[name] == before[name] for name in ("body", "hash", "reference", "message_id", "sent_at", "intact"))
    does("summary", "confirm", ref)


def test_a_deleted_account_leaves_nothing_of_its_summaries(does, acme, dump, rows):
    does("summary", "sent", acme, "--to", "zebra@acme.example")
    does("summary", "correct", acme, "pain=xylophone in the cellar", "--note", "quagga said so")
    does("summary", "draft", acme)
    does("delete", acme, "--yes")
    assert [rows(f"SELECT count(*) FROM {table}")[0][0] for table in ("summary", "promise", "letter", "answer")] == [
        0
    ] * 4
    assert [line for line in dump() if re.search("zebra|xylophone|quagga", line)] == []
    assert waiting(does) == []


def test_a_home_without_anything_has_no_summaries(does, home):
    assert waiting(does) == []
    assert "No summary waits" in does("summary", "list").err
    does("summary", "draft", "acme", code=4)
    assert not (home / "handoffctl.db").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_narrow_terminal_the_mail_is_not_wrapped_or_coloured(home, acme, does):
    import pexpect

    does("set", acme, "pain=" + "a very long line " * 20)
    env = {**os.environ, "COLUMNS": "40", "LINES": "10"}
    command = f'"{sys.executable}" -m handoffctl --home "{home}" --now {NOW} summary draft {acme} --no-input'
    shown = pexpect.run(command, env=env, encoding="utf-8", timeout=60, dimensions=(10, 40))
    assert "\x1b" not in shown
    assert "Current situation: " + ("a very long line " * 20).strip() in shown.replace("\r\n", "\n").split("\n")


# --- faults that are known; each says what would be right


def test_what_a_client_corrects_twice_is_all_their_word(does, acme):
    does("set", acme, "wishes=speed")
    does("summary", "sent", acme)
    does("summary", "correct", acme, "pain=it burns", now=FRIDAY)
    does("summary", "correct", acme, "wishes=calm", now=FRIDAY)
    shown = kept(does)
    assert shown["corrections"] == [{"name": "pain", "value": "it burns"}, {"name": "wishes", "value": "calm"}]
    assert shown["changed"] == []


def test_a_correction_keeps_what_was_said_before(does, acme):
    does("summary", "sent", acme)
    does("summary", "confirm", acme, "--note", "all right", now=FRIDAY)
    does("summary", "correct", acme, "pain=it burns", now=FRIDAY)
    assert kept(does)["note"] == "all right"


def test_a_text_without_a_subject_has_that_of_the_draft(does, acme):
    subject = does("summary", "draft", acme, "--json").json["subject"]
    does("summary", "sent", acme, "--text", "-", input="Dear Ada,\n\nthis is it.\n")
    assert (kept(does)["subject"], kept(does)["body"]) == (subject, "Dear Ada,\n\nthis is it.")
    assert "None" not in does("summary", "show", acme).out


def test_a_mark_before_the_text_is_no_part_of_it(does, acme, tmp_path):
    (tmp_path / "sent.txt").write_text("\ufeffSubject: Our talk\n\nthis is it\n", encoding="utf-8")
    does("summary", "sent", acme, "--text", str(tmp_path / "sent.txt"))
    assert (kept(does)["subject"], kept(does)["body"]) == ("Our talk", "this is it")


def test_a_pipe_of_another_encoding_is_told_in_a_sentence(acme, home):
    command = [sys.executable, "-m", "handoffctl", "--home", str(home), "summary", "sent", acme, "--text", "-"]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8:surrogateescape"}
    ran = subprocess.run(command, input=b"Subject: caf\xe9\n\nthe text\n", capture_output=True, env=env)
    assert (ran.returncode, b"Traceback" in ran.stderr) == (6, False)


def test_what_became_known_after_an_edited_draft_was_not_confirmed_with_it(does, acme, editing):
    editing("Hi Ada", "Dear Ada")
    does("summary", "draft", acme, "--edit")
    does("set", acme, "pain=it burns")
    assert "it hurts a lot" in does("summary", "draft", acme).out
    does("summary", "sent", acme)
    does("summary", "confirm", acme)
    assert kept(does)["changed"] == [{"name": "pain", "was": "it hurts a lot", "now": "it burns"}]


def test_the_next_draft_goes_to_the_address_that_was_named(does, acme):
    does("summary", "draft", acme, "--to", "bob@acme.example")
    does("summary", "draft", acme, "--set", "wishes=speed")
    assert kept(does)["to"] == "bob@acme.example"


def test_an_older_summary_is_shown_with_what_changed_since_it(does, acme):
    first = does("summary", "draft", acme, "--sent", "--json").json["reference"]
    does("summary", "confirm", acme)
    does("summary", "draft", acme, "--sent", "--set", "pain=it burns")
    does("summary", "confirm", acme, now=FRIDAY)
    assert kept(does)["changed"] == []
    assert kept(does, "--ref", first)["changed"] == [{"name": "pain", "was": "it hurts a lot", "now": "it burns"}]


def test_a_copy_to_what_is_no_address_is_refused(does, acme, tmp_path):
    told = does("summary", "draft", acme, "--eml", str(tmp_path / "a.eml"), "--cc", "bob at acme", code=6)
    assert "bob at acme" in told.err


@pytest.mark.parametrize(
    "text", ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0627\u06cc\u0646", "\U0001f468\u200d\U0001f469 it is"]
)
def test_what_is_pasted_is_what_is_kept(does, acme, text):
    drafted = does("summary", "draft", acme, "--set", f"pain={text}").out
    assert drafted == f"Subject: {kept(does)['subject']}\n\n{kept(does)['body']}\n"


def test_an_empty_subject_is_none(does, acme, editing):
    editing(r"\A.*", "Subject:")
    does("summary", "draft", acme, "--edit")
    assert kept(does)["subject"]


def test_the_age_of_an_answered_one_ends_with_the_answer(does, acme):
    does("summary", "sent", acme)
    does("summary", "confirm", acme, now=FRIDAY)
    assert kept(does, now="2026-04-01")["working_days"] == 1


@pytest.mark.parametrize("typed", ["summary", "promise"])
def test_the_list_of_one_deal_may_be_asked_for(does, acme, typed):
    does("summary", "draft", acme)
    does("promise", "add", acme, "a visit")
    assert does(typed, "list", "acme-corp/deal", "--json").json["total"] == 1


def test_the_newest_summary_is_the_one_that_was_sent_last(does, acme):
    does("summary", "draft", acme)
    does("summary", "sent", acme, now=FRIDAY)
    does("summary", "draft", acme, now=FRIDAY)
    does("summary", "sent", acme, "--at", "2026-03-05", now=FRIDAY)
    assert kept(does)["sent_at"] == FRIDAY
