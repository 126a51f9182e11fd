"""The database file: made for its owner only, raised when it is older, and left alone when it cannot be used."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from handoffctl.store import file as store_file

READING = (("list",), ("show", "acme-corp"), ("check", "acme-corp"), ("report", "throughput"))
WRITING = (("add", "Cedar Shed"), ("set", "acme-corp", "interest=urgent"), ("handoff", "acme-corp", "--no-input"))

LATER = """
ALTER TABLE account ADD COLUMN shade TEXT;
CREATE TABLE later (id INTEGER PRIMARY KEY, word TEXT NOT NULL);
INSERT INTO later (word) VALUES ('a; b');
-- A table that others point to, made anew with a further column and a check.
CREATE TABLE new_deal (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    slug TEXT NOT NULL CHECK (slug <> ''),
    colour TEXT
);
INSERT INTO new_deal (id, account_id, slug) SELECT id, account_id, slug FROM deal;
CREATE TABLE kept_deal AS SELECT * FROM deal;
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def dumped(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def asked(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def assert_refused(ran, says: str) -> None:
    assert ran.code == 6, (ran.code, ran.out, ran.err)
    assert ran.out == ""
    told = lines(ran.err)
    assert len(told) == 2, told  # a sentence, and what to do next
    assert says in told[0]
    assert told[0].endswith(".")


# Making it


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_the_first_write_makes_a_file_for_its_owner_only_in_such_a_folder(run, home, mask):
    before = os.umask(mask)
    try:
        assert run("add", "Acme Corp").code == 0
    finally:
        os.umask(before)
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()} == {"handoffctl.db": 0o600}


def test_a_folder_for_another_file_is_made_for_its_owner_only(run, tmp_path):
    assert run("add", "Acme Corp", "--db", str(tmp_path / "deep" / "er" / "mine.db")).code == 0
    assert (tmp_path / "deep" / "er").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "deep" / "er" / "mine.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("words", [("list",), ("check", "acme-corp"), ("report", "throughput"), ("log",), ("doctor",)])
def test_reading_makes_nothing(quick, home, words):
    assert quick(*words).code in (0, 4)
    assert not home.exists()


def test_the_file_says_whose_it_is_and_which_schema_it_has(filled):
    assert asked(filled, "PRAGMA application_id") == [(store_file.APPLICATION_ID,)]
    assert asked(filled, "PRAGMA user_version") == [(len(store_file.STEPS),)]
    assert asked(filled, "PRAGMA journal_mode") == [("delete",)]


def test_an_empty_file_is_taken_for_a_new_one(run, home):
    home.mkdir()
    (home / "handoffctl.db").touch()
    assert run("list").code == 0
    assert (home / "handoffctl.db").stat().st_size == 0
    assert run("add", "Acme Corp").code == 0
    assert "acme-corp" in run("list").out


def test_an_empty_database_of_nobody_is_taken_for_a_new_one(quick, home, execute):
    home.mkdir()
    execute(home / "handoffctl.db", "CREATE TABLE t (a)", "DROP TABLE t", "VACUUM")
    assert quick("list").code == 0
    assert quick("add", "Acme Corp").code == 0
    assert "acme-corp" in quick("list").out


# Older and newer


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """Gives the program a further step of the schema, and says which version that makes."""

    def later(script: str = LATER) -> int:
        step = tmp_path / "9999_later.sql"
        step.write_text(script, encoding="utf-8")
        monkeypatch.setattr(store_file, "STEPS", [*store_file.STEPS, step])
        monkeypatch.setattr(store_file, "VERSION", len(store_file.STEPS))
        return store_file.VERSION

    return later


@pytest.mark.parametrize("words", [*READING, *WRITING])
def test_an_older_file_is_copied_aside_and_raised_by_whatever_command_comes_first(quick, filled, later, words):
    before, version = dumped(filled), len(store_file.STEPS)
    assert later() == version + 1
    quick(*words)
    aside = filled.with_name(f"handoffctl.db.schema-{version}")
    assert asked(filled, "PRAGMA user_version") == [(version + 1,)]
    assert asked(filled, "SELECT word FROM later") == [("a; b",)]
    assert asked(filled, "PRAGMA integrity_check") == [("ok",)]
    assert dumped(aside) == before
    assert asked(aside, "PRAGMA user_version") == [(version,)]
    assert aside.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in filled.parent.iterdir()} == {filled.name, aside.name}


