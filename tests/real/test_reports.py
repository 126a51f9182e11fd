"""Reports on public data: figures that agree with those of other tools, and laws that hold whatever the data."""

import csv
import json
import os
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

DATA = os.environ.get("HANDOFFCTL_REAL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="HANDOFFCTL_REAL_DATA names no folder with public CRM exports")

HERE = Path(__file__).parent
ZONES = ("UTC", "Europe/Berlin", "America/New_York")
WAYS = ("advanced", "returned", "won", "lost", "nurture", "moved")
DEALS = "maven_crm/sales_pipeline.csv"
LAST_DAY, MIDDLE = "2017-12-31", "2017-06-30"
LOGS = {  # what the oracle calls each, and moments at which to look: after its end, and in its middle
    "receipt": ("events_receipt", "2012-02-01T08:00:00Z", "2011-06-15T12:30:00Z"),
    "roadtraffic100traces": ("events_roadtraffic100", "2013-06-01T08:00:00Z", "2007-07-01T12:30:00Z"),
    "running-example": ("events_running_example", "2011-02-01T08:00:00Z", "2011-01-08T12:30:00Z"),
}


@pytest.fixture
def bring(quick, data):
    def bring(path: Path | str, *words: str, now: str) -> None:
        done = quick("import", str(data / path), *words, "--make-playbook", "found", "--json", now=now)
        assert done.code == 0, done

    return bring


@pytest.fixture
def throughput(quick):
    """The whole report, and its stages by title."""

    def throughput(*words: str, now: str, tz: str = "") -> tuple[dict, dict]:
        ran = quick("report", "throughput", "--playbook", "found", "--json", *words, now=now, tz=tz)
        assert ran.code == 0, ran
        return ran.json, {stage["title"]: stage for stage in ran.json["stages"]}

    return throughput


@pytest.fixture
def maven(once, bring):
    def maven() -> None:
        bring(DEALS, "--map", str(HERE / "maven.map.yaml"), now=LAST_DAY)

    once(maven)


def written(path: Path, rows: list[dict]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return path


def adds_up(figures: dict) -> bool:
    return figures["entered"] == sum(figures[way] for way in WAYS) + figures["now"]


@pytest.mark.parametrize("tz", ZONES)
def test_the_median_of_maven_counts_the_deals_that_are_stuck(throughput, oracle, maven, tz):
    engaging = throughput(now=LAST_DAY, tz=tz)[1]["Engaging"]
    wanted = oracle["maven"]["km_days_to_any_close"]
    assert engaging["median_days"] == wanted["median_scipy_ecdf"] == 69
    quartiles = [wanted["q25(S<=0.75)"], wanted["median_handwritten"], wanted["q75(S<=0.25)"]]
    assert engaging["quartile_days"] == quartiles == [10, 69, 107]
    assert engaging["median_days_low"] <= 69 <= engaging["median_days_high"]
    closed = oracle["maven"]["days_engage_to_close"]["Closed(Won+Lost)"]
    assert engaging["median_days_completed"] == closed["median"] == 45
    assert engaging["p85_days_completed"] == closed["p85_linear"] == 97


def test_won_and_lost_deals_of_maven_apart(throughput, oracle, maven):
    ways = throughput(now=LAST_DAY)[1]["Engaging"]["ways"]
    assert set(ways) == {"won", "lost"}
    for way, median, late in (("won", 57, 99), ("lost", 14, 92)):
        wanted = oracle["maven"]["days_engage_to_close"][way.capitalize()]
        assert ways[way]["count"] == wanted["n"]
        assert ways[way]["mean_days"] == pytest.approx(wanted["mean"], abs=1e-4)
        assert ways[way]["median_days"] == wanted["median"] == median
        assert ways[way]["p85_days"] == wanted["p85_linear"] == late


def test_which_share_of_maven_was_won_and_lost_by_which_day(throughput, oracle, maven):
    engaging = throughput(now=LAST_DAY)[1]["Engaging"]
    wanted = oracle["maven"]["competing_risks_cumulative_incidence_by_day"]["hand_written_aalen_johansen"]
    both = [day for day in engaging["incidence"] if day in wanted["Won"]]
    assert {"30", "60", "90"} <= set(both)
    for day in both:
        for way in ("won", "lost"):
            assert engaging["incidence"][day][way] == pytest.approx(wanted[way.capitalize()][day], abs=1e-6)
    assert engaging["incidence"]["90"]["won"] == pytest.approx(0.397, abs=5e-4)
    assert engaging["incidence"]["90"]["lost"] == pytest.approx(0.2521, abs=5e-5)
    assert engaging["conversion"] == pytest.approx(
        oracle["maven"]["conversion"]["won/engaged_ever(engage_date present)"], abs=1e-6
    )


def test_the_flow_of_maven_month_by_month(throughput, oracle, maven):
    stages = throughput("--by", "month", now=LAST_DAY)[1]
    months = oracle["maven"]["per_month"]
    there = {day[:7]: count for day, count in next(
        found for name, found in oracle["maven"].items() if name.startswith("open_engaged_at_month_end")
    ).items()}  # fmt: skip
    won, lost = months["closed_won"], months["closed_lost"]
    flow = stages["Engaging"]["flow"]
    assert [one["period"] for one in flow] == list(there)
    assert {one["period"]: one["there"] for one in flow} == there
    assert {one["period"]: one["entered"] for one in flow} == months["engaged"]
    assert [one["left"] for one in flow] == [won.get(month, 0) + lost.get(month, 0) for month in there]
    for title, wanted in (("Won", won), ("Lost", lost)):
        found = {one["period"]: one["entered"] for one in stages[title]["flow"]}
        assert {month: count for month, count in found.items() if count} == wanted


def test_how_often_each_agent_of_maven_wins(throughput, oracle, maven):
    stages = throughput("--by", "owner", now=LAST_DAY)[1]
    by = stages["Engaging"]["by"]
    agents = oracle["maven"]["by_agent"]
    assert set(by) == set(agents)
    for agent, wanted in agents.items():
        found = by[agent]
        assert (found["won"], found["lost"], found["now"]) == (wanted["won"], wanted["lost"], wanted["engaging"])
        assert found["win_rate"] == pytest.approx(wanted["win_rate_closed"], abs=1e-6)
        assert found["ways"]["won"]["median_days"] == wanted["median_days_won"]
        assert found["ways"]["lost"]["median_days"] == wanted["median_days_lost"]
        waiting = stages["Prospecting"]["by"].get(agent, {"now": 0})
        assert waiting["now"] == wanted["prospecting"]


@pytest.mark.parametrize("by", ["month", "owner"])
def test_the_groups_of_maven_add_up(throughput, maven, by):
    for stage in throughput("--by", by, now=LAST_DAY)[1].values():
        for figure in ("entered", "now", *WAYS):
            assert sum(one[figure] for one in stage["by"].values()) == stage[figure]
        assert all(map(adds_up, (stage, *stage["by"].values())))


@pytest.mark.parametrize("tz", ZONES)
def test_two_halves_of_maven_add_up_to_the_whole(throughput, maven, tz):
    whole = throughput(now=LAST_DAY, tz=tz)[1]
    early = throughput("--until", MIDDLE, now=LAST_DAY, tz=tz)[1]
    late = throughput("--since", "2017-07-01", now=LAST_DAY, tz=tz)[1]
    assert early["Engaging"]["entered"] == 7 + 115 + 236 + 312 + 515 + 792 + 874 + 722 + 792
    for title in ("Engaging", "Won", "Lost"):
        for figure in ("entered", "deals", "now", *WAYS):
            assert early[title][figure] + late[title][figure] == whole[title][figure], (title, figure)
    # When the others began nobody knows, so they are in no window.
    assert (early["Prospecting"]["entered"], late["Prospecting"]["entered"]) == (0, 0)


def test_what_began_before_a_day_beside_what_began_since_are_the_two_halves(quick, throughput, maven):
    words = ("report", "throughput", "--playbook", "found", "--compare", "2017-07-01", "--json")
    compared = quick(*words, now=LAST_DAY).json
    assert compared["before"]["stages"] == throughput("--until", MIDDLE, now=LAST_DAY)[0]["stages"]
    assert compared["after"]["stages"] == throughput("--since", "2017-07-01", now=LAST_DAY)[0]["stages"]


@pytest.mark.parametrize("day", [MIDDLE, "2017-03-31"])
def test_maven_at_an_earlier_day_is_what_was_known_that_day(throughput, bring, data, oracle, home, tmp_path, day):
    words = ("--map", str(HERE / "maven.map.yaml"))
    bring(DEALS, *words, now=LAST_DAY)
    cuts = [(), ("--by", "month"), ("--by", "owner"), ("--since", "2017-01-01"), ("--until", "2017-01-31")]
    later = [throughput(*cut, now=day)[0] for cut in cuts]
    home.rename(tmp_path / "later")

    with (data / DEALS).open(encoding="utf-8", newline="") as file:
        rows = [_as_of(row, day) for row in csv.DictReader(file) if row["engage_date"] <= day]
    bring(written(tmp_path / "then.csv", rows), *words, now=day)
    assert [throughput(*cut, now=day)[0] for cut in cuts] == later
    engaging = next(stage for stage in later[0]["stages"] if stage["title"] == "Engaging")
    at_end = "open_engaged_at_month_end (engaged<=d and not closed on or before d)"
    assert engaging["now"] == oracle["maven"][at_end][day]


def _as_of(row: dict, day: str) -> dict:
    if row["close_date"] <= day:
        return row
    return {**row, "deal_stage": "Engaging", "close_date": "", "close_value": ""}


def visits_of(path: Path) -> dict[str, list[tuple[datetime, datetime | None]]]:
    """The stays of an event log by stage, straight from the file: rows of one stage in a row are one stay."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["case:concept:name"], datetime.fromisoformat(row["time:timestamp"]), row["concept:name"])
                for row in csv.DictReader(file)]  # fmt: skip
    cases: dict[str, list[tuple[datetime, str]]] = {}
    for case, at, stage in sorted(rows, key=lambda row: row[1]):
        way = cases.setdefault(case, [])
        if not way or way[-1][1] != stage:
            way.append((at, stage))
    stays: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for way in cases.values():
        for (at, stage), onward in zip(way, [*way[1:], None], strict=True):
            stays.setdefault(stage, []).append((at, onward and onward[0]))
    return stays


def survival(stays: list[tuple[datetime, datetime | None]], now: datetime) -> list[float | None]:
    """Quartiles by Kaplan and Meier, by hand and in fractions: the first times at which so many or fewer are left."""
    lengths = [end - begin for begin, end in stays if end]
    ages = [now - begin for begin, end in stays if not end]
    share, reached = Fraction(1), []
    for length in sorted(set(lengths)):
        there = sum(one >= length for one in (*lengths, *ages))
        share *= 1 - Fraction(lengths.count(length), there)
        reached.append((share, length.total_seconds() / 86_400))
    return [
        next((days for left, days in reached if left <= Fraction(quarters, 4)), None) for quarters in (3, 2, 1)
    ]  # fmt: skip


@pytest.mark.parametrize("log", LOGS)
def test_every_stage_of_an_event_log(throughput, bring, data, oracle, log):
    called, now, _ = LOGS[log]
    bring(f"event_logs/{log}.csv", "--map", str(HERE / f"{log}.map.yaml"), now=now)
    wanted = oracle[called]["per_activity_consecutive_repeats_collapsed"]
    by_hand = visits_of(data / f"event_logs/{log}.csv")
    quartiles = {title: survival(stays, datetime.fromisoformat(now)) for title, stays in by_hand.items()}
    for tz in ZONES:
        stages = throughput(now=now, tz=tz)[1]
        assert {title for title, stage in stages.items() if stage["entered"]} == set(wanted) == set(by_hand)
        for title, seen in wanted.items():
            stage, days = stages[title], seen["sojourn_days_completed_visits"]
            assert (stage["entered"], stage["deals"]) == (seen["entries"], seen["distinct_cases"])
            assert sum(stage[way] for way in WAYS) == seen["exits"]
            assert adds_up(stage)
            for figure, name in (("mean", "mean"), ("median", "median"), ("p85", "p85_linear")):
                assert stage[f"{figure}_days_completed"] == pytest.approx(days.get(name), abs=1e-6), title
            assert stage["kind"] == "open"
            assert stage["quartile_days"] == pytest.approx(quartiles[title], abs=1e-9), title
            assert stage["median_days"] == stage["quartile_days"][1]


@pytest.mark.parametrize(("whole_day", "tz"), [(False, "UTC"), (True, "UTC"), (True, "America/New_York")])
@pytest.mark.parametrize("log", LOGS)
def test_an_event_log_at_an_earlier_moment_is_what_was_known_then(
    throughput, bring, data, home, tmp_path, log, whole_day, tz
):
    _, now, earlier = LOGS[log]
    earlier = earlier[:10] if whole_day else earlier
    rules = (HERE / f"{log}.map.yaml").read_text(encoding="utf-8")
    path = data / f"event_logs/{log}.csv"
    order = sorted(visits_of(path))  # any order, but the same for both
    words = ("--map", str(tmp_path / "map.yaml"))
    (tmp_path / "map.yaml").write_text(f"{rules}order: {json.dumps(order)}\n", encoding="utf-8")
    bring(path, *words, now=now)
    cuts = [(), ("--by", "week"), ("--by", "owner")]
    later = [told_of_entered(throughput(*cut, now=earlier, tz=tz)[0]) for cut in cuts]
    home.rename(tmp_path / "later")

    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if _had_happened(row["time:timestamp"], earlier, tz)]
    bring(written(tmp_path / "then.csv", rows), *words, now=earlier)
    assert [told_of_entered(throughput(*cut, now=earlier, tz=tz)[0]) for cut in cuts] == later
    assert any(stage["now"] for stage in later[0])
    assert any(stage["now"] < stage["entered"] for stage in later[0])


def _had_happened(text: str, moment: str, tz: str) -> bool:
    at = datetime.fromisoformat(text)
    if len(moment) == 10:
        return at.astimezone(ZoneInfo(tz)).date().isoformat() <= moment
    return at <= datetime.fromisoformat(moment)


def told_of_entered(report: dict) -> list[dict]:
    """The stages that were entered: the playbook of a shorter export has no others."""
    return [stage for stage in report["stages"] if stage["entered"]]


def test_stays_of_won_deals_that_were_lost_again_are_measured_but_have_no_survival(throughput, bring):
    bring("salesforce_devorg", "--from", "salesforce", now="2026-03-20T12:00:00Z")
    stages = throughput(now="2026-03-20T12:00:00Z")[1]
    won = stages["Closed Won"]
    assert (won["entered"], won["now"], won["lost"]) == (19, 12, 7)
    assert won["median_days_completed"] == pytest.approx(12.00, abs=0.005)
    assert won["median_days"] is None
    assert won["ways"]["lost"]["count"] == 7
    assert all(map(adds_up, stages.values()))


def test_bitrix24_stays_of_unknown_beginning_are_counted_and_not_measured(throughput, bring):
    bring("bitrix24_sample", now="2026-07-01T00:00:00Z")
    stages = throughput(now="2026-07-01T00:00:00Z")[1]
    assert all(map(adds_up, stages.values()))
    assert sum(stage["now"] for stage in stages.values()) == 11
    new, qualified = stages["Новая заявка"], stages["Квалификация"]
    assert (new["entered"], new["now"], new["oldest_now_days"]) == (2, 1, None)
    assert new["median_days"] == pytest.approx(94_502 / 86_400)  # from 09:14:58 to 11:30 the next day
    assert qualified["median_days"] == pytest.approx(5 + 1 / 24)
    alone = throughput("--until", "2026-06-01", now="2026-07-01T00:00:00Z", tz="Asia/Yekaterinburg")[1]
    assert {title: one["entered"] for title, one in alone.items() if one["entered"]} == {"Новая заявка": 1}
