"""undo: the records are what they were before the command, row for row; typed again, what they were after it."""

import json
import sqlite3
import sys
from contextlib import closing

import pytest
from tests.recorded_rows import held, last_command, log

DAY = "2026-03-02T09:00:00Z"
NOW = "2026-03-03T09:00:00Z"
LATER = "2026-03-04T09:00:00Z"

SHOP = """\
playbook: shop
title: Shop
roles: {seller: Who sells, delivery: Who delivers}
fields:
  pain: {label: Pain, summary: current situation}
  wishes: {label: Wishes, type: list, summary: priorities}
  trade: {label: Trade, of: account}
stages:
  lead: {title: Lead, owner: seller}
  talk: {title: Talk, owner: seller}
  offer: {title: Offer, owner: delivery}
  won: {title: Won, kind: won, owner: delivery}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: lead, to: talk, required: [pain], trigger: {says: They tell why., when: [pain]}, reason: They fit.,
     benefit: They are heard., emails: [introduction]}
  - {from: talk, to: offer, trigger: They ask., reason: They want one., benefit: They get one.}
  - {from: offer, to: won, trigger: They sign., reason: They want it., benefit: They get it.}
"""

# What each account is there for: one at the beginning, a double of it, one handed over, one closed, one to drill with.
MADE = (
    ("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>"),
    ("set", "acme-corp", "trade=tools", "deal.amount=1200.50"),
    ("step", "acme-corp", "call her", "--due", "+3d"),
    ("promise", "add", "acme-corp", "a visit", "--by", "2026-05-01"),
    ("add", "Acme GmbH", "--contact", "Jane Doe <jane@acme.example>"),
    ("contact", "set", "acme-gmbh", "Jane Doe", "--phone", "+49 30 1"),
    ("set", "acme-gmbh", "trade=machines", "account.domain=acme.example"),
    ("touch", "acme-gmbh", "call", "they called"),
    ("add", "Birch Barn", "--contact", "Ann <ann@birch.example>"),
    ("set", "birch-barn", "pain=it broke in May", "wishes=speed; quiet"),
    ("handoff", "birch-barn", "--step", "send the offer"),
    ("summary", "draft", "birch-barn"),
    ("summary", "sent", "birch-barn"),
    ("handoff", "birch-barn", "--to", "offer"),
    ("add", "Cedar Shed"),
    ("close", "cedar-shed", "--lost", "--because", "no budget"),
    ("add", "Dove Den"),
    ("meeting", "book", "dove-den", "--at", "2026-03-02T15:00"),
    ("person", "add", "Mia Muster", "--role", "delivery"),
    ("add", "Test Inc", "--test", "--contact", "Ted <ted@test.example>"),
    ("handoff", "test-inc", "--set", "pain=it broke in May"),
)

