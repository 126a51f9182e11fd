"""`import --suggest`: a map on stdout that the import itself can use as it is."""

import os
from pathlib import Path

import pytest

DATA = os.environ.get("HANDOFFCTL_REAL_DATA")
real = pytest.mark.skipif(not DATA, reason="HANDOFFCTL_REAL_DATA names no folder with public CRM exports")
MAPS = Path(__file__).parents[1] / "real"

PIPELINE = """\
opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Ana,GTX Pro,Cancity,Won,2016-10-20,2017-03-01,1054
A2,Ana,GTXPro,Isdom,Won,2016-10-25,2017-03-11,4514
A3,Bo,GTX Pro,,Lost,2016-10-25,2017-03-07,0
A4,Bo,MG Special,Cancity,Engaging,2016-11-25,,
A5,Bo,MG Special,,Prospecting,,,
"""


@pytest.fixture
def suggest(quick, tmp_path):
    """Suggests a map for a file and imports the file by it, without any edit."""

    def suggest(path: Path, *words: str, now: str = "2026-11-01") -> tuple[str, dict]:
        asked = quick("import", "--suggest", str(path))
        assert (asked.code, asked.err) == (0, "")
        chart = tmp_path / "map.yaml"
        chart.write_text(asked.out, encoding="utf-8")
        done = quick("import", str(path), "--map", str(chart), "--make-playbook", "found", "--json", *words, now=now)
        assert done.code == 0, (asked.out, done)
        return asked.out, done.json

    return suggest


def stages(quick, now: str = "2026-11-01") -> dict:
    ran = quick("report", "throughput", "--playbook", "found", "--json", now=now)
    return {stage["title"]: stage for stage in ran.json["stages"]}


def test_a_file_is_imported_by_the_map_that_was_suggested_for_it(suggest, quick, tmp_path):
    path = tmp_path / "pipeline.csv"
    path.write_text(PIPELINE, encoding="utf-8")
    text, told = suggest(path)
    assert text.startswith("# A map for pipeline.csv")
    assert "program: pipeline " in text
    assert (told["deals_created"], told["accounts_created"], told["unnamed"], told["skipped"]) == (5, 2, 2, [])
    engaging = stages(quick)["Engaging"]
    assert (engaging["entered"], engaging["won"], engaging["lost"], engaging["now"]) == (4, 2, 1, 1)


def test_a_workbook_is_looked_at_too(suggest, tmp_path):
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    for row in (["Deal ID", "Stage", "Company", "Stage since"], [1, "Lead", "Oak", datetime(2026, 1, 2)],
                [2, "Won", "Elm", datetime(2026, 1, 3)]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "deals.xlsx")
    text, told = suggest(tmp_path / "deals.xlsx")
    assert "since: Stage since" in text
    assert (told["deals_created"], told["visits"]) == (2, 2)


def test_for_the_export_of_a_known_program_it_is_said_that_no_map_is_needed(suggest, tmp_path):
    path = tmp_path / "Deals.csv"
    path.write_text(
        'Record Id,Deal Name,Account Name,Stage,Closing Date,Amount\n"1","Roof","Oak",Closed Won,2026-01-02,12\n'
    )
    text, told = suggest(path)
    assert "This is an export of Zoho CRM, which is known: it can be imported without a map." in text
    assert told["deals_created"] == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"%PDF-1.4", b"a,b\n", b"PK\x03\x04nothing"])
def test_what_is_no_table_is_refused(quick, tmp_path, content):
    path = tmp_path / "deals.csv"
    path.write_bytes(content)
    done = quick("import", "--suggest", str(path))
    assert (done.code, done.out) == (6, "")


def test_a_folder_and_a_missing_file_are_refused(quick, tmp_path):
    assert quick("import", "--suggest", str(tmp_path)).code == 6
    assert quick("import", "--suggest", str(tmp_path / "none.csv")).code == 6


def test_nothing_in_a_file_reaches_the_terminal_as_a_command(quick, tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(
        "id,stage,note\u202e,\x1b]0;t\x07\n1,Lead,\x1b[31m,x\n2,Won,\u2028kinds: {Lead: won},y\n", encoding="utf-8"
    )
    done = quick("import", "--suggest", str(path))
    assert done.code in (0, 6)
    assert not set("\x1b\x07\u202e\u2028") & set(done.out)


@real
@pytest.mark.parametrize("variant", ["", "variants/mdy_lf/", "variants/mdy_crlf/"])
def test_the_8_800_deals_of_maven_need_no_edit(suggest, quick, variant):
    _, told = suggest(Path(DATA) / f"maven_crm/{variant}sales_pipeline.csv", now="2017-12-31")
    assert (told["rows"], told["deals_created"], told["skipped"]) == (8800, 8800, [])
    assert (told["accounts_created"], told["unnamed"]) == (85, 1425)
    engaging = stages(quick, "2017-12-31")["Engaging"]
    assert (engaging["entered"], engaging["now"], engaging["won"], engaging["lost"]) == (8300, 1589, 4238, 2473)
    assert (engaging["median_days_completed"], engaging["p85_days_completed"]) == (45, 97)


@real
@pytest.mark.parametrize("log", ["receipt", "roadtraffic100traces", "running-example"])
def test_event_logs_give_what_they_give_by_a_map_written_by_hand(suggest, quick, tmp_path, log):
    path = Path(DATA) / f"event_logs/{log}.csv"
    suggest(path)
    by_hand = "by-hand"
    words = ("--map", str(MAPS / f"{log}.map.yaml"), "--make-playbook", by_hand, "--json")
    other = quick("--home", str(tmp_path / "other"), "import", str(path), *words, now="2026-11-01")
    assert other.code == 0, other
    ran = quick(
        "--home", str(tmp_path / "other"), "report", "throughput", "--playbook", by_hand, "--json", now="2026-11-01"
    )
    assert stages(quick) == {stage["title"]: stage for stage in ran.json["stages"]}


@real
@pytest.mark.parametrize(
    ("path", "deals"),
    [
        ("stage_history_samples/opportunity_field_history_excerpt.csv", 3),
        ("stage_history_samples/salesforce_style_opportunity_history_excerpt.csv", 8),
        ("bitrix24_sample/deals.csv", 11),
        ("hubspot_toofan/hubspot_deals.csv", 500),
        ("hubspot_dgbusiness/deals.csv", 598),
        ("zoho_fixture/Deals_2026.csv", 5),
        ("zoho_fixture/Leads_2026.csv", 2),
    ],
)
def test_the_other_exports_are_imported_by_what_is_suggested(suggest, path, deals):
    _, told = suggest(Path(DATA) / path, *(["--dates", "mdy"] if "Deals_2026" in path else []))
    assert told["deals_created"] == deals
