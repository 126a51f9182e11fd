"""What rows were before a command is kept and brought back: after any sequence of commands and undos, to the row."""

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.db.test_record_laws import EXAMPLES, PASSING, Seller, assert_gapless
from tests.db.test_record_laws import commands as told_of_laws
from tests.recorded_rows import held, last_command, log

from handoffctl.db.file import empty_in_memory
from handoffctl.db.integrity import integrity_errors
from handoffctl.db.undo_log import forget_earlier_undos, install_undo_triggers, restore_rows, set_current_command
from handoffctl.errors import Refused

FURTHER = [
    "merge acme birch --yes",
    "merge birch acme --yes",
    "drill reset ACCOUNT",
    "promise add DEAL a-visit",
    "promise kept DEAL 1",
    "contact add ACCOUNT Bob",
    "contact set ACCOUNT Jane --email doe@acme.example",
    "set DEAL contact.phone=123456 deal.amount=0.07",
    "summary draft DEAL --set need=roof",
    "summary sent DEAL",
    "summary correct DEAL need=walls",
    "add Dune --test",
    "playbook agree laws",
]
TAKING_BACK = [
    ["undo"],
    ["undo", "undo"],
    ["undo", "undo", "undo"],
    ["undo --further"],
    ["undo --further", "undo --further"],
    ["undo --further", "undo", "undo", "undo --further"],
]
told = st.one_of(told_of_laws, st.sampled_from(FURTHER), st.sampled_from(PASSING)).map(lambda command: [command])
taking_back = st.sampled_from(TAKING_BACK)
# Rarely, for nothing that came before it can be taken back.
erasing = st.sampled_from([["delete ACCOUNT --yes"], *[["handoff DEAL --to WAY --set need=roof"]] * 9])
blocks = st.tuples(st.one_of(told, told, taking_back, erasing), st.integers(0, 3), st.integers(0, 1))


class Model:
    """What undo should do: the commands in effect, the newest last, each with the records before and after it."""

    def __init__(self) -> None:
        self.in_effect: list[tuple[dict, dict]] = []
        self.taken: tuple[dict, dict] | None = None  # what the newest command took back, if it did
        self.again: tuple[dict, dict] | None = None  # what the newest command did again, if it did

    def told(self, before: dict, after: dict) -> None:
        self.in_effect.append((before, after))
        self.taken = self.again = None

    def erased(self) -> None:
        self.__init__()

    def undone(self, further: bool) -> dict | None:
        """The records after it; None where it must refuse."""
        if not further and self.taken:
            self.in_effect.append(self.taken)
            self.taken = None
            return self.in_effect[-1][1]
        if not self.in_effect:
            return None
        self.taken = self.in_effect.pop()
        return self.taken[0]


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(st.lists(blocks, min_size=4, max_size=12))
def test_after_any_sequence_of_commands_and_undos_the_records_are_those_of_the_commands_in_effect(sequence):
    with TemporaryDirectory() as folder:
        seller, model = Seller(Path(folder) / "home"), Model()
        database = seller.home / "handoffctl.db"
        assert [seller.run("undo", "--further", "--yes")[0] for _ in range(3)] == [0, 0, 3]
        for words in (("add", "Acme", "--contact", "Jane <jane@acme.example>"), ("add", "Birch")):
            before = held(database)
            assert seller.run(*words)[0] == 0
            model.told(before, held(database))
        for command, which, way in ((one, which, way) for block, which, way in sequence for one in block):
            before, last = held(database), last_command(database)
            log_before = log(database, last)
            if command.startswith("undo"):
                code, _, err = seller.run(*command.split(), "--yes")
                wanted = model.undone("--further" in command)
                assert code == 0 if wanted is not None else code in (3, 6), err
                assert held(database) == (before if wanted is None else wanted)
                assert last_command(database) == last + (wanted is not None)
            else:
                words = ["add", "Cedar"] if not seller.rows("SELECT 1 FROM deal") else seller.words(command, which, way)
                code, _, err = seller.run(*words)
                assert code in (0, 2, 3, 4, 6), err
                if code == 0 and words[0] == "delete":
                    model.erased()
                elif last_command(database) > last:
                    model.told(before, held(database))
                else:
                    assert held(database) == before
                    assert log(database, last) == log_before
            assert_gapless(seller, ZoneInfo("UTC"))
            assert seller.rows("PRAGMA foreign_key_check") == []
        assert integrity_errors(database) == []


