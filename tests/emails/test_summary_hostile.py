"""What must not be lost or overwritten around a summary: files, what was typed, somebody else's draft."""

import json
import sys

import pytest

NOW = "2026-03-05T09:00:00Z"


@pytest.fixture
def acme(quick):
    assert quick("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", now=NOW).code == 0
    assert quick("set", "acme-corp", "situation=they outgrew the lists", now=NOW).code == 0
    return "acme-corp"


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """`editor("python code on the list `lines`")`: what $EDITOR does to the lines of the file."""

    def editor(code):
        script = tmp_path / "editor.py"
        script.write_text(
            "import sys, subprocess\npath = sys.argv[1]\nlines = open(path, encoding='utf-8').read().split('\\n')\n"
            f"{code}\nopen(path, 'w', encoding='utf-8').write('\\n'.join(lines))\n"
        )
        monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
        monkeypatch.delenv("VISUAL", raising=False)

    return editor


def test_a_mailbox_that_holds_answers_is_not_overwritten(quick, acme, tmp_path):
    drafted = quick("summary", "draft", acme, "--json", now=NOW).json
    box = tmp_path / "Sent"
    box.write_text(f"From x\nIn-Reply-To: {drafted['message_id']}\nMessage-ID: <1@x.example>\n\nHello\n")
    before = box.read_bytes()
    assert quick("summary", "draft", acme, "--eml", str(box), now=NOW).code == 6
    assert box.read_bytes() == before
    own = tmp_path / "own.eml"
    for _ in range(2):  # one's own file is written anew
        assert quick("summary", "draft", acme, "--eml", str(own), now=NOW).code == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.skipif(sys.platform == "win32", reason="devices are files on Unix only")
def test_what_is_no_ordinary_file_is_refused_unread(quick, acme, tmp_path):
    import os

    os.mkfifo(tmp_path / "fifo")
    for place in (tmp_path / "fifo", "/dev/full", "/dev/zero", tmp_path):
        refused = quick("summary", "draft", acme, "--eml", str(place), now=NOW)
        assert (refused.code, refused.err.count("\n")) == (6, 2), place