def test_a_copy_that_was_set_aside_before_stays(quick, filled, later, good_home):
    older = filled.with_name(f"handoffctl.db.schema-{len(store_file.STEPS)}")
    older.write_bytes(b"what was kept before")
    before = dumped(filled)
    later()
    assert quick("list").code == 0
    assert older.read_bytes() == b"what was kept before"
    assert dumped(older.with_name(older.name + ".2")) == before


@pytest.mark.parametrize(
    "script",
    [
        LATER + "INSERT INTO nowhere VALUES (1);",
        LATER + "DELETE FROM account;",  # its deals would point nowhere
        LATER + "this is no SQL;",
    ],
)
def test_a_step_that_fails_leaves_the_file_as_it_was(quick, filled, later, script):
    before = filled.read_bytes()
    later(script)
    try:
        ran = quick("list")
    except sqlite3.Error:
        pass
    else:
        assert_refused(ran, "point nowhere")
    assert filled.read_bytes() == before


def test_many_that_find_an_older_file_raise_it_once(filled, later):
    before, version = dumped(filled), len(store_file.STEPS)
    later()
    children = []
    for _ in range(8):
        child = os.fork()
        if not child:
            try:
                store_file.make_ready(filled)
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
    assert asked(filled, "SELECT word FROM later") == [("a; b",)]
    assert {path.name for path in filled.parent.iterdir()} == {filled.name, f"{filled.name}.schema-{version}"}
    assert dumped(filled.with_name(f"{filled.name}.schema-{version}")) == before


def test_an_older_file_can_be_raised_by_a_real_process(filled, later):
    later()
    child = f"""
import sys
from pathlib import Path
from handoffctl.store import file
file.STEPS = [*file.STEPS, Path({str(store_file.STEPS[-1])!r})]
file.VERSION = len(file.STEPS)
from handoffctl.cli.main import main
sys.exit(main(["list", "--home", {str(filled.parent)!r}]))
"""
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "acme-corp" in done.stdout
    assert asked(filled, "PRAGMA user_version") == [(store_file.VERSION,)]


# What cannot be used

Spoil = Callable[[Path], None]


def _sql(*statements: str) -> Spoil:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            for statement in statements:
                connection.execute(statement)

    return spoil


