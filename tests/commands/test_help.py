"""Help, completion, the program's own options, and what a command must not load."""

import json
import os
import subprocess
import sys
from importlib import import_module

import pytest
import typer

from handoffctl import registry

NOW = "2026-03-02T09:00:00Z"
GROUPS = {
    "contact": ("add", "set", "list"),
    "promise": ("add", "edit", "drop", "kept", "list"),
    "value": ("add", "list"),
    "person": ("add", "list", "remove"),
    "meeting": ("book", "held", "no-show", "move", "cancel", "list"),
    "template": ("list", "show", "copy", "check"),
    "deal": ("add", "list"),
    "summary": ("draft", "sent", "confirm", "correct", "list", "show"),
    "report": ("throughput",),
    "drill": ("reset", "list"),
    "goals": ("list", "set"),
    "trial": ("start", "list", "show", "stop"),
    "playbook": ("list", "show", "check", "try"),
}
COMMANDS = [
    words
    for name in registry.COMMANDS
    for words in ([(name, inner) for inner in GROUPS[name]] if name in GROUPS else [(name,)])
]
# Design of this version; more may come.
PROMISED = (
    "demo", "init", "doctor", "add", "list", "show", "set", "rename", "merge", "delete", "contact", "deal", "close",
    "reopen", "touch", "step", "check", "handoff", "accept", "return", "log", "summary", "email", "promise",
    "inbox", "report", "drill", "playbook", "template", "import", "today", "meeting", "review", "who", "person", "undo",
    "export", "backup", "restore",
)  # fmt: skip
HEAVY = ("sqlmodel", "sqlalchemy", "jinja2")


@pytest.fixture
def acme(quick, once):
    def make():
        for name in ("Acme Corp", "Acorn Bakery", "Zebra"):
            quick("add", name, now=NOW)

    once(make)


def test_the_help_of_the_program_lists_every_command_and_every_exit_code(quick):
    for words in (("--help",), ("-h",), ()):
        told = quick(*words)
        assert told.code == 0
        listed = [line.split()[0] for line in told.out.splitlines() if line.startswith("  ") and line.split()]
        assert set(PROMISED) <= set(listed)
        for code in (0, 1, 2, 3, 4, 5, 6, 130):
            assert str(code) in listed
        assert "handoffctl handoff acme-corp" in told.out


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_says_what_it_does_and_shows_an_example(quick, words):
    told = quick(*words, "--help")
    assert told.code == 0
    assert quick(*words, "-h").out == told.out
    before, example, after = told.out.partition("Example:\n")
    assert example, "no example"
    assert before.splitlines()[2].strip(), "no sentence"
    lines = [line.strip() for line in after.splitlines() if line.strip()]
    assert lines
    assert all(line.startswith(f"handoffctl {' '.join(words)}") for line in lines)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_of_every_command_is_explained_or_names_its_value(quick, words):
    options = quick(*words, "--help").out.partition("\nOptions:\n")[2]  # a sentence above may begin a line with one
    assert options
    for line in options.splitlines():
        if line.startswith("  -"):
            assert len(line.split()) > 1, line


@pytest.mark.parametrize("name", GROUPS)
def test_every_group_lists_its_words(quick, name):
    told = quick(name, "--help")
    assert told.code == 0
    for inner in GROUPS[name]:
        assert f"  {inner} " in told.out


def test_the_examples_of_the_help_run_as_they_stand(quick, acme, rows):
    import shlex

    for words in (("add",), ("contact", "add"), ("deal", "add"), ("set",), ("touch",), ("step",), ("check",), ("list",),
                  ("show",), ("log",), ("report", "throughput"), ("playbook", "show")):  # fmt: skip
        quick("delete", "acme-corp", "--yes")
        if words != ("add",):
            quick("add", "Acme Corp", now=NOW)
        example = quick(*words, "--help").out.partition("Example:\n")[2].strip().splitlines()[0].partition(" > ")[0]
        ran = quick(*shlex.split(example)[1:], now=NOW)
        assert ran.code in (0, 3), (example, ran)


