"""Commands have a kind and an author: those of older databases get them once, from what was typed."""

import json
import re
import shlex
import shutil
import sqlite3
from contextlib import closing
from importlib import import_module

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from tests.overview.test_undo import COMMANDS, DAY, MADE, SHOP

from handoffctl import registry
from handoffctl.archive.export import export_schema
from handoffctl.db.file import APPLICATION_ID, STEPS, VERSION, statements
from handoffctl.db.old_commands import kind_of, split

KINDS = {
    "handoffctl handoff acme-corp": "handoff",
    "handoffctl summary sent acme-corp --announced yes": "summary sent",
    "handoffctl person add 'Pat import Doe' --role seller": "person add",
    "handoffctl --home /tmp/merge --now 2026-03-01 --json set acme-corp 'pain=no import '": "set",
    "handoffctl --home=/tmp/x --no-input --db import.db import ./export": "import",
    "handoffctl person --db 'a b.db' add Pat": "person add",
    "handoffctl delete --taken-back": "delete --taken-back",
    "handoffctl delete ACCOUNT": "delete",
    "handoffctl touch acme-corp call 'she said: " + "x" * 3_960: "touch",  # cut off within the quotes
    "handoffctl step acme-corp '''": "step",
    "handoffctl": "",
    "handoffctl person": "person",
    "": "",
}


@pytest.mark.parametrize("line", KINDS)
def test_the_kind_of_an_old_command_is_its_words_without_options_and_arguments(line):
    assert kind_of(line) == KINDS[line]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("'\"\\ \n"))))
