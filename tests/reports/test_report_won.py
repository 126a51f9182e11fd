"""`report won`: signals as known at the landmark, won against lost."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoffctl.reports.won.bands import ScoredEnd, band_width, score_bands

from .written_deals import Written, learn, meet, touch, write_deals, yes_or_no

TALKS = """\
playbook: talks
fields:
  budget: {label: Budget, why: They can pay., type: money}
stages:
  first: {title: First talk}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
signals:
  rich: {label: They can pay, points: 10, when: [{field: budget, at_least: 5000}]}
  senior: {label: A director talks to us, points: 5, when: [{field: contact.level, is: director}]}
  came: {label: They came to us, points: 5, when: [{touches: {direction: in, at_least: 1, within: 30d}}]}
handoffs:
  - {from: first, to: won, trigger: They sign., reason: It is agreed., benefit: They begin.}
"""
NOW = "2026-04-01"


def _sell(does, playbook, late=False):
    playbook(TALKS)
    for number in range(10):
        name, won = f"deal{number}", number < 5
        does("add", name, "--playbook", "talks", now="2026-02-01")
        does("set", name, f"budget={9000 if won else 10}", now="2026-02-03")
        if late and not won:
            does("set", name, "budget=9000", now="2026-02-16")
        does("close", name, "--won" if won else "--lost", "--because", "they said so", now="2026-03-01")


@pytest.fixture
def sold(does, playbook, once):
    """Five won deals that could pay and five lost ones that could not, all closed on 1 March."""
    once(lambda: _sell(does, playbook))
    return does


def _report(does, *words, now=NOW):
    return does("report", "won", "--playbook", "talks", "--json", *words, now=now).json


def test_five_won_and_five_lost_wholly_apart_stand_out(sold):
    figures = _report(sold)
    assert (figures["won"], figures["lost"], figures["settled"]) == (5, 5, True)
    rich = figures["signals"][0]
    assert rich["counts"] == {"won_with": 5, "won": 5, "lost_with": 0, "lost": 5}
    assert rich["verdict"]["word"] == "stands out"
    assert (rich["won_deals"], rich["lost_deals"]) == ([f"deal{n}" for n in range(5)], [])


def test_the_page_names_the_deals_behind_a_signal_and_the_command_that_opens_one(sold):
    text = sold("report", "won", "--playbook", "talks").out
    assert "They can pay: won deal0, deal1, deal2 and 2 more." in text
    assert "Open one with: handoffctl show DEAL" in text
    assert "The report does not see deals that never passed the gate." in text
    assert "A director talks to us: known for 0 of 5 won and 0 of 5 lost." in text


def test_the_numbers_behind_the_words_are_shown_on_demand(sold):
    assert "log odds" not in sold("report", "won", "--playbook", "talks").out
    why = sold("report", "won", "--playbook", "talks", "--explain").out
    rich = next(line for line in why.partition("Why\n")[2].splitlines() if line.startswith("They can pay"))
    assert rich.split()[3:] == ["0.008", "0.016", "0.548"]  # two signals were known: budget and touches


def test_what_is_learned_after_the_landmark_changes_nothing(does, playbook):
    _sell(does, playbook, late=True)
    rich = _report(does)["signals"][0]
    assert rich["counts"] == {"won_with": 5, "won": 5, "lost_with": 0, "lost": 5}


LATER = st.lists(
    st.tuples(
        st.sampled_from([learn, touch, meet]), st.integers(1, 10), st.sampled_from(["9000", "1"]),
        st.sampled_from(["2026-02-16", "2026-02-20T08:00:00Z", "2026-03-20"]),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(later=LATER)
def test_nothing_learned_after_the_landmark_changes_the_analysis(sold, home, later):
    before = _report(sold)
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:  # adds to earlier examples
        for learning, deal, value, at in later:
            if learning is learn:
                learn(connection, deal, "budget", value, at)
            elif learning is touch:
                touch(connection, deal, "in" if value == "1" else "out", at)
            else:
                meet(connection, deal, "director" if value == "1" else "user", at)
    assert _report(sold) == before


EIGHT = [(9, 4), (9, 5), (7, 3), (8, 9), (10, 14), (6, 9), (6, 9), (6, 9)]  # had it, of 12 won and of 18 lost
SIGNALS = """\
playbook: talks
fields:
{fields}
stages:
  lead: {{title: Lead}}
  first: {{title: First talk}}
  won: {{title: Won, kind: won}}
  lost: {{title: Lost, kind: lost}}
  later: {{title: Later, kind: nurture}}
