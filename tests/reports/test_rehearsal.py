"""`playbook try`: a new playbook rehearsed on recorded handoffs; what cannot be rehearsed, and what is left out."""

import contextlib
import sqlite3
import sys

import pytest

from handoffctl.db.query import query_connection
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.playbook.requirements import requirements_of
from handoffctl.reports.rehearsal.changes import Change, FactsNeeded, Needs, facts_needed, item_changes, needs_of
from handoffctl.reports.rehearsal.figures import (
    Outcome,
    Outcomes,
    ReplayedItem,
    item_figures,
    months,
    seconds_a_month,
)
from handoffctl.reports.rehearsal.query import RowNote
from handoffctl.reports.rehearsal.row_versions import RowVersions

NOW = "2026-03-02T09:00:00Z"
LATER = "2026-03-03T09:00:00Z"
HEAD = "playbook: solo\nroles: {seller: You, delivery: A partner}\n"
BODY = """\
fields:
  budget: {label: Budget, type: money}
  pain: {label: Pain}
  ghost: {label: Ghost}
criteria:
  big: {label: Big enough, field: budget, at_least: 5000}
  met: {label: Met delivery, introduced: delivery}
  either: {label: Pain or ghost, any_of: [pain, ghost]}
  spoken: {label: Spoken to, touches: {kind: call, at_least: 1}}
stages:
  lead: {title: Lead}
  talk: {title: Talk}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They ask., reason: They fit., benefit: They are heard., %s}
  - {from: talk, to: won, trigger: They sign., reason: They fit., benefit: They begin.}
"""


def rules(items, head=HEAD):
    return head + BODY % items


def playbook_of(items):
    return playbook_from_text(rules(items), "rules")


@pytest.fixture
def tries(tmp_path, playbook, does):
    """`tries("required: [pain]")`: rehearses a new playbook that asks this at the first handoff."""
    playbook(rules("required: [budget]"))
    folder = tmp_path / "new"
    folder.mkdir()

    def tries(items, *options, now=LATER, name="solo"):
        (folder / f"{name}.yaml").write_text(rules(items, HEAD.replace("solo", name)), encoding="utf-8")
        return does("playbook", "try", str(folder / f"{name}.yaml"), *options, now=now)

    return tries


def item_of(ran, name):
    items = [item for handoff in ran.json["handoffs"] for item in handoff["items"]]
    return next(item for item in items if item["item"] == name)


def test_an_empty_home_has_nothing_to_rehearse_on(tries):
    ran = tries("required: [budget, pain]")
    assert "rehearsed on 0 handoffs (0 attempts)" in ran.out
    assert "Never tried, so it cannot be rehearsed: Pain." in ran.out
    assert tries("required: [budget, pain]", "--json").json["months"] is None


def test_rules_that_ask_for_the_same_leave_nothing_to_rehearse(tries, does):
    does("add", "Acme")
    assert "asks the same as the playbook in use, so there is nothing to rehearse" in tries("required: [budget]").out


@pytest.mark.parametrize("name", ["ghost", "met", "either"])
def test_what_nobody_was_asked_for_or_knew_cannot_be_rehearsed(tries, does, name):
    does("add", "Acme")
    does("set", "acme", "pain=They lose orders")
    does("handoff", "acme", "--no-input", code=3)
    item = item_of(tries(f"required: [budget, {name}]", "--json"), name)
    assert (item["rehearsable"], item["figures"], item["seconds_a_month"]) == (False, None, None)
    assert item["never_known"] == ["delivery" if name == "met" else "Ghost"]
    assert "cannot be rehearsed" in tries(f"required: [budget, {name}]").out


