"""Backup and restore: a copy is sound and of one moment; what is replaced is kept, and nothing is ever half."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from handoffctl.db import backup as copies
from handoffctl.db import file as store_file

NOW = "2026-03-05T09:00:00Z"
STAMP = ".replaced-20260305-090000"


def dumped(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def replaced(database):
    return sorted(path for path in database.parent.iterdir() if ".replaced-" in path.name)


def leftovers(database):
    return [path.name for path in database.parent.iterdir() if ".part" in path.name or path.name.startswith(".")]


@pytest.fixture
def copy(quick, filled, tmp_path):
    """A backup of two accounts, after which a third one was added."""
    path = tmp_path / "copy.db"
    assert quick("backup", str(path)).code == 0
    assert quick("add", "Cedar Shed", now=NOW).code == 0
    return path


def test_a_backup_holds_the_same_is_private_and_says_what_is_in_it(quick, filled, tmp_path):
    told = quick("backup", str(tmp_path / "copy.db"))
    assert (told.code, told.out) == (0, f"{tmp_path / 'copy.db'}\n")
    assert "2 accounts and 2 deals" in told.err
    assert dumped(tmp_path / "copy.db") == dumped(filled)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    as_json = quick("backup", str(tmp_path / "other.db"), "--json").json
    assert as_json == {
        "path": str(tmp_path / "other.db"), "bytes": filled.stat().st_size, "accounts": 2, "deals": 2,
    }  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "home", "other.db"]


@pytest.mark.parametrize("there", ["file", "folder", "link to nowhere"])
def test_a_backup_takes_no_other_file_s_place(quick, filled, state, tmp_path, there):
    path = tmp_path / "copy.db"
    {"file": lambda: path.write_text("mine"), "folder": path.mkdir,
     "link to nowhere": lambda: path.symlink_to(tmp_path / "nowhere")}[there]()  # fmt: skip
    before = state(tmp_path) if there != "link to nowhere" else None
    told = quick("backup", str(path))
    assert told.code == 6
    assert "is there already" in told.err
    assert there == "link to nowhere" or state(tmp_path) == before
    assert not (tmp_path / "nowhere").exists()


def test_a_backup_that_appears_meanwhile_is_not_written_over(tmp_path):
    (tmp_path / "part").write_text("new")
    (tmp_path / "there").write_text("old")
    with pytest.raises(FileExistsError):
        copies.publish(tmp_path / "part", tmp_path / "there")
    assert (tmp_path / "there").read_text() == "old"


def test_without_a_database_or_a_folder_there_is_no_backup(quick, home, filled, tmp_path):
    assert quick("backup", str(tmp_path / "no" / "copy.db")).code == 4
    filled.unlink()
    told = quick("backup", str(tmp_path / "copy.db"))
    assert told.code == 4
    assert "There is no database yet" in told.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]
    assert not filled.exists()


def test_a_backup_is_of_one_moment_while_others_write(filled, execute, tmp_path):
    """Two numbers that are always changed together are the same in every copy."""
    execute(filled, "UPDATE account SET test = 0")
    stop = threading.Event()

    def write():
        with closing(store_file.open_for_writing(filled)) as connection:
            while not stop.is_set():
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("UPDATE account SET test = test + 1 WHERE id = 1")
                connection.execute("UPDATE account SET test = test + 1 WHERE id = 2")
                connection.execute("COMMIT")
                time.sleep(0.005)  # as no seller writes all the time

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(6):
            copies.copy_database(filled, tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()
    for number in range(6):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as connection:
            first, second = connection.execute("SELECT test FROM account ORDER BY id").fetchall()
            assert first == second


def test_a_database_that_is_not_sound_gets_no_backup(quick, filled, execute, tmp_path):
    execute(filled, "UPDATE visit SET entered_at = 'noon'")
    told = quick("backup", str(tmp_path / "copy.db"), "--json")
    assert told.code == 6
    assert "not sound" in told.json["error"]["message"]
    assert told.json["error"]["problems"]
    assert not (tmp_path / "copy.db").exists()


def test_restoring_brings_the_copy_back_and_keeps_what_it_replaces(quick, filled, copy):
    before = dumped(filled)
    told = quick("restore", str(copy), "--yes", now=NOW)
    assert told.code == 0
    assert "In place: 3 accounts, 3 deals; newest, 2026-03-05 09:00: Added Cedar Shed" in told.err
    assert "The copy:  2 accounts, 2 deals; newest, 2026-03-02 09:00: Added Birch Barn" in told.err
    assert dumped(filled) == dumped(copy)
    kept = filled.with_name(filled.name + STAMP)
    assert replaced(filled) == [kept]
    assert dumped(kept) == before
    assert kept.stat().st_mode & 0o777 == filled.stat().st_mode & 0o777 == 0o600
    assert leftovers(filled) == []
    assert quick("restore", str(kept), "--yes", now=NOW).code == 0  # and so it can be taken back
    assert dumped(filled) == before
    assert replaced(filled) == [kept, kept.with_name(f"{kept.name}.2")]


def test_restoring_asks_or_wants_to_be_told(quick, filled, copy, state):
    before = state(filled.parent)
    told = quick("restore", str(copy))
    assert told.code == 2
    assert "add --yes" in told.err
    assert state(filled.parent) == before


def test_a_script_hears_what_was_replaced(quick, filled, copy):
    told = quick("restore", str(copy), "--yes", "--json", now=NOW)
    assert told.err == ""
    assert told.json == {
        "database": str(filled), "damaged": False, "kept": str(filled) + STAMP,
        "replaced": {"accounts": 3, "deals": 3, "newest": NOW},
        "copy": {"accounts": 2, "deals": 2, "newest": "2026-03-02T09:00:00Z"},
    }  # fmt: skip


def test_restoring_where_nothing_is_makes_the_home(quick, home, filled, copy):
    wanted = dumped(copy)
    shutil.rmtree(home)
    assert quick("restore", str(copy), "--yes").code == 0
    assert dumped(filled) == wanted
    assert [path.name for path in home.iterdir()] == ["handoffctl.db"]
    assert filled.stat().st_mode & 0o777 == 0o600
    assert quick("list").code == 0


def test_a_copy_of_an_older_schema_is_raised_and_itself_left_alone(quick, filled, copy, later):
    before = copy.read_bytes()
    later("ALTER TABLE account ADD COLUMN shade TEXT;\n")
    assert quick("restore", str(copy), "--yes").code == 0
    assert copy.read_bytes() == before
    with closing(sqlite3.connect(filled)) as connection:
        assert connection.execute("SELECT slug, shade FROM account").fetchall() == [
            ("acme-corp", None), ("birch-barn", None),
        ]  # fmt: skip
    assert leftovers(filled) == []


def _spoilt(*statements):
    def spoil(path):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            for statement in statements:
                connection.execute(statement)

    return spoil


def _torn_page(path):
    with path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xff" * 4096)


BAD_COPIES = {
    "a text": ("is not a database", lambda path: path.write_text("account,stage\n" * 500)),
    "a folder": ("is a folder", lambda path: (path.unlink(), path.mkdir())),
    "half of it": ("is damaged", lambda path: os.truncate(path, path.stat().st_size // 2)),
    "a byte short": ("is damaged", lambda path: os.truncate(path, path.stat().st_size - 1)),
    "a torn page": ("", _torn_page),
    "an empty file": ("empty database", lambda path: os.truncate(path, 0)),
    "another program's": ("another program", _spoilt("PRAGMA application_id = 7")),
    "a newer one": ("newer handoffctl", _spoilt("PRAGMA user_version = 999")),
    "rows that point nowhere": ("not sound", _spoilt("UPDATE visit SET deal_id = 99 WHERE id = 1")),
    "what no moment is": ("not sound", _spoilt("UPDATE visit SET entered_at = 'noon'")),
    "a table missing": ("", _spoilt("DROP TABLE gap")),
    "a trigger": ("not sound", _spoilt("CREATE TRIGGER t AFTER INSERT ON account BEGIN DELETE FROM deal; END")),
    "a view": ("not sound", _spoilt("CREATE VIEW v AS SELECT 1")),
    "two present stays": (
        "not sound", _spoilt("DROP INDEX one_present_visit", "UPDATE visit SET ended = 1",
                             "CREATE UNIQUE INDEX one_present_visit ON visit (deal_id) WHERE ended = 0"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_COPIES)
def test_a_copy_that_is_not_sound_is_refused_and_nothing_changes(quick, filled, copy, state, name):
    says, spoil = BAD_COPIES[name]
    spoil(copy)
    before = state(copy.parent)
    told = quick("restore", str(copy), "--yes", "--json")
    assert told.code == 6
    assert says in told.json["error"]["message"]
    assert str(copy) in told.json["error"]["message"]
    assert told.json["error"]["hint"]
    assert state(copy.parent) == before


def test_what_is_not_there_and_the_database_itself_are_refused(quick, filled, tmp_path, state):
    (tmp_path / "link.db").symlink_to(filled)
    os.link(filled, tmp_path / "other-name.db")
    before = state(tmp_path)
    assert quick("restore", str(tmp_path / "nothing.db"), "--yes").code == 4
    for same in (filled, tmp_path / "link.db", tmp_path / "other-name.db"):
        told = quick("restore", str(same), "--yes")
        assert told.code == 6
        assert "is the database itself" in told.err
    assert state(tmp_path) == before


@pytest.mark.parametrize("how", ["a text", "half of it", "a byte short", "journal alone", "text and journal"])
def test_a_damaged_database_is_moved_aside_with_its_journal_and_replaced(quick, filled, copy, how):
    journal = filled.with_name(filled.name + "-journal")
    if how in ("a text", "text and journal"):
        filled.write_bytes(b"no database" * 1000)
    elif how == "half of it":
        os.truncate(filled, filled.stat().st_size // 2)
    elif how == "a byte short":
        os.truncate(filled, filled.stat().st_size - 1)
    else:
        filled.unlink()
    if "journal" in how:
        journal.write_bytes(b"what is left of it")
    content = filled.read_bytes() if filled.exists() else None
    told = quick("restore", str(copy), "--yes", now=NOW)
    assert told.code == 0, told
    assert "too damaged to be read" in told.err
    assert dumped(filled) == dumped(copy)
    kept = filled.with_name(filled.name + STAMP)
    assert (kept.read_bytes() if kept.exists() else None) == content
    if "journal" in how:
        assert kept.with_name(kept.name + "-journal").read_bytes() == b"what is left of it"
    assert not journal.exists()
    assert quick("list").code == 0


def test_a_database_with_a_torn_page_is_kept_as_it_is_and_replaced(quick, filled, copy):
    _torn_page(filled)
    content = filled.read_bytes()
    assert quick("restore", str(copy), "--yes", now=NOW).code == 0
    assert dumped(filled) == dumped(copy)
    kept = filled.with_name(filled.name + STAMP)
    assert kept.read_bytes()[4096:] == content[4096:]  # the first page counts the changes


@pytest.mark.parametrize("what", ["another program's", "a folder"])
def test_what_is_no_database_of_ours_is_never_replaced(quick, filled, copy, state, what):
    BAD_COPIES[what][1](filled)
    before = state(filled.parent)
    assert quick("restore", str(copy), "--yes").code == 6
    assert state(filled.parent) == before


def test_after_a_crash_the_journal_is_played_back_before_the_database_is_kept(quick, hot, tmp_path):
    (tmp_path / "whole.db").write_bytes((tmp_path / "whole").read_bytes())
    wanted = dumped(tmp_path / "whole.db")
    assert quick("restore", str(tmp_path / "whole.db"), "--yes", now=NOW).code == 0
    assert dumped(hot.with_name(hot.name + STAMP)) == wanted
    assert dumped(hot) == wanted


def test_nobody_writes_between_the_copy_and_what_replaces_it(filled, copy, tmp_path, monkeypatch):
    """A writer who comes while the replaced database is being copied waits, and writes to the restored one."""
    tried = []

    def pour(source, target):
        source.backup(target)
        with closing(sqlite3.connect(filled, timeout=0.05)) as other, pytest.raises(sqlite3.OperationalError) as caught:
            other.execute("UPDATE account SET name = 'Zoe'")
        tried.append(str(caught.value))

    monkeypatch.setattr(copies, "_pour", pour)
    before = dumped(filled)
    kept = copies.replace(filled, copy, filled.with_name("kept.db"))
    assert tried == ["database is locked"] * 2
    assert dumped(kept) == before
    assert "Zoe" not in "".join(dumped(filled))


KILLED = """
import os, signal, sys
from handoffctl.app import main
from handoffctl.db import backup as copies
poured = []
def pour(source, target):
    poured.append(target)
    # 1: into our own folder, 2: what is replaced, 3: into the database itself
    if len(poured) == int(sys.argv[3]):
        target.execute("PRAGMA cache_size = 5")
        left = int(sys.argv[4])
        def step(status, remaining, total):
            if total - remaining >= total * left // 100:
                os.kill(os.getpid(), signal.SIGKILL)
        source.backup(target, pages=2, progress=step)
    else:
        source.backup(target)