signals:
{signals}
handoffs:
  - {{from: lead, to: first, trigger: They call., reason: They fit., benefit: They are heard.}}
  - {{from: first, to: won, trigger: They sign., reason: It is agreed., benefit: They begin.}}
"""


def _worked(last_known=18):
    """Twelve won and eighteen lost deals with eight signals; the first is known for so many of the lost ones."""
    for number in range(30):
        won, place = number < 12, number if number < 12 else number - 12
        has = {f"s{n}": place < counts[not won] for n, counts in enumerate(EIGHT)}
        if not won and place >= last_known:
            del has["s0"]
        stays = [("lead", "2026-01-01"), ("first", "2026-01-10"), ("won" if won else "lost", "2026-03-01")]
        yield Written(f"deal{number}", stays, yes_or_no(has, "2026-01-12"))


@pytest.fixture
def eight(home, playbook):
    names = [f"s{n}" for n in range(8)]
    fields = "\n".join(f"  {name}: {{label: Field {name}, type: yes_no, why: It helps.}}" for name in names)
    signals = "\n".join(
        f"  {name}: {{label: Sign {name}, points: 5, when: [{{field: {name}, is: yes}}]}}" for name in names
    )
    playbook(SIGNALS.format(fields=fields, signals=signals))
    return home


def test_the_worked_signals_are_judged_as_written_down(does, eight):
    write_deals(eight, "talks", _worked())
    figures = _report(does)
    assert (figures["stage"], figures["won"], figures["lost"]) == ("first", 12, 18)
    by_name = {signal["signal"]: signal["verdict"] for signal in figures["signals"]}
    expected = {
        "s0": (53, 16, 74, 0.008, 0.064, "worth watching"),
        "s1": (47, 11, 69, 0.024, 0.094, "worth watching"),
        "s2": (42, 7, 67, 0.045, 0.12, "worth watching"),
    }
    for name, (*points, p, q, word) in expected.items():
        verdict = by_name[name]
        assert [100 * verdict[end] for end in ("difference", "low", "high")] == pytest.approx(points, abs=0.51)
        assert (verdict["p"], verdict["q"]) == (pytest.approx(p, abs=5e-4), pytest.approx(q, abs=6e-4))
        assert verdict["word"] == word
    assert [signal["signal"] for signal in figures["signals"]][:3] == ["s0", "s1", "s2"]
    assert by_name["s3"]["word"] == "nothing clear"
    text = does("report", "won", "--playbook", "talks").out
    assert ["Sign", "s0", "9", "of", "12", "4", "of", "18", "+53", "(16", "to", "74)", "worth", "watching"] in [
        line.split() for line in text.splitlines()
    ]
    assert "+17 (-18 to 45)" in text
    assert "nearly all have it, so it tells nothing" in text


def test_a_signal_that_is_not_known_for_all_says_for_how_many(does, eight):
    write_deals(eight, "talks", _worked(last_known=9))
    assert "Sign s0: known for 9 of 18 lost." in does("report", "won", "--playbook", "talks").out


def test_below_five_won_and_five_lost_there_are_names_only(does, eight):
    write_deals(eight, "talks", list(_worked())[8:13])
    text = does("report", "won", "--playbook", "talks").out
    assert "Not enough deals to compare yet: 4 of 5 won and 1 of 5 lost." in text
    assert "Won: deal8, deal9, deal10 and 1 more." in text
    assert "Sign s0: won deal8; lost deal12." in text
    assert " of 4" not in text
    assert "%" not in text


def test_what_is_not_compared_is_counted_aloud(does, eight):
    def deal(name, *stays, **more):
        return Written(name, [("lead", "2026-01-01"), *stays], **more)

    write_deals(
        eight,
        "talks",
        [
            *_worked(),
            deal("soon", ("first", "2026-01-10"), ("lost", "2026-01-12")),
            deal("aside", ("first", "2026-01-10"), ("later", "2026-02-28")),
            deal("slow", ("first", "2026-01-10")),
            deal("new", ("first", "2026-03-25")),
            deal("drill", ("first", "2026-01-10"), ("won", "2026-03-01"), test=True),
            deal("unknown", ("first", None), ("won", "2026-03-01")),
        ],
    )
    text = does("report", "won", "--playbook", "talks").out
    assert "12 won and 18 lost" in text
    assert "1 put aside" in text
    for left_out in ("1 closed within 14 days", "1 still open", "1 too recent", "1 on test accounts"):
        assert left_out in text
    assert "1 without the dates of their stages" in text


def test_another_stage_can_be_named(does, eight):
    write_deals(eight, "talks", _worked())
    assert _report(does, "--stage", "Lead")["stage"] == "lead"
    refused = does("report", "won", "--playbook", "talks", "--stage", "won", code=4)
    assert 'no open stage "won"' in refused.err


SCORED = """\
playbook: talks
fields:
  budget: {label: Budget, why: They can pay., type: money}
