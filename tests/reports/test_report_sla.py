"""`report sla`: promises between teams, kept, late, void or open; and the line in `today` while one is being broken."""

import pytest

from handoffctl.core.business_time import EVERY_DAY
from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.moments import Clock
from handoffctl.reports.sla.figures import PromisedCase, PromiseState, judge_case, with_absence
from handoffctl.reports.sla.render import sentence
from handoffctl.reports.sla.report import PromiseLine
from handoffctl.stats.promise_verdict import PromiseCounts, judge_promises

NOW = "2026-03-05T10:00:00Z"  # a Thursday

RULES = """\
playbook: pair
title: An SDR and an AE
roles: {sdr: Who finds, ae: Who sells}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: ae}
  offer: {title: Offer, owner: ae}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They ask., reason: They fit., benefit: They are heard.}
  - {from: talk, to: offer, trigger: They want it., reason: They fit., benefit: They get it.}
  - {from: offer, to: won, trigger: They sign., reason: They said yes., benefit: They begin.}
sla:
  called: {from: ae, to: sdr, promise: Called within the hour.,
           measure: first_touch, handoff: talk, within: 1h, share: 90%}
  taken: {from: ae, to: sdr, promise: Taken or returned in a day.,
          measure: accepted, handoff: talk, within: 1d, share: 90%}
  good: {from: sdr, to: ae, promise: Half of them go on., measure: converted, handoff: talk, within: 5d, share: 50%}
"""


@pytest.fixture
def pair(playbook, home, does):
    playbook(RULES)
    (home / "config.yaml").write_text("playbook: pair\nzone: UTC\n")
    does("person", "add", "Sam", "--role", "sdr")
    does("person", "add", "Alex", "--role", "ae")
    return does


def hand_over(does, name, at):
    does("add", name, now=at)
    does("touch", name, "call", "they ask", now=at)  # it caused the handoff, and keeps no promise
    does("handoff", name, "--to", "talk", now=at)


def figures(does, now):
    found = does("report", "sla", "--json", now=now).json
    return found, {line["name"]: line for line in found["promises"]}


def test_an_sdr_and_an_ae_break_a_promise_and_see_it_the_same_hour(pair):
    hand_over(pair, "Acme", "2026-03-05T10:00:00Z")
    early = pair("today", "--json", now="2026-03-05T10:50:00Z").json["items"]
    assert "sla" not in [item["kind"] for item in early]
    [item] = [
        item for item in pair("today", "--json", now="2026-03-05T11:10:00Z").json["items"] if item["kind"] == "sla"
    ]
    assert (item["account"], item["overdue"], item["due"]) == ("acme", True, "2026-03-05T11:00:00Z")
    assert item["what"] == "ae promised sdr (called): Called within the hour"
    found, by_name = figures(pair, "2026-03-05T11:10:00Z")
    assert (by_name["called"]["kept"], by_name["called"]["due"], by_name["called"]["verdict"]) == (
        0,
        1,
        "not enough yet",
    )
    [breach] = found["breaches"]
    assert (breach["account"], breach["done_at"], breach["command"]) == ("acme", None, "handoffctl show acme")
    assert breach["late_days"] == pytest.approx(10 / 1440, abs=1e-4)
    assert "10 min, not done" in pair("report", "sla", now="2026-03-05T11:10:00Z").out
    pair("touch", "acme", "call", "heard them", now="2026-03-05T11:20:00Z")
    items = pair("today", "--json", now="2026-03-05T11:30:00Z").json["items"]
    assert "sla" not in [item["kind"] for item in items]
    assert figures(pair, "2026-03-05T11:30:00Z")[0]["breaches"][0]["done_at"] == "2026-03-05T11:20:00Z"
    # As of the earlier moment it is what it was then.
    assert figures(pair, "2026-03-05T11:10:00Z")[0] == found


def test_what_is_not_due_is_in_no_share_also_if_it_was_kept_early(pair):
    hand_over(pair, "Acme", "2026-03-05T10:00:00Z")
    hand_over(pair, "Birch", "2026-03-05T10:00:00Z")
    pair("touch", "acme", "call", "heard them", now="2026-03-05T10:10:00Z")
    found, by_name = figures(pair, "2026-03-05T10:30:00Z")
    called = by_name["called"]
    assert (called["due"], called["share"], called["early"], called["open"]) == (0, None, 1, 1)
    assert [case["account"] for case in found["open"] if case["promise"] == "called"] == ["birch"]
    called = figures(pair, "2026-03-05T12:00:00Z")[1]["called"]
    assert (called["kept"], called["due"]) == (1, 2)


