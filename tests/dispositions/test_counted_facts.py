"""What is counted about a deal: slips, contacts heard from, target accounts left, and what is usual in a stage."""

import pytest

from handoffctl.core.moments import Clock
from handoffctl.deals.facts_query import AccountContact
from handoffctl.dispositions.facts import count_slips, heard_from
from handoffctl.dispositions.stage_history import (
    EndedStay,
    StageHistory,
    StillHere,
    goes_forward,
    still_here_in_words,
)
from handoffctl.playbook.diff import differences
from handoffctl.playbook.facts import Touch
from handoffctl.playbook.reader import playbook_from_text

NOW = "2026-03-02T09:00:00Z"
CLOCK = Clock("2026-06-01T09:00:00Z")
BOOK_TEXT = """\
playbook: small
stages: {lead: {}, talks: {}, won: {kind: won}, lost: {kind: lost}}
handoffs:
  - {from: lead, to: talks, trigger: They talk., reason: They talk., benefit: They are heard.}
  - {from: talks, to: won, trigger: They sign., reason: They signed., benefit: They can begin.}
"""
BOOK = playbook_from_text(BOOK_TEXT, "small.yaml")


def test_a_changed_length_of_time_is_told_as_it_is_written():
    def rules(stage_age):
        text = f"dispositions: {{slow: {{propose: lost, when: [{{stage_age: {stage_age}}}], because: So.}}}}\n"
        return playbook_from_text(BOOK_TEXT + text, "small.yaml")

    assert differences(rules("60d"), rules("90d")) == ["disposition slow: when: stage_age: 60d -> stage_age: 90d"]
    assert differences(rules("60d"), rules("{times_usual: 2, else: 90d}")) == [
        "disposition slow: when: stage_age: 60d -> stage_age: times_usual: 2, else: 90d"
    ]


@pytest.mark.parametrize(
    ("dates", "slips"),
    [
        ([], 0), (["2026-03-01"], 0), (["2026-03-01", "2026-04-01"], 1), (["2026-03-01", "2026-03-01"], 0),
        (["2026-03-01", "2026-05-01", "2026-04-01", "2026-06-01"], 2),
    ],
)  # fmt: skip
def test_a_slip_is_a_move_to_a_later_day(dates, slips):
    assert count_slips(dates) == slips


ADA, BO = (
    AccountContact(n, name, f"{name[:2].lower()}@acme.example", None, None, None, n == 1)
    for n, name in enumerate(("Ada Bell", "Bo Lind"), 1)
)


@pytest.mark.parametrize(
    ("touches", "count"),
    [
        ([], 0),
        ([("email", "in", "", "")], 1),
        ([("email", "in", "", ""), ("call", "in", "", "Ada Bell")], 1),
        ([("email", "in", "", "Ada Bell"), ("call", "out", "answered", "Bo Lind")], 2),
        ([("email", "out", "sent", "Bo Lind"), ("note", "in", "", "Ada Bell")], 0),
        ([("meeting", "out", "held", "sales")], 1),
    ],
)
def test_contacts_heard_from_are_counted_once(touches, count):
    found = [Touch(*touch, "2026-05-20T09:00:00Z") for touch in touches]
    assert heard_from(found, [ADA, BO], CLOCK) == count


def test_what_was_heard_ninety_one_days_ago_is_too_long_ago():
    for day, count in (("2026-03-03", 1), ("2026-03-02", 0), ("2026-06-02", 0)):
        assert heard_from([Touch("email", "in", "", "", day)], [ADA], CLOCK) == count


def test_usual_is_the_85th_percentile_of_the_stays_that_went_forward():
    forward = [(float(days), True) for days in range(1, 21)]
    dropped = [(500.0, False)] * 30
    assert StageHistory([*forward, *dropped], []).usual_days == pytest.approx(17.15)
    assert StageHistory([*forward[1:], *dropped], []).usual_days is None


