"""`report value` over what the program itself recorded."""

import csv
import io
import sqlite3

import pytest
from tests.march import day

SALES = """\
playbook: sales
roles: {seller: Sells, builder: Delivers}
fields:
  promise: {type: text}
  live: {type: date}
  notes: {type: text}
value: {seen: promise, first: live, log: notes}
stages:
  lead: {title: Lead}
  won: {title: Won, kind: won, owner: builder}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""
CARE = """\
playbook: care
roles: {carer: Looks after them}
fields: {promise: {type: text}, notes: {type: text}}
value: {seen: promise, first: adopted, log: notes}
stages:
  start: {title: Start}
  adopted: {title: Adopted}
  renewed: {title: Renewed, kind: won}
handoffs:
  - {from: start, to: adopted, trigger: They use it., reason: It works., benefit: They save time.}
  - {from: adopted, to: renewed, trigger: They renew., reason: They stay., benefit: It goes on.}
"""
PASSED = SALES.replace("value: {seen: promise, first: live, log: notes}\n", "") + (
    "  - {from: lead, to: care/start, trigger: They sign., reason: They said yes., benefit: They are looked after.}\n"
)


@pytest.fixture
def record(quick, playbook):
    """`record("close", "acme", "--won", at=day(3))`: the program, told to go well."""
    playbook(SALES)

    def record(*words, at):
        ran = quick(*words, now=at)
        assert ran.code == 0, ran
        return ran

    return record


@pytest.fixture
def signed(record):
    def signed(name, at, promise="twenty hours a week"):
        record("add", name, "--playbook", "sales", at=day(1))
        record("set", name, f"promise={promise}", at=day(1))
        record("close", name, "--won", at=at)

    return signed


def told(quick, now, *more):
    ran = quick("report", "value", "--json", *more, now=now)
    assert ran.code == 0, ran
    return ran.json


def test_each_signed_deal_has_what_was_seen_and_what_followed(quick, record, signed):
    signed("Acme", day(5))
    record("set", "acme/deal", "notes=one team uses it", at=day(8))
    record("set", "acme/deal", "live=2026-03-15", at=day(15))
    record("set", "acme/deal", "notes=the other team does not", at=day(20))
    record("set", "acme/deal", "promise=ten hours a week", at=day(21))
    signed("Northwind", day(10))
    record("add", "Globex", "--playbook", "sales", at=day(1))
    found = told(quick, day(30))
    assert found["value"] == {"seen": "promise", "first": "live", "log": "notes"}
    acme, northwind = found["deals"]
    assert (acme["account"], acme["ref"], acme["signed_at"]) == ("acme", "acme/deal", day(5))
    assert (acme["seen"], acme["first_value_at"], acme["days"]) == ("twenty hours a week", "2026-03-15", 10.0)
    assert [(entry["at"], entry["value"]) for entry in acme["log"]] == [
        (day(8), "one team uses it"), (day(20), "the other team does not"),
    ]  # fmt: skip
    assert (northwind["first_value_at"], northwind["days"], northwind["log"]) == (None, None, [])
    assert found["days_to_first_value"] == {"median": 10.0, "low": 10.0, "high": None, "deals": 2, "reached": 1}


def test_a_date_still_to_come_is_not_reached(quick, record, signed):
    signed("Acme", day(5))
    record("set", "acme/deal", "live=2026-03-25", at=day(8))
    assert told(quick, day(10))["days_to_first_value"]["reached"] == 0
    assert told(quick, day(26))["deals"][0]["days"] == 20.0


def test_a_deal_passed_to_another_playbook_is_signed_when_it_comes_there(quick, record, playbook):
    playbook(PASSED)
    playbook(CARE)
    record("add", "Acme", "--playbook", "sales", at=day(1))
    record("set", "acme", "promise=twenty hours a week", at=day(1))
    record("handoff", "acme", "--to", "care/start", at=day(4))
    record("handoff", "acme", at=day(9))
    record("set", "acme", "notes=they use it daily", at=day(12))
    found = told(quick, day(20), "--playbook", "care")
    (acme,) = found["deals"]
    assert (acme["signed_at"], acme["first_value_at"], acme["days"]) == (day(4), day(9), 5.0)
    assert (acme["seen"], [entry["value"] for entry in acme["log"]]) == ("twenty hours a week", ["they use it daily"])


def test_a_report_as_of_an_earlier_moment_is_the_report_made_then(quick, record, signed):
    then = {}
    signed("Acme", day(5))
    for number, words in enumerate(["live=2026-03-07", "notes=fine", "notes=not so fine", "live=2026-03-08"]):
        then[day(6 + number, 8)] = told(quick, day(6 + number, 8))
        record("set", "acme/deal", words, at=day(6 + number))
    signed("Northwind", day(11))
    assert {moment: told(quick, moment) for moment in then} == then


def test_only_deals_signed_in_the_window_count(quick, signed):
    signed("Acme", day(5))
    signed("Northwind", day(10))
    found = told(quick, day(30), "--since", "2026-03-06")
    assert [deal["account"] for deal in found["deals"]] == ["northwind"]
    ran = quick("report", "value", "--since", "2026-03-20", now=day(30))
    assert ran.out == "Only what began from 2026-03-20.\nNo deal was signed in this time.\n"


def test_drills_are_not_in_it(quick, signed, home):
    signed("Acme", day(5))
    before = told(quick, day(30))
    signed("Drill", day(5))
    with sqlite3.connect(home / "handoffctl.db") as connection:
        connection.execute("UPDATE account SET test = 1 WHERE slug = 'drill'")
    assert told(quick, day(30)) == before


def test_a_playbook_that_keeps_no_value_says_so_in_one_line(quick):
    said = "The playbook solo does not say where the value is kept. Add to it: value: {seen: FIELD, first: FIELD}\n"
    ran = quick("report", "value", now=day(30))
    assert (ran.code, ran.out) == (0, said)
    found = told(quick, day(30))
    assert (found["value"], found["deals"]) == (None, [])
    assert set(found["days_to_first_value"].values()) == {None}
    assert quick("report", "value", "--markdown").out.endswith(said)
    assert quick("report", "value", "--csv").code == 0


def test_the_ledger_stands_there_whatever_the_playbook_says_and_before_the_signature(quick, record, playbook):
    playbook(SALES.replace("value: {seen: promise, first: live, log: notes}\n", ""))
    for name in ("Acme", "Northwind", "Globex"):
        record("add", name, "--playbook", "sales", at=day(1))
    record("close", "acme", "--won", at=day(3))
    record("close", "globex", "--won", at=day(3))
    record("value", "add", "acme", "+", "no lost orders", at=day(5))
    record("value", "add", "acme", "-", "slow at first", at=day(6))
    record("value", "add", "northwind", "-", "the pilot began late", at=day(7))
    found = told(quick, day(30))
    assert (found["value"], set(found["days_to_first_value"].values())) == (None, {None})
    acme, northwind = found["deals"]
    assert (acme["ref"], acme["signed_at"], acme["seen"], acme["balance"]) == ("acme/deal", day(3), None, 0)
    assert [(entry["on"], entry["balance"]) for entry in acme["ledger"]] == [("2026-03-05", 1), ("2026-03-06", 0)]
    assert (northwind["account"], northwind["signed_at"], northwind["balance"]) == ("northwind", None, -1)
    text = quick("report", "value", now=day(30)).out
    assert text.startswith(
        "This is the ledger alone: the playbook sales names no fields for the value seen at signing."
    )
    lines = [line.split() for line in text.splitlines()]
    assert ["deal", "signed", "balance"] in lines
    assert ["northwind/deal", "-", "-1"] in lines
    assert ["acme/deal", "2026-03-06", "-", "slow", "at", "first", "0"] in lines
    assert [line["balance"] for line in told(quick, day(5, 20))["deals"]] == [1]
    assert [line["account"] for line in told(quick, day(30), "--since", "2026-03-05")["deals"]] == ["northwind"]


def test_a_deal_that_was_not_signed_yet_has_its_ledger_beside_the_signed_ones(quick, record, signed):
    signed("Acme", day(5))
    record("add", "Northwind", "--playbook", "sales", at=day(1))
    record("set", "northwind", "notes=-the pilot began late", at=day(7))
    then = told(quick, day(8))
    assert [(line["account"], line["signed_at"], line["balance"]) for line in then["deals"]] == [
        ("acme", day(5), 0), ("northwind", None, -1),
    ]  # fmt: skip
    assert then["days_to_first_value"]["deals"] == 1
    record("value", "add", "northwind", "+", "it works now", at=day(9))
    assert told(quick, day(8)) == then


def test_an_empty_database_gives_an_empty_report(quick, playbook):
    playbook(SALES)
    assert quick("report", "value", "--playbook", "sales").out == "No deal was signed yet.\n"
    found = told(quick, day(30), "--playbook", "sales")
    assert found["days_to_first_value"] == {"median": None, "low": None, "high": None, "deals": 0, "reached": 0}


def test_it_prints_tables_in_every_form(quick, record, signed):
    signed("Acme", day(5), "=" + "very long " * 30)
    record("set", "acme/deal", "live=2026-03-15", at=day(15))
    record("set", "acme/deal", "notes=" + "fine " * 40, at=day(20))
    text = quick("report", "value", now=day(30)).out
    said = "1 of 1 signed deals have come to first value. Median from signing: 10.0 days"
    assert text.startswith(said)
    assert max(map(len, text.splitlines()[1:])) <= 100
    assert quick("report", "value", "--markdown", now=day(30)).out.startswith("## Value\n")
    (row,) = csv.DictReader(io.StringIO(quick("report", "value", "--csv", now=day(30)).out))
    assert (row["ref"], row["days"]) == ("acme/deal", "10.0")
    assert row["seen"].startswith("'=very")
    assert row["log"].startswith("2026-03-20T09:00:00Z fine")


def test_a_name_that_the_playbook_does_not_know_is_a_fault_of_it(quick, playbook):
    playbook(SALES.replace("seen: promise", "seen: promis").replace("first: live", "first: notes"))
    ran = quick("report", "value", "--playbook", "sales")
    assert ran.code == 5
    assert 'value.seen: no field is called "promis" (did you mean "promise"?)' in ran.err
    assert 'value.first: "notes" is a field of type text; what is wanted is a stage, or a field of type date' in ran.err