copies._pour = pour
main(["--home", sys.argv[1], "restore", sys.argv[2], "--yes"])
"""


@pytest.mark.parametrize(("pour", "percent"), [(1, 50), (2, 50), (3, 3), (3, 60), (3, 98), (3, 100)])
def test_killed_in_the_middle_a_restore_is_done_wholly_or_not_at_all(quick, home, filled, copy, pour, percent):
    before, after = dumped(filled), dumped(copy)
    whole = filled.read_bytes()
    ran = subprocess.run([sys.executable, "-c", KILLED, str(home), str(copy), str(pour), str(percent)])
    assert ran.returncode == -signal.SIGKILL
    if (pour, percent) in [(3, 60), (3, 98)]:
        assert filled.read_bytes() != whole  # it was in the middle indeed
    assert quick("list").code == 0
    assert dumped(filled) in ((before, after) if percent == 100 else (before,))
    for kept in replaced(filled):
        assert dumped(kept) == before
    assert len(replaced(filled)) == (1 if pour == 3 else 0)
    assert quick("restore", str(copy), "--yes").code == 0
    assert dumped(filled) == after


def test_erasing_tells_of_copies_that_it_cannot_reach(quick, filled, copy):
    assert quick("restore", str(copy), "--yes", now=NOW).code == 0
    left = filled.with_name(f"{filled.name}.part-xyz")
    left.mkdir()
    told = quick("delete", "acme-corp", "--yes")
    assert str(filled) + STAMP in told.err
    assert str(left) in told.err


def test_keeping_and_restoring_load_no_orm(home, filled, tmp_path):
    script = f"""if True:
        import json, sys
        from handoffctl.app import main
        for words in json.loads(sys.argv[1]):
            code = main(["--home", {str(home)!r}, *words])
            print("RAN", code, [name for name in ("sqlmodel", "sqlalchemy", "jinja2") if name in sys.modules])
    """
    path = str(tmp_path / "copy.db")
    commands = [("backup", path), ("restore", path, "--yes"), ("export", str(tmp_path / "e.jsonl"))]
    done = subprocess.run([sys.executable, "-c", script, json.dumps(commands)], capture_output=True, text=True)
    assert [line for line in done.stdout.splitlines() if line.startswith("RAN")] == ["RAN 0 []"] * 3, done.stderr


@pytest.mark.parametrize("answer", [False, True])
def test_a_person_is_asked_before_anything_is_replaced(quick, filled, copy, state, monkeypatch, answer):
    from handoffctl.commands import restore
    from handoffctl.console import context

    monkeypatch.setattr(context, "prompting", lambda: True)
    monkeypatch.setattr(restore, "confirm", lambda question: answer)
    before = state(filled.parent)
    told = quick("restore", str(copy), now=NOW)
    assert told.code == 0
    assert ("Nothing was replaced" in told.err) is not answer
    assert (state(filled.parent) == before) is not answer


def test_what_is_no_database_is_refused_without_a_word_on_the_one_in_use(quick, tmp_path):
    for name, content in (("text.db", b"no database at all, only some text " * 20), ("short.db", b"x")):
        (tmp_path / name).write_bytes(content)
        told = quick("restore", str(tmp_path / name), "--yes")
        assert told.code == 6
        assert "--db" not in told.err
        assert "Name a file that `handoffctl backup` wrote." in told.err


@pytest.mark.parametrize("end", ["", "-journal", "-wal", "-shm"])
def test_neither_copy_nor_export_takes_the_name_of_the_database_or_its_journals(quick, filled, state, end):
    before = state(filled.parent)
    for words in (("backup",), ("export",), ("export", "--yes"), ("export", "--csv")):
        refused = quick(*words, f"{filled}{end}")
        assert refused.code == 6
        assert "files of its own" in refused.err
    assert state(filled.parent) == before


def test_a_copy_that_keeps_a_log_is_read_without_leaving_one_beside_it(quick, filled, copy, execute):
    execute(copy, "PRAGMA journal_mode = WAL")
    assert quick("restore", str(copy), "--yes").code == 0
    assert [path.name for path in copy.parent.iterdir() if path.name.startswith("copy.db")] == ["copy.db"]
    assert leftovers(filled) == []


def test_what_only_the_log_of_a_copy_holds_is_restored_too(quick, filled, copy, tmp_path):
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE account SET name = 'Only In The Log' WHERE id = 1")
        (tmp_path / "aside").mkdir()
        for end in ("", "-wal"):
            shutil.copyfile(f"{copy}{end}", tmp_path / "aside" / f"copy.db{end}")
    assert quick("restore", str(tmp_path / "aside" / "copy.db"), "--yes").code == 0
    assert "Only In The Log" in quick("list").out
    assert sorted(path.name for path in (tmp_path / "aside").iterdir()) == ["copy.db", "copy.db-wal"]


SLOW = """
import sys, time
from handoffctl.archive import backup
from handoffctl.app import main
usual = backup.copy_database
def slowly(path, copy):
    usual(path, copy)
    print("copied", flush=True)
    time.sleep(30)
backup.copy_database = slowly
sys.exit(main(["--home", sys.argv[1], "backup", sys.argv[2]]))
"""


def test_whoever_ends_a_backup_from_outside_finds_nothing_of_it(filled, tmp_path):
    child = subprocess.Popen([sys.executable, "-c", SLOW, str(filled.parent), str(tmp_path / "copy.db")],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert child.stdout.readline() == b"copied\n"
    child.terminate()
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130, err
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_erasing_tells_of_what_a_killed_command_left(quick, filled):
    for name in (".handoffctl.db.x7", "handoffctl.db.part-1"):
        (filled.parent / name).write_bytes(b"x")
    told = quick("delete", "acme-corp", "--yes").err
    assert ".handoffctl.db.x7" in told
    assert "handoffctl.db.part-1" in told
