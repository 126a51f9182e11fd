"""A database that somebody wrote to by hand: no traceback, but a sentence; and doctor names the row."""

import sqlite3
from contextlib import closing

import pytest

from handoffctl.core.moments import parse_iso
from handoffctl.db.integrity import _MOMENT, integrity_errors

BY_HAND = {
    "a moment that is none": "UPDATE visit SET entered_at = 'not a date'",
    "an instant without its zone": "UPDATE visit SET entered_at = '2026-01-01T00:00:00'",
    "a day that is none": "UPDATE visit SET entered_at = '2026-13-45'",
    "a moment at the hour 24": "UPDATE visit SET entered_at = '2026-03-01T24:00:00Z'",
    "a day that February lacks": "UPDATE visit SET entered_at = '2026-02-30'",
    "a blob for a name": "UPDATE account SET name = x'80ff'",
    "text that is no UTF-8": "UPDATE account SET name = CAST(x'80ff' AS TEXT)",
    "text for an amount": "UPDATE deal SET amount_cents = 'much'",
    "half a cent": "UPDATE deal SET amount_cents = 1.5",
    "text for a length": "UPDATE visit SET days = 'long'",
    "a due day that is none": "UPDATE step SET due = 'soon'",
    "no present stay": "UPDATE visit SET ended = 1",
    "a way never gone": "UPDATE path SET stages = 'solo/won'",
}
READING = tuple(
    words.split()
    for words in (
        "list", "list --json", "show acme-corp", "show acme-corp --json", "check acme-corp", "log", "report throughput",
        "handoff acme-corp", "set acme-corp budget=1",
    )
)  # fmt: skip


@pytest.fixture
def filled(quick, home):
    quick("add", "Acme Corp", "--contact", "Ada <ada@acme.example>", now="2026-03-02")
    quick("set", "acme-corp", "deal.amount=1200", now="2026-03-02")
    quick("step", "acme-corp", "call", "--due", "2026-03-05", now="2026-03-02")
    return home / "handoffctl.db"


@pytest.mark.parametrize("sql", BY_HAND.values(), ids=BY_HAND)
def test_what_was_written_by_hand_is_named_and_never_a_traceback(quick, filled, sql):
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute(sql)
    for words in READING:
        assert quick(*words, now="2026-03-03").code in (0, 3, 4, 6), words
    looked = quick("doctor", "--json", now="2026-03-03")
    assert looked.code == 6
    assert looked.json["problems"]


TRIALS_BY_HAND = {
    "a beginning that is no moment": "UPDATE trial SET started_at = 'soon'",
    "an end that is no moment": "UPDATE trial SET ended_at = 'later', verdict = 'put_back'",
    "a verdict that there is not": "UPDATE trial SET ended_at = '2026-03-02', verdict = 'maybe'",
    "a kind that there is not": "UPDATE trial SET kind = 'word'",
    "a way that there is not": "UPDATE trial SET mode = 'guess'",
    "a margin without an end": "UPDATE trial SET margin = 9e999",
}
ABOUT_TRIALS = [tuple(words.split()) for words in ("trial list", "trial list --json", "trial show --json")]


@pytest.mark.parametrize("sql", TRIALS_BY_HAND.values(), ids=TRIALS_BY_HAND)
def test_a_trial_written_by_hand_is_named_and_never_a_traceback(quick, filled, sql):
    assert quick("trial", "start", "qualified.situation", now="2026-03-02").code == 0
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute(sql)
    for words in ABOUT_TRIALS:
        read = quick(*words, now="2026-03-03")
        assert read.code in (0, 4, 6), words
        assert "Infinity" not in read.out
    looked = quick("doctor", "--json", now="2026-03-03")
    assert looked.code == 6
    assert looked.json["problems"][0].startswith("trial.")


def test_a_sound_database_has_nothing_to_name(quick, filled):
    assert quick("doctor", "--json").json["problems"] == []


