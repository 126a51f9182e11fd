"""`report goals` and `goals set` through the command line: a team, a solo seller, and an earlier moment."""

import csv
import json
import shutil
from collections import Counter

import pytest

NOW = "2026-03-30T09:00:00Z"
TEAM = """\
playbook: team
roles: {sdr: Finds them, sales: Sells}
goal: {revenue: 20000, per: quarter}
fields: {fit: {label: Fit, type: yes_no}}
objectives:
  calls: {role: sdr, measure: calls, at_least: 6, per: month, serves: Enough first talks.}
  fitting: {role: sdr, measure: leads, of: {field: fit, is: yes}, at_least: 4, per: month, serves: Time.}
  handoffs: {role: sdr, person: Sam, measure: handoffs, at_least: 2, per: month, serves: Work for sales.}
  wins: {role: sales, measure: wins, at_least: 2, per: month, serves: Revenue.}
  rate: {role: sales, measure: win_rate, at_least: 0.3, per: quarter, serves: Hours well spent.}
  sign-ups: {role: sdr, measure: typed, at_least: 100, per: quarter, serves: Names to call.}
stages:
  lead: {owner: sdr}
  talks: {owner: sales}
  won: {kind: won, owner: sales}
  lost: {kind: lost}
  later: {kind: nurture}
handoffs:
  - {from: lead, to: talks, trigger: They answer., reason: It fits., benefit: They are heard.}
  - {from: talks, to: won, trigger: They sign., reason: Agreed., benefit: They begin.}
"""
SLUGS = ("acme", "birch", "cedar", "dune")


def _at(day, hour=9):
    return f"2026-03-{day:02}T{hour:02}:00:00Z"


def _until(does, last):
    """Records what happened up to a day of March, and nothing of what came later."""
    story = [
        (2, ["person", "add", "Sam", "--role", "sdr"]),
        (2, ["person", "add", "Alan", "--role", "sales"]),
        *((3, ["add", name, "--playbook", "team"]) for name in SLUGS),
        *((4, ["touch", name, "call", "--outcome", "answered"]) for name in SLUGS[:3]),
        (4, ["touch", "acme", "email", "--in"]),
        (5, ["set", "acme", "deal.amount=5000", "fit=yes"]),
        (5, ["set", "birch", "fit=no"]),
        (6, ["handoff", "acme", "--to", "talks", "--step", "call"]),
        (6, ["handoff", "birch", "--to", "talks", "--step", "call"]),
        (9, ["accept", "acme"]),
        (9, ["return", "birch", "--because", "no need"]),
        (10, ["touch", "acme", "meeting", "--outcome", "held"]),
        (11, ["meeting", "book", "acme", "--at", "2026-03-13T10:00:00Z"]),
        (13, ["meeting", "no-show", "acme"]),
        (16, ["goals", "set", "sign-ups", "30", "--month", "2026-02", "--playbook", "team"]),
        (16, ["close", "acme", "--won"]),
        (17, ["close", "cedar", "--lost", "--because", "no money"]),
        (18, ["close", "dune", "--nurture", "--because", "in autumn", "--wake", "2026-10-01"]),
        (20, ["goals", "set", "sign-ups", "42", "--month", "2026-03", "--playbook", "team"]),
        (23, ["goals", "set", "sign-ups", "50", "--month", "2026-03", "--playbook", "team"]),
    ]
    for day, words in story:
        if day <= last:
            does(*words, now=_at(day, 11))


@pytest.fixture
def team(does, playbook):
    playbook(TEAM)
    _until(does, 31)
    return does


def _line(figures, name):
    return next(line for line in figures["objectives"] if line["name"] == name)


def test_a_team_sees_each_count_beside_its_quality(team):
    figures = team("report", "goals", "--playbook", "team", "--json").json
    sdr = next(line for line in figures["counts"] if line["role"] == "sdr")
    assert {name: sdr[name] for name in ("leads", "worked", "calls", "conversations", "handoffs", "handoffs_old")} == {
        "leads": 4, "worked": 3, "calls": 3, "conversations": 3, "handoffs": 2, "handoffs_old": 2,
    }  # fmt: skip
    assert (sdr["returned"], sdr["pipeline"], sdr["pipeline_unknown"]) == (1, 0, 4)
    sales = [line for line in figures["counts"] if line["role"] == "sales"]
    assert sum(line["meetings"] for line in sales if line["who"]) == 1
    assert sum(line["no_shows"] for line in sales if line["who"]) == 1
    assert sum(line["revenue"] for line in sales if line["who"]) == 5000
    closed = next(rate for rate in figures["win_rates"] if (rate["role"], rate["by"]) == ("sdr", "closed"))
    assert (closed["won"], closed["lost"], closed["put_aside"], closed["rate"]) == (1, 1, 1, None)


