"""`report handoffs` over what the program itself recorded."""

import csv
import io
import sqlite3

import pytest
from tests.march import day

SALES = """\
playbook: sales
roles: {hunter: Finds them, closer: Talks to them, builder: Delivers}
fields:
  situation: {type: text}
  budget: {type: money}
criteria:
  big: {field: budget, at_least: 5000}
stages:
  lead: {title: Lead, owner: hunter}
  talk: {title: Talk, owner: closer}
  won: {title: Won, kind: won, owner: builder}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They ask., reason: They fit., benefit: They are heard.,
     required: [situation], nice_to_have: [big, contact.phone, deal.source]}
  - {from: talk, to: won, trigger: They sign., reason: They said yes., benefit: They get it., required: [budget]}
  - {from: talk, name: holiday, receiver: hunter, trigger: Leave., reason: Nobody is in., benefit: Somebody answers.}
"""


@pytest.fixture
def record(quick, playbook):
    """`record("acme", "accept", at=day(3))`: the program, told to go well."""
    playbook(SALES)

    def record(command, *words, at):
        ran = quick(command, *words, now=at)
        assert ran.code == 0, ran
        return ran

    return record


@pytest.fixture
def handed(record):
    """`handed("Acme", at=day(2))`: an account that was added the day before and is handed to the closer."""

    def handed(name, at, *more):
        record("add", name, "--playbook", "sales", *more, at=day(1))
        record("handoff", name, "--set", "situation=their tool broke", at=at)

    return handed


def way(told, name="talk"):
    return next(row for row in told["handoffs"] if row["handoff"] == name)


def told(quick, now, *more):
    ran = quick("report", "handoffs", "--json", *more, now=now)
    assert ran.code == 0, ran
    return ran.json


def test_handoffs_are_counted_by_what_became_of_them(quick, record, handed):
    handed("Acme", day(2))
    record("accept", "Acme", at=day(4))
    handed("Northwind", day(2))
    record("return", "Northwind", "--because", "nobody there knows of it", at=day(5))
    record("add", "Globex", "--playbook", "sales", at=day(1))
    assert quick("handoff", "Globex", now=day(2)).code == 3
    found = told(quick, day(12))
    row = way(found)
    assert (row["attempts"], row["completed"], row["blocked"]) == (3, 2, 1)
    assert (row["accepted"], row["returned"], row["returned_share"]) == (1, 1, 0.5)
    assert (row["from"], row["to"], row["title"]) == ("lead", "talk", "Lead to Talk")
    assert row["days_to_accept"] == {"median": 2.0, "low": 2.0, "high": None}
    assert (row["waiting"], row["longest_wait_days"]) == (1, 10.0)
    assert way(found, "won")["attempts"] == 0
    assert way(found, "won")["days_to_accept"] == {"median": None, "low": None, "high": None}
    assert [(one["owner"], one["attempts"]) for one in found["senders"]] == [("hunter", 3)]
    assert [(one["owner"], one["completed"]) for one in found["receivers"]] == [("closer", 2)]


def test_the_first_touch_is_the_receivers_and_a_note_is_none(quick, record, handed):
    handed("Acme", day(2))
    record("touch", "Acme", "note", "read the file", at=day(3))
    record("touch", "Acme", "call", "rang them", at=day(5))
    record("touch", "Acme", "call", "rang again", at=day(6))
    handed("Northwind", day(4))
    record("return", "Northwind", "--because", "nobody there knows of it", at=day(5))
    record("touch", "Northwind", "call", "the hunter rang", at=day(6))
    row = way(told(quick, day(12)))
    # One after three days; the other could no longer happen after one day.
    assert row["days_to_first_touch"]["median"] == 3.0
    assert row["readiness_of"] == 1
    assert (row["waiting"], row["longest_wait_days"]) == (0, None)


def test_what_is_learned_between_handoff_and_first_call_raises_the_readiness(quick, record, handed):
    handed("Acme", day(2))
    handed("Northwind", day(2))
    record("set", "Northwind", "budget=7,000", at=day(3))
    record("set", "Northwind", "contact.phone=+49 30 1234567", at=day(3, 10))
    for name in ("Acme", "Northwind"):
        record("touch", name, "call", "rang them", at=day(4))
        record("set", name, "deal.source=fair", at=day(5))
    # Of four items Acme had one at the first call, Northwind three.
    row = way(told(quick, day(12)))
    assert (row["readiness"], row["readiness_of"]) == (0.5, 2)


def test_what_the_first_call_itself_tells_was_not_known_before_it(quick, record, handed):
    handed("Acme", day(2))
    record("touch", "Acme", "call", "rang them", "--set", "budget=9000", at=day(4))
    assert way(told(quick, day(12)))["readiness"] == 0.25


def test_a_value_that_does_not_meet_the_item_leaves_it_missing(quick, record, handed):
    handed("Acme", day(2))
    record("set", "Acme", "budget=100", at=day(3))
    record("touch", "Acme", "call", "rang them", at=day(4))
    assert way(told(quick, day(12)))["readiness"] == 0.25


def test_a_contact_counts_from_when_it_was_added(quick, record, handed):
    for name, added in (("Acme", day(3)), ("Northwind", day(5))):
        handed(name, day(2))
        record("contact", "add", name, "Jane Doe", "--phone", "+49 30 1234567", at=added) if added < day(4) else None
        record("touch", name, "call", "rang them", at=day(4))
        record("contact", "add", name, "Jane Doe", "--phone", "+49 30 1234567", at=added) if added > day(4) else None
    row = way(told(quick, day(12)))
    assert (row["readiness"], row["readiness_of"]) == (0.375, 2)