def test_of_those_still_here_on_a_day_it_is_said_how_many_went_on():
    ended = [(20.0, True)] * 10 + [(40.0, True), (45.5, True)] + [(50.0, False)] * 30
    history = StageHistory(ended, [12.0, 41.0, 60.0, 61.0])
    assert history.still_here_at(40) == StillHere(35, 2, 3)
    assert still_here_in_words(history, 40) == "of 34 still here at day 40, 2 went on, 2 are there yet"
    assert still_here_in_words(StageHistory([*ended, *[(50.0, False)] * 2], [41.0]), 40) == (
        "of 34 still here at day 40, 2 went on"
    )
    assert still_here_in_words(history, 61.5) == ""


@pytest.mark.parametrize(
    ("stage", "to", "forward"),
    [
        ("lead", ("small", "talks", "open"), True), ("talks", ("small", "lead", "open"), False),
        ("lead", ("small", "won", "won"), True), ("lead", ("small", "lost", "lost"), False),
        ("talks", ("delivery", "start", "open"), True), ("lead", (None, None, None), False),
    ],
)  # fmt: skip
def test_forward_is_a_later_open_stage_a_win_or_another_playbook(stage, to, forward):
    assert goes_forward(EndedStay(stage, 3.0, *to), BOOK) is forward


RULES = """\
playbook: counting
stages: {lead: {}, talks: {}, won: {kind: won}, lost: {kind: lost}, later: {kind: nurture}}
handoffs:
  - {from: lead, to: talks, trigger: They talk., reason: They talk., benefit: They are heard.}
  - {from: talks, to: won, trigger: They sign., reason: They signed., benefit: They can begin.}
targets: 3
dispositions:
  - {name: slipped, when: [{slips: 2}], propose: nurture, because: It was moved twice.}
  - {name: broad, when: [{penetration: 2}], propose: keep, because: Several people talk to us.}
  - {name: few-left, when: [{pool_left: 0}], propose: keep, because: There is nobody else.}
  - {name: slow, when: [{stage_age: {times_usual: 2, else: 60d}}], propose: lost, because: Others went on long ago.}
"""


def rule(does, account, now=NOW):
    found = does("dispose", account, "--json", now=now).json["proposals"]
    return found[0]["rule"] if found else ""


def test_the_program_counts_from_what_was_recorded(does, playbook):
    playbook(RULES)
    for name in ("acme", "birch"):
        does("add", name, "--playbook", "counting", "--contact", f"Ada Bell <ada@{name}.example>")
    for day in ("2026-04-01", "2026-05-01", "2026-04-15", "2026-06-01"):
        assert rule(does, "acme") == ""
        does("set", "acme", f"deal.expected_close={day}")
    assert rule(does, "acme") == "slipped"
    does("contact", "add", "birch", "Bo Lind <bo@birch.example>")
    does("touch", "birch", "email", "hello", "--in")
    assert rule(does, "birch") == ""
    does("touch", "birch", "call", "they ask", "--in", "--with", "Bo Lind")
    assert rule(does, "birch") == "broad"
    does("add", "clover", "--playbook", "counting")
    assert rule(does, "clover") == "few-left"


def test_what_is_usual_is_counted_and_until_then_the_fixed_length_holds(does, playbook):
    playbook(RULES.replace("targets: 3", "targets: 99"))
    does("add", "acme", "--playbook", "counting")
    assert rule(does, "acme", now="2026-04-30T09:00:00Z") == ""
    assert rule(does, "acme", now="2026-05-01T09:00:00Z") == "slow"
    for number in range(20):
        does("add", f"deal {number}", "--playbook", "counting")
        does("handoff", f"deal-{number}", "--to", "talks", now="2026-03-07T09:00:00Z")
    assert rule(does, "acme", now="2026-03-12T08:00:00Z") == ""
    assert rule(does, "acme", now="2026-03-12T09:00:00Z") == "slow"
    for number in range(20, 26):
        does("add", f"deal {number}", "--playbook", "counting")
        does("close", f"deal-{number}", "--lost", "--because", "no answer", now="2026-03-20T09:00:00Z")
    shown = does("dispose", "acme", "--json", now="2026-03-12T09:00:00Z").json["proposals"][0]
    assert shown["evidence"] == "of 6 still here at day 10, 0 went on"
