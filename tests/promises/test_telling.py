"""The private next step: what a client is told of it becomes a promise, at most once, and only if the user says so."""

import sys

import pytest

from handoffctl.core.moments import Clock
from handoffctl.promises.telling import PrivateStep, Telling, telling_of
from handoffctl.promises.told import tell_client
from handoffctl.workspace.home import Home

NOW = "2026-03-05T09:00:00Z"


@pytest.fixture
def acme(quick, once):
    def make():
        quick("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", now=NOW)
        quick("set", "acme-corp", "situation=orders come in by phone", now=NOW)
        quick("step", "acme-corp", "sample export", "--due", "2026-03-10", now=NOW)

    once(make)
    return "acme-corp"


def promises(does, *more):
    listed = does("promise", "list", *more, "--json").json["promises"]
    return [(one["kind"], one["text"], one["due"], one["told"]) for one in listed]


@pytest.mark.parametrize(("answer", "told"), [
    ("", Telling(as_worded=True)), ("-", Telling(left_out=True)), ("a sample", Telling(words="a sample")),
])  # fmt: skip
def test_an_answer_tells_the_step_leaves_it_out_or_rewords_it(answer, told):
    assert telling_of(answer) == told


def test_a_step_is_asked_about_until_somebody_has_decided():
    assert PrivateStep(1, "sample export", None).is_to_be_asked_about
    for decided in (
        PrivateStep(1, "meeting with Jane", None, made=True),
        PrivateStep(1, "sample export", None, left_out=True),
        PrivateStep(1, "sample export", None, promise_id=3),
    ):
        assert not decided.is_to_be_asked_about


def test_the_question_shows_the_day_as_people_say_it():
    assert PrivateStep(1, "sample export", "2026-03-10").as_shown(Clock(NOW)) == "sample export, by Tue 10 Mar"


@pytest.mark.parametrize("mail", [("summary", "draft"), ("email", "summary"), ("email", "follow-up")])
def test_a_script_tells_the_step_once(does, acme, mail):
    does(*mail, acme, "--tell")
    does(*mail, acme, "--tell")
    assert promises(does) == [("ours", "sample export", "2026-03-10", True)]


def test_a_script_tells_it_in_other_words(does, acme):
    does("summary", "draft", acme, "--tell-as", "a sample of your data")
    assert promises(does) == [("ours", "a sample of your data", "2026-03-10", True)]
    does("email", "follow-up", acme, "--tell-as", "two samples of your data")
    assert promises(does) == [("ours", "two samples of your data", "2026-03-10", True)]


def test_without_saying_so_a_script_tells_nothing(does, acme):
    does("summary", "draft", acme)
    does("email", "follow-up", acme)
    assert promises(does, "--all") == []


def test_what_was_promised_already_is_told_and_not_promised_twice(does, acme):
    does("promise", "add", acme, "Sample export", "--by", "2026-03-12")
    does("summary", "draft", acme, "--tell")
    assert promises(does) == [("ours", "Sample export", "2026-03-12", True)]


def test_a_step_of_the_program_is_never_told(does, acme, dump):
    does("step", acme, "--done")
    does("meeting", "book", acme, "--at", "2026-03-12T10:00:00Z")
    before = dump()
    refused = does("summary", "draft", acme, "--tell", code=3)
    assert 'Can\'t tell the client "meeting with Acme Corp": that step stands for a meeting.' in refused.err
    assert dump() == before
    does("summary", "draft", acme, "--tell-as", "the agenda for our call")
    assert promises(does) == [("ours", "the agenda for our call", None, True)]


def test_without_a_step_there_is_nothing_to_tell(does, acme):
    does("step", acme, "--done")
    assert "Acme Corp has none" in does("summary", "draft", acme, "--tell", code=3).err


def test_options_that_do_not_go_together(does, acme):
    assert "Either --tell or --tell-as." in does("summary", "draft", acme, "--tell", "--tell-as", "x", code=2).err
    assert "No client reads prep-brief." in does("email", "prep-brief", acme, "--tell", code=2).err


def test_a_step_that_is_done_keeps_its_promise(does, acme):
    does("summary", "draft", acme, "--tell")
    does("step", acme, "--done")
    assert promises(does) == []


def test_a_kept_promise_ends_the_step_that_it_was(does, acme, rows):
    does("summary", "draft", acme, "--tell")
    does("promise", "kept", acme)
    assert rows("SELECT done_at FROM step") == [(NOW,)]


def test_today_shows_a_told_step_once(does, acme):
    does("summary", "draft", acme, "--tell")
    items = does("today", acme, "--json", now="2026-03-10T09:00:00Z").json["items"]
    assert [item["kind"] for item in items if "sample export" in item["what"]] == ["promise"]