def test_what_was_closed_before_it_was_due_is_void_and_counts_as_not_converted(pair):
    hand_over(pair, "Acme", "2026-03-02T10:00:00Z")
    pair("close", "acme", "--lost", "--because", "no money", now="2026-03-02T10:20:00Z")
    by_name = figures(pair, "2026-03-20T10:00:00Z")[1]
    assert (by_name["called"]["due"], by_name["called"]["void"], by_name["called"]["void_share"]) == (0, 1, 1.0)
    assert (by_name["good"]["kept"], by_name["good"]["due"], by_name["good"]["void"]) == (0, 1, 0)


def test_a_returned_handoff_answers_the_promise_to_take_or_return_it(pair):
    hand_over(pair, "Acme", "2026-03-02T10:00:00Z")
    pair("return", "acme", "--because", "no budget", now="2026-03-02T12:00:00Z")
    by_name = figures(pair, "2026-03-20T10:00:00Z")[1]
    taken = by_name["taken"]
    assert (taken["kept"], taken["due"], taken["void"]) == (1, 1, 0)


@pytest.mark.parametrize(("first", "due", "void"), [("Alex", 0, 1), ("", 1, 0)])
def test_what_a_colleague_took_over_before_is_void_but_not_what_was_with_the_role(pair, first, due, void):
    pair("person", "add", "Bea", "--role", "ae")
    pair("add", "Acme", now="2026-03-02T10:00:00Z")
    to = ["--to-person", first] if first else []
    pair("handoff", "acme", "--to", "talk", *to, now="2026-03-02T10:00:00Z")
    pair("handoff", "acme", "--stay", "--to-person", "Bea", now="2026-03-02T10:30:00Z")
    called = figures(pair, "2026-03-03T10:00:00Z")[1]["called"]
    assert (called["due"], called["void"]) == (due, void)


def test_entries_that_must_be_passed_on_in_time(pair, playbook):
    passed = "  on: {from: sdr, to: ae, promise: Passed on., measure: passed, stage: lead, within: 1d}\n"
    playbook(RULES + passed)
    for name in ("Acme", "Birch", "Cedar"):
        pair("add", name, now="2026-03-02T10:00:00Z")
    pair("handoff", "acme", "--to", "talk", now="2026-03-02T12:00:00Z")
    pair("handoff", "birch", "--to", "talk", now="2026-03-04T12:00:00Z")
    found, by_name = figures(pair, "2026-03-06T10:00:00Z")
    assert (by_name["on"]["kept"], by_name["on"]["due"], by_name["on"]["promised"]) == (1, 3, 1.0)
    late = {breach["account"]: breach["done_at"] for breach in found["breaches"] if breach["promise"] == "on"}
    assert late == {"birch": "2026-03-04T12:00:00Z", "cedar": None}
    items = pair("today", "--json", now="2026-03-06T10:00:00Z").json["items"]
    assert [item["account"] for item in items if item["kind"] == "sla" and "(on)" in item["what"]] == ["cedar"]


def test_a_test_account_is_left_out_and_counted(pair):
    pair("add", "Trial Inc", "--test", now="2026-03-02T10:00:00Z")
    pair("handoff", "trial-inc", "--to", "talk", now="2026-03-02T10:00:00Z")
    found, by_name = figures(pair, "2026-03-20T10:00:00Z")
    assert (by_name["called"]["due"], found["test"]) == (0, 3)
    assert "Left out: 3 on test accounts." in pair("report", "sla", now="2026-03-20T10:00:00Z").out


@pytest.mark.parametrize(("kept", "words"), [
    (17, "called: 85% (17 of 20), promised 90%: 1 too many late; short, could be chance."),
    (14, "called: 70% (14 of 20), promised 90%: 4 too many late; broken."),
    (18, "called: 90% (18 of 20), promised 90%; met."),
])  # fmt: skip
def test_the_fact_comes_first_and_the_word_is_for_the_habit(kept, words):
    [verdict] = judge_promises([PromiseCounts(kept, 20, 0.9)])
    line = PromiseLine(
        "called", "ae", "sdr", "Called.", "first_touch", 1 / 24, 0.9, kept, 20, kept / 20, verdict.too_many_late,
        verdict.word.value, 0, 0.0, 0, 0, 0, verdict.p, verdict.adjusted_p, verdict.broken_at_most,
    )  # fmt: skip
    assert sentence(line) == words


def test_an_absence_of_the_receiver_is_no_working_time():
    case = PromisedCase(1, "Alex", RecordedEvent("2026-03-02T10:00:00Z", 1), None, None)
    clock = Clock("2026-03-05T10:00:00Z", None)
    assert judge_case(case, 1.0, EVERY_DAY, clock).state == PromiseState.LATE
    away = with_absence(EVERY_DAY, ("2026-03-03", "2026-03-05"))
    judged = judge_case(case, 1.0, away, clock)
    assert (judged.due, judged.state) == ("2026-03-06", PromiseState.OPEN)
