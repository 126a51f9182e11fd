"""`report engagement` through the command line, on what a seller recorded."""

import csv
import io
import sqlite3
from contextlib import closing

import pytest

from handoffctl.reports.context import ReportOptions, open_report
from handoffctl.reports.engagement.report import build
from handoffctl.workspace.home import Home

NOW = "2026-03-20T09:00:00Z"
SALES = """\
playbook: sales
stages:
  lead: {title: Lead, target: 3d}
  talks: {title: Talks}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talks, trigger: They answer., reason: They fit., benefit: They are heard.}
  - {from: talks, to: won, trigger: They sign., reason: They want it., benefit: They get it.}
"""


@pytest.fixture
def report(quick):
    return lambda *words, now=NOW: quick("report", "engagement", "--playbook", "sales", *words, now=now)


@pytest.fixture
def sold(quick, playbook):
    """Acme was called after three hours and went on after four days; nobody has called Northwind, but they wrote."""
    playbook(SALES)
    for now, *words in (
        ("2026-03-01T09:00:00Z", "add", "Acme Corp", "--playbook", "sales"),
        ("2026-03-01T12:00:00Z", "touch", "acme-corp", "call", "Said hello"),
        ("2026-03-02T12:00:00Z", "touch", "acme-corp", "note", "Their year ends in June"),
        ("2026-03-03T12:00:00Z", "touch", "acme-corp", "email", "--in"),
        ("2026-03-05T09:00:00Z", "handoff", "acme-corp"),
        ("2026-03-10T09:00:00Z", "add", "Northwind", "--playbook", "sales"),
        ("2026-03-12T09:00:00Z", "touch", "northwind", "message", "--in"),
        ("2026-03-12T10:00:00Z", "touch", "northwind", "call", "--at", "2026-02-01"),
        ("2026-03-15T09:00:00Z", "touch", "acme-corp", "meeting", "--outcome", "held"),
    ):
        ran = quick(*words, now=now)
        assert ran.code == 0, ran


def test_it_tells_touches_first_response_silence_and_progress(report, sold):
    found = report("--json").json
    lead, talks = found["stages"]
    assert (found["playbook"], found["as_of"], found["touches"], found["left_out"]) == ("sales", NOW, 5, 1)
    assert (lead["stage"], lead["title"], lead["stays"], lead["touched"], lead["touches_per_stay"]) == (
        "lead", "Lead", 2, 2, 2.0,
    )  # fmt: skip
    assert lead["by"] == {
        "call": {"in": 0, "out": 1}, "email": {"in": 1, "out": 0}, "meeting": {"in": 0, "out": 0},
        "message": {"in": 1, "out": 0}, "note": {"in": 0, "out": 1},
    }  # fmt: skip
    assert lead["first_response"] == {
        "stays": 2, "answered": 1, "waiting": 1, "never": 0,
        "median_days": 0.125, "median_days_low": 0.125, "median_days_high": None,
    }  # fmt: skip
    # Acme's longest silence was from noon of the first to noon of the third day.
    assert lead["silence"] == {
        "median_days": 5.0, "longest_now_days": 8.0,
        "longest_now": {"account": "northwind", "name": "Northwind", "deal": "deal", "ref": "northwind"},
    }  # fmt: skip
    advance = lead["advance_by_touches"]
    assert (advance["landmark_days"], advance["tells"]) == (3.0, False)
    assert advance["says"] == "These data do not tell: all stays had 1-2 touches by then."
    counts = [(group["touches"], group["stays"], group["advanced"]) for group in advance["groups"]]
    assert counts == [("0", 0, 0), ("1-2", 2, 1), ("3-5", 0, 0), ("6 or more", 0, 0)]
    assert (talks["stays"], talks["first_response"]["median_days"], talks["silence"]["median_days"]) == (1, 10.0, 10.0)
    assert found["deals"]["deals"] == 2
    assert found["deals"]["touches_per_deal"] == 2.5


def test_on_paper_it_fits_and_names_the_command_to_act(report, sold):
    out = report().out
    assert max(map(len, out.splitlines())) < 100
    assert "2 deals, 5 touches: 2.5 for each. 0 had none." in out
    assert "Left out: 1 touch older than the deal" in out
    assert "3.0 h" in out
    assert "handoffctl show northwind" in out
    assert "Lead: these data do not tell" in out


def test_csv_and_markdown_hold_the_same_figures(report, sold):
    lead = next(csv.DictReader(io.StringIO(report("--csv").out)))
    assert (lead["stage"], lead["call_out"], lead["note_out"]) == ("lead", "1", "1")
    assert (lead["first_response_median_days"], lead["silence_longest_now"]) == ("0.125", "northwind")
    assert (lead["advance_1_to_2_touches_stays"], lead["advance_tells"]) == ("2", "no")
    out = report("--markdown").out
    assert out.startswith("## Engagement\n")
    assert "| Lead | 2 | 1 | 1 | 0 | 3.0 h | 3.0 h or more |" in out