COMMANDS = (
    ("add", "Dune Diner", "--contact", "Ida <ida@dune.example>"),
    ("add", "Dune Diner", "--no-deal"),
    ("deal", "add", "acme-corp", "Renewal"),
    ("contact", "add", "acme-corp", "Bob Ray <bob@acme.example>"),
    ("contact", "set", "acme-corp", "Jane Doe", "--title", "CFO", "--email", "doe@acme.example"),
    ("set", "acme-corp", "pain=it broke in May", "contact.phone=+49 30 7", "deal.amount=2400.10"),
    ("rename", "acme-corp", "Xanthippe"),
    ("merge", "acme-corp", "acme-gmbh", "--yes"),
    ("merge", "acme-gmbh", "acme-corp", "--yes"),
    ("touch", "acme-corp", "meeting", "they came", "--outcome", "held", "--set", "pain=it broke", "--step", "write"),
    ("step", "acme-corp", "write to her"),
    ("step", "acme-corp", "--done"),
    ("handoff", "acme-corp", "--set", "pain=it broke in May"),
    ("handoff", "birch-barn", "--to", "won"),
    ("accept", "birch-barn"),
    ("return", "birch-barn", "--because", "nobody knows why", "--missing", "pain"),
    ("close", "acme-corp", "--nurture", "--because", "no time", "--wake", "+90d"),
    ("close", "acme-corp", "--disqualified", "--because", "no fit"),
    ("close", "birch-barn", "--won"),
    ("reopen", "cedar-shed"),
    ("summary", "draft", "acme-corp", "--set", "pain=it broke in May"),
    ("summary", "sent", "acme-corp"),
    ("summary", "confirm", "birch-barn", "--note", "all right"),
    ("meeting", "book", "acme-corp", "--at", "+2d", "--for", "talk"),
    ("meeting", "book", "birch-barn", "--at", "+2d"),
    ("meeting", "held", "dove-den"),
    ("meeting", "no-show", "dove-den"),
    ("meeting", "move", "dove-den", "--at", "+9d"),
    ("meeting", "cancel", "dove-den"),
    ("person", "add", "Ben Beispiel", "--role", "delivery", "--away", "tomorrow..+5d"),
    ("person", "add", "Mia Muster", "--role", "seller", "--email", "mia@shop.example"),
    ("person", "add", "Mia Muster", "--capacity", "12"),
    ("person", "remove", "Mia Muster"),
    ("summary", "correct", "birch-barn", "pain=it broke in June"),
    ("promise", "add", "birch-barn", "training"),
    ("promise", "kept", "acme-corp", "1"),
    ("drill", "reset", "test-inc"),
    ("playbook", "agree", "shop", "--who", "delivery"),
)  # fmt: skip
BLOCKED = (("handoff", "acme-corp"), 3), (("set", "acme-corp", "pain=tbd"), 6)


@pytest.fixture
def shop(home, does, playbook, once):
    def make():
        playbook(SHOP)
        (home / "config.yaml").write_text("playbook: shop\nzone: UTC\n", encoding="utf-8")
        for words in MADE:
            does(*words, now=DAY)

    once(make)
    return home / "handoffctl.db"


@pytest.mark.parametrize("words", [*((words, 0) for words in COMMANDS), *BLOCKED], ids=lambda words: " ".join(words[0]))
def test_a_command_that_was_taken_back_leaves_the_records_as_before_it_and_again_as_after_it(does, shop, rows, words):
    told, code = words
    before, last = held(shop), last_command(shop)
    log_before = log(shop, last)
    does(*told, code=code)
    after, log_after = held(shop), log(shop, last + 1)
    assert after != before
    does("undo", "--yes", now=LATER)
    assert held(shop) == before
    assert log(shop, last) == log_before
    does("undo", "--yes", now=LATER)
    assert held(shop) == after
    assert log(shop, last + 1) == log_after
    does("undo", "--further", "--yes", now=LATER)
    assert held(shop) == before
    assert rows("PRAGMA foreign_key_check") == []
    assert does("doctor", "--json").json["problems"] == []


def test_everything_is_taken_back_one_by_one_down_to_nothing_and_each_is_in_the_log(does, quick, shop):
    for words in COMMANDS[-6:]:
        does(*words)
    before = [one["says"] for one in does("log", "--json", "--limit", "500").json["events"]]
    while (ran := quick("undo", "--further", "--yes", now=LATER)).code == 0:
        pass
    assert ran.err.splitlines()[0] == "There is nothing to take back."
    assert ran.code == 3
    assert not any(held(shop).values())
    told = does("log", "--json", "--limit", "500").json
    assert [one["says"] for one in told["events"]][: len(before)] == before
    assert [one["says"] for one in told["events"]][len(before) :] == [f"Took back: {says}" for says in before[::-1]]
    assert all(one["undone"] == (one["undoes"] is None) for one in told["events"])


def test_it_says_in_one_sentence_what_it_takes_back_and_the_log_marks_it(does):
    does("add", "Acme Corp", now=DAY)
    assert does("undo", "--yes").out == "Took back: Added Acme Corp, in Lead.\n"
    assert does("log").out.splitlines() == [
        "2026-03-02 09:00  Added Acme Corp, in Lead. (taken back)",
        "2026-03-03 09:00  Took back: Added Acme Corp, in Lead.",
    ]
    assert does("undo", "--yes", now=LATER).out == "Did again: Added Acme Corp, in Lead.\n"
    assert does("log", "acme-corp").out.splitlines() == [
        "2026-03-02 09:00  Added Acme Corp, in Lead.",
        "2026-03-03 09:00  Took back: Added Acme Corp, in Lead. (taken back)",
        "2026-03-04 09:00  Did again: Added Acme Corp, in Lead.",
    ]
    events = does("log", "--json").json["events"]
    assert [(one["id"], one["undone"], one["undoes"]) for one in events] == [(1, False, None), (2, True, 1),
                                                                            (3, False, 2)]  # fmt: skip


