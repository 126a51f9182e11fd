import json
import os
from collections import Counter
from pathlib import Path
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest

from handoffctl.domain.moments import days_between
from handoffctl.transfer.salesforce import read_salesforce

DATA = os.environ.get("HANDOFFCTL_REAL_DATA", "")
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York")]

pytestmark = pytest.mark.skipif(not DATA, reason="HANDOFFCTL_REAL_DATA does not name the folder with public CRM data")


@pytest.fixture(scope="module")
def oracle():
    return json.loads((Path(DATA) / "oracle.json").read_text(encoding="utf-8"))


@pytest.fixture(params=ZONES, ids=str)
def zone(request):
    return request.param


@pytest.fixture
def history(zone):
    return read_salesforce(Path(DATA) / "salesforce_devorg", zone)


def test_every_record_is_read(history, oracle):
    expected = oracle["salesforce_devorg"]
    assert (len(history.accounts), len(history.contacts)) == (18, 25)
    assert len(history.deals) == expected["opportunities"] == 36
    assert sum(len(deal.stays) for deal in history.deals) == expected["history_rows"] == 48
    assert history.rows == 18 + 25 + 36 + 48
    assert not history.skipped


def test_stages_are_entered_as_often_as_counted_elsewhere(history, oracle):
    expected = oracle["salesforce_devorg"]
    assert Counter(stay.stage for deal in history.deals for stay in deal.stays) == expected["history_stage_entries"]
    assert Counter(deal.stays[-1].stage for deal in history.deals) == expected["current_stage"]
    kinds = {stage.name: stage.kind for stage in history.stages}
    assert sum(kinds[deal.stays[-1].stage] == "won" for deal in history.deals) == expected["is_won"]
    assert sum(kinds[deal.stays[-1].stage] != "open" for deal in history.deals) == expected["is_closed"]
    assert sum(deal.amount_cents is None for deal in history.deals) == expected["opp_missing"]["Amount"]
    assert sum(deal.source is None for deal in history.deals) == expected["opp_missing"]["LeadSource"]


def test_moves_and_lengths_agree_with_the_oracle_in_every_zone(history, zone, oracle):
    moves: Counter[str] = Counter()
    lengths: dict[str, list[float]] = {}
    for deal in history.deals:
        for stay, following in zip(deal.stays, deal.stays[1:], strict=False):
            moves[f"{stay.stage} -> {following.stage}"] += 1
            lengths.setdefault(stay.stage, []).append(days_between(stay.entered, following.entered, zone))
    assert moves == oracle["misc"]["salesforce_devorg_transitions"]
    for stage, expected in oracle["misc"]["salesforce_devorg_stage_visits"].items():
        days = lengths.get(stage, [])
        assert len(days) == expected["exits"] == expected["days"]["n"]
        if days:
            assert mean(days) == pytest.approx(expected["days"]["mean"], abs=1e-6)
            assert median(days) == pytest.approx(expected["days"]["median"], abs=1e-6)


def test_the_order_of_the_pipeline_is_found_and_what_left_a_closing_stage_is_noted(history):
    assert [(stage.name, stage.kind) for stage in history.stages][-2:] == [
        ("Closed Won", "won"),
        ("Closed Lost", "lost"),
    ]
    probabilities = [stage.probability for stage in history.stages if stage.kind == "open"]
    assert probabilities == sorted(probabilities)
    assert 'Stage "Closed Won" is won, and 7 deals left it again.' in history.notes
    assert any("Lead.csv" in note for note in history.notes)