@pytest.mark.parametrize("word", registry.COMMANDS)
def test_the_summary_in_the_registry_is_the_first_line_of_the_commands_own_help(word):
    app = typer.Typer()
    entry = registry.COMMANDS[word]
    import_module(f"handoffctl.commands.{entry.module}").register(app)
    if entry.group:
        summaries = [group.typer_instance.info.help for group in app.registered_groups if group.name == word]
    else:
        summaries = [command.short_help for command in app.registered_commands if command.name == word]
    assert summaries == [entry.summary]


LOADED = """
import contextlib, io, sys
from handoffctl.app import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    main(sys.argv[1:])
print("handoffctl.handoffs.gate" in sys.modules, "yaml" in sys.modules)
"""


@pytest.mark.parametrize("words", ["--help", "log", "log acme-corp", "meeting list", "today --help"])
def test_what_decides_nothing_loads_neither_the_gate_nor_the_reader_of_playbooks(home, acme, words):
    told = subprocess.run([sys.executable, "-c", LOADED, *words.split(), "--home", str(home)], capture_output=True,
                          text=True, check=True, timeout=60)  # fmt: skip
    assert told.stdout == "False False\n"


def test_the_version_is_told(run):
    import handoffctl

    assert run("--version").out == f"handoffctl {handoffctl.__version__}\n"


def test_the_options_of_the_program_work_before_and_after_the_command(tmp_path):
    def run(*words, **env):
        command = [sys.executable, "-m", "handoffctl", *words]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env}, timeout=60)

    one, other, file = str(tmp_path / "one"), str(tmp_path / "other"), str(tmp_path / "elsewhere.db")
    assert run("--home", one, "--now", "2026-03-02", "add", "Acme").stdout == "acme\n"
    assert "2026-03-02" in run("log", "--home", one).stdout
    assert "Acme" in run("list", f"--home={one}", "--no-color").stdout
    assert "2026-03-09" in run("step", "acme", "call", "--due", "+7d", "--now=2026-03-02", "--home", one).stderr
    assert run("check", "--no-input", "acme", "--home", one).returncode == 3
    assert "Acme" not in run("list", "--home", other, HANDOFFCTL_HOME=one).stdout
    assert "Acme" in run("list", HANDOFFCTL_HOME=one).stdout
    assert run("add", "Bee", "--home", other, "--db", file, "--now", "2026-03-03").returncode == 0
    assert not (tmp_path / "other" / "handoffctl.db").exists()
    assert "Bee" in run("list", "--home", one, HANDOFFCTL_DB=file).stdout
    asked = run("show", "acme", "--json", "--home", one, HANDOFFCTL_NOW="2026-03-05").stdout
    assert '"days": 3.0' in asked


def test_what_looks_like_an_option_of_the_program_is_text_after_two_dashes(quick, rows):
    assert quick("add", "--", "--no-input").code == 0
    assert rows("SELECT name FROM account") == [("--no-input",)]


def completed(home, words, number):
    """What the shell is offered."""
    environment = {
        **os.environ,
        "_HANDOFFCTL_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(number),
        "HANDOFFCTL_HOME": str(home),
    }
    done = subprocess.run(
        [sys.executable, "-m", "handoffctl"], capture_output=True, text=True, env=environment, timeout=60
    )
    assert "Traceback" not in done.stderr
    return done.stdout.split()


def test_the_shell_completes_commands(home):
    assert completed(home, "handoffctl hand", 1) == ["handoff"]
    assert completed(home, "handoffctl contact a", 2) == ["add"]


@pytest.mark.parametrize("command", ["show", "check", "handoff", "set", "touch", "log", "close", "merge", "delete"])
def test_every_command_on_an_account_completes_it(home, acme, command):
    assert completed(home, f"handoffctl {command} ac", 2) == ["acme-corp", "acorn-bakery"]