@pytest.mark.parametrize("fails", ["'x' * 100_001", "'Subject: still there'"])
def test_what_was_typed_is_kept_where_it_cannot_be_recorded(quick, acme, editor, fails, dump, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = (
        "" if "x" in fails else "subprocess.run([sys.executable, '-m', 'handoffctl', 'delete', 'acme-corp', '--yes'])"
    )
    editor(f"{gone}\nlines[2:] = [{fails}, 'by hand']")
    if gone:
        monkeypatch.setenv("HANDOFFCTL_HOME", str(tmp_path / "home"))
    before = dump()
    refused = quick("summary", "draft", acme, "--edit", now=NOW)
    assert refused.code in (4, 6)
    kept = refused.err.rpartition("What you wrote is in ")[2].strip().rstrip(".")
    with open(kept, encoding="utf-8") as file:
        assert file.read().endswith("by hand")
    assert gone or dump() == before


def test_nobody_writes_over_what_somebody_else_wrote_meanwhile(quick, acme, editor, home, rows):
    inner = f"[sys.executable, '-m', 'handoffctl', '--home', {str(home)!r}, 'summary', 'draft', 'acme-corp', '--edit']"
    editor(
        "import os\nif os.environ.pop('OUTER', '1') == '1':\n"
        f"    subprocess.run({inner}, env={{**os.environ, 'OUTER': '0'}}, check=True, stdout=subprocess.DEVNULL)\n"
        "    lines.append('the slower one')\nelse:\n    lines.append('the faster one')"
    )
    refused = quick("summary", "draft", acme, "--edit", now=NOW)
    assert refused.code == 3
    assert "Somebody wrote in the draft" in refused.err
    assert "What you wrote is in" in refused.err
    assert [body.rpartition("\n")[2] for (body,) in rows("SELECT body FROM summary")] == ["the faster one"]


def test_several_that_say_at_once_that_it_was_sent(home, quick, rows):
    import subprocess

    quick("add", "Empty", now=NOW)  # nothing to sum up
    command = [sys.executable, "-m", "handoffctl", "--home", str(home), "--now", NOW, "summary", "sent", "empty"]
    all_at_once = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ended = [(one.communicate()[1], one.returncode) for one in all_at_once]
    assert sorted({code for _, code in ended}) in ([0, 3], [0])
    assert not [said for said, _ in ended if "Traceback" in said]
    assert rows("SELECT count(*) FROM summary")[0][0] == [code for _, code in ended].count(0)


def test_two_that_take_down_one_mail(quick, acme, tmp_path, sits, rows):
    drafted = quick("summary", "draft", acme, "--json", now=NOW).json
    quick("summary", "sent", acme, now=NOW)
    mail = tmp_path / "reply.eml"
    mail.write_text(f"From: jane@acme.example\nSubject: Re: x\nIn-Reply-To: {drafted['message_id']}\n\nWhat is this?\n")
    one, other = (sits("inbox", str(mail), now="2026-03-06T09:00:00Z") for _ in range(2))
    for terminal in (one, other):
        terminal.sees("What is it?").sees("> ")
    one.types("other").sees("Taken down: other.")
    other.types("other").sees("taken down meanwhile").sees("Left as it is.")
    assert (one.ends(), other.ends()) == (0, 0)
    assert rows("SELECT taken_as FROM answer") == [("other",)]


@pytest.mark.parametrize(("words", "tz"), [
    (("promise", "add", "acme-corp", "the last day", "--by", "2199-12-31T23:59"), "America/New_York"),
    (("summary", "sent", "acme-corp", "--at", "1900-01-01T00:30"), "Asia/Tokyo"),
])  # fmt: skip
def test_no_moment_is_kept_that_the_file_may_not_hold(quick, acme, words, tz):
    assert quick(*words, now=NOW, tz=tz).code == 6
    assert quick("doctor", now=NOW).code == 0


def test_tabs_stay_and_too_much_is_refused_not_cut(quick, acme, tmp_path):
    text = tmp_path / "sent.txt"
    text.write_text("Subject: x\n\nBudget\t5000\n")
    assert quick("summary", "sent", acme, "--text", str(text), now=NOW).code == 0
    assert quick("summary", "show", acme, "--json", now=NOW).json["body"] == "Budget\t5000"
    text.write_text("Subject: x\n\nstart\n" + "\n" * 1_200_000 + "end\n")
    refused = quick("summary", "sent", acme, "--text", str(text), now=NOW)
    assert (refused.code, "1 MiB" in refused.err) == (6, True)


def test_half_a_character_from_a_template_is_left_out(quick, acme, home):
    (home / "templates").mkdir()
    (home / "templates" / "summary.j2").write_text('Subject: x\n\n{{ "\\ud800" }}hi\n')
    assert quick("summary", "draft", acme, now=NOW).out == "Subject: x\n\nhi\n"


@pytest.mark.parametrize(
    "source", ["{{ " + "1" * 5_000 + " }}", "{{ " + "1+" * 20_000 + "1 }}", "{{ 'x'" + "|upper" * 9_000 + " }}"]
)
def test_what_makes_the_parser_fall_is_a_fault_of_the_template(quick, acme, home, source):
    (home / "templates").mkdir()
    (home / "templates" / "own.j2").write_text(f"Subject: x\n\n{{{{ {source} }}}}\n")
    assert quick("template", "check", "own", now=NOW).code == 5
    assert quick("email", "own", acme, now=NOW).code == 5


def test_an_odd_digit_at_a_prompt_is_no_number(quick, acme, tmp_path, sits):
    drafted = quick("summary", "draft", acme, "--json", now=NOW).json
    quick("summary", "sent", acme, now=NOW)
    mail = tmp_path / "reply.eml"
    mail.write_text(f"From: jane@acme.example\nSubject: Re: x\nIn-Reply-To: {drafted['message_id']}\n\nYes\n")
    terminal = sits("inbox", str(mail), now="2026-03-06T09:00:00Z")
    terminal.sees("> ").types("²").sees("Type a number").sees("> ").types("")
    assert terminal.ends() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix closes it")
def test_a_closed_stdin_is_no_trouble(home, acme):
    import subprocess

    words = f"'{sys.executable}' -m handoffctl --home '{home}' --now {NOW} summary draft {acme} <&-"
    done = subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True)
    assert (done.returncode, done.stdout[:8]) == (0, "Subject:"), done.stderr


def test_a_handoff_does_not_wait_for_slow_templates_one_after_the_other(quick, home, playbook, monkeypatch):
    names = [f"slow-{n}" for n in range(4)]
    playbook(
        "playbook: slow\nstages:\n  a: {title: A}\n  b: {title: B}\nhandoffs:\n"
        f"  - {{from: a, to: b, trigger: x, reason: y, benefit: They gain., emails: {json.dumps(names)}}}\n"
    )
    (home / "templates").mkdir()
    for name in names:
        (home / "templates" / f"{name}.j2").write_text("Subject: x\n\nx\n")
    quick("add", "Acme Corp", "--playbook", "slow", now=NOW)
    seconds = iter([100.0, 100.0, 102.0, 104.0, 104.0])  # at the beginning, then before each template
    monkeypatch.setattr("handoffctl.handoffs.emails.monotonic", lambda: next(seconds))
    passed = quick("handoff", "acme-corp", "--json", now="2026-03-06T09:00:00Z")
    assert passed.json["handed_off"]
    assert [one["template"] for one in passed.json["emails"]] == names[:2]
    late = [name for name in names if f"No e-mail {name}: those before it took too long." in passed.err]
    assert late == names[2:]


def test_a_faulty_template_keeps_no_answer_from_being_taken_down(quick, acme, home):
    assert quick("summary", "sent", acme, now=NOW).code == 0
    (home / "templates").mkdir()
    (home / "templates" / "summary.j2").write_text("Subject: {{ nothing }}\n\nx\n")
    assert quick("summary", "draft", acme, now=NOW).code == 5
    assert quick("summary", "confirm", acme, now=NOW).code == 0
    own = home / "sent.txt"
    own.write_text("Subject: x\n\nwhat I sent\n")
    assert quick("summary", "sent", acme, "--text", str(own), now=NOW).code == 0
