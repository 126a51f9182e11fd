"""The database file: made for its owner only, and raised when it is older."""

import os
import subprocess
import sys

import pytest
from tests.db.file_checks import READING, WRITING, asked, dumped, forked

from handoffctl.db import file as store_file

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


@pytest.mark.parametrize("rounds", [10, pytest.param(200, marks=pytest.mark.trial)])
def test_many_that_make_the_file_at_once_make_one(tmp_path, rounds):
    for number in range(rounds):
        path = tmp_path / f"{number}.db"

        def make(path=path) -> None:
            for _ in range(5):
                store_file.make_ready(path)

        assert forked(8, make) == [0] * 8
        assert asked(path, "SELECT count(*) FROM sqlite_master WHERE name = 'account'") == [(1,)]


# Older and newer


@pytest.mark.parametrize("words", [*READING, *WRITING])
def test_an_older_file_is_copied_aside_and_raised_by_whatever_command_comes_first(quick, filled, later, words):
    before, version = dumped(filled), len(store_file.STEPS)
    later()
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
        "CREATE TABLE later (id);\nINSERT INTO nowhere VALUES (1);",
        "CREATE TABLE later (id);\nDELETE FROM account;",  # its deals would point nowhere
        "CREATE TABLE later (id);\nthis is no SQL;",
    ],
)
def test_a_step_that_fails_leaves_the_file_as_it_was(quick, filled, later, script):
    before = filled.read_bytes()
    later(script)
    assert quick("list").code == 6
    assert filled.read_bytes() == before


def test_many_that_find_an_older_file_raise_it_once(filled, later):
    before, version = dumped(filled), len(store_file.STEPS)
    later()
    assert forked(8, lambda: store_file.make_ready(filled)) == [0] * 8
    assert asked(filled, "SELECT word FROM later") == [("a; b",)]
    assert {path.name for path in filled.parent.iterdir()} == {filled.name, f"{filled.name}.schema-{version}"}
    assert dumped(filled.with_name(f"{filled.name}.schema-{version}")) == before


def test_an_older_file_is_raised_by_a_real_process(filled, later):
    step = later()
    child = f"""
import sys
from pathlib import Path
from handoffctl.db import file
file.STEPS = [*file.STEPS, Path({str(step)!r})]
file.VERSION = len(file.STEPS)
from handoffctl.app import main
sys.exit(main(["list", "--home", {str(filled.parent)!r}]))
"""
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "acme-corp" in done.stdout
    assert asked(filled, "PRAGMA user_version") == [(store_file.VERSION,)]
