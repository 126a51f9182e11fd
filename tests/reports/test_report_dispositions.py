"""Which proposals were followed and which overruled, and how the deals went on."""

import csv
import io

import pytest
from tests.dispositions.test_dispose import LATER, NOW, RULES, add

from handoffctl.core.moments import Clock
from handoffctl.core.windows import Window
from handoffctl.reports.dispositions.figures import decided_deals, figures_of_rules
from handoffctl.reports.dispositions.query import RecordedDecision
from handoffctl.stats.stays import Stay

assert NOW
AUTUMN = "2026-10-01T09:00:00Z"
JULY = "2026-07-10T09:00:00Z"


@pytest.fixture
def decided(does, playbook, home):
    """Five deals for which a rule spoke: two followed, three overruled, one of which was won."""
    playbook(RULES)
    (home / "config.yaml").write_text("playbook: letting\n")
    for name in ("one", "two", "won", "lost", "open", "test"):
        add(does, name, "deal.expected_close=2026-03-20")
    does("add", "drill", "--playbook", "letting", "--test")
    does("set", "drill", "deal.expected_close=2026-03-20")
    for name in ("one", "two", "drill"):
        does("close", name, "--nurture", "--because", "nobody there", now=LATER)
    for name in ("won", "lost", "open"):
        does("snooze", name, "+30d", "--because", "they call back", now=LATER)
    does("handoff", "won", "--to", "talks", now="2026-06-20T09:00:00Z")
    does("snooze", "open", "+90d", "--because", "they call back in autumn", now=JULY)


def later(does):
    does("close", "won", "--won", now="2026-08-01T09:00:00Z")
    does("close", "lost", "--disqualified", "--because", "they never were", now="2026-08-02T09:00:00Z")


def test_each_rule_with_what_was_followed_and_what_was_overruled(does, decided):
    later(does)
    found = does("report", "dispositions", "--json", now=AUTUMN).json
    assert (found["decided"], found["followed"], found["overruled"], found["test"]) == (5, 2, 3, 1)
    assert found["rules"] == [
        {
            "rule": "gone-quiet", "proposed": "nurture", "decided": 5, "followed": 2, "overruled": 3,
            "followed_now": {"won": 0, "lost": 0, "put_aside": 2, "open": 0},
            "overruled_now": {"won": 1, "lost": 1, "put_aside": 0, "open": 1},
        }
    ]  # fmt: skip
    assert {(deal["deal"], deal["decided"], deal["now"]) for deal in found["deals"]} == {
        ("one", "nurture", "nurture"), ("two", "nurture", "nurture"), ("won", "won", "won"),
        ("lost", "disqualified", "lost"), ("open", "snooze", "open"),
    }  # fmt: skip


def test_people_read_it_in_a_sentence_and_two_tables(does, decided):
    later(does)
    text = does("report", "dispositions", now=AUTUMN).out
    assert text.startswith(
        "Of 5 deals for which a rule spoke, 2 went as proposed and 3 did not.\n"
        "Where a proposal was overruled: 1 won, 1 lost, 1 open by now.\n"
        "Left out: 1 on test accounts.\n"
    )
    assert "Open one with: handoffctl show DEAL" in text
    rows = list(csv.DictReader(io.StringIO(does("report", "dispositions", "--csv", now=AUTUMN).out)))
    assert [row["row"] for row in rows] == ["rule", "rule followed"] + ["deal"] * 5


def test_as_of_an_earlier_moment_it_is_what_it_was_then(does, decided):
    before = does("report", "dispositions", "--json", now=JULY).json
    assert before["rules"][0]["overruled_now"] == {"won": 0, "lost": 0, "put_aside": 0, "open": 3}
    later(does)
    assert does("report", "dispositions", "--json", now=JULY).json == before
    assert does("report", "dispositions", "--json", now="2026-05-01").json["decided"] == 0


def test_the_window_chooses_decisions_by_their_moment(does, decided):
    found = does("report", "dispositions", "--since", "2026-07-01", "--json", now=AUTUMN).json
    assert [deal["deal"] for deal in found["deals"]] == ["open"]


def test_without_a_decision_it_says_where_to_look(does):
    text = does("report", "dispositions").out
    assert text.startswith("Nothing was decided yet about a deal for which a rule spoke.")


def _stay(number, kind, at, playbook="one"):
    return Stay(number, 7, playbook, "stage", kind, "me", at, None, 0, None, number)


def _decision(rule, decided, at):
    return RecordedDecision(7, 0, rule, "lost", decided, "", at)


def test_a_deal_counts_once_for_each_rule_by_its_newest_decision():
    window = Window(Clock("2026-09-01"))
    stays = {7: [_stay(1, "open", "2026-01-01"), _stay(2, "lost", "2026-03-01")]}
    decisions = [
        _decision("old", "snooze", "2026-02-01"), _decision("quiet", "snooze", "2026-02-02"),
        _decision("old", "lost", "2026-03-01"),
    ]  # fmt: skip
    deals = decided_deals(decisions, stays, "one", window)
    assert [(deal.rule, deal.decided) for deal in deals] == [("quiet", "snooze"), ("old", "lost")]
    assert [(row.rule, row.followed, row.overruled) for row in figures_of_rules(deals, ["old", "quiet"])] == [
        ("old", 1, 0), ("quiet", 0, 1),
    ]  # fmt: skip
    assert decided_deals(decisions, stays, "two", window) == []
