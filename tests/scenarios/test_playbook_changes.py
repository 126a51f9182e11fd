"""A seller changes the playbook under existing deals: what is known stays, what is asked changes, the past does not.

Of the reports as of an earlier moment, everything that was counted or measured must be the same before the change and
after it. What may differ is what the present playbook says: titles, labels and whys, targets and what is over them,
and which items it asks, for the report on fields judges what is asked now.
"""

import json

import pytest

SALES = """\
playbook: sales
title: Sales
fields:
  situation: {label: Situation, why: All start from it., summary: current situation}
  rival: {label: Rival, why: To be compared well., summary: competition}
  budget: {label: Budget, why: To propose the right size.}
stages:
  lead: {title: Lead, target: 3d}
  talks: {title: Talks, target: 30d}
  won: {title: Won, kind: won}
handoffs:
  - from: lead
    to: talks
    trigger: They ask.
    reason: They fit.
    benefit: The prospect is heard.
    required: [situation]
    nice_to_have: [rival]
  - from: talks
    to: won
    trigger: They sign.
    reason: They said yes.
    benefit: The client begins at once.
    required: [budget]
"""
THEN = "2026-03-20T12:00:00Z"
NOW = "2026-04-01T09:00:00Z"
WITHOUT_RIVAL = {
    "  rival: {label: Rival, why: To be compared well., summary: competition}\n": "",
    "    nice_to_have: [rival]\n": "",
}
WITH_START = {
    "stages:\n": "  start: {label: Start, type: date, why: To plan the work.}\nstages:\n",
    "required: [budget]": "required: [budget, start]",
}
AS_MONEY = {"{label: Budget, why": "{label: Budget, type: money, why"}
IN_FIVE_DAYS = {"title: Talks, target: 30d": "title: Conversations, target: 5d"}


def edited(*changes):
    text = SALES
    for change in changes:
        for old, new in change.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
    return text


@pytest.fixture
def march(does, playbook, once):
    """Acme is won, Birch in talks after a first try that was blocked, Corvid still a lead; nothing after 10 March."""

    def make():
        playbook(SALES)
        for name in ("Acme", "Birch", "Corvid"):
            does("add", name, "--playbook", "sales", now="2026-03-02")
        does("handoff", "birch", now="2026-03-03", code=3)
        does("set", "acme", "situation=orders on paper", "rival=nobody", "budget=9000", now="2026-03-04")
        does("handoff", "acme", now="2026-03-05")
        does("set", "birch", "situation=three lists", "budget=about ten thousand", now="2026-03-06")
        does("handoff", "birch", now="2026-03-06")
        does("touch", "birch", "call", "--outcome", "held", now="2026-03-07")
        does("accept", "birch", now="2026-03-07")
        does("handoff", "acme", now="2026-03-10")

    once(make)


@pytest.fixture
def told(does):
    """`told("fields")`: a report as of 20 March, whenever it is asked for."""
    return lambda report: does("report", report, "--playbook", "sales", "--json", now=THEN).json


def without(told, *keys):
    """The same without these keys, wherever they stand."""
    if isinstance(told, dict):
        return {key: without(value, *keys) for key, value in told.items() if key not in keys}
    return [without(one, *keys) for one in told] if isinstance(told, list) else told


def known(does, account, now=NOW):
    return does("show", account, "--json", now=now).json["deals"][0]["fields"]


def by_item(fields, *left_out):
    rows = without(fields["fields"], "called", "label", "why", *left_out)
    return {(row["handoff"], row["item"]): row for row in rows}


def test_a_removed_field_keeps_its_values_and_has_them_again_when_it_comes_back(march, does, playbook, rows):
    said = rows("SELECT * FROM field_value WHERE name = 'rival'")
    playbook(edited(WITHOUT_RIVAL))
    assert known(does, "acme")["rival"] == "nobody"
    assert "rival" in does("show", "acme").out
    refused = does("set", "corvid", "rival=Hammer & Co", code=4)
    assert 'No field is called "rival".' in refused.err
    assert "nobody" not in does("summary", "draft", "acme").out
    does("set", "acme", "situation=orders by mail")  # the revision without it is in use, and has written
    assert rows("SELECT * FROM field_value WHERE name = 'rival'") == said

    playbook(SALES)
    assert known(does, "acme")["rival"] == "nobody"
    assert "nobody" in does("summary", "draft", "acme").out
    does("set", "corvid", "rival=Hammer & Co")
    assert known(does, "corvid")["rival"] == "Hammer & Co"