def test_an_earlier_report_knows_nothing_of_what_came_later(quick, playbook, report):
    playbook(SALES)
    quick("add", "Acme Corp", "--playbook", "sales", now="2026-03-01T09:00:00Z")
    quick("touch", "acme-corp", "call", now="2026-03-02T09:00:00Z")
    then = "2026-03-04T09:00:00Z"
    made = report("--json", now=then).out
    quick("touch", "acme-corp", "email", now="2026-03-05T09:00:00Z")
    quick("handoff", "acme-corp", now="2026-03-06T09:00:00Z")
    quick("deal", "add", "acme-corp", "Second", now="2026-03-07T09:00:00Z")
    quick("add", "Northwind", "--playbook", "sales", now="2026-03-08T09:00:00Z")
    assert report("--json", now=then).out == made
    assert report("--json").json["touches"] == 2


def test_since_and_until_choose_stays_by_their_beginning(report, sold):
    found = report("--json", "--since", "2026-03-05").json
    assert [stage["stays"] for stage in found["stages"]] == [1, 1]
    assert (found["touches"], found["left_out"], found["since"]) == (2, 0, "2026-03-05")
    found = report("--json", "--until", "2026-03-04").json
    assert [stage["stays"] for stage in found["stages"]] == [1, 0]
    assert (found["touches"], found["left_out"]) == (3, 1)


def test_drills_are_nowhere(report, sold, home):
    before = report("--json").json
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
        connection.execute("UPDATE account SET test = 1 WHERE slug = 'northwind'")
    after = report("--json").json
    assert (before["stages"][0]["stays"], after["stages"][0]["stays"]) == (2, 1)
    assert (after["touches"], after["left_out"]) == (4, 0)
    assert "northwind" not in report("--json").out


def test_a_touch_without_a_deal_is_of_the_only_deal_its_account_had_then(report, sold, quick, home):
    def of_the_account(at):
        with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
            connection.execute(
                """INSERT INTO touch (command_id, account_id, kind, direction, at)
                   SELECT command_id, id, 'email', 'out', ? FROM account WHERE slug = 'northwind'""",
                [at],
            )

    of_the_account("2026-03-13")
    assert (report("--json").json["touches"], report("--json").json["left_out"]) == (6, 1)
    quick("deal", "add", "northwind", "Second", now="2026-03-14T09:00:00Z")
    of_the_account("2026-03-15")
    assert (report("--json").json["touches"], report("--json").json["left_out"]) == (6, 2)


def test_an_empty_database_and_a_single_untouched_deal_say_so(report, quick, playbook):
    playbook(SALES)
    found = report("--json").json
    assert [stage["stays"] for stage in found["stages"]] == [0, 0]
    assert found["stages"][0]["touches_per_stay"] is None
    assert report().out.startswith("No deal has been in an open stage yet.\n")
    assert report("--csv").code == report("--markdown").code == 0
    quick("add", "Acme Corp", "--playbook", "sales", now=NOW)
    assert report().out.startswith("No touch is on record. Record one with: handoffctl touch ACCOUNT call\n")
    assert report("--json").json["stages"][0]["silence"]["median_days"] == 0.0


def test_a_stage_that_the_playbook_no_longer_has_is_still_told(report, sold, playbook):
    playbook(SALES.replace("talks", "meetings").replace("Talks", "Meetings"))
    stages = {stage["stage"]: stage for stage in report("--json").json["stages"]}
    assert list(stages) == ["lead", "meetings", "talks"]
    assert stages["talks"]["by"]["meeting"] == {"in": 0, "out": 1}


def test_long_names_leave_the_tables_within_the_page(report, quick, playbook):
    playbook(SALES.replace("title: Lead", f"title: {'Very ' * 20}early"))
    quick("add", "Acme " * 12, "--playbook", "sales", now="2026-03-01T09:00:00Z")
    tables = [line for line in report().out.splitlines() if "handoffctl show" not in line]
    assert max(map(len, tables)) < 100


def test_the_bar_hears_how_many_stays_and_touches_were_read(sold, home, monkeypatch):
    heard = []
    monkeypatch.setattr("handoffctl.reports.engagement.report.PROGRESS_STEP", 3)
    asked = ReportOptions("sales", progress=lambda done, size: heard.append((done, size)))
    with open_report(Home(home, now=NOW), asked) as context:
        build(context)
    assert heard == [(3, 9), (6, 9), (9, 9)]