def test_json_tells_the_command_and_whether_it_was_done_again(does):
    does("add", "Acme Corp", now=DAY)
    about = {"id": 1, "at": DAY, "says": "Added Acme Corp, in Lead."}
    assert does("undo", "--yes", "--json").json == {
        "undoes": 1, "again": False, "command": about, "says": "Took back: Added Acme Corp, in Lead.", "notes": [],
    }  # fmt: skip
    assert does("undo", "--yes", "--json").json == {
        "undoes": 2, "again": True, "command": about, "says": "Did again: Added Acme Corp, in Lead.", "notes": [],
    }  # fmt: skip


def test_without_a_terminal_it_needs_yes_and_says_what_it_would_take_back(does, shop):
    before = held(shop)
    does("touch", "acme-corp", "call", "they\nlike it")
    after = held(shop)
    refused = does("undo", code=2)
    assert refused.out == ""
    assert refused.err.splitlines() == [
        "This would take back, from 2026-03-03 09:00: Call to Acme Corp: they like it.",
        "If you mean it, add --yes.",
    ]
    does("undo", "--json", code=2)
    assert held(shop) == after
    does("undo", "--yes")
    assert "This would do again, from 2026-03-03 09:00: Call" in does("undo", code=2).err
    assert held(shop) == before


def test_where_nothing_was_recorded_there_is_nothing_to_take_back(does, home):
    assert does("undo", "--yes", code=3).err.startswith("There is nothing to take back.\n")
    assert does("undo", "--further", code=3).err.startswith("There is nothing to take back.\n")
    assert not (home / "handoffctl.db").exists()


def test_what_is_recorded_after_an_undo_is_taken_back_before_what_came_earlier(does, shop):
    states = [held(shop)]
    for words in (("add", "Dune Diner"), ("add", "Elm Eatery")):
        does(*words)
        states.append(held(shop))
    does("undo", "--yes")
    does("add", "Fir Farm")
    does("undo", "--yes")
    assert held(shop) == states[1]
    does("undo", "--further", "--yes")
    assert held(shop) == states[0]
    assert does("undo", "--yes").out.startswith("Did again: Added Dune Diner")
    assert held(shop) == states[1]


def test_the_order_of_commands_counts_not_their_moments(does, shop):
    before = held(shop)
    does("touch", "acme-corp", "call", "in March", now=LATER)
    does("undo", "--yes", now="2025-01-01")
    assert held(shop) == before
    assert "in March" in does("undo", "--yes", now="2024-01-01").out


def test_an_erasure_is_not_taken_back_nor_what_was_done_before_it(does, shop, rows):
    does("add", "Dune Diner")
    does("undo", "--yes")
    does("delete", "acme-gmbh", "--yes")
    assert rows("SELECT count(*) FROM former") == [(0,)]
    after = held(shop)
    for words in (("undo",), ("undo", "--yes"), ("undo", "--further", "--yes")):
        refused = does(*words, code=6)
        assert refused.err.splitlines() == [
            "Erased an account with everything about it. That cannot be taken back: nothing of it was kept.",
            "What was done before it cannot be taken back either.",
        ]
    does("add", "Elm Eatery")
    does("undo", "--yes")
    assert held(shop) == after
    assert does("undo", "--further", "--yes", code=6).err.startswith("Erased")


def test_an_account_that_was_taken_back_and_added_again_is_erased_from_the_log_too(does, home):
    does("add", "Quixotry")
    does("set", "quixotry", "situation=their kiln cracked in spite")
    for further in ((), (), ("--further",), (), ("--further",), ("--further",), ()):
        does("undo", *further, "--yes")
    does("delete", "quixotry", "--yes")
    content = (home / "handoffctl.db").read_bytes()
    assert b"uixotry" not in content
    assert b"kiln" not in content