def test_objectives_say_the_pace_in_plain_arithmetic(team):
    figures = team("report", "goals", "--playbook", "team", "--json").json
    calls = _line(figures, "calls")
    assert (calls["value"], calls["to_go"], calls["working_days_left"], calls["a_day_needed"]) == (3, 3, 2, 1.5)
    assert _line(figures, "fitting")["value"] == 1
    assert _line(figures, "wins")["value"] == 1
    assert _line(figures, "sign-ups")["value"] == 80
    goal = figures["goal"]
    assert (goal["reached"], goal["to_go"], goal["begins"], goal["ends"]) == (5000, 15000, "2026-01-01", "2026-03-31")
    text = team("report", "goals", "--playbook", "team", "--explain").out
    assert "calls (sdr): 3 of 6 a month; 3 to go in 2 days: 1.5 a day (your usual: 0.2). 3 reached somebody." in text
    assert "rate (sales): not enough yet: 1 of 5; aim at least 30% a quarter." in text
    assert "Furthest behind an even pace: handoffs, 0 where 1.8 would be on pace." in text
    assert "handoffctl show acme" in text


def test_an_earlier_month_and_a_window_have_no_days_left(team):
    figures = team("report", "goals", "--playbook", "team", "--month", "2026-03", "--json", now="2026-05-04").json
    assert (figures["begins"], figures["ends"]) == ("2026-03-01", "2026-03-31")
    assert (_line(figures, "calls")["to_go"], _line(figures, "calls")["working_days_left"]) == (3, 0)
    within = team("report", "goals", "--playbook", "team", "--since", "2026-03-04", "--until", "2026-03-05", "--json")
    assert _line(within.json, "calls")["value"] == 3
    assert _line(within.json, "calls")["working_days_left"] is None
    assert team("report", "goals", "--month", "2026-13", code=6).err.startswith('"2026-13" is not a month')
    compared = team("report", "goals", "--playbook", "team", "--compare", "2026-03-10", "--json").json
    assert sum(line["meetings"] for line in compared["after"]["counts"] if line["who"]) == 1


def test_one_person_and_nobody(team):
    figures = team("report", "goals", "--playbook", "team", "--person", "alan", "--json").json
    assert figures["person"] == "Alan"
    assert {line["who"] for line in figures["counts"]} <= {"Alan"}
    refused = team("report", "goals", "--playbook", "team", "--person", "Nora", code=4)
    assert 'Nobody here is called "Nora"' in refused.err


def test_as_of_an_earlier_moment_it_is_what_it_was(does, playbook, home):
    playbook(TEAM)
    _until(does, 12)
    before = does("report", "goals", "--playbook", "team", "--json", now="2026-03-12T23:00:00Z").json
    shutil.rmtree(home)
    playbook(TEAM)
    _until(does, 31)
    assert does("report", "goals", "--playbook", "team", "--json", now="2026-03-12T23:00:00Z").json == before


def test_a_plain_reading_of_the_exported_tables_counts_the_same(team, tmp_path):
    figures = team("report", "goals", "--playbook", "team", "--json").json
    team("export", "--csv", str(tmp_path / "out"))
    tables = {}
    for name in ("visit", "touch", "handoff"):
        with (tmp_path / "out" / f"{name}.csv").open() as file:
            tables[name] = list(csv.DictReader(file))
    leads = {row["deal_id"] for row in tables["visit"] if row["stage"] == "lead"}
    talked = {
        (row["deal_id"], row["at"][:10])
        for row in tables["touch"]
        if row["outcome"] in ("held", "answered", "replied") or row["direction"] == "in"
    }
    counted = Counter()
    for line in figures["counts"]:
        if line["who"] is not None:
            counted.update({name: line[name] for name in ("leads", "calls", "conversations", "handoffs", "returned")})
    of_sdr = sum(line["leads"] for line in figures["counts"] if line["role"] == "sdr" and line["who"])
    assert of_sdr == len(leads)
    assert counted["calls"] == sum(row["kind"] == "call" for row in tables["touch"])
    assert counted["conversations"] == len(talked)
    made = [row for row in tables["handoff"] if row["state"] != "blocked"]
    assert counted["handoffs"] == len(made)
    assert counted["returned"] == sum(bool(row["returned_at"]) for row in made)


