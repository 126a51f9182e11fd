"""The reminder of customers for whom no plus was recorded for two months."""

import pytest

from handoffctl.core.moments import Clock
from handoffctl.db.query import query_connection
from handoffctl.today.value import DealValue, MissingPlus, missing_plus

NOW = "2026-03-05T09:00:00Z"
SOON = "2026-05-03T09:00:00Z"  # the day before two months of thirty days are over
LATER = "2026-05-04T09:00:00Z"
SALES = """\
playbook: sales
roles: {seller: Sells}
fields: {notes: {type: list}}
stages: {lead: {}, won: {kind: won}, lost: {kind: lost}, later: {kind: nurture}}
handoffs: [{from: lead, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}]
"""
WITH_VALUE = SALES + "value: {seen: notes, log: notes}\n"


@pytest.fixture
def acme(does, playbook):
    playbook(SALES)
    does("add", "Acme Corp", "--playbook", "sales")
    return "acme-corp"


def reminders(does, now):
    items = does("today", "--json", now=now).json["items"]
    return [(item["what"], item["since"], item["command"]) for item in items if item["kind"] == "value"]


@pytest.mark.parametrize(("values", "found"), [
    ([], None),
    ([DealValue(1, None, None)], None),
    ([DealValue(1, "2026-03-05", "2026-01-01")], MissingPlus(1, "2026-03-05")),
    ([DealValue(1, "2026-03-06", "2026-01-01")], None),
    ([DealValue(1, None, "2026-03-05T23:00:00Z")], MissingPlus(1, "2026-03-05T23:00:00Z")),
    ([DealValue(1, "2026-01-05", "2026-01-01"), DealValue(2, "2026-04-05", "2026-04-01")], None),
    ([DealValue(1, "2026-01-05", None), DealValue(2, None, "2026-05-01")], MissingPlus(1, "2026-01-05")),
    ([DealValue(1, None, "2026-01-05"), DealValue(2, None, "2026-02-01")], MissingPlus(2, "2026-02-01")),
])  # fmt: skip
def test_the_last_plus_of_an_account_counts_and_else_its_beginning(values, found):
    assert missing_plus(values, Clock(LATER)) == found


@pytest.mark.parametrize("won", [False, True])
def test_after_two_months_without_a_plus_a_customer_is_there(does, acme, won):
    if won:
        does("close", acme, "--won")
    does("value", "add", acme, "+", "no lost orders")
    does("value", "add", acme, "-", "slow at first", now=SOON)
    assert reminders(does, SOON) == []
    assert reminders(does, LATER) == [
        ("no plus for two months since Thu 5 Mar", NOW, 'handoffctl value add acme-corp + "TEXT"'),
    ]  # fmt: skip
    assert reminders(does, "2026-06-05")[0][0] == "no plus for three months since Thu 5 Mar"
    does("value", "add", acme, "+", "stock is right", now=LATER)
    assert reminders(does, LATER) == []


def test_it_is_quiet_and_never_overdue(does, acme):
    does("value", "add", acme, "+", "no lost orders")
    does("step", acme, "call her", "--due", "2026-05-04")
    lines = does("today", now=LATER).out.splitlines()
    assert len(lines) == 3
    assert "call her; no plus for two months since Thu 5 Mar" in lines[2]
    does("step", acme, "--done", now=LATER)
    does("step", acme, "call her", "--due", "+9d", now=LATER)
    does("today", "--fail", now=LATER)


@pytest.mark.parametrize(
    "close", [("--lost", "--because", "no need"), ("--nurture", "--because", "no", "--wake", "2027-01-04")]
)
def test_a_deal_that_is_lost_or_put_aside_has_no_reminder(does, acme, close):
    does("value", "add", acme, "+", "no lost orders")
    does("close", acme, *close)
    assert reminders(does, LATER) == []


def test_without_an_entry_only_a_customer_whose_playbook_keeps_the_value_is_there(does, acme, playbook):
    does("add", "Birch", "--playbook", "sales")
    does("close", acme, "--won")
    assert reminders(does, LATER) == []
    playbook(WITH_VALUE)
    assert reminders(does, SOON) == []
    assert [command for _, _, command in reminders(does, LATER)] == ['handoffctl value add acme-corp + "TEXT"']
    assert does("today", "birch", "--json", now=LATER).json["items"][0]["kind"] != "value"
    does("set", acme, "notes=no lost orders", now=SOON)
    assert reminders(does, LATER) == []


def test_a_customer_from_another_playbook_is_one_from_the_handover_on(does, playbook):
    playbook(WITH_VALUE.replace("playbook: sales", "playbook: care").replace("lead: {}", "lead: {}, first: {}").replace(
        "log: notes", "log: notes, first: first").replace("handoffs: [", "handoffs: [{from: lead, to: first, "
        "trigger: They use it., reason: It works., benefit: It helps.}, "))  # fmt: skip
    playbook(SALES.replace("to: won", "to: care/lead"))
    does("add", "Acme Corp", "--playbook", "sales", now="2026-01-05")
    does("handoff", "acme-corp")
    assert reminders(does, SOON) == []
    assert reminders(does, LATER)[0][:2] == ("no plus for two months since Thu 5 Mar", NOW)


def test_the_number_of_questions_is_the_same_for_one_customer_and_for_many(does, playbook, monkeypatch):
    playbook(WITH_VALUE)
    asked = []
    each = query_connection.each

    def counted(self, sql, /, **named):
        asked.append(sql)
        return each(self, sql, **named)

    def questions():
        asked.clear()
        does("today", "--json", now=LATER)
        return len(asked)

    monkeypatch.setattr(query_connection, "each", counted)
    counts = []
    for names in (["Acme"], ["Birch", "Cedar", "Dune"]):
        for name in names:
            does("add", name, "--playbook", "sales")
            does("close", name.lower(), "--won")
            does("value", "add", name.lower(), "-", "slow at first")
        counts.append(questions())
    assert len(reminders(does, LATER)) == 4
    assert counts[0] == counts[1]


def test_a_deal_that_an_import_brought_is_asked_about_once_its_ledger_has_an_entry(does, playbook, tmp_path):
    playbook(WITH_VALUE)
    (tmp_path / "deals.csv").write_text("company,stage,since\nAcme,won,2026-01-05\nBirch,won,2026-01-05\n")
    (tmp_path / "map.yaml").write_text(
        "rows: deals\naccount: company\ndeal: company\nstage: stage\nentered: {won: since}\n"
    )
    does("import", str(tmp_path / "deals.csv"), "--map", str(tmp_path / "map.yaml"), "--playbook", "sales")
    assert reminders(does, LATER) == []
    does("value", "add", "birch", "+", "no lost orders")
    assert [command for _, _, command in reminders(does, LATER)] == ['handoffctl value add birch + "TEXT"']