def test_what_was_recorded_before_there_was_undo_is_not_taken_back(does, shop):
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("UPDATE command SET final = 'it is older than undo'")
    refused = does("undo", "--yes", code=6)
    assert "That cannot be taken back: it is older than undo." in refused.err


def test_a_stage_that_was_renamed_is_named_back_by_the_command_that_is_told(does, shop, home):
    before, file = held(shop), (home / "playbooks" / "shop.yaml").read_text()
    does("playbook", "rename-stage", "talk", "talks", "--playbook", "shop", "--yes")
    refused = does("undo", "--yes", code=6)
    assert refused.err.splitlines()[0].startswith("Renamed the stage talk to talks in the playbook shop. That cannot")
    hint = refused.err.splitlines()[1]
    does(*hint.partition(": handoffctl ")[2].split(), "--yes")
    assert held(shop) == before
    assert (home / "playbooks" / "shop.yaml").read_text() == file


def test_deals_moved_to_a_stage_without_a_change_of_the_file_are_moved_back(does, shop, home):
    does("handoff", "acme-corp", "--set", "pain=it broke in May")
    path = home / "playbooks" / "shop.yaml"
    path.write_text(
        path.read_text()
        .replace("  talk: {title: Talk, owner: seller}\n", "")
        .replace("to: talk,", "to: offer, name: skip,")
        .replace(
            "  - {from: talk, to: offer, trigger: They ask., reason: They want one., benefit: They get one.}\n", ""
        )
    )
    before = held(shop)
    does("playbook", "rename-stage", "talk", "offer", "--playbook", "shop", "--yes")
    assert held(shop) != before
    does("undo", "--yes")
    assert held(shop) == before


def test_a_command_recorded_meanwhile_is_not_taken_back_in_the_place_of_the_one_shown(does, shop, home):
    from handoffctl.errors import NotReady
    from handoffctl.overview.undo import carry_out, plan_undo
    from handoffctl.workspace.home import Home

    mine = Home(home, now=LATER, words="handoffctl undo")
    shown = plan_undo(mine, further=False)
    does("add", "Dune Diner")
    before = held(shop)
    with pytest.raises(NotReady, match="Something else was recorded meanwhile"):
        carry_out(mine, shown, further=False)
    assert held(shop) == before


def test_commands_with_nothing_to_say_are_passed_over(does, shop):
    before = held(shop)
    does("add", "Dune Diner")
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("INSERT INTO command (id, at, words, says) VALUES (900, '2026-03-03', 'review', '')")
        connection.execute("INSERT INTO review (command_id, receiver, at) VALUES (900, 'seller', '2026-03-03')")
    does("undo", "--yes")
    assert held(shop) == before | {"review": [(1, 900, "seller", "2026-03-03")]}
    does("undo", "--yes")
    assert does("show", "dune-diner").code == 0


def test_what_a_silent_command_changed_since_is_not_overwritten(does, shop):
    does("add", "Dune Diner")
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("INSERT INTO command (id, at, words, says) VALUES (900, '2026-03-03', 'review', '')")
        connection.execute("INSERT INTO former (command_id, of_table, of_row, was) VALUES (900, 'account', 1, 'null')")
    assert "later changes rest on it" in does("undo", "--yes", code=6).err


def test_records_that_would_point_nowhere_are_a_sentence_and_nothing_changes(does, shop, rows):
    does("handoff", "acme-corp", "--set", "pain=it broke in May")
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("UPDATE visit SET handoff_id = (SELECT max(id) FROM handoff) WHERE deal_id = 2")
    before = held(shop)
    refused = does("undo", "--yes", code=6)
    assert "That cannot be taken back: later records rest on it." in refused.err
    assert held(shop) == before
    assert rows("SELECT count(*) FROM command WHERE undoes_id IS NOT NULL") == [(0,)]