def test_the_words_of_a_line_are_those_that_were_typed(words):
    line = shlex.join(words)
    assert list(split(line)) == words
    assert all(words[: len(begun)] == begun for begun in [list(split(line[: len(line) // 2]))[:-1]])


def test_every_command_of_the_program_is_told_from_its_arguments():
    app = typer.Typer()
    for module in {entry.module for entry in registry.COMMANDS.values()}:
        import_module(f"handoffctl.commands.{module}").register(app)
    kinds = [one.name for one in app.registered_commands]
    for group in app.registered_groups:
        kinds += [f"{group.typer_instance.info.name} {one.name}" for one in group.typer_instance.registered_commands]
    assert len(kinds) > 60
    assert [kind_of(f"handoffctl {kind} acme-corp --json") for kind in kinds] == kinds


def test_a_new_command_has_the_kind_that_an_old_one_would_get(quick, home, playbook, rows):
    playbook(SHOP)
    (home / "config.yaml").write_text("playbook: shop\nme: {name: Sam Seller}\n", encoding="utf-8")
    for words in (*MADE, *COMMANDS, ("undo", "--yes"), ("delete", "dune-diner", "--yes")):
        assert quick(*words, now=DAY).code in (0, 3, 4, 6), words
    told = rows("SELECT words, kind, author FROM command WHERE words <> ''")
    assert len({kind for _, kind, _ in told}) > 20
    assert [kind for _, kind, _ in told] == [kind_of(words) for words, _, _ in told]
    assert {author for _, _, author in told} == {"Sam Seller"}
    assert rows("SELECT DISTINCT kind FROM command WHERE words = ''") == [("",)]


def test_without_a_configuration_a_command_has_no_author(quick, rows):
    assert quick("add", "Acme Corp").code == 0
    assert rows("SELECT kind, author, wrote_file FROM command") == [("add", "", None)]


# Older databases


@pytest.fixture
def older(home):
    """`older(6, ("handoffctl add Acme", "Added Acme."), ...)`: a database of that version with these commands."""

    def older(version, *commands):
        home.mkdir(exist_ok=True)
        with closing(sqlite3.connect(home / "handoffctl.db", isolation_level=None)) as connection:
            for step in STEPS[:version]:
                for statement in statements(step.read_text(encoding="utf-8")):
                    connection.execute(statement)
            for words, says in commands:
                connection.execute("INSERT INTO command (at, words, says) VALUES (?, ?, ?)", (DAY, words, says))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version}")
        return home / "handoffctl.db"

    return older


def lowered(database):
    """Makes a database one of version 6, as 0.6.0 would have written it: what later steps add is removed."""
    later = [statement for step in STEPS[6:] for statement in statements(step.read_text(encoding="utf-8"))]
    added = re.compile(r"(?:ALTER TABLE (?P<altered>\w+) ADD COLUMN|CREATE (?P<what>TABLE|INDEX)) (?P<name>\w+)")
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for statement in reversed(later):
            if statement.lstrip().startswith("UPDATE"):  # its columns go as a whole
                continue
            match = added.search(statement)
            assert match, statement
            if match["altered"]:
                connection.execute(f"ALTER TABLE {match['altered']} DROP COLUMN {match['name']}")
            else:
                connection.execute(f"DROP {match['what']} {match['name']}")
        connection.execute("PRAGMA user_version = 6")


@pytest.fixture
def named(home):
    home.mkdir(exist_ok=True)
    (home / "config.yaml").write_text("me: {name: Sam Seller}\n", encoding="utf-8")


@pytest.mark.parametrize("version", range(1, 7))
@pytest.mark.parametrize("words", [("log", "--json"), ("add", "Zebra", "--no-deal"), ("backup", "copy.db")])
def test_a_database_of_every_older_version_is_raised_with_kinds_and_the_author(
    quick, rows, named, older, version, words, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    older(version, ("handoffctl person add 'Pat import Doe'", "Added Pat."), ("handoffctl import x", "Imported."))
    assert quick(*words).code == 0
    assert rows("SELECT kind, author FROM command WHERE id < 3 ORDER BY id") == [
        ("person add", "Sam Seller"),
        ("import", "Sam Seller"),
    ]
    assert rows("PRAGMA user_version") == [(VERSION,)]
    assert quick("doctor", "--json").json["problems"] == []


def test_words_that_are_no_text_keep_no_database_from_being_raised(quick, rows, older):
    database = older(6, ("handoffctl add Acme", "Added Acme."))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE command SET words = CAST(x'68616e646f666663746c2061646420ff' AS TEXT)")
    assert quick("log").code == 0
    assert rows("SELECT kind FROM command") == [("add",)]
    assert "command.words of row 1" in str(quick("doctor", "--json").json["problems"])


def test_a_database_is_not_raised_while_the_configuration_that_names_the_author_is_at_fault(quick, rows, older, home):
    older(6, ("handoffctl add Acme", "Added Acme."))
    (home / "config.yaml").write_text("me: [nobody]\n", encoding="utf-8")
    assert quick("log").code == 5
    assert rows("PRAGMA user_version") == [(6,)]
    (home / "config.yaml").write_text("me: {name: Sam Seller}\n", encoding="utf-8")
    assert quick("log").code == 0
    assert rows("SELECT author FROM command") == [("Sam Seller",)]


def test_init_signs_the_commands_before_it_with_the_name_that_it_is_given(quick, rows, older):
    older(6, ("handoffctl add Acme", "Added Acme."))
    assert quick("init", "--me", "Sam Seller").code == 0
    assert rows("SELECT author FROM command") == [("Sam Seller",)]


ASKED = """\
playbook: asked
roles: {seller: Who sells}
fields:
  size: {label: Size, type: number, why: To send the right person.}
criteria:
  met: {label: They met, meeting: held, why: Many do not come.}
stages:
  lead: {title: Lead}
  talks: {title: Talks}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, to: talks, required: [size, met], trigger: They agree., reason: They fit., benefit: They are heard.}
  - {from: talks, to: won, trigger: They sign., reason: It fits., benefit: They get it.}
"""


@pytest.fixture
def interviewed(quick, playbook, monkeypatch):
    """A handoff of which two things were asked; then one that a meeting was followed by, with one thing asked."""
    playbook(ASKED)
    quick("add", "Acme Corp", "--playbook", "asked", now=DAY)
    quick("add", "Birch Barn", "--playbook", "asked", now=DAY)
    quick("meeting", "book", "birch-barn", "--at", "2026-03-02T10:00", "--for", "talks", now=DAY)
    with monkeypatch.context() as here:
        answers = iter(["12", "yes", "", "14"])
        here.setattr("handoffctl.console.context.prompting", lambda: True)
        here.setattr("handoffctl.handoffs.interview.ask_line", lambda prompt: (next(answers, ""), 1.0))
        here.setattr("handoffctl.commands.meeting.confirm_by_enter", lambda question: True)
        assert quick("handoff", "acme-corp", now=DAY).code in (0, 3)
        assert quick("meeting", "held", "birch-barn", now="2026-03-02T11:00:00Z").code in (0, 3)


ANSWERS = [
    ("handoff", "set"), ("handoff", "touch"), ("handoff", "handoff"),
    ("meeting held", "meeting held"), ("meeting held", "set"), ("meeting held", "handoff"),
]  # fmt: skip


def test_each_answer_of_an_interview_has_the_kind_of_the_command_that_records_the_same(interviewed, rows):
    told = rows("SELECT words, kind FROM command WHERE id > 3 ORDER BY id")
    assert [(kind_of(words), kind) for words, kind in told] == ANSWERS


def test_so_has_each_answer_in_an_older_database(interviewed, quick, home, rows):
    before = rows("SELECT id, kind FROM command ORDER BY id")
    lowered(home / "handoffctl.db")
    assert quick("log").code == 0
    assert rows("SELECT id, kind FROM command ORDER BY id") == before


# What uses the kind


@pytest.fixture
def watched(quick, playbook):
    """A deal whose trigger holds, and nobody knows since when; later a person is added who is called like a command."""
    playbook(SHOP)
    assert quick("add", "Acme Corp", "--playbook", "shop", now=DAY).code == 0
    assert quick("set", "acme-corp", "pain=it broke in May", now=DAY).code == 0


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_a_person_who_is_called_like_an_import_is_none_for_the_report_on_what_was_missed(
    quick, home, watched, rows, old
):
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
        connection.execute("DELETE FROM sighting")  # as if an import had brought what makes it hold
    assert quick("person", "add", "Pat import Doe", "--role", "seller", now="2026-03-20").code == 0
    if old:
        lowered(home / "handoffctl.db")
    told = quick("report", "missed", "--playbook", "shop", "--json", now="2026-03-12")
    assert rows("SELECT kind FROM command ORDER BY id DESC LIMIT 1") == [("person add",)]
    assert [line["account"] for line in told.json["waiting"]] == ["acme-corp"]
    assert "Left out" not in told.err


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_such_a_person_is_taken_back_as_a_person(quick, home, watched, old):
    assert quick("person", "add", "Pat import Doe", "--role", "seller", now=DAY).code == 0
    if old:
        lowered(home / "handoffctl.db")
    told = quick("undo", "--yes", now=DAY)
    assert (told.out, told.err) == ("Took back: Added Pat import Doe (seller).\n", "")
    assert quick("person", "list", "--json", now=DAY).json["total"] == 0
    assert quick("doctor", "--json", now=DAY).json["problems"] == []


def test_what_was_said_at_a_meeting_is_taken_for_no_file(quick, watched):
    assert quick("touch", "acme-corp", "meeting", "--", "--ics=lunch.ics", now=DAY).code == 0
    assert quick("undo", "--yes", now=DAY).err == ""


BOOKS = "deal,account,stage\n1,Umbrella,Lead\n"


@pytest.fixture
def imported(quick, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deals.csv").write_text(BOOKS)
    (tmp_path / "map.yaml").write_text("program: Books\nrows: deals\ndeal: deal\naccount: account\nstage: stage\n")
    told = quick("import", "deals.csv", "--map", "map.yaml", "--make-playbook", "Trade Fairs", now=DAY)
    assert told.code == 0, told.err


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_the_playbook_that_an_import_made_is_named_as_its_file_is(quick, home, imported, rows, old):
    if old:
        lowered(home / "handoffctl.db")
    told = quick("undo", "--yes", now=DAY)
    file = home / "playbooks" / "trade-fairs.yaml"
    assert file.is_file()
    assert told.err == (
        f"The playbook that it made stays: {file}. Remove the file, or import again with --playbook trade-fairs.\n"
    )
    assert rows("SELECT kind, wrote_file FROM command") == [("import", "playbooks/trade-fairs.yaml"), ("undo", None)]


def test_a_playbook_that_was_there_before_is_not_said_to_be_made(quick, home, imported, tmp_path):
    (tmp_path / "deals.csv").write_text(BOOKS + "2,Initech,Lead\n")
    again = ("import", "deals.csv", "--map", "map.yaml", "--make-playbook", "Trade Fairs")
    assert quick(*again, now=DAY).code == 0
    assert quick("undo", "--yes", now=DAY).err == ""


def test_the_calendar_file_of_an_old_command_is_named(quick, home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    quick("add", "Acme Corp", now=DAY)
    assert quick("meeting", "book", "acme-corp", "--at", "2026-03-05T10:00", "--ics=a b.ics", now=DAY).code == 0
    lowered(home / "handoffctl.db")
    assert "The calendar file that it wrote stays: a b.ics." in quick("undo", "--yes", now=DAY).err


def test_the_log_as_json_says_of_each_event_what_it_was_and_whose(quick, named):
    quick("add", "Acme Corp", now=DAY)
    quick("undo", "--yes", now=DAY)
    events = quick("log", "--json", now=DAY).json["events"]
    assert [(one["kind"], one["author"]) for one in events] == [("add", "Sam Seller"), ("undo", "Sam Seller")]


def test_what_was_erased_does_not_even_say_what_it_was(quick, rows):
    for words in (("add", "Acme Corp"), ("add", "Birch Barn"), ("undo", "--yes"), ("delete", "acme-corp", "--yes")):
        assert quick(*words, now=DAY).code == 0
    assert rows("SELECT kind, says FROM command WHERE words = '' ORDER BY id") == [
        ("", ""), ("", "Forgotten."), ("", "Took back."),
    ]  # fmt: skip
    assert rows("SELECT kind FROM command WHERE words <> ''") == [("delete",)]


def test_what_was_done_again_says_so_when_it_is_forgotten_though_no_word_of_it_is_left(quick, rows):
    for words in (("add", "Acme Corp"), ("undo", "--yes"), ("undo", "--yes"), ("undo", "--further", "--yes")):
        assert quick(*words, now=DAY).code == 0
    with closing(sqlite3.connect(rows("PRAGMA database_list")[0][2])) as connection, connection:
        connection.execute("UPDATE command SET says = 'So it was.' WHERE undoes_id IS NOT NULL")
    assert quick("delete", "--taken-back", "--yes", now=DAY).code == 0
    assert [says for (says,) in rows("SELECT says FROM command")] == [
        "Forgotten.", "Took back.", "Did again.", "Took back.", "Forgot what was taken back.",
    ]  # fmt: skip
    assert rows("SELECT kind FROM command ORDER BY id DESC LIMIT 1") == [("delete --taken-back",)]


# Copies and exports of 0.6.0


@pytest.fixture
def of_0_6_0(quick, home, named, watched, tmp_path):
    """A backup and two exports of a home, as 0.6.0 would have written them; the home itself is gone."""
    (home / "config.yaml").write_text("playbook: shop\nme: {name: Sam Seller}\n", encoding="utf-8")
    assert quick("person", "add", "Pat import Doe", "--role", "seller", now=DAY).code == 0
    lines = [json.loads(line) for line in quick("export", now=DAY).out.splitlines()]
    told = next(line["row"] for line in lines if line.get("table") == "command")
    assert told["kind"] == "add"
    assert (told["author"], told["wrote_file"]) == ("Sam Seller", None)
    lines[0]["schema"] = 6
    columns = export_schema(6)
    for line in lines:
        if line.get("table") in columns:
            line["row"] = {name: value for name, value in line["row"].items() if name in columns[line["table"]]}
    (tmp_path / "export.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert quick("backup", str(tmp_path / "backup.db"), now=DAY).code == 0
    lowered(tmp_path / "backup.db")
    shutil.rmtree(home)
    return tmp_path


SIGNED = [("add", "Sam Seller"), ("set", "Sam Seller"), ("person add", "Sam Seller")]


@pytest.mark.parametrize("here", ["", "playbook: shop\nme: {name: Sam Seller}\n"], ids=["new home", "same home"])
def test_an_export_of_0_6_0_comes_back_with_kinds_and_its_own_author(quick, home, rows, of_0_6_0, here):
    if here:
        home.mkdir()
        (home / "config.yaml").write_text(here)
    told = quick("import", str(of_0_6_0 / "export.jsonl"), "--from", "handoffctl", now=DAY)
    assert told.code == 0, told.err
    assert rows("SELECT kind, author FROM command ORDER BY id") == SIGNED
    assert quick("doctor", "--json", now=DAY).json["problems"] == []
    assert quick("undo", "--yes", now=DAY).out == "Took back: Added Pat import Doe (seller).\n"


def test_a_backup_of_0_6_0_is_restored_with_kinds_and_the_author_of_this_home(quick, home, rows, named, of_0_6_0):
    home.mkdir()
    (home / "config.yaml").write_text("me: {name: Sam Seller}\n", encoding="utf-8")
    told = quick("restore", str(of_0_6_0 / "backup.db"), "--yes", now=DAY)
    assert told.code == 0, told.err
    assert rows("SELECT kind, author FROM command ORDER BY id") == SIGNED


def test_doctor_names_a_kind_that_is_no_text(quick, home):
    quick("add", "Acme Corp", now=DAY)
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
        connection.execute("UPDATE command SET kind = x'00', author = CAST(x'ff' AS TEXT)")
    problems = str(quick("doctor", "--json", now=DAY).json["problems"])
    assert "command.kind of row 1 holds what no text is" in problems
    assert "command.author of row 1 holds what no text is" in problems
