"""The main job on data that nobody here made: a true export of a Salesforce sample org."""

import json
import os
import re
from pathlib import Path

import pytest

DATA = os.environ.get("HANDOFFCTL_REAL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="HANDOFFCTL_REAL_DATA names no folder with public CRM exports")

NOW = "2026-03-20T12:00:00Z"
ZONES = ("UTC", "Europe/Berlin", "America/New_York")


@pytest.fixture
def export() -> Path:
    return Path(DATA or "") / "salesforce_devorg"


@pytest.fixture
def oracle() -> dict:
    return json.loads((Path(DATA or "") / "oracle.json").read_text(encoding="utf-8"))["misc"]


def throughput(run, tz: str = "UTC") -> dict:
    ran = run("report", "throughput", "--json", now=NOW, tz=tz)
    assert ran.code == 0, ran.err
    return {stage["title"]: stage for stage in ran.json["stages"]}


def completed(home: Path) -> None:
    """Does what the draft asks of the user: each handoff gets its trigger, reason and benefit."""
    path = home / "playbooks" / "org.yaml"
    text = path.read_text(encoding="utf-8").replace("draft: true\n", "")
    for key, value in (("trigger", "They ask for it."), ("reason", "It fits."), ("benefit", "The prospect gains.")):
        text = re.sub(rf"(?m)^    # {key}: .*$", f"    {key}: {value}", text)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("tz", ZONES)
def test_everything_arrives_and_the_figures_are_those_of_the_oracle(quick, rows, export, oracle, tz):
    done = quick("import", str(export), "--from", "salesforce", "--make-playbook", "org", "--json", now=NOW, tz=tz)
    assert done.code == 0, done.err
    told = done.json
    assert (told["accounts_created"], told["contacts_created"], told["deals_created"]) == (18, 25, 36)
    assert (told["visits"], told["unnamed"], told["skipped"]) == (48, 0, [])
    assert rows("SELECT count(*) FROM visit") == [(48,)]

    stages = throughput(quick, tz)
    for title, wanted in oracle["salesforce_devorg_stage_visits"].items():
        found = stages[title]
        assert (found["entered"], found["deals"]) == (wanted["entries"], wanted["distinct_opps"])
        assert found["entered"] - found["now"] == wanted["exits"]
        if wanted["days"]["n"]:
            assert found["mean_days_completed"] == pytest.approx(wanted["days"]["mean"], abs=1e-6)
            assert found["median_days_completed"] == pytest.approx(wanted["days"]["median"], abs=1e-6)
            assert found["p85_days_completed"] == pytest.approx(wanted["days"]["p85_linear"], abs=1e-6)
    won = stages["Closed Won"]
    assert (won["entered"], won["lost"], won["now"], won["kind"]) == (19, 7, 12, "won")
    assert won["median_days_completed"] == pytest.approx(12.00, abs=0.005)


def test_the_seven_that_were_won_and_lost_again_end_as_lost_with_both_stays(quick, rows, export):
    quick("import", str(export), "--from", "salesforce", "--make-playbook", "org", now=NOW)
    paths = rows(
        """SELECT group_concat(stage, '>') FROM (SELECT deal_id, stage FROM visit ORDER BY deal_id, number)
           GROUP BY deal_id"""
    )
    assert sum(path.endswith("closed-won>closed-lost") for (path,) in paths) == 7
    assert rows("SELECT count(*) FROM visit WHERE ended = 0 AND kind = 'lost'") == [(8,)]


def test_every_row_is_read_and_what_is_known_of_deals_and_stages_agrees(quick, rows, export):
    expected = json.loads((Path(DATA or "") / "oracle.json").read_text(encoding="utf-8"))["salesforce_devorg"]
    told = quick("import", str(export), "--from", "salesforce", "--make-playbook", "org", "--json", now=NOW).json
    assert told["rows"] == 18 + 25 + 36 + 48
    missing = rows("SELECT sum(amount_cents IS NULL), sum(source IS NULL) FROM deal")
    assert missing == [(expected["opp_missing"]["Amount"], expected["opp_missing"]["LeadSource"])]
    stages = throughput(quick)
    assert {title: one["now"] for title, one in stages.items() if one["now"]} == expected["current_stage"]
    assert [(title, one["kind"]) for title, one in stages.items()][-2:] == [
        ("Closed Won", "won"),
        ("Closed Lost", "lost"),
    ]
    assert 'Stage "Closed Won" is won, and 7 deals left it again.' in told["notes"]
    assert any(note.startswith("Not read:") and "Lead.csv" in note for note in told["notes"])


def test_deals_moved_between_stages_as_often_as_counted_elsewhere(quick, rows, export, oracle):
    quick("import", str(export), "--from", "salesforce", "--make-playbook", "org", now=NOW)
    titles = {title.casefold().replace(" ", "-").replace("/", "-"): title for title in throughput(quick)}
    moves = rows("SELECT stage, to_stage, count(*) FROM visit WHERE ended GROUP BY 1, 2")
    assert {f"{titles[one]} -> {titles[other]}": n for one, other, n in moves} == oracle[
        "salesforce_devorg_transitions"
    ]


def test_a_second_import_changes_nothing(quick, dump, export):
    words = ("import", str(export), "--from", "salesforce", "--make-playbook", "org")
    quick(*words, now=NOW)
    before = dump()
    again = quick(*words, "--json", now="2026-03-21")
    assert again.json["deals_unchanged"] == 36
    assert (again.json["deals_created"], again.json["deals_updated"], again.json["visits"]) == (0, 0, 0)
    assert dump() == before


def test_a_dry_run_writes_nothing_at_all(quick, home, export):
    done = quick("import", str(export), "--from", "salesforce", "--make-playbook", "org", "--dry-run", now=NOW)
    assert done.code == 0
    assert not home.exists()


@pytest.mark.parametrize("tz", ZONES)
def test_an_open_deal_is_blocked_and_then_handed_off(run, rows, home, export, tz):
    run("import", str(export), "--from", "salesforce", "--make-playbook", "org", now=NOW, tz=tz)
    deal = "dickenson-plc"
    checked = run("check", deal, "--json", now=NOW, tz=tz)
    assert (checked.code, checked.json["from"], checked.json["to"]) == (3, "qualification", "needs-analysis")

    draft = run("handoff", deal, "--no-input", now=NOW, tz=tz)
    assert draft.code == 5
    assert re.search(r"org\.yaml:\d+: handoffs\[1\]", draft.err)

    completed(home)
    blocked = run("handoff", deal, "--no-input", now=NOW, tz=tz)
    assert blocked.code == 3
    assert "Next step" in blocked.out
    done = run("handoff", deal, "--step", "call them", "--due", "+3d", "--json", now=NOW, tz=tz)
    assert done.code == 0, done.err
    assert done.json["handed_off"] is True

    shown = run("show", deal, "--json", now=NOW, tz=tz).json["deals"][0]
    assert (shown["stage"], shown["step"]) == ("needs-analysis", {"text": "call them", "due": "2026-03-23"})
    assert rows("SELECT state FROM handoff ORDER BY id") == [("blocked",), ("completed",)]
    imported, worked = shown["stays"]
    assert imported["left_at"] == worked["entered_at"] == NOW


def test_a_later_import_leaves_a_deal_that_was_worked_on_where_it_is(run, home, export):
    words = ("import", str(export), "--from", "salesforce", "--make-playbook", "org")
    run(*words, now=NOW)
    completed(home)
    run("handoff", "dickenson-plc", "--step", "call them", now=NOW)
    again = run(*words, "--json", now="2026-03-21T12:00:00Z")
    assert (again.code, again.json["deals_unchanged"]) == (0, 36)
    shown = run("show", "dickenson-plc", "--json", now="2026-03-21T12:00:00Z").json["deals"][0]
    assert (shown["stage"], shown["outside"]) == ("needs-analysis", None)