def test_a_bug_is_not_blamed_on_a_sound_database(quick, filled, monkeypatch):
    monkeypatch.setattr("handoffctl.overview.query.deals", lambda *given, **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        quick("list")


MOMENTS = (
    "2026-03-01", "2024-02-29", "2026-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-10", "2026-03-00",
    "1899-12-31", "1900-01-01", "2199-12-31T23:59:59Z", "2200-01-01", "2026-03-01T09:00:00Z", "2026-03-01T24:00:00Z",
    "2026-03-01T23:59:60Z", "2026-03-01T09:60:00Z", "2026-03-01T09:00:00", "2026-03-01T09:00:00z",
    "2026-03-01t09:00:00Z",
    "2026-03-01T09:00:00.5Z", "2026-03-01T09:00:00.123456Z", "2026-03-01T09:00:00.123456789Z", 
    "2026-03-01T09:00:00.5 Z", "2026-03-01T09:00:00.5ZZ", "2026-03-01T09:00:00.5+02:00Z", "2026-03-01T09:00Z",
    "2026-03-01 09:00:00Z", "2026-03-01\0", "2026-03-01T09:00:00Z\0", "２026-03-01", "", "now", "2461101.5",
)  # fmt: skip


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_sound_exactly_where_the_program_reads_it(text):
    with closing(sqlite3.connect(":memory:")) as connection:
        sound = connection.execute(f"SELECT {_MOMENT.format(':text')}", {"text": text}).fetchone()[0] == 1
    try:
        # A fraction may be longer than the program itself would write it.
        reads = parse_iso(text)[:26].rstrip("Z") == text[:26].rstrip("Z") and text.endswith(("Z", text[:10][-1]))
    except ValueError:
        reads = False
    assert sound is reads


def test_a_meeting_lasts_a_minute_at_least_and_a_day_at_most(quick, filled, execute):
    assert quick("meeting", "book", "acme-corp", "--at", "2026-03-09T10:00", now="2026-03-02").code == 0
    for minutes, at_fault in ((1, False), (1440, False), (0, True), (1441, True), (-30, True)):
        execute(filled, f"UPDATE meeting SET minutes = {minutes}")
        assert bool(integrity_errors(filled)) is at_fault


FOREIGN = {
    "a table": 'CREATE TABLE "a b" ("c d" TEXT)',
    "a table like ours": 'CREATE TABLE "other" (id INTEGER PRIMARY KEY, command_id INTEGER, x TEXT)',
    "a virtual table": 'CREATE VIRTUAL TABLE "found words" USING fts5 (word)',
    "a table with a quote in its name": 'CREATE TABLE "o\'x""y" (id INTEGER)',
    "a view": 'CREATE VIEW "a view" AS SELECT 1 AS x',
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON touch BEGIN SELECT 1; END",
}


@pytest.mark.parametrize("sql", FOREIGN.values(), ids=FOREIGN)
def test_what_another_hand_put_into_the_file_is_named_and_hinders_no_command(quick, filled, execute, sql):
    execute(filled, sql)
    assert quick("touch", "acme-corp", "call", "they want it", now="2026-03-03").code == 0
    for _ in range(2):
        assert quick("undo", "--yes", now="2026-03-03").code == 0
    looked = quick("doctor", "--json", now="2026-03-03")
    assert looked.code == 6
    assert "none of this program's" in looked.json["problems"][0]


def test_a_column_of_another_hand_is_kept_for_undo_too(quick, filled, execute, rows):
    execute(
        filled,
        """ALTER TABLE account ADD COLUMN "my ""own"" 'note'" TEXT""",
        """UPDATE account SET "my ""own"" 'note'" = 'x'""",
    )
    assert quick("rename", "acme-corp", "Other", now="2026-03-03").code == 0
    assert quick("undo", "--yes", now="2026-03-03").code == 0
    assert rows("SELECT * FROM account")[0][-1] == "x"