def test_typed_numbers_are_recorded_undone_and_refused(team, rows):
    assert rows("SELECT month, number FROM typed_number ORDER BY id DESC LIMIT 1") == [("2026-03", 50.0)]
    team("undo", "--yes")
    assert _line(team("report", "goals", "--playbook", "team", "--json").json, "sign-ups")["value"] == 72
    assert "sign-ups: 42 for 2026-03" in team("log").out
    unknown = team("goals", "set", "signups", "1", "--playbook", "team", code=4)
    assert "sign-ups" in unknown.err
    assert "it is counted here" in team("goals", "set", "calls", "1", "--playbook", "team", code=6).err
    assert team("goals", "set", "sign-ups", "many", "--playbook", "team", code=6).code == 6
    assert team("goals", "set", "sign-ups", "1", "--month", "2027-01", "--playbook", "team", code=6).code == 6


def test_typed_numbers_are_listed_by_objective_and_month_the_newest_of_each(team):
    listed = team("goals", "list", "--json").json
    assert [(each["objective"], each["month"], each["number"]) for each in listed["numbers"]] == [
        ("sign-ups", "2026-02", 30),
        ("sign-ups", "2026-03", 50),
    ]
    assert listed["total"] == 2
    assert "2026-02" in team("goals", "list", "--playbook", "team").out
    assert team("goals", "list", "--playbook", "solo", "--json").json["total"] == 0
    team("undo", "--yes")
    assert team("goals", "list", "--json").json["numbers"][1]["number"] == 42
    exported = [line for line in team("export").out.splitlines() if '"sign-ups"' in line]
    assert any('"2026-02"' in line for line in exported)
    team("goals", "list", "--playbook", "nowhere", code=4)


@pytest.mark.parametrize(
    "words",
    [
        ["--month", "2026-03", "--", "-1"],
        ["inf"],
        ["nan"],
        ["ten"],
        ["1", "--month", "2026-13"],
        ["1", "--month", "March"],
        ["1", "--month", "2026-04"],
    ],
)
def test_a_bad_number_or_month_is_refused_with_a_hint_and_nothing_is_recorded(does, playbook, words):
    playbook(TEAM)
    refused = does("goals", "set", "--playbook", "team", "sign-ups", *words, now=NOW, code=6)
    assert len(refused.err.strip().splitlines()) == 2
    assert does("goals", "list").err.startswith("No number was typed yet.")


def test_a_playbook_without_a_goal_says_what_to_write_and_counts_all_the_same(does):
    assert "Nothing was counted in Mar 2026." in does("report", "goals").out
    does("add", "Acme", now=_at(2))
    does("touch", "acme", "call", "--outcome", "answered", now=_at(3))
    text = does("report", "goals").out
    assert "goal: {revenue: 200000, per: year}" in text
    assert "seller      1       1      1      1" in text


def test_the_page_draws_the_pace_with_its_words(team, tmp_path):
    team("report", "all", "--playbook", "team", "--html", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text()
    assert '<title id="goals-pace-t">Pace against goal</title>' in page
    assert "Revenue: 5,000 of 20,000 a quarter" in page


@pytest.mark.parametrize("of", ["{summary: confirmed}", "confirmed"])
def test_a_criterion_without_kept_moments_is_no_criterion_for_counting(quick, playbook, of):
    text = TEAM.replace("{field: fit, is: yes}", of)
    playbook(text.replace("stages:", "criteria: {confirmed: {summary: confirmed}}\nstages:", 1))
    ran = quick("playbook", "check", "team", now=NOW)
    assert ran.code == 5
    assert "cannot be told" in ran.err + ran.out


def test_playbook_show_has_goal_and_objectives(team):
    shown = json.loads(team("playbook", "show", "team", "--json").out)
    assert shown["goal"]["in_words"] == "revenue: 20,000 a quarter"
    assert shown["objectives"]["handoffs"]["person"] == "Sam"
    text = team("playbook", "show", "team").out
    assert "revenue: 20,000 a quarter" in text
