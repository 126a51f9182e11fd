"""Bad input: one sentence, what to do next, the documented exit code, and nothing changed."""

import os
import re
import sys

import pytest

NOW = "2026-03-02T09:00:00Z"

SALES = """\
playbook: sales
roles: {seller: Who sells, delivery: Who delivers}
fields:
  pain: {label: Pain, min_words: 2}
  size: {label: Size, type: choice, choices: [small, large]}
  seats: {label: Seats, type: number}
  budget: {label: Budget, type: money}
  start: {label: Start, type: date}
  mail: {label: Mail, type: email}
  tel: {label: Telephone, type: phone}
  site: {label: Site, type: url}
  urgent: {label: Urgent, type: yes_no}
  wishes: {label: Wishes, type: list}
stages:
  lead: {title: Lead}
  talks: {title: Talks}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: lead, to: talks, trigger: They answer., reason: They fit., benefit: They are heard., required: [pain],
     emails: [introduction]}
  - {from: talks, to: won, trigger: They sign., reason: They want it., benefit: They get it.}
"""


@pytest.fixture
def acme(quick, playbook, once):
    def make():
        playbook(SALES)
        for name in ("Acme Corp", "Acorn Bakery"):
            assert quick("add", name, "--playbook", "sales", now=NOW).code == 0

    once(make)


def assert_told(ran, code):
    """A sentence on stderr, then perhaps problems and a hint; nothing on stdout, and no traceback."""
    assert (ran.code, ran.out) == (code, "")
    lines = ran.err.splitlines()
    assert lines, "nothing was said"
    assert "Traceback" not in ran.err
    assert re.search(r"[.?:]$", lines[0]), lines[0]
    assert len(lines[0]) < 400
    assert "  " not in lines[0].strip()


LONG = "x" * 10_000