@pytest.fixture
def small():
    """Two owners with a thing each, under one command; each thing has a length that JSON would round."""
    with closing(empty_in_memory()) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN")
        install_undo_triggers(connection)
        add(connection, 1)
        connection.execute("INSERT INTO account (command_id, slug, name, folded) VALUES (1, 'a', 'A', 'a')")
        connection.execute("INSERT INTO account (command_id, slug, name, folded) VALUES (1, 'b', 'B', 'b')")
        connection.execute("INSERT INTO deal (command_id, account_id, slug) VALUES (1, 1, 'x'), (1, 2, 'y')")
        connection.execute("""INSERT INTO visit (command_id, deal_id, number, playbook, stage, kind, owner, days, ended)
                              VALUES (1, 1, 1, 'p', 's', 'open', 'o', 0.1 + 0.2, 1), (1, 2, 1, 'p', 's', 'open', 'o',
                              1e-300, 1), (1, 2, 2, 'p', 's', 'open', 'o', NULL, 0)""")
        yield connection


def add(connection: sqlite3.Connection, id: int, undoes: int | None = None) -> None:
    connection.execute(
        "INSERT INTO command (id, at, words, says, undoes_id) VALUES (?, '2026-03-01', '', 'x', ?)", (id, undoes)
    )
    set_current_command(connection, id)


def undo(connection: sqlite3.Connection, id: int, undoes: int) -> None:
    add(connection, id, undoes)
    restore_rows(connection, undoes)


def all_of(connection: sqlite3.Connection) -> list[list[tuple]]:
    return [
        connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in ("account", "deal", "visit")
    ]


def test_what_went_with_a_row_comes_back_with_it_and_goes_again(small):
    before = all_of(small)
    add(small, 2)
    small.execute("DELETE FROM account WHERE slug = 'b'")
    after = all_of(small)
    for id in range(3, 9):
        undo(small, id, id - 1)
        assert all_of(small) == (before if id % 2 else after)


def test_lengths_come_back_to_the_last_bit(small):
    add(small, 2)
    small.execute("UPDATE visit SET days = 7")
    undo(small, 3, 2)
    assert small.execute("SELECT days FROM visit ORDER BY id").fetchall() == [(0.1 + 0.2,), (1e-300,), (None,)]


def test_what_only_one_row_may_be_is_passed_to_and_fro(small):
    before = all_of(small)
    add(small, 2)
    small.execute("UPDATE account SET slug = 'c' WHERE id = 1")
    small.execute("UPDATE account SET slug = 'a' WHERE id = 2")
    small.execute("UPDATE account SET slug = 'b' WHERE id = 1")
    small.execute("UPDATE visit SET ended = 1 WHERE deal_id = 2")
    small.execute("UPDATE visit SET ended = 0 WHERE deal_id = 2 AND number = 1")
    after = all_of(small)
    for id in range(3, 7):
        undo(small, id, id - 1)
        assert all_of(small) == (before if id % 2 else after)


def test_a_number_that_is_given_a_second_time_is_no_hindrance(small):
    before = all_of(small)
    add(small, 2)
    small.execute("DELETE FROM account WHERE id = 2")
    small.execute("INSERT INTO account (id, command_id, slug, name, folded) VALUES (2, 2, 'n', 'New', 'new')")
    after = all_of(small)
    for id in range(3, 7):
        undo(small, id, id - 1)
        assert all_of(small) == (before if id % 2 else after)


def test_bytes_that_another_hand_put_in_the_place_of_text_keep_no_command_from_its_work(small):
    small.execute("UPDATE account SET name = x'41', domain = x'80' WHERE id = 1")
    add(small, 2)
    small.execute("DELETE FROM account WHERE id = 1")
    add(small, 3, 2)
    with pytest.raises(Refused):
        restore_rows(small, 2)


def test_nothing_can_be_changed_before_it_is_said_under_which_command():
    with closing(empty_in_memory()) as connection:
        connection.execute("INSERT INTO command (id, at, words, says) VALUES (1, '2026-03-01', '', '')")
        install_undo_triggers(connection)
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE command SET says = 'y'")


def test_what_earlier_undos_kept_is_dropped_and_what_commands_kept_stays(small):
    add(small, 2)
    small.execute("UPDATE account SET name = 'C'")
    for id in range(3, 6):
        undo(small, id, id - 1)
    forget_earlier_undos(small, 5)
    assert small.execute("SELECT DISTINCT command_id FROM former").fetchall() == [(2,), (5,)]
