"""A database that somebody wrote to by hand: no traceback, but a sentence; and doctor names the row."""

import sqlite3
from contextlib import closing

import pytest

BY_HAND = {
    "a moment that is none": "UPDATE visit SET entered_at = 'not a date'",
    "an instant without its zone": "UPDATE visit SET entered_at = '2026-01-01T00:00:00'",
    "a day that is none": "UPDATE visit SET entered_at = '2026-13-45'",
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


def test_a_sound_database_has_nothing_to_name(quick, filled):
    assert quick("doctor", "--json").json["problems"] == []


def test_a_bug_is_not_blamed_on_a_sound_database(quick, filled, monkeypatch):
    monkeypatch.setattr("handoffctl.views.listing.deals", lambda *given, **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        quick("list")