TABLE = {
    "an account that is not there": (4, ("show", "zzz")),
    "an account nearly named": (4, ("show", "acme-crop")),
    "an account named by a beginning of two": (4, ("show", "ac")),
    "a beginning where a script writes": (4, ("set", "acme", "seats=1")),
    "nothing as an account": (4, ("show", "")),
    "a deal that is not there": (4, ("check", "acme-corp/renewal")),
    "a field that is not there": (4, ("set", "acme-corp", "budgt=12")),
    "two fields that are not there": (4, ("set", "acme-corp", "budgt=12", "zzz=1", "seats=4")),
    "text with too few words": (6, ("set", "acme-corp", "pain=hurts")),
    "no choice": (6, ("set", "acme-corp", "size=medium")),
    "no number": (6, ("set", "acme-corp", "seats=many")),
    "no money": (6, ("set", "acme-corp", "budget=lots of it")),
    "money in two meanings": (6, ("set", "acme-corp", "budget=12.500")),
    "less than no money": (6, ("set", "acme-corp", "budget=-5")),
    "more digits than a sum has": (6, ("set", "acme-corp", "budget=" + "9" * 400)),
    "no date": (6, ("set", "acme-corp", "start=2026-02-30")),
    "a date in no year": (6, ("set", "acme-corp", "start=+99999w")),
    "no e-mail": (6, ("set", "acme-corp", "mail=ada at acme")),
    "no phone": (6, ("set", "acme-corp", "tel=call me")),
    "no web address": (6, ("set", "acme-corp", "site=our site")),
    "neither yes nor no": (6, ("set", "acme-corp", "urgent=maybe")),
    "an empty value": (6, ("set", "acme-corp", "wishes=")),
    "a value far too long": (6, ("set", "acme-corp", "wishes=" + "ab " * 5_000)),
    "no built-in date": (6, ("set", "acme-corp", "deal.expected_close=soon")),
    "no built-in level": (6, ("set", "acme-corp", "contact.level=boss")),
    "one bad value among good ones": (6, ("set", "acme-corp", "seats=4", "budget=12", "start=never")),
    "no equals sign": (2, ("set", "acme-corp", "seats")),
    "nothing before the equals sign": (2, ("set", "acme-corp", "=4")),
    "a field given twice": (2, ("set", "acme-corp", "seats=4", "seats=5")),
    "a touch in the future": (6, ("touch", "acme-corp", "call", "--at", "tomorrow")),
    "a touch at no time": (6, ("touch", "acme-corp", "call", "--at", "2026-13-01")),
    "a touch at no time of day": (6, ("touch", "acme-corp", "call", "--at", "25:70")),
    "a touch with nobody known": (4, ("touch", "acme-corp", "call", "--with", "dellivery")),
    "a touch in and out": (2, ("touch", "acme-corp", "call", "--in", "--out")),
    "a touch that is told too long": (6, ("touch", "acme-corp", "call", LONG * 2)),
    "a touch with a bad value": (6, ("touch", "acme-corp", "call", "spoke", "--set", "seats=many")),
    "a day without a step": (2, ("touch", "acme-corp", "call", "--due", "fri")),
    "a step on no day": (6, ("step", "acme-corp", "call", "--due", "31st of May")),
    "a step that is none": (6, ("step", "acme-corp", "tbd")),
    "neither step nor done": (2, ("step", "acme-corp")),
    "step and done": (2, ("step", "acme-corp", "call", "--done")),
    "done and a due date": (2, ("step", "acme-corp", "--done", "--due", "fri")),
    "no step to be done with": (3, ("step", "acme-corp", "--done")),
    "a name of ten thousand characters": (6, ("add", LONG)),
    "an empty name": (6, ("add", "")),
    "a name of spaces": (6, ("add", " \t ")),
    "a name of control characters": (6, ("add", "\x01\x02\x1b\x7f")),
    "a name of marks that are not seen": (6, ("add", "\u200b\u202e\u2066")),
    "a name with half a character": (6, ("add", "Acme \udce4")),
    "an account that is there": (6, ("add", "acme  CORP")),
    "an account that is there in wide letters": (6, ("add", "ＡＣＭＥ Corp")),
    "a rename to nothing": (6, ("rename", "acme-corp", " ")),
    "a rename to another's name": (6, ("rename", "acme-corp", "ACORN bakery")),
    "a contact without an address that is one": (6, ("add", "New", "--contact", "Ada <ada at acme>")),
    "a contact without a name": (6, ("contact", "add", "acme-corp", "  ")),
    "a contact with a bad phone": (6, ("contact", "add", "acme-corp", "Ada", "--phone", "none")),
    "a contact that is not there": (4, ("contact", "set", "acme-corp", "Ada", "--title", "CFO")),
    "nothing to change in a contact": (2, ("contact", "set", "acme-corp", "Ada")),
    "a stage that is not there": (2, ("handoff", "acme-corp", "--to", "tlaks")),
    "a stage to check that is not there": (2, ("check", "acme-corp", "--to", "tlaks")),
    "a stage to close in that is not there": (4, ("close", "acme-corp", "--lost", "--because", "no", "--to", "gone")),
    "an open stage to close in": (4, ("close", "acme-corp", "--lost", "--because", "no", "--to", "talks")),
    "no way to close": (2, ("close", "acme-corp")),
    "two ways to close": (2, ("close", "acme-corp", "--won", "--lost")),
    "a loss without a reason": (2, ("close", "acme-corp", "--lost")),
    "a win that wakes": (2, ("close", "acme-corp", "--won", "--wake", "+3d")),
    "a waking on no day": (6, ("close", "acme-corp", "--nurture", "--because", "no fit", "--wake", "soon")),
    "a closed deal to reopen where none is": (4, ("reopen", "acme-corp")),
    "a return of what nobody handed off": (3, ("return", "acme-corp", "--because", "no fit")),
    "an acceptance of what nobody handed off": (3, ("accept", "acme-corp")),
    "a return without a reason": (6, ("return", "acme-corp", "--because", " ")),
    "a return with a placeholder": (6, ("return", "acme-corp", "--because", "tbd")),
    "a playbook that is not there": (4, ("add", "New", "--playbook", "slaes")),
    "a playbook up the tree": (4, ("add", "New", "--playbook", "../sales")),
    "a playbook file that is not there": (4, ("playbook", "check", "none.yaml")),
    "a report on a playbook that is not there": (4, ("report", "throughput", "--playbook", "slaes")),
    "a template that is not there": (4, ("email", "sumary", "acme-corp")),
    "two forms of a report": (2, ("report", "throughput", "--csv", "--json")),
    "a deletion that nobody confirmed": (2, ("delete", "acme-corp")),
    "a deletion by a beginning": (4, ("delete", "acme", "--yes")),
    "an import of nothing": (6, ("import", "nowhere")),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_bad_input_is_told_in_a_sentence_and_changes_nothing(quick, acme, dump, case):
    code, words = TABLE[case]
    before = dump()
    assert_told(quick(*words, now=NOW), code)
    assert dump() == before


def test_a_contact_of_whom_only_a_title_is_known_is_named_by_no_name(quick, acme, dump):
    assert quick("add", "Bolt", now=NOW).code == 0
    assert quick("set", "bolt", "contact.title=CFO", now=NOW).code == 0
    before = dump()
    refused = quick("contact", "set", "bolt", "Jane Doe", "--title", "CTO", now=NOW)
    assert_told(refused, 4)
    assert "one without a name" in refused.err
    assert dump() == before


@pytest.mark.parametrize("now", ["yesterday-ish", "2026-13-45", "2026-02-30", "9999-99-99", "2026-03-02T25:00", "1"])
def test_a_present_moment_that_is_none_is_refused(quick, acme, dump, now):
    before = dump()
    refused = quick("list", now=now)
    assert_told(refused, 2)
    assert refused.err.startswith("--now: ")
    assert_told(quick("add", "New", now=now), 2)
    assert dump() == before


@pytest.mark.parametrize("words", [
    ("delete", "acme-corp"), ("show", "ac"), ("show", "acme-crop"), ("set", "acme-corp", "budgt=12"),
    ("add", "Acme corp"),
])  # fmt: skip
def test_a_refusal_says_what_to_do_next(quick, acme, words):
    said = quick(*words, now=NOW).err
    wanted = {
        "delete": "add --yes",
        "show": "acme-corp",
        "set": 'did you mean "budget"?',
        "add": 'handoffctl deal add acme-corp "NAME"',
    }
    assert wanted[words[0]] in said


def test_an_account_with_several_open_deals_wants_to_be_told_which(quick, acme, dump):
    assert quick("deal", "add", "acme-corp", "Renewal", "--playbook", "sales", now=NOW).out == "acme-corp/renewal\n"
    before = dump()
    for words in (("check", "acme-corp"), ("handoff", "acme-corp"), ("set", "acme-corp", "seats=4")):
        refused = quick(*words, now=NOW)
        assert_told(refused, 4)
        assert "acme-corp/deal" in refused.err
        assert "acme-corp/renewal" in refused.err
    assert dump() == before
    assert quick("set", "acme-corp/renewal", "seats=4", now=NOW).code == 0
    assert quick("set", "ACME corp/RENEWAL", "seats=5", now=NOW).code == 0
    assert_told(quick("deal", "add", "acme-corp", "renewal", "--playbook", "sales", now=NOW), 6)


def test_a_name_with_a_slash_is_a_name_before_it_is_a_deal(quick, acme):
    slug = quick("add", "Acme Corp/Deal", "--playbook", "sales", now=NOW).out.strip()
    assert quick("show", "acme corp/deal", "--json", now=NOW).json["account"] == slug
    assert quick("show", "acme-corp/deal", "--json", now=NOW).json["account"] == "acme-corp"


def test_without_an_open_deal_it_is_said_how_to_get_one(quick, acme):
    quick("add", "New", "--no-deal", now=NOW)
    assert 'handoffctl deal add new "NAME"' in quick("handoff", "new", now=NOW).err
    quick("close", "acme-corp", "--lost", "--because", "no fit", now=NOW)
    refused = quick("check", "acme-corp", now=NOW)
    assert_told(refused, 4)
    assert "handoffctl reopen acme-corp" in refused.err


PLACEHOLDERS = ["n/a", "N/A", "tbd", "TBD.", "(tbd)", "unknown", "?", "-", "x", "xxx", "...", "to be defined",
                "none yet", "don’t know", "\uff54\uff42\uff44"]  # fmt: skip


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_placeholder_is_refused_and_only_counted(quick, acme, rows, text):
    before = rows("SELECT count(*) FROM field_value")
    refused = quick("set", "acme-corp", f"pain={text}", "seats=4", now=NOW)
    assert_told(refused, 6)
    assert "is a placeholder" in refused.err
    assert rows("SELECT count(*) FROM field_value") == before
    assert rows("SELECT name, deal_id FROM refusal") == [("pain", 1)]
    assert "Refused a placeholder for Acme Corp: pain." in quick("log", now=NOW).out


def test_a_placeholder_is_counted_wherever_it_is_typed(quick, acme, rows):
    for words in (("touch", "acme-corp", "call", "--set", "pain=tbd"), ("handoff", "acme-corp", "--set", "pain=tbd")):
        assert_told(quick(*words, now=NOW), 6)
    assert rows("SELECT name FROM refusal") == [("pain",), ("pain",)]
    assert rows("SELECT count(*) FROM touch") == [(0,)]
    assert rows("SELECT count(*) FROM handoff") == [(0,)]


FAULTY = {
    "a syntax error": (SALES.replace("{label: Size,", "{label: Size"), "sales.yaml:5"),
    "a tab": (SALES.replace("  lead:", "\tlead:"), "use spaces"),
    "a key twice": (SALES.replace("title: Lead}", "title: Lead, title: Led}"), "is here twice"),
    "an alias bomb": ("playbook: sales\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\n", "refers to another part"),
    "fifty thousand brackets": ("playbook: " + "[" * 50_000, "nested more than 50 deep"),
    "fifty thousand braces": ("playbook: " + "{a: " * 50_000, "nested more than 50 deep"),
    "fifty thousand dashes": ("playbook: sales\nroles:\n" + "- " * 50_000, "nested more than 50 deep"),
    "an unknown field": (SALES.replace("[pain]", "[pian]"), 'did you mean "pain"?'),
    "an unknown key": (SALES.replace("title: Talks", "titel: Talks"), 'did you mean "title"?'),
    "a date that is none": (SALES.replace("roles:", "reviewed: 2026-13-45\nroles:", 1), "is not a date"),
    "another name than its file": (SALES.replace("playbook: sales", "playbook: sails"), 'playbook must be "sales"'),
    "a handoff without its benefit": (SALES.replace("benefit: They are heard., ", ""), "benefit"),
    "nothing at all": ("", "sales.yaml:1"),
    "a list": ("- one\n- two\n", "sales.yaml:1"),
    "a number": ("12\n", "sales.yaml:1"),
    "too many bytes": (SALES + "#" * 300_000, "256 KiB"),
    "a zero byte": (SALES + "\0", "sales.yaml:"),
    "a tag": (SALES.replace("title: Lead}", "title: !!python/object:os.system Lead}"), "tag"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY)
def test_a_faulty_playbook_is_refused_whole_and_changes_nothing(quick, acme, home, dump, case):
    text, said = FAULTY[case]
    (home / "playbooks" / "sales.yaml").write_text(text, encoding="utf-8")
    before = dump()
    for words in (("playbook", "check", "sales"), ("add", "New", "--playbook", "sales"), ("check", "acme-corp"),
                  ("handoff", "acme-corp"), ("set", "acme-corp", "seats=4")):  # fmt: skip
        refused = quick(*words, now=NOW)
        assert_told(refused, 5)
        assert said in refused.err, refused.err
    assert dump() == before
    assert quick("list", now=NOW).code == 0
    assert quick("show", "acme-corp", now=NOW).code == 0
    assert quick("report", "throughput", "--playbook", "sales", now=NOW).code == 0


def test_a_playbook_in_another_encoding_is_refused(quick, acme, home, dump):
    (home / "playbooks" / "sales.yaml").write_bytes(SALES.replace("Who sells", "Wer verköstigt").encode("latin-1"))
    before = dump()
    assert_told(quick("check", "acme-corp", now=NOW), 5)
    assert dump() == before


@pytest.mark.parametrize(("text", "said"), [
    ("playbok: sales\n", 'did you mean "playbook"?'),
    ("me: [Ada]\n", "me"),
    ("zone: Europe/Nowhere\n", "is not a time zone"),
    ("workdays: [someday]\n", "workdays"),
    ("holidays: [2026-02-30]\n", "holidays"),
    ("playbook: [\n", "config.yaml:1"),
    ("a: &a [*a]\n", "config.yaml:1"),
])  # fmt: skip
def test_a_faulty_configuration_is_refused_by_every_command(quick, acme, home, dump, text, said):
    (home / "config.yaml").write_text(text, encoding="utf-8")
    before = dump()
    for words in (("list",), ("add", "New"), ("handoff", "acme-corp")):
        refused = quick(*words)
        assert_told(refused, 5)
        assert said in refused.err
    assert dump() == before


@pytest.mark.parametrize(("text", "code", "said"), [
    ("Subject: {{ account.name", 5, "introduction is faulty"),
    ("Subject: {% if %}", 5, "introduction is faulty"),
    ("no subject here", 5, "Subject: ..."),
    ("Subject: {{ account.nmae }}", 5, '"nmae"'),
    ("{% set reader = 'colleague' %}Subject: {{ fields.budget }}", 3, "handoffctl set acme-corp budget=AMOUNT"),
    ("Subject: {{ fields.budget }}", 3, "it goes to the client, and this is internal: Budget."),
    ("Subject: {{ ''.__class__.__mro__ }}", 5, "may not"),
    ("Subject: {{ 1 / 0 }}", 5, "introduction is faulty"),
    ("Subject: {{ account.name + 1 }}", 5, "introduction is faulty"),
    ("Subject: {% include 'other' %}", 5, "introduction"),
    ("Subject: {% for n in range(10**9) %}x{% endfor %}\n\n" * 2 + "x", 0, ""),
])  # fmt: skip
def test_a_faulty_template_is_refused_and_sends_out_no_holes(quick, acme, home, dump, text, code, said):
    (home / "templates").mkdir()
    (home / "templates" / "introduction.j2").write_text(text, encoding="utf-8")
    before = dump()
    written = quick("email", "introduction", "acme-corp", now=NOW)
    if code:
        assert_told(written, code)
        assert said in written.err
    assert written.code == code
    assert dump() == before


def test_a_faulty_template_does_not_undo_a_handoff_but_is_told(quick, acme, home):
    (home / "templates").mkdir()
    (home / "templates" / "introduction.j2").write_text("Subject: {{ account.nmae }}", encoding="utf-8")
    done = quick("handoff", "acme-corp", "--set", "pain=it hurts", "--json", now=NOW)
    assert (done.code, done.json["handed_off"], done.json["emails"]) == (0, True, [])
    assert done.err.startswith("No e-mail introduction: ")


def test_bytes_that_are_no_text_are_refused_and_never_break_the_output(run, acme, dump):
    before = dump()
    bad = b"Acme \xff\xfe\x9b"
    for words in (("add", bad), ("show", bad), ("set", "acme-corp", b"pain=it \xff hurts"),
                  ("handoff", "acme-corp", "--to", bad), ("log", bad), (bad,),
                  ("touch", "acme-corp", "call", bad), ("step", "acme-corp", bad),
                  ("close", "acme-corp", "--lost", "--because", bad)):  # fmt: skip
        refused = run(*words, now=NOW)
        assert_told(refused, 6)
        assert "is not text in UTF-8." in refused.err
    assert dump() == before


def test_a_home_folder_may_have_any_name(run, tmp_path):
    odd = os.fsencode(tmp_path) + b"/caf\xe9"
    assert run("--home", odd, "add", "Acme Corp", now=NOW).out == "acme-corp\n"
    assert "Acme Corp" in run("--home", odd, "list", now=NOW).out
    os.mkdir(odd + b"/export")
    assert "Traceback" not in run("--home", odd, "import", odd + b"/export", now=NOW).err


STRANGE = {
    "markup": "[bold]Acme[/bold] [link=x]y",
    "escapes": "Acme \x1b[31mRed\x1b]0;title\x07",
    "right to left": "Acme \u202ecipher\u202c \u2066x\u2069",
    "a C1 control": "Acme \x9b31m",
    "emoji": "Acme \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f525",
    "ideographs": "株式会社 東京",
    "Arabic": "شركة أكمي",
    "a bell and a backspace": "Ac\x07me\x08\x08",
    "a line separator": "Acme\u2028Line",
    "combining marks": "Z\u0351\u036f\u0310algo",
}
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def every_printing_command(slug):
    return (
        ("list",), ("list", "--json"), ("show", slug), ("show", slug, "--json"), ("check", slug),
        ("check", slug, "--json"), ("handoff", slug), ("handoff", slug, "--json"), ("log",), ("log", slug),
        ("log", "--json"), ("contact", "list", slug), ("deal", "list", slug), ("email", "introduction", slug),
        ("email", "introduction", slug, "--json"), ("set", slug, "pain=it hurts"), ("rename", slug, "\x1b[1mNew\u202e"),
        ("show", "\x1b[1mNone\u202e"), ("set", slug, "\x1b[1m\u202e=1"), ("handoff", slug, "--to", "\x1b[1m\u202e"),
        ("add", "New", "--playbook", "\x1b[1m\u202e"), ("delete", slug), ("--now", "\x1b[1m", "list"),
        ("--\x1b[1m\u202e",), ("\x1b[1m\u202e",), ("touch", slug, "\x1b[1m\u202e"),
    )  # fmt: skip


@pytest.mark.parametrize("name", STRANGE.values(), ids=STRANGE)
def test_strange_names_are_taken_and_shown_without_steering_the_terminal(quick, acme, name, rows):
    added = quick("add", name, "--playbook", "sales", "--contact", f"{name} <ada@acme.example>", now=NOW)
    assert added.code == 0, added.err
    slug = added.out.strip()
    assert not STEERING.search(slug)
    assert rows("SELECT count(*) FROM account") == [(3,)]
    quick("step", slug, f"call {name}", now=NOW)
    quick("touch", slug, "call", f"spoke with {name}", now=NOW)
    for words in every_printing_command(slug):
        ran = quick(*words, now="" if "--now" in words else NOW)
        assert not STEERING.search(ran.out.replace("\n", "")), (words, ran.out)
        assert not STEERING.search(ran.err.replace("\n", "")), (words, ran.err)


def test_brackets_are_text_and_not_markup(quick, acme):
    quick("add", STRANGE["markup"], "--playbook", "sales", now=NOW)
    assert "[bold]Acme[/bold] [link=x]y" in quick("list", now=NOW).out


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("words", [("list",), ("show",), ("log",), ("contact", "list"), ("check",)], ids=" ".join)
def test_strange_names_steer_no_terminal_either(home, acme, quick, words):
    import pexpect

    for name in STRANGE.values():
        added = quick("add", name, "--playbook", "sales", "--contact", f"{name} <ada@acme.example>", now=NOW)
        slug = added.out.strip()
    quick("rename", slug, STRANGE["escapes"] + STRANGE["right to left"], now=NOW)
    slug = quick("list", "--json", now=NOW).json["deals"][-1]["account"]
    named = [] if words[0] in ("list", "log") else [slug]
    shown, code = pexpect.run(
        f'"{sys.executable}" -m handoffctl --home "{home}" --no-color --now {NOW} {" ".join([*words, *named])}',
        withexitstatus=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert code in (0, 3)
    assert not STEERING.search(shown.replace("\r\n", "")), shown