def test_a_handoff_tells_the_step_that_comes_with_it(does, acme, playbook):
    playbook("""\
playbook: tiny
fields: {size: {type: text, why: To know.}}
stages: {lead: {}, talks: {}, won: {kind: won}}
handoffs:
  - {from: lead, to: talks, required: [size], next_step: required, reason: x, benefit: y, trigger: z}
  - {from: talks, to: won, reason: x, benefit: y, trigger: z}
""")
    does("add", "Birch Barn", "--playbook", "tiny")
    blocked = ("handoff", "birch-barn", "--step", "send the agenda", "--due", "fri", "--tell", "--no-input")
    does(*blocked, code=3)
    assert promises(does, "birch-barn") == []
    does(*blocked, "--set", "size=two shops")
    assert promises(does, "birch-barn") == [("ours", "send the agenda", "2026-03-06", True)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_an_answer_that_cannot_be_a_promise_is_asked_for_again_and_nothing_is_lost(sits, does, acme):
    terminal = sits("summary", "draft", acme, now=NOW)
    terminal.sees("will read them").sees("> ").types("n/a").sees('"n/a" is no promise.').types("the export")
    terminal.sees("What did Jane say they would do?").types("n/a").sees('"n/a" is no promise.')
    terminal.sees("What did Jane say they would do?").types("list of users")
    terminal.sees("By when?").types("2026-03-01").sees("is past. By when?").types("mon").sees("Subject:")
    terminal.sees("Clipboard [c]").types("").sees("Sent? [y/N]").types("")
    assert terminal.ends() == 0
    assert promises(does) == [
        ("theirs", "list of users", "2026-03-09", True), ("ours", "the export", "2026-03-10", True),
    ]  # fmt: skip


def test_a_minus_stands_for_nothing_at_both_questions(sits, does, acme):
    terminal = sits("summary", "draft", acme, now=NOW)
    terminal.sees("will read them").sees("> ").types("-").sees("What did Jane say").types("-").sees("Subject:")
    terminal.sees("Clipboard [c]").types("").sees("Sent? [y/N]").types("")
    assert terminal.ends() == 0
    assert promises(does) == []


def test_a_terminal_asks_once_and_keeps_what_both_sides_do(sits, does, acme):
    terminal = sits("summary", "draft", acme, now=NOW)
    terminal.sees("Next steps as Jane will read them (Enter: as shown, -: leave out, or your own words)")
    terminal.sees("sample export, by Tue 10 Mar").sees("> ").types("")
    terminal.sees("What did Jane say they would do? (Enter: nothing) > ").types("list of users")
    terminal.sees("By when?").types("mon").sees("Subject:")
    terminal.sees("Clipboard [c]").types("").sees("Sent? [y/N]").types("")
    assert terminal.ends() == 0
    assert promises(does) == [
        ("theirs", "list of users", "2026-03-09", True), ("ours", "sample export", "2026-03-10", True),
    ]  # fmt: skip
    again = sits("summary", "draft", acme, now=NOW).sees("Subject:")
    again.sees("Clipboard [c]").types("").sees("Sent? [y/N]").types("")
    assert again.ends() == 0
    assert "will read them" not in again.raw


# --- one command is one undo


@pytest.mark.parametrize("more", [("--tell",), ("--tell", "--sent"), ("--sent",), ("--tell-as", "a sample")])
def test_one_undo_takes_back_a_draft_with_what_was_told_and_sent(does, acme, rows, more):
    before = len(rows("SELECT id FROM command"))
    does("summary", "draft", acme, *more)
    assert len(rows("SELECT id FROM command")) == before + 1
    assert rows("SELECT kind FROM command ORDER BY id DESC LIMIT 1") == [("summary draft",)]
    does("undo", "--yes")
    assert (rows("SELECT * FROM promise"), rows("SELECT * FROM summary")) == ([], [])
    assert rows("SELECT text, promise_id FROM step") == [("sample export", None)]
    does("undo", "--yes")
    assert len(rows("SELECT state FROM summary")) == 1
    assert len(rows("SELECT text FROM promise")) == (0 if more == ("--sent",) else 1)


def test_the_log_says_both_what_was_told_and_what_was_drafted(does, acme, rows):
    does("summary", "draft", acme, "--tell", "--sent")
    (says,) = rows("SELECT says FROM command ORDER BY id DESC LIMIT 1")[0]
    assert says.startswith("Chose the next steps that Acme Corp will read. Drafted a summary for Acme Corp (")
    assert says.endswith("). Summary sent to Acme Corp.")


def test_one_undo_takes_back_a_nudge_with_what_was_told(does, acme, rows):
    does("summary", "draft", acme, "--sent")
    does("email", "nudge", acme, "--tell", "--sent", now="2026-03-12T09:00:00Z")
    does("undo", "--yes", now="2026-03-12T09:05:00Z")
    assert rows("SELECT nudged_at FROM summary") == [(None,)]
    assert rows("SELECT * FROM promise") == []


def test_another_command_in_between_keeps_its_own_undo(does, acme, home, rows):
    workspace = Home(home, now=NOW, words="handoffctl summary draft", kind="summary draft")
    other = Home(home, now=NOW, words="handoffctl set", kind="set")
    with workspace.as_one_command():
        tell_client(workspace, acme, Telling(as_worded=True))
        tell_client(other, acme, Telling(words="another sample"))
        tell_client(workspace, acme, Telling(words="a third sample"))
    assert len(rows("SELECT DISTINCT command_id FROM former")) == 3


def test_a_terminal_needs_one_undo_for_all_that_it_asked(sits, does, acme, rows):
    terminal = sits("summary", "draft", acme, now=NOW)
    terminal.sees("will read them").sees("> ").types("").sees("What did Jane say").types("list of users")
    terminal.sees("By when?").types("mon").sees("Subject:")
    terminal.sees("Clipboard [c]").types("").sees("Sent? [y/N]").types("y")
    assert terminal.ends() == 0
    does("undo", "--yes")
    assert (rows("SELECT * FROM promise"), rows("SELECT * FROM summary")) == ([], [])