stages:
  lead: {title: Lead}
  idea: {title: Idea}
  meeting: {title: Meeting, entry: [promising]}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
criteria:
  promising: {label: Enough points, score: 10, why: A meeting takes an hour.}
signals:
  rich: {label: They can pay, points: 10, when: [{field: budget, at_least: 5000}]}
  richer: {label: They can pay more, points: 30, when: [{field: budget, at_least: 9000}]}
handoffs:
  - {from: lead, to: idea, trigger: They call., reason: They fit., benefit: They are heard.}
  - {from: idea, to: meeting, trigger: They ask., reason: They fit., benefit: They are heard.}
  - {from: meeting, to: won, trigger: They sign., reason: It is agreed., benefit: They begin.}
"""


def test_scores_are_counted_at_the_gate_that_asks_for_one(does, playbook):
    playbook(SCORED)
    for number in range(10):
        won = number < 5
        does("add", f"deal{number}", "--playbook", "talks", now="2026-01-01")
        does("handoff", f"deal{number}", "--no-input", now="2026-01-02")
        does("handoff", f"deal{number}", "--set", f"budget={9000 if won else 5000}", now="2026-01-03")
        close = ["--won"] if won else ["--lost", "--because", "no"]
        does("close", f"deal{number}", *close, now=f"2026-02-{number + 1:02}")
    figures = _report(does)
    assert figures["stage"] == "meeting"
    assert [(band["from"], band["to"], band["n"], band["won"]) for band in figures["scores"]] == [
        (10, 19, 5, 0),
        (40, 49, 5, 5),
    ]
    assert figures["scores"][1]["low"] == pytest.approx(0.566, abs=1e-3)
    assert "40 to 49" in does("report", "won", "--playbook", "talks").out


def test_as_of_an_earlier_moment_it_is_what_a_home_tells_that_knows_no_more(sold):
    sold("contact", "add", "deal5", "Ada Lee", "--level", "director", now="2026-02-10")
    before = _report(sold, now="2026-03-10")
    senior = next(signal for signal in before["signals"] if signal["signal"] == "senior")
    assert senior["counts"] == {"won_with": 0, "won": 0, "lost_with": 1, "lost": 1}
    sold("contact", "set", "deal5", "Ada Lee", "--level", "user", now="2026-03-12")
    sold("add", "late", "--playbook", "talks", now="2026-02-20")
    sold("close", "late", "--lost", "--because", "no money", now="2026-03-12")
    later = _report(sold, now="2026-03-10")
    assert later.pop("too_recent") == before.pop("too_recent") + 1  # it had been entered by then
    assert later == before


def test_an_empty_home_says_what_is_missing(does, playbook):
    playbook(TALKS)
    does("add", "acme", "--playbook", "talks")
    text = does("report", "won", "--playbook", "talks").out
    assert text == "Not enough deals to compare yet: 0 of 5 won and 0 of 5 lost.\nLeft out: 1 too recent.\n"


def test_bands_depend_on_the_points_of_the_playbook_only():
    assert [band_width(most) for most in (5, 10, 60, 100, 135, 600)] == [1, 2, 20, 20, 25, 200]
    low, high = score_bands([ScoredEnd(49, False), ScoredEnd(50, True), ScoredEnd(74, False)], 135)
    assert low[:4] == (25, 49, 1, 0)
    assert high[:5] == (50, 74, 2, 1, 0.5)
    assert (round(high.low, 3), round(high.high, 3)) == (0.095, 0.905)