def test_a_criterion_is_judged_at_each_attempt_and_a_blocked_deal_is_not_lost(tries, does):
    does("add", "Acme")
    does("handoff", "acme", "--no-input", code=3)
    does("touch", "acme", "call", "they ask", now="2026-03-02T10:00:00Z")
    does("handoff", "acme", "--set", "budget=6000", "--no-input", now="2026-03-02T11:00:00Z")
    found = tries("required: [spoken, big]", "--json", now="2026-03-02T10:30:00Z")
    assert (found.json["handoffs"][0]["passed"], found.json["attempts"]) == (0, 1)
    spoken = item_of(found, "spoken")["figures"]
    assert (spoken["asked"], spoken["known_later"], spoken["others"]["lost"]) == (1, 1, 0)
    found = tries("required: [spoken, big]", "--json")
    assert item_of(found, "big")["figures"]["known_later"] == 1
    assert item_of(found, "budget")["change"] == "no longer asked"
    assert found.json["handoffs"][0]["would_be_stopped"] == 0
    assert "Blocked is not lost" in tries("required: [spoken, big]").out
    assert "Not enough to judge: 1 of 6." in tries("required: [spoken, big]").out


def test_a_blocked_handoff_that_the_new_rules_let_pass_is_counted(tries, does):
    does("add", "Acme")
    does("handoff", "acme", "--no-input", code=3)
    ran = tries("nice_to_have: [budget]", "--json")
    [first] = ran.json["handoffs"]
    assert first["would_have_passed"] == 1
    item = item_of(ran, "budget")
    assert (item["change"], item["level"], item["level_before"]) == ("nice to have now", "nice_to_have", "required")
    assert (item["figures"]["asked"], item["figures"]["asked_before"]) == (1, 1)
    assert "1 that was blocked at first would have passed." in tries("nice_to_have: [budget]").out