def test_a_new_required_item_blocks_the_next_handoff_and_undoes_none_that_passed(march, does, playbook, told):
    before = told("handoffs")
    playbook(edited(WITH_START))
    assert [gap["name"] for gap in does("check", "birch", "--json", code=3).json["missing"]] == ["start"]
    does("handoff", "birch", code=3)
    acme = does("show", "acme", "--json").json["deals"][0]
    assert (acme["stage"], acme["kind"], len(acme["stays"])) == ("won", "won", 3)
    does("accept", "acme")  # what passed under the old rules is taken up under the new ones
    assert told("handoffs") == before
    now = does("report", "handoffs", "--playbook", "sales", "--json").json["handoffs"][1]
    assert (now["completed"], now["blocked"]) == (1, 1)

    does("handoff", "birch", "--set", "start=2026-06-01")
    assert does("show", "birch", "--json").json["deals"][0]["stage"] == "won"


def test_the_reports_of_the_past_do_not_move_when_the_playbook_does(march, does, playbook, told):
    reports = ("throughput", "fields", "handoffs")
    before = {name: told(name) for name in reports}
    playbook(edited(WITHOUT_RIVAL, WITH_START, AS_MONEY, IN_FIVE_DAYS))
    does("handoff", "birch", code=3)
    does("handoff", "corvid", "--set", "situation=a drawer full")
    does("add", "Dunlin", "--playbook", "sales")
    after = {name: told(name) for name in reports}

    by_targets = ("target_days", "within_target", "past_target", "days_over_target", "bottleneck")
    assert without(after["throughput"], "title", *by_targets) == without(before["throughput"], "title", *by_targets)
    assert without(after["handoffs"], "title") == without(before["handoffs"], "title")
    items, items_then = by_item(after["fields"]), by_item(before["fields"])
    assert items_then.keys() - items.keys() == {("talks", "rival")}
    new = {key: items.pop(key) for key in items.keys() - items_then.keys()}
    assert {key: (row["asked"], row["missing"]) for key, row in new.items()} == {("won", "start"): (0, 0)}
    assert items.items() <= items_then.items()
    assert items["talks", "situation"]["blocked"] == 1

    playbook(SALES)
    assert {name: told(name) for name in reports} == before


def test_a_value_of_another_type_stays_as_written_and_meets_no_comparison_until_it_is_answered_anew(
    march, does, playbook
):
    big = {"stages:\n": "criteria: {big: {label: Big, field: budget, at_least: 5000}}\nstages:\n"}
    playbook(edited(AS_MONEY, big, {"required: [budget]": "required: [budget, big]"}))
    assert known(does, "birch")["budget"] == "about ten thousand"
    assert known(does, "acme")["budget"] in ("9000", 9000)
    (gap,) = does("check", "birch", "--json", code=3).json["missing"]
    assert (gap["name"], gap["fix"]) == ("big", "handoffctl set birch budget=AMOUNT")
    refused = does("set", "birch", "budget=about ten thousand", code=6)
    assert "is not an amount of money" in refused.err
    does("handoff", "birch", "--set", "budget=12,500")
    for report in ("throughput", "fields", "handoffs", "effort", "engagement", "missed", "value"):
        json.loads(does("report", report, "--playbook", "sales", "--json", now="2026-04-02").out)


def test_a_new_target_is_held_against_stays_of_all_times_and_changes_none(march, does, playbook, told):
    before = told("throughput")["stages"][1]
    playbook(edited(IN_FIVE_DAYS))
    after = told("throughput")["stages"][1]
    assert (before["target_days"], before["past_target"], before["days_over_target"]) == (30, 0, 0)
    # Acme took exactly five days; Birch has been there for fourteen, nine too many.
    assert (after["target_days"], after["past_target"], after["days_over_target"]) == (5, 1, 9)
    assert (after["title"], after["entered"], after["now"]) == ("Conversations", before["entered"], before["now"])
    assert [one["ref"] for one in told("throughput")["past_target"]["deals"]] == ["corvid", "birch"]
    assert does("show", "birch", "--json", now=THEN).json["deals"][0]["entered_at"] == "2026-03-06"


@pytest.mark.parametrize("change", [WITHOUT_RIVAL, WITH_START, AS_MONEY, IN_FIVE_DAYS])
def test_each_change_is_kept_as_a_revision_with_its_first_use(march, does, playbook, rows, change):
    playbook(edited(change))
    does("show", "acme")
    assert len(rows("SELECT 1 FROM playbook_revision WHERE playbook = 'sales'")) == 1
    does("add", "Dunlin", "--playbook", "sales")
    does("set", "dunlin", "situation=a drawer full")
    assert [text for (text,) in rows("SELECT content FROM playbook_revision WHERE playbook = 'sales' ORDER BY id")] == [
        SALES, edited(change)
    ]  # fmt: skip
