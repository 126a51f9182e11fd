"""A file that cannot be used is refused in one sentence, by every command, and stays as it is."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.db.file_checks import READING, WRITING, assert_refused, lines

from handoffctl.db import file as store_file

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
    "a directory": ("is a folder", _directory),
    "a table missing": ("lacks tables or columns", _sql("DROP TABLE gap", "DROP TABLE step", "DROP TABLE visit")),
    "a column missing": ("lacks tables or columns", _sql("ALTER TABLE visit RENAME COLUMN playbook TO rules")),
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


@pytest.mark.parametrize("words", [*READING[:3], WRITING[0], WRITING[2]], ids=" ".join)
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
    damages = (bytes(4096), b"\xff" * 4096, bytes(range(256)) * 16)
    for page in range(1, len(whole) // 4096, 4):  # so that every kind of damage comes in turn
        filled.write_bytes(whole[: page * 4096] + damages[page % 3] + whole[(page + 1) * 4096 :])
        for words in (*READING, WRITING[1]):
            assert quick(*words).code in (0, 3, 4, 6)