def test_what_the_interview_asked_was_missing_before_it(tries, does, home):
    does("add", "Acme")
    does("set", "acme", "pain=They lose orders", "budget=6000")
    does("handoff", "acme", "--no-input", now="2026-03-02T10:00:00Z")
    with contextlib.closing(sqlite3.connect(home / "handoffctl.db", isolation_level=None)) as connection:
        connection.execute("UPDATE field_value SET seconds = 9 WHERE name = 'budget'")
        connection.execute(
            "INSERT INTO gap (command_id, handoff_id, name, kind) "
            "SELECT command_id, id, 'budget', 'filled' FROM handoff"
        )
    ran = tries("required: [pain, big]", "--json")
    assert item_of(ran, "big")["figures"] | {"share": 0, "low": 0, "high": 0, "known": 0} == {
        "handoffs": 1, "asked": 1, "asked_before": 0, "share": 0, "low": 0, "high": 0, "known_later": 1,
        "others": dict.fromkeys(("handoffs", "returned", "lost", "won", "put_aside", "open"), 0), "known": 0,
    }  # fmt: skip
    assert (item_of(ran, "budget")["figures"]["asked_before"], item_of(ran, "pain")["figures"]["asked"]) == (1, 0)
    assert item_of(ran, "big")["seconds_a_month"] == 9.0
    assert ran.json["handoffs"][0]["would_be_stopped"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_an_answer_of_the_interview_was_not_known_before_it_and_took_its_time(tries, does, sits, rows):
    does("add", "Acme")
    terminal = sits("handoff", "acme", now=NOW)
    terminal.sees("Budget (1 of 1)").sees("> ").types("5000").sees("What happens next?").types("")
    terminal.sees("Handed off")
    assert terminal.ends() == 0
    ran = tries("required: [big]", "--json")
    [[took]] = rows("SELECT seconds FROM field_value WHERE name = 'budget'")
    big, budget = item_of(ran, "big"), item_of(ran, "budget")
    assert (big["figures"]["asked"], big["figures"]["known_later"], big["median_seconds"]) == (1, 1, took)
    assert (budget["figures"]["asked_before"], budget["seconds_a_month"]) == (1, round(-took, 1))
    assert ran.json["handoffs"][0]["would_be_stopped"] == 0


def test_covers_and_moves_of_imported_history_are_counted_and_left_out(tries, does, home):
    does("person", "add", "Bea", "--role", "seller")
    does("add", "Acme")
    does("handoff", "acme", "--to-person", "Bea", "--stay")
    does("handoff", "acme", "--set", "budget=6000", "--no-input")
    does("add", "Bolt")
    does("close", "bolt", "--lost", "--because", "no money")
    with contextlib.closing(sqlite3.connect(home / "handoffctl.db", isolation_level=None)) as connection:
        connection.execute("UPDATE visit SET imported = 1, left_at = NULL WHERE deal_id = 2 AND number = 1")
    ran = tries("required: [budget, pain]", "--json")
    assert ran.json["left_out"] == {"test_attempts": 0, "covers": 1, "imported_moves": 0, "undated_moves": 1}
    assert ran.json["handoffs_tried"] == 1
    assert "Left out: 1 cover that asked for nothing, 1 move without a date." in tries("required: [budget, pain]").out


def test_only_handoffs_first_tried_in_the_window_are_rehearsed(tries, does):
    for day, name in (("02", "Acme"), ("05", "Bolt")):
        does("add", name, now=f"2026-03-{day}T09:00:00Z")
        does("handoff", name.casefold(), "--set", "budget=6000", "--no-input", now=f"2026-03-{day}T09:00:00Z")
    now = "2026-03-09T09:00:00Z"
    assert tries("required: [pain]", "--json", "--since", "2026-03-04", now=now).json["handoffs_tried"] == 1
    assert tries("required: [pain]", "--json", "--until", "2026-03-04", now=now).json["handoffs_tried"] == 1
    assert "recorded in solo since Wed 4 Mar" in " ".join(
        tries("nice_to_have: [pain]", "--since", "2026-03-04").out.split()
    )


def test_a_playbook_of_another_name_is_rehearsed_on_the_one_that_is_named(tries, does, quick, tmp_path):
    does("add", "Acme")
    does("handoff", "acme", "--set", "budget=6000", "--no-input")
    assert tries("required: [pain]", "--json", "--playbook", "solo", name="leaner").json["handoffs_tried"] == 1
    ran = quick("playbook", "try", str(tmp_path / "new" / "leaner.yaml"), now=LATER)
    assert ran.code == 4
    assert 'No handoff was recorded in a playbook called "leaner".' in ran.err
    assert "--playbook solo" in ran.err


def test_the_file_in_use_is_compared_with_the_content_last_used(tries, does, playbook):
    does("add", "Acme")
    does("handoff", "acme", "--set", "budget=6000", "--no-input")
    playbook(rules("required: [budget, pain]"))
    ran = does("playbook", "try", "solo", "--json", now=LATER).json
    assert ran["compared_with"] == "the content last used"
    assert [item["item"] for item in ran["handoffs"][0]["items"]] == ["pain"]


def test_faults_are_those_of_the_check_with_its_exit_code(tries, quick, tmp_path):
    tries("required: [budget]")
    file = tmp_path / "new" / "solo.yaml"
    file.write_text(rules("required: [budgt]"), encoding="utf-8")
    checked, tried = (quick("playbook", word, str(file)) for word in ("check", "try"))
    assert (tried.code, tried.out, tried.err) == (checked.code, checked.out, checked.err)
    assert tried.code == 5


def test_items_are_compared_by_what_they_mean_and_not_by_their_labels():
    before = playbook_of("required: [big, pain], nice_to_have: [met]")
    text = rules("required: [big, met, spoken]").replace("Big enough", "Large").replace("at_least: 1}", "at_least: 2}")
    after = playbook_from_text(text, "rules")
    changes = item_changes(requirements_of(before, before.handoffs[0]), requirements_of(after, after.handoffs[0]))
    assert [(change.item, change.change) for change in changes] == [
        ("met", Change.REQUIRED), ("spoken", Change.NEW), ("pain", Change.DROPPED),
    ]  # fmt: skip
    before = playbook_of("required: [big, spoken]")
    changes = item_changes(requirements_of(before, before.handoffs[0]), requirements_of(after, after.handoffs[0]))
    assert [(change.item, change.change) for change in changes] == [("met", Change.NEW), ("spoken", Change.CHANGED)]


def test_only_the_facts_that_decide_are_read():
    parts = playbook_of("required: [big]")
    assert needs_of("either", parts) == Needs(frozenset({"pain", "ghost"}), frozenset(), False)
    assert needs_of("met", parts).roles == {"delivery"}
    assert facts_needed([("big", parts)]) == FactsNeeded(False, False, False)
    assert facts_needed([("deal.amount", parts)]) == FactsNeeded(True, False, False)
    assert facts_needed([("next_step", parts)]) == FactsNeeded(False, True, False)
    assert facts_needed([("spoken", parts)]) == FactsNeeded(False, True, True)


def test_figures_count_those_who_never_knew_by_their_outcome():
    replayed = [
        *[ReplayedItem(1, True, False, True, Outcome.WON)] * 22,
        *[ReplayedItem(1, True, False, False, Outcome.RETURNED)] * 3,
        ReplayedItem(1, True, False, False, Outcome.LOST),
        *[ReplayedItem(1, True, False, False, Outcome.OPEN)] * 5,
        *[ReplayedItem(1, False, False, False, Outcome.RETURNED)] * 9,
    ]
    figures = item_figures(replayed)
    assert (figures.handoffs, figures.asked, figures.known_later) == (40, 31, 22)
    assert figures.others == Outcomes(9, 3, 1, 0, 0, 5)
    assert figures.known == Outcomes(9, 9, 0, 0, 0, 0)
    assert (figures.low, figures.high) == pytest.approx((0.6250, 0.8768), abs=5e-5)


def test_seconds_a_month_are_of_months_of_thirty_days_and_of_one_at_least():
    assert (months(3), months(90)) == (1, 3)
    assert seconds_a_month(6, 10.0, 3.0) == 20.0
    assert seconds_a_month(-6, 10.0, 3.0) == -20.0
    assert (seconds_a_month(6, None, 3.0), seconds_a_month(0, None, 3.0)) == (None, 0.0)


def test_a_row_is_what_it_was_before_the_first_later_change():
    notes = [RowNote("step", 1, command, "2026-03-02", f'{{"id": {command}}}') for command in (3, 5)]
    versions = RowVersions([*notes, RowNote("step", 2, 4, "2026-03-02", "null")])

    def changed(row, command):
        return versions.changed("step", row, lambda note: note.command > command)

    assert [changed(1, command) for command in (2, 3, 4, 5)] == [{"id": 3}, {"id": 5}, {"id": 5}, None]
    assert (changed(2, 3), changed(2, 4), changed(9, 1)) == ({}, None, None)


def test_what_a_trial_left_out_was_not_asked_for(tries, does):
    does("trial", "start", "talk.budget")
    does("add", "Acme")
    does("handoff", "acme", "--no-input")
    ran = tries("required: [pain], nice_to_have: [budget]", "--json")
    figures = item_of(ran, "budget")["figures"]
    assert (figures["handoffs"], figures["asked"], figures["asked_before"]) == (1, 0, 0)


def test_more_deals_need_no_more_questions_to_the_database(tries, does, monkeypatch):
    asked = []
    real = query_connection.each, query_connection.__call__

    def counting(method):
        def counted(self, sql, /, **named):
            asked.append(sql)
            return method(self, sql, **named)

        return counted

    def count():
        asked.clear()
        tries("required: [pain, spoken, contact.email]", "--json", now="2026-03-09T09:00:00Z")
        return len(asked)

    monkeypatch.setattr(query_connection, "each", counting(real[0]))
    monkeypatch.setattr(query_connection, "__call__", counting(real[1]))

    def lose(name):
        does("add", name)
        does("touch", name.casefold(), "call", "they ask")
        does("handoff", name.casefold(), "--set", "budget=6000", "--no-input")
        does("close", name.casefold(), "--lost", "--because", "no money")

    does("add", "Zero")
    does("set", "zero", "pain=They lose orders")
    does("handoff", "zero", "--set", "budget=6000", "--no-input")
    lose("Acme")
    first = count()
    for name in ("Bolt", "Cedar", "Delta"):
        lose(name)
    assert count() == first < 40