def _of_another_program(journal_mode: str, *statements: str) -> Spoil:
    def spoil(path: Path) -> None:
        path.unlink()
        made = path.with_name("made")
        with closing(sqlite3.connect(made, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA journal_mode = {journal_mode}")
            for statement in statements:
                connection.execute(statement)
            for suffix in ("", "-wal"):  # with what its owner has not yet written into the file
                if Path(f"{made}{suffix}").exists():
                    shutil.copyfile(f"{made}{suffix}", f"{path}{suffix}")
        made.unlink()

    return spoil


def _bytes(content: bytes) -> Spoil:
    return lambda path: path.write_bytes(content) and None


def _cut(keep: Callable[[int], int]) -> Spoil:
    return lambda path: os.truncate(path, keep(path.stat().st_size))


def _directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _journal_alone(path: Path) -> None:
    path.rename(path.with_name(path.name + "-journal"))


def _home_is_a_file(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_text("no folder", encoding="utf-8")


BAD: dict[str, tuple[str, Spoil]] = {
    "a newer version": ("newer handoffctl", _sql("PRAGMA user_version = 999")),
    "another program's database": ("another program", _of_another_program("delete", "CREATE TABLE t (a)")),
    "another program's, in WAL mode": ("another program", _of_another_program("wal", "CREATE TABLE t (a)")),
    "another program's, in WAL mode and empty": ("another program", _of_another_program("wal")),
    "another program's, with a mark": ("another program", _of_another_program("delete", "PRAGMA application_id = 7")),
    "another program's, with a version": ("another program", _of_another_program("delete", "PRAGMA user_version = 1")),
    "a text": ("not a database", _bytes(b"account,stage\nacme,lead\n")),
    "a long text": ("not a database", _bytes(b"account,stage\n" * 5000)),
    "one stray byte": ("not a database", _bytes(b"x")),
    "zeros": ("not a database", _bytes(bytes(8192))),
    "a directory": ("cannot be opened", _directory),
    "a table missing": ("lacks tables or columns", _sql("DROP TABLE gap", "DROP TABLE step", "DROP TABLE visit")),
    "a column missing": ("lacks tables or columns", _sql("ALTER TABLE visit RENAME COLUMN owner TO whose")),
    "no table left": (
        "lacks tables or columns",
        _of_another_program(
            "delete",
            f"PRAGMA application_id = {store_file.APPLICATION_ID}",
            f"PRAGMA user_version = {len(store_file.STEPS)}",
        ),
    ),
    "no version": ("damaged", _sql("PRAGMA user_version = 0")),
    "a version below nothing": ("damaged", _sql("PRAGMA user_version = -1")),
    "a journal without its database": ("the database it belongs to is not", _journal_alone),
    "a file in the place of the home": ("is not a folder", _home_is_a_file),
    "half of it": ("damaged", _cut(lambda size: size // 2 // 4096 * 4096)),
    "a byte short": ("damaged", _cut(lambda size: size - 1)),
}


@pytest.mark.parametrize("words", [*READING, *WRITING], ids=" ".join)
@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence_and_nothing_changes(
    quick, filled, state, tmp_path, name, words
):
    says, spoil = BAD[name]
    spoil(filled)
    before = state(tmp_path)
    if name == "a table missing" and words[0] == "add":
        words = (*words, "--contact", "Jane <jane@acme.example>")
    assert_refused(quick(*words), says)
    as_json = quick(*words, "--json") if words[0] not in ("add", "set") else None
    if as_json:
        assert as_json.code == 6
        assert as_json.err == ""
        error = as_json.json["error"]
        assert error["code"] == 6
        assert says in error["message"]
        assert error["hint"]
        assert error["problems"] == []
    assert state(tmp_path) == before


@pytest.mark.parametrize("words", [("list", "--json"), ("add", "Cedar Shed")], ids=" ".join)
@pytest.mark.parametrize("name", ["a newer version", "another program's, in WAL mode", "a byte short", "a directory"])
def test_a_real_process_refuses_it_too(run, filled, state, tmp_path, name, words):
    says, spoil = BAD[name]
    spoil(filled)
    before = state(tmp_path)
    ran = run(*words)
    assert ran.code == 6
    assert "Traceback" not in ran.err
    assert says in (ran.json["error"]["message"] if "--json" in words else lines(ran.err)[0])
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    "name", sorted(set(BAD) - {"a journal without its database", "a file in the place of the home"})
)
def test_the_doctor_names_the_trouble_and_changes_nothing(quick, filled, state, tmp_path, name):
    _, spoil = BAD[name]
    spoil(filled)
    before = state(tmp_path)
    ran = quick("doctor", "--json")
    assert ran.code == 6
    assert len(ran.json["problems"]) == 1
    assert str(filled) in ran.json["problems"][0]
    assert state(tmp_path) == before


def test_no_length_to_which_a_file_is_cut_is_mistaken_for_a_whole_one(quick, filled):
    whole = filled.read_bytes()
    size = len(whole)
    lengths = {1, 2, 15, 16, 17, 18, 28, 32, 59, 60, 64, 68, 72, 92, 99, 100, 101, 107, 108, 511, 512, 513, 1023, 1024}
    lengths |= {edge + off for edge in range(4096, size, 4096 * 7) for off in (-1, 0, 1, 2000)}
    lengths |= {size - off for off in (1, 2, 10, 100, 1000, 2048, 4000, 4095, 4096, 4097)}
    for length in sorted(length for length in lengths if 0 < length < size):
        filled.write_bytes(whole[:length])
        for words in (("list",), ("add", "Cedar Shed")):
            ran = quick(*words)
            assert (length, ran.code, ran.out) == (length, 6, ""), ran.err
            assert len(lines(ran.err)) == 2
        assert filled.read_bytes() == whole[:length]
    filled.write_bytes(whole)
    assert quick("list").code == 0


def test_a_damaged_page_never_ends_in_a_traceback(quick, filled):
    whole = filled.read_bytes()
    for page in range(1, len(whole) // 4096):
        for damage in (bytes(4096), b"\xff" * 4096, bytes(range(256)) * 16):
            filled.write_bytes(whole[: page * 4096] + damage + whole[(page + 1) * 4096 :])
            for words in (*READING, WRITING[1]):
                assert quick(*words).code in (0, 3, 4, 6)


# Journals


@pytest.fixture
def hot(filled, execute) -> Path:
    """A database left by a process that was killed in the middle of a write, so large that half of it is in the file."""
    child = f"""
import os, signal, sqlite3
connection = sqlite3.connect({str(filled)!r}, isolation_level=None)
connection.execute("PRAGMA cache_size = 5")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE touch SET text = 'torn'")
connection.execute("UPDATE account SET name = 'Torn', folded = 'torn'")
os.kill(os.getpid(), signal.SIGKILL)
"""
    rows = """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
              INSERT INTO touch (command_id, account_id, kind, direction, text, at)
              SELECT 1, 1, 'note', 'in', 'whole ' || i, '2026-03-02' FROM n"""
    execute(filled, rows)
    whole = filled.read_bytes()
    assert subprocess.run([sys.executable, "-c", child]).returncode == -signal.SIGKILL
    assert filled.read_bytes() != whole  # it spilled
    assert Path(f"{filled}-journal").stat().st_size > 4096
    (filled.parent.parent / "whole").write_bytes(whole)
    return filled


@pytest.mark.parametrize("words", [("list",), ("show", "acme-corp"), ("add", "Cedar Shed")], ids=" ".join)
def test_a_write_that_a_crash_cut_short_is_undone_by_whatever_command_comes_first(run, hot, words):
    assert run(*words).code == 0
    assert "Acme Corp" in run("list").out
    assert asked(hot, "SELECT count(*) FROM touch WHERE text = 'torn'") == [(0,)]
    assert asked(hot, "PRAGMA integrity_check") == [("ok",)]
    assert not Path(f"{hot}-journal").exists()
    if words[0] != "add":
        assert hot.read_bytes() == (hot.parent.parent / "whole").read_bytes()


def test_the_doctor_undoes_such_a_write_too(run, hot):
    assert run("doctor").code == 0
    assert hot.read_bytes() == (hot.parent.parent / "whole").read_bytes()


def test_many_that_find_such_a_write_undo_it_once(hot):
    command = [sys.executable, "-m", "handoffctl", "--home", str(hot.parent)]
    started = [
        subprocess.Popen([*command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for words in [["list"], ["show", "acme-corp"], ["add", "Cedar Shed"]] * 2 + [["list"]] * 2
    ]
    ended = [(one.communicate(), one.returncode) for one in started]
    assert sorted(code for _, code in ended) == [0] * 7 + [6], ended  # Cedar Shed is there already
    assert asked(hot, "SELECT count(*) FROM touch WHERE text = 'torn'") == [(0,)]
    assert asked(hot, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("garbage", [b"garbage", b"\0" * 4096, b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\xff" * 4096])
@pytest.mark.parametrize("words", [("list",), ("add", "Cedar Shed")], ids=" ".join)
def test_a_journal_that_is_none_does_no_harm(run, filled, garbage, words):
    before = dumped(filled)
    Path(f"{filled}-journal").write_bytes(garbage)
    assert run(*words).code == 0
    assert asked(filled, "PRAGMA integrity_check") == [("ok",)]
    if words[0] == "list":
        assert dumped(filled) == before


def test_the_journal_of_a_database_that_was_moved_away_is_kept_until_it_is_back(run, hot):
    away = hot.with_name("away.db")
    hot.rename(away)
    for words in (("list",), ("add", "Cedar Shed")):
        assert_refused(run(*words), "the database it belongs to is not")
        assert not hot.exists()
    away.rename(hot)
    assert "Acme Corp" in run("list").out


# Permissions


def _opened_up(folder: Path, mode: int, file_mode: int) -> Path:
    home = folder / "home"
    home.chmod(mode)
    for path in home.iterdir():
        path.chmod(file_mode)
    return home


@pytest.fixture
def lent(good_home: Path, open_folder: Path) -> Path:
    shutil.copytree(good_home, open_folder / "home")
    return open_folder


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_read_only_file_in_a_read_only_folder_can_be_read(lent, as_nobody, state, words):
    home = _opened_up(lent, 0o555, 0o444)
    before = state(home)
    done = as_nobody(*words, "--home", home)
    assert done.returncode in (0, 3), done.stderr
    assert "Acme" in done.stdout or words[0] == "report"
    assert state(home) == before


@pytest.mark.parametrize("modes", [(0o555, 0o444), (0o755, 0o444), (0o555, 0o666), (0o777, 0o444)])
@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_writing_to_what_is_read_only_is_refused(lent, as_nobody, state, words, modes):
    home = _opened_up(lent, *modes)
    before = state(home)
    done = as_nobody(*words, "--home", home)
    assert (done.returncode, done.stdout) == (6, ""), done.stderr
    assert len(lines(done.stderr)) == 2
    assert "handoffctl.db" in lines(done.stderr)[0]
    assert state(home) == before


@pytest.mark.parametrize("modes", [(0o700, 0o600), (0o755, 0o600), (0o600, 0o600)])
@pytest.mark.parametrize("words", [READING[0], READING[1], READING[2], *WRITING], ids=" ".join)
def test_what_may_not_be_looked_into_is_refused(lent, as_nobody, state, words, modes):
    home = _opened_up(lent, *modes)
    before = state(home)
    done = as_nobody(*words, "--home", home)
    assert (done.returncode, done.stdout) == (6, ""), done.stderr
    assert len(lines(done.stderr)) == 2
    as_json = as_nobody(*words[:2], "--json", "--home", home) if words[0] in ("list", "show", "check") else None
    if as_json:
        assert json.loads(as_json.stdout)["error"]["code"] == 6
    assert state(home) == before


def test_a_home_that_cannot_be_made_is_refused(open_folder, as_nobody):
    done = as_nobody("add", "Acme Corp", "--home", open_folder / "home")
    assert (done.returncode, done.stdout) == (6, "")
    assert len(lines(done.stderr)) == 2
    assert not list(open_folder.iterdir())


def test_a_write_that_a_crash_cut_short_is_refused_where_it_cannot_be_undone(hot, open_folder, as_nobody, state):
    shutil.copytree(hot.parent, open_folder / "home")
    home = _opened_up(open_folder, 0o555, 0o444)
    before = state(home)
    for words in (("list",), ("add", "Cedar Shed")):
        done = as_nobody(*words, "--home", home)
        assert (done.returncode, done.stdout) == (6, ""), done.stderr
        assert len(lines(done.stderr)) == 2
    assert "in the middle of a write" in done.stderr
    assert state(home) == before


# Where it is

NAMES = [
    "a b",
    "why?",
    "part#1",
    "100%25",
    "a&b=c;d",
    "Müller – Café 東京",
    'it\'s "quoted"',
    ":memory:",
    "file:x",
    "-x",
    "~x",
]


@pytest.mark.parametrize("relative", [False, True], ids=["absolute", "relative"])
@pytest.mark.parametrize("option", ["--home", "--db"])
@pytest.mark.parametrize("name", NAMES)
def test_any_path_will_do(quick, tmp_path, monkeypatch, name, option, relative):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path / "of-its-own"))
    given = f"{option}={name if relative else folder / name}"
    assert quick("add", "Acme Corp", given).code == 0
    assert "acme-corp" in quick("list", given).out
    assert quick("show", "acme-corp", given).code == 0
    assert quick("set", "acme-corp", "situation=their old tool broke in May", given).code == 0
    ran = quick("doctor", "--json", given)
    assert (ran.code, ran.json["problems"], ran.json["records"]["account"]) == (0, [], 1)
    assert quick("delete", "acme-corp", "--yes", given).code == 0
    assert "acme-corp" not in quick("list", given).out
    assert [path.name for path in folder.iterdir()] == [name]
    assert (folder / name / "handoffctl.db" if option == "--home" else folder / name).is_file()


def test_a_path_that_is_no_text_and_one_that_begins_with_two_slashes_will_do(run, tmp_path):
    for given in (b"--db=" + os.fsencode(tmp_path) + b"/b\xffd.db", f"--db=/{tmp_path}/two.db"):
        assert run("add", "Acme Corp", given).code == 0
        assert "acme-corp" in run("list", given).out
        assert run("doctor", given).code == 0
    assert {path.name for path in tmp_path.glob("*.db")} == {"two.db", os.fsdecode(b"b\xffd.db")}


@pytest.mark.parametrize("words", [("list",), ("add", "Acme Corp")], ids=" ".join)
@pytest.mark.parametrize("path", ["~nobody-of-this-name/x.db", "n" * 300, "d/" * 3000 + "x.db"])
def test_a_path_that_cannot_be_is_no_traceback(quick, tmp_path, monkeypatch, words, path):
    monkeypatch.chdir(tmp_path)
    assert quick(*words, f"--db={path}").code in (0, 6)
