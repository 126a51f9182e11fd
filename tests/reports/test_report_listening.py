"""`report listening`: answers in time, announced or not, and corrections by head."""

import pytest

from handoffctl.core.business_time import WorkCalendar
from handoffctl.core.moments import Clock
from handoffctl.reports.listening.figures import CorrectedField, MeasuredSummary, count_answers, count_corrections

NOW = "2026-03-20"
WEEK = WorkCalendar(frozenset(range(5)), frozenset())
TALKS = """\
playbook: talks
fields:
  situation: {label: Situation, why: It is answered., summary: current situation}
  timeline: {label: Timeline, why: A date makes a deal., summary: timeline}
stages:
  first: {title: First talk}
  won: {title: Won, kind: won}
handoffs:
  - {from: first, to: won, trigger: They sign., reason: It is agreed., benefit: They begin., required: [situation]}
"""


@pytest.fixture
def told(does, playbook):
    """Three summaries: announced and confirmed the next day, not announced and corrected late, and one in silence."""
    playbook(TALKS)
    for name, announced in (("Acme", "yes"), ("Birch", "no"), ("Cedar", "yes")):
        does("add", name, "--playbook", "talks", now="2026-03-02")
        does("set", name.lower(), "situation=orders on paper", "timeline=by June", now="2026-03-02")
        does("summary", "draft", name.lower(), "--announced", announced, "--sent", now="2026-03-02")
    does("summary", "confirm", "acme", now="2026-03-03")
    does("summary", "correct", "birch", "timeline=by May", now="2026-03-12")
    return does


def test_answers_in_time_announced_against_not(told):
    found = told("report", "listening", "--playbook", "talks", "--json").json
    assert found["total"] == {"sent": 3, "answered": 2, "within_five_days": 1, "due": 3, "share": 1 / 3}
    assert found["announced"] == {"sent": 2, "answered": 1, "within_five_days": 1, "due": 2, "share": 0.5}
    assert found["not_announced"] == {"sent": 1, "answered": 1, "within_five_days": 0, "due": 1, "share": 0.0}
    assert found["unknown"]["sent"] == 0
    assert found["corrections"] == [
        {"head": "timeline", "corrected": 1, "share": 0.5, "deals": ["birch"]},
        {"head": "current situation", "corrected": 0, "share": 0.0, "deals": []},
    ]


def test_it_is_told_in_words_and_tables(told):
    text = told("report", "listening", "--playbook", "talks").out
    assert text.startswith("1 of 3 summaries were answered within 5 working days (33%).")
    assert "What clients corrected" in text
    assert "Listening" in told("report", "all", "--playbook", "talks", "--markdown").out
    assert told("report", "all", "--playbook", "talks", "--json").json["reports"]["listening"]["total"]["sent"] == 3


def test_the_window_and_the_moment_of_the_report_choose(told):
    since = told("report", "listening", "--playbook", "talks", "--since", "2026-03-03", "--json").json
    assert since["total"]["sent"] == 0
    early = told("report", "listening", "--playbook", "talks", "--json", now="2026-03-06").json
    assert early["total"] == {"sent": 3, "answered": 1, "within_five_days": 1, "due": 1, "share": 1.0}


@pytest.mark.parametrize(("answered", "in_time"), [("2026-03-09", 1), ("2026-03-10", 0)])
def test_five_working_days_are_in_time(answered, in_time):
    sent = MeasuredSummary(1, "2026-03-02", answered, 1)  # a Monday
    assert count_answers([sent], Clock(NOW), WEEK).within_five_days == in_time


def test_a_summary_corrected_twice_under_a_head_counts_once():
    corrected = [
        CorrectedField(1, "when"),
        CorrectedField(1, "start"),
        CorrectedField(2, "when"),
        CorrectedField(1, "x"),
    ]
    found = count_corrections(corrected, {1: "acme"}, {"when": "timeline", "start": "timeline"})
    assert found == [("timeline", 1, 1.0, ["acme"])]
