"""Journals: a write that a crash cut short is undone by the next command, and a journal that is none does no harm."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.db.file_checks import asked, assert_refused, dumped


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
def test_a_journal_that_is_none_does_no_harm(quick, filled, garbage, words):
    before = dumped(filled)
    Path(f"{filled}-journal").write_bytes(garbage)
    assert quick(*words).code == 0
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
