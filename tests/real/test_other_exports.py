"""Public exports of many kinds: what arrives, and figures that agree with those computed by other tools."""

import os
from pathlib import Path

import pytest

DATA = os.environ.get("HANDOFFCTL_REAL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="HANDOFFCTL_REAL_DATA names no folder with public CRM exports")

HERE = Path(__file__).parent
ZONES = ("UTC", "Europe/Berlin", "America/New_York")
LOGS = {
    "receipt": "events_receipt",
    "roadtraffic100traces": "events_roadtraffic100",
    "running-example": "events_running_example",
}


@pytest.fixture
def bring(quick, data):
    def bring(path: str, *words: str, now: str = "2026-11-01", tz: str = "") -> dict:
        done = quick("import", str(data / path), *words, "--make-playbook", "found", "--json", now=now, tz=tz)
        assert done.code == 0, done
        return done.json

    return bring


def stages(quick, now: str = "2026-11-01", tz: str = "") -> dict:
    ran = quick("report", "throughput", "--playbook", "found", "--json", now=now, tz=tz)
    return {stage["title"]: stage for stage in ran.json["stages"]}


@pytest.mark.parametrize("tz", ZONES)
@pytest.mark.parametrize("variant", ["", "variants/mdy_lf/", "variants/mdy_crlf/"])
def test_the_8_800_deals_of_maven(quick, rows, bring, oracle, variant, tz):
    words = ("--map", str(HERE / "maven.map.yaml"))
    told = bring(f"maven_crm/{variant}sales_pipeline.csv", *words, now="2017-12-31", tz=tz)
    assert (told["rows"], told["deals_created"], told["skipped"]) == (8800, 8800, [])
    assert (told["accounts_created"], told["unnamed"]) == (85, 1425)
    found = stages(quick, "2017-12-31", tz)
    now = {title: stage["now"] for title, stage in found.items()}
    assert now == oracle["maven"]["count_by_stage"]
    engaging, closed = found["Engaging"], oracle["maven"]["days_engage_to_close"]["Closed(Won+Lost)"]
    assert (engaging["entered"], engaging["now"], engaging["won"], engaging["lost"]) == (8300, 1589, 4238, 2473)
    assert engaging["median_days_completed"] == closed["median"] == 45
    assert engaging["p85_days_completed"] == closed["p85_linear"] == 97
    assert engaging["mean_days_completed"] == pytest.approx(closed["mean"], abs=1e-4)
    assert engaging["oldest_now_days"] == oracle["maven"]["open_age_days_at_censor_date(Engaging)"]["max"]
    products = rows("SELECT value, count(*) FROM field_value WHERE name = 'product' GROUP BY value")
    assert dict(products)["GTX Pro"] == oracle["maven"]["by_product_raw_spelling"]["GTXPro"]["rows"]
    won = """SELECT sum(amount_cents) / 100 FROM deal AS d JOIN visit AS v ON v.deal_id = d.id
             WHERE NOT v.ended AND v.kind = 'won'"""
    assert rows(won) == [(oracle["maven"]["won_value_total"],)]


@pytest.mark.parametrize("tz", ZONES)
@pytest.mark.parametrize("log", LOGS)
def test_event_logs_give_the_figures_of_every_stage(quick, bring, oracle, log, tz):
    told = bring(f"event_logs/{log}.csv", "--map", str(HERE / f"{log}.map.yaml"), tz=tz)
    wanted = oracle[LOGS[log]]
    assert (told["rows"], told["deals_created"]) == (wanted["events"], wanted["cases"])
    found = stages(quick, tz=tz)
    assert len(found) - 1 == len(wanted["per_activity_consecutive_repeats_collapsed"])  # and one for the lost
    for title, seen in wanted["per_activity_consecutive_repeats_collapsed"].items():
        stage, days = found[title], seen["sojourn_days_completed_visits"]
        assert (stage["entered"], stage["deals"]) == (seen["entries"], seen["distinct_cases"])
        assert stage["entered"] - stage["now"] == seen["exits"]
        if days["n"]:
            assert stage["mean_days_completed"] == pytest.approx(days["mean"], abs=1e-6)
            assert stage["median_days_completed"] == pytest.approx(days["median"], abs=1e-6)


def test_bitrix24_names_the_touch_of_a_deal_that_is_not_there(quick, rows, bring):
    told = bring("bitrix24_sample")
    assert told["program"] == "Bitrix24"
    assert (told["deals_created"], told["touches"]) == (11, 2)
    reasons = {(one["file"], one["row"]): one["reason"] for one in told["skipped"]}
    assert reasons["activities.csv", 5] == 'belongs to the deal "D9999", which is not there'
    assert reasons["stage_history.csv", 7] == 'belongs to the deal "D1012", which is not there'
    assert reasons["deals.csv", 10] == "repeats the deal of row 9"
    assert rows("SELECT name FROM account WHERE name = 'ООО Альфа-Строй'")
    found = stages(quick)
    assert [title for title in found if title in ("Новая заявка", "Квалификация", "Успешно")]
    assert found["Успешно"]["kind"] == "won"
    assert found["Проиграно"]["kind"] == "lost"


def test_zoho_has_three_ways_of_writing_a_date(quick, rows, data, bring):
    asked = quick("import", str(data / "zoho_fixture"), "--make-playbook", "found")
    assert asked.code == 6
    assert "10/01/2026" in asked.err
    assert "--dates mdy" in asked.err
    told = bring("zoho_fixture", "--dates", "mdy")
    assert (told["program"], told["deals_created"], told["accounts_created"], told["unnamed"]) == ("Zoho CRM", 5, 3, 1)
    closes = rows("SELECT expected_close FROM deal WHERE expected_close IS NOT NULL ORDER BY 1")
    assert closes == [("2026-09-12",), ("2026-10-01",), ("2026-11-15",)]
    ridge = rows("""SELECT d.amount_cents FROM deal AS d JOIN account AS a ON a.id = d.account_id
                    WHERE a.name = 'Ridge Property Group' AND d.amount_cents IS NOT NULL""")  # fmt: skip
    assert ridge == [(9_557_069,)]
    assert rows("SELECT entered_at FROM visit WHERE kind = 'won'") == [("2026-10-01",)]


def test_hubspot_shaped_files_arrive_whole(quick, rows, bring, oracle):
    told, wanted = bring("hubspot_toofan"), oracle["hubspot_toofan"]
    assert told["program"] == "HubSpot"
    assert (told["deals_created"], told["accounts_created"]) == (wanted["deals"], wanted["companies"])
    people = [one for one in told["skipped"] if one["file"] == "hubspot_contacts.csv"]
    lonely = wanted["missing_by_column_contacts"]["Associated Company Domain"]
    assert {one["reason"] for one in people} == {"has no account"}
    assert (told["contacts_created"], len(people)) == (wanted["contacts"] - lonely, lonely)
    touches = [one for one in told["skipped"] if one["file"] == "hubspot_activities.csv"]
    by_domain = wanted["touches_per_company_domain(via contact email -> contact's Associated Company Domain)"]
    assert told["touches"] == by_domain["sum"]
    assert told["touches"] + len(touches) == wanted["activities"]
    assert {title: stage["now"] for title, stage in stages(quick).items()} == wanted["deal_stage"]
    per_domain = rows("SELECT count(*) FROM touch JOIN account AS a ON a.id = account_id GROUP BY a.domain ORDER BY 1")
    assert (len(per_domain), per_domain[-1][0]) == (by_domain["n"], by_domain["max"])


def test_the_smallest_hubspot_export_has_lower_case_headers_and_no_ids(quick, rows, bring, oracle):
    told, wanted = bring("hubspot_dgbusiness"), oracle["misc"]["hubspot_dgbusiness"]
    assert (told["deals_created"], told["unnamed"]) == (wanted["rows"], wanted["rows"])
    found = stages(quick)
    assert {title: found[title]["now"] for title in wanted["dealstage"]} == wanted["dealstage"]
    assert rows("SELECT min(expected_close), max(expected_close) FROM deal") == [tuple(wanted["close_date_min_max"])]


def test_a_field_history_may_go_on_after_a_deal_was_lost(quick, rows, bring):
    told = bring("stage_history_samples/opportunity_field_history_excerpt.csv")
    assert told["program"] == "Salesforce"
    ways = dict(rows("SELECT r.record_key, p.stages FROM deal AS d JOIN path AS p ON p.id = d.path_id "
                     "JOIN origin AS r ON r.deal_id = d.id"))  # fmt: skip
    assert ways["salesforce:deal:006O0000015"] == "found/closed-won"  # brought over from elsewhere, all at once
    assert ways["salesforce:deal:006O0000016"] == "found/5-negotiation>found/closed-lost"


def test_a_history_with_a_row_for_every_change_gives_each_stay_once(quick, rows, bring):
    bring("stage_history_samples/salesforce_style_opportunity_history_excerpt.csv")
    ways = dict(rows("SELECT r.record_key, p.stages FROM deal AS d JOIN path AS p ON p.id = d.path_id "
                     "JOIN origin AS r ON r.deal_id = d.id"))  # fmt: skip
    assert ways["salesforce:deal:O0002"] == "found/discovery>found/technical-validation>found/closed-lost"
    stays = rows("""SELECT stage, entered_at, left_at, days FROM visit JOIN origin USING (deal_id)
                    WHERE record_key = 'salesforce:deal:O0002' ORDER BY number""")  # fmt: skip
    assert stays[1] == ("technical-validation", "2026-07-25", "2026-10-07", 74.0)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("bitrix24_sample", ()), ("zoho_fixture", ("--dates", "mdy")), ("hubspot_toofan", ()),
        ("hubspot_dgbusiness", ()), ("stage_history_samples/opportunity_field_history_excerpt.csv", ()),
        ("maven_crm/sales_pipeline.csv", ("--map", str(HERE / "maven.map.yaml"))),
        ("event_logs/running-example.csv", ("--map", str(HERE / "running-example.map.yaml"))),
    ],
)  # fmt: skip
def test_a_second_import_changes_nothing_and_the_records_are_sound(quick, dump, bring, path, words):
    bring(path, *words)
    before = dump()
    again = bring(path, *words, now="2026-11-02")
    assert (again["deals_created"], again["deals_updated"], again["touches"]) == (0, 0, 0)
    assert dump() == before
    assert quick("doctor").code == 0