def test_the_shell_completes_accounts_from_nothing_and_from_much(home, acme):
    assert completed(home, "handoffctl show acm", 2) == ["acme-corp"]
    assert completed(home, "handoffctl show ", 2) == ["acme-corp", "acorn-bakery", "zebra"]
    assert completed(home, "handoffctl show q", 2) == []


def test_the_shell_completes_accounts_of_a_home_named_before(home, acme, tmp_path):
    assert completed(tmp_path / "empty", f"handoffctl --home {home} show ac", 4) == ["acme-corp", "acorn-bakery"]


def test_the_shell_completes_stages_and_playbooks(home, acme, playbook):
    assert completed(home, "handoffctl handoff acme-corp --to q", 4) == ["qualified"]
    assert "won" in completed(home, "handoffctl handoff acme-corp --to ", 4)
    playbook("playbook: sales\nstages:\n  lead: {title: Lead}\n")
    assert completed(home, "handoffctl add New --playbook sa", 4) == ["sales"]
    assert "solo" in completed(home, "handoffctl add New --playbook s", 4)
    assert completed(home, "handoffctl playbook show sa", 3) == ["sales"]


def test_completion_is_silent_where_something_is_wrong(home, acme):
    (home / "playbooks").mkdir()
    (home / "playbooks" / "solo.yaml").write_text("nonsense: [")
    assert completed(home, "handoffctl handoff acme-corp --to q", 4) == []
    (home / "handoffctl.db").write_bytes(b"this is no database, but longer than a header is" * 40)
    assert completed(home, "handoffctl show ac", 2) == []


LIGHT = [
    ("--help",), ("handoff", "--help"), ("list",), ("list", "--json"), ("list", "--duplicates"), ("show", "acme-corp"),
    ("check", "acme-corp"), ("check", "acme-corp", "--json"), ("log",), ("log", "acme-corp"), ("report", "throughput"),
    ("report", "throughput", "--csv"), ("playbook", "list"), ("playbook", "show"), ("playbook", "check"),
    ("contact", "list", "acme-corp"), ("deal", "list", "acme-corp"), ("show", "nobody"),
    ("who", "acme-corp"), ("person", "list"),
]  # fmt: skip


def test_reading_and_help_load_neither_the_orm_nor_the_templates(home, acme):
    script = f"""
import json, sys
from handoffctl.app import main
for words in json.loads(sys.argv[2]):
    main(["--home", sys.argv[1], *words])
    print("LOADED", words, [name for name in {HEAVY!r} if name in sys.modules])
"""
    command = [sys.executable, "-c", script, str(home), json.dumps(LIGHT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    told = [line for line in done.stdout.splitlines() if line.startswith("LOADED")]
    assert len(told) == len(LIGHT), done.stderr
    assert [line for line in told if not line.endswith("[]")] == []


def test_completion_loads_neither_the_orm_nor_the_templates(home, acme):
    for words, number in (("handoffctl show ac", 2), ("handoffctl handoff acme-corp --to q", 4)):
        environment = {**os.environ, "_HANDOFFCTL_COMPLETE": "complete_bash", "COMP_WORDS": words,
                       "COMP_CWORD": str(number), "HANDOFFCTL_HOME": str(home)}  # fmt: skip
        command = [sys.executable, "-X", "importtime", "-m", "handoffctl"]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
        assert done.stdout.split()
        loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
        assert not loaded & set(HEAVY)


@pytest.mark.skipif(sys.platform == "win32", reason="only a system that forks leaves jinja2 to the child")
def test_an_email_is_written_without_the_orm_and_jinja_is_loaded_only_where_it_may_do_no_harm(home, acme):
    script = f"""if True:
        import sys
        from handoffctl.app import main
        for words in ("email follow-up acme-corp", "summary list", "promise list", "template list"):
            words = words.split()
            print("ENDED", main(["--home", sys.argv[1], *words]), [one for one in {HEAVY!r} if one in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", script, str(home)], capture_output=True, text=True, timeout=60)
    assert [line for line in done.stdout.splitlines() if line.startswith("ENDED")] == ["ENDED 0 []"] * 4, done.stderr