def test_on_one_day_the_order_of_the_commands_decides(quick, record):
    record("add", "Acme", "--playbook", "sales", at="2026-03-01")
    record("touch", "Acme", "call", "the hunter rang", at="2026-03-02")
    record("handoff", "Acme", "--set", "situation=their tool broke", at="2026-03-02")
    assert way(told(quick, "2026-03-02"))["readiness_of"] == 0
    record("set", "Acme", "budget=9000", at="2026-03-02")
    record("touch", "Acme", "call", "the closer rang", at="2026-03-02")
    record("set", "Acme", "deal.source=fair", at="2026-03-02")
    row = way(told(quick, "2026-03-02"))
    assert (row["readiness"], row["days_to_first_touch"]["median"]) == (0.5, 0.0)


def test_where_only_the_person_changes_the_next_one_holds_the_deal(quick, record, handed):
    handed("Acme", day(2))
    record("handoff", "Acme", "--to", "holiday", at=day(4))
    record("touch", "Acme", "call", "the hunter rang", at=day(7))
    found = told(quick, day(12))
    assert way(found)["days_to_first_touch"]["median"] is None
    assert way(found, "holiday")["days_to_first_touch"]["median"] == 3.0
    assert way(found, "holiday")["to"] == "talk"
    assert way(found, "holiday")["readiness"] is None
    assert [(one["owner"], one["completed"]) for one in found["receivers"]] == [("closer", 1), ("hunter", 1)]


def test_a_win_is_a_handoff_and_its_receiver_delivers(quick, record, handed):
    handed("Acme", day(2))
    record("handoff", "Acme", "--to", "won", "--set", "budget=9000", at=day(4))
    row = way(told(quick, day(12)), "won")
    assert (row["completed"], row["waiting"], row["longest_wait_days"]) == (1, 1, 8.0)


def test_what_was_asked_is_told_by_the_playbook_of_then(quick, record, handed, playbook):
    handed("Acme", day(2))
    record("touch", "Acme", "call", "rang them", at=day(4))
    playbook(SALES.replace("nice_to_have: [big, contact.phone, deal.source]", "nice_to_have: [big]"))
    assert way(told(quick, day(12)))["readiness"] == 0.25


def test_a_kept_playbook_that_cannot_be_read_leaves_the_readiness_unknown(quick, record, handed, home):
    handed("Acme", day(2))
    record("touch", "Acme", "call", "rang them", at=day(4))
    with sqlite3.connect(home / "handoffctl.db") as connection:
        connection.execute("UPDATE playbook_revision SET content = 'playbook: ['")
    row = way(told(quick, day(12)))
    assert (row["readiness"], row["readiness_of"]) == (None, 0)
    assert row["days_to_first_touch"]["median"] == 2.0


def test_a_report_as_of_an_earlier_moment_is_the_report_made_then(quick, record, handed):
    then = {}
    handed("Acme", day(2))
    handed("Northwind", day(2))
    for number, words in enumerate(
        [
            ("accept", "Acme"),
            ("touch", "Acme", "call", "rang them"),
            ("return", "Northwind", "--because", "nobody there knows of it"),
            ("set", "Northwind", "budget=9000"),
            ("handoff", "Northwind"),
            ("handoff", "Acme", "--to", "won", "--set", "budget=9000"),
        ]
    ):
        then[day(3 + number, 8)] = told(quick, day(3 + number, 8))
        record(*words, at=day(3 + number))
    assert {moment: told(quick, moment) for moment in then} == then


def test_only_what_was_handed_off_in_the_window_counts(quick, record, handed):
    handed("Acme", day(2))
    handed("Northwind", day(6))
    assert way(told(quick, day(12), "--since", "2026-03-03"))["completed"] == 1
    assert way(told(quick, day(12), "--until", "2026-03-02"))["longest_wait_days"] == 10.0
    ran = quick("report", "handoffs", "--since", "2026-03-09", now=day(12))
    assert ran.out.startswith("Only what began from 2026-03-09.\nNo handoff was tried in this time.")


def test_drills_are_not_in_it(quick, record, handed, home):
    handed("Acme", day(2))
    before = told(quick, day(12))
    handed("Drill", day(2))
    record("touch", "Drill", "call", "rang them", at=day(4))
    with sqlite3.connect(home / "handoffctl.db") as connection:
        connection.execute("UPDATE account SET test = 1 WHERE slug = 'drill'")
    assert told(quick, day(12)) == before


def test_it_prints_tables_in_every_form(quick, record, handed):
    handed("Acme", day(2))
    record("accept", "Acme", at=day(4))
    text = quick("report", "handoffs", now=day(12)).out
    assert "By sender" in text
    assert "By receiver" in text
    assert max(map(len, text.splitlines())) <= 100
    markdown = quick("report", "handoffs", "--markdown", now=day(12)).out
    assert markdown.startswith("## Handoffs\n")
    table = list(csv.DictReader(io.StringIO(quick("report", "handoffs", "--csv", now=day(12)).out)))
    assert [(row["by"], row["handoff"] or row["owner"], row["completed"]) for row in table] == [
        ("handoff", "talk", "1"), ("handoff", "won", "0"), ("handoff", "holiday", "0"),
        ("sender", "hunter", "1"), ("receiver", "closer", "1"),
    ]  # fmt: skip
    assert table[0]["days_to_accept_median"] == "2.0"


@pytest.mark.parametrize("form", ["--json", "--csv", "--markdown"])
def test_an_empty_database_gives_an_empty_report(quick, form):
    assert quick("report", "handoffs", form).code == 0
    assert quick("report", "handoffs").out.startswith("No handoff has been tried yet.")
    found = told(quick, day(12))
    assert {row["completed"] for row in found["handoffs"]} == {0}
    assert (found["senders"], found["receivers"]) == ([], [])