HOSTILE = {
    "no JSON": "UPDATE former SET was = 'not JSON'",
    "no object": "UPDATE former SET was = '[1]'",
    "another row": "UPDATE former SET was = json_set(was, '$.id', 77)",
    "another column": "UPDATE former SET was = json_set(was, '$.id = 1; DROP TABLE deal; --', 1)",
    "a list for a value": "UPDATE former SET was = json_set(was, '$.name', json('[1]'))",
    "a number beyond all": "UPDATE former SET was = replace(was, '\"main\":1', '\"main\":' || printf('%.*c', 40, '9'))",
    "nothing for a name": "UPDATE former SET was = json_set(was, '$.folded', NULL)",
    "an endless depth": "UPDATE former SET was = printf('%.*c', 100000, '[')",
    "bytes": "UPDATE former SET was = x'80ff00'",
    "no UTF-8": "UPDATE former SET was = CAST(x'227b80ff22' AS TEXT)",
    "another table": "UPDATE former SET of_table = 'sqlite_master'",
    "a table of its own": "UPDATE former SET of_table = 'former'",
    "a table that is no UTF-8": "UPDATE former SET of_table = CAST(x'80ff' AS TEXT)",
    "a row that is none": "UPDATE former SET of_row = 'x', was = json_set(was, '$.id', 'x')",
}


@pytest.mark.parametrize("sql", HOSTILE.values(), ids=HOSTILE)
def test_what_was_written_by_hand_into_what_is_kept_is_refused_and_nothing_changes(does, shop, rows, sql):
    does("contact", "set", "acme-corp", "Jane Doe", "--title", "CFO")
    with closing(sqlite3.connect(shop, isolation_level=None)) as connection:
        kept = "SELECT count(*) FROM former WHERE command_id = (SELECT max(id) FROM command)"
        assert connection.execute(kept).fetchone() == (1,)
        connection.execute(sql)
    before = rows("SELECT * FROM contact"), rows("SELECT count(*) FROM command")
    refused = does("undo", "--yes", code=6)
    assert len(refused.err.splitlines()) == 2
    assert (rows("SELECT * FROM contact"), rows("SELECT count(*) FROM command")) == before


def test_undos_that_take_back_each_other_by_hand_are_no_endless_search(does, shop):
    with closing(sqlite3.connect(shop)) as connection, connection:
        last = connection.execute("SELECT max(id) FROM command").fetchone()[0]
        connection.execute("UPDATE command SET undoes_id = ? WHERE id = ?", (last, last - 1))
        connection.execute("UPDATE command SET undoes_id = ? WHERE id = ?", (last - 1, last))
    assert json.loads(does("log", "--json").out)["events"]
    does("undo", code=2)
    does("undo", "--further", code=2)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_it_asks_first_and_enter_changes_nothing(does, shop, sits):
    does("add", "Dune Diner")
    before = held(shop)
    no = sits("undo").sees("From 2026-03-03 09:00: Added Dune Diner, in Lead. Take back? [y/N] ").types("")
    assert no.ends() == 0
    assert no.lines[-1] == "Nothing was changed."
    assert held(shop) == before
    yes = sits("undo").sees("[y/N] ").types("y")
    assert yes.ends() == 0
    assert yes.lines[-1] == "Took back: Added Dune Diner, in Lead."
    assert "dune-diner" not in does("list").out


@pytest.mark.parametrize("option", [["--ics", "a b.ics"], ["--ics=a b.ics"]], ids=["apart", "together"])
def test_a_calendar_file_that_was_written_stays_and_that_is_said(quick, tmp_path, monkeypatch, option):
    monkeypatch.chdir(tmp_path)
    quick("add", "Acme Corp", now=DAY)
    assert quick("meeting", "book", "acme-corp", "--at", "2026-03-05T10:00", *option, now=DAY).code == 0
    told = quick("undo", "--yes", now=DAY)
    assert "The calendar file that it wrote stays: a b.ics." in told.err
    assert (tmp_path / "a b.ics").exists()
    assert "stays" not in quick("undo", "--yes", now=DAY).err


def test_erasing_says_beforehand_that_nothing_before_it_can_be_taken_back(quick, dump):
    quick("add", "Acme Corp", now=DAY)
    before = dump()
    told = quick("delete", "acme-corp", now=DAY)
    assert (told.code, dump()) == (2, before)
    assert "afterwards neither can anything that was done before it" in told.err
