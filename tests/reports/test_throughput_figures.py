"""Stage throughput: tables worked by hand, and any history held against the definitions taken literally."""

import os
import tempfile
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoffctl.reports.throughput.flows import flows
from handoffctl.reports.throughput.options import ThroughputOptions

from .histories import NOW, ORDER, STAGE_KINDS, deals, expected, made, report, said, stays_of

EXAMPLES = max(25, int(os.environ.get("HANDOFFCTL_FUZZ", "0")) // 20)

KINDS = {"lead": "open", "talks": "open", "offer": "open", "won": "won", "lost": "lost", "later": "nurture"}


def counted(*paths):
    """Flows as plain words: what each stage that was entered counts, noughts left out."""
    found = flows(KINDS, [(path.split(), 1) for path in paths])
    told = {}
    for stage, flow in found.items():
        counts = {
            "entered": flow.entered,
            "deals": flow.deals,
            **flow.outcomes,
            "now": flow.now,
            "further": flow.converted,
        }
        told[stage] = {name: count for name, count in counts.items() if count}
    return told


def test_a_deal_that_goes_straight_on_is_counted_once_in_each_stage():
    assert counted("lead talks offer won") == {
        "lead": {"entered": 1, "deals": 1, "advanced": 1, "further": 1},
        "talks": {"entered": 1, "deals": 1, "advanced": 1, "further": 1},
        "offer": {"entered": 1, "deals": 1, "won": 1, "further": 1},
        "won": {"entered": 1, "deals": 1, "now": 1},
    }


def test_a_skipped_stage_is_an_advance_too():
    assert counted("lead offer")["lead"] == {"entered": 1, "deals": 1, "advanced": 1, "further": 1}


def test_a_deal_that_was_returned_and_then_advanced_got_further_all_the_same():
    assert counted("lead talks lead talks offer") == {
        "lead": {"entered": 2, "deals": 1, "advanced": 2, "further": 1},
        "talks": {"entered": 2, "deals": 1, "advanced": 1, "returned": 1, "further": 1},
        "offer": {"entered": 1, "deals": 1, "now": 1},
    }


def test_a_return_alone_is_no_progress():
    assert counted("lead talks lead")["talks"] == {"entered": 1, "deals": 1, "returned": 1}


def test_a_deal_that_was_lost_and_taken_up_again_and_won_got_further():
    assert counted("lead lost lead won") == {
        "lead": {"entered": 2, "deals": 1, "lost": 1, "won": 1, "further": 1},
        "lost": {"entered": 1, "deals": 1, "returned": 1, "further": 1},
        "won": {"entered": 1, "deals": 1, "now": 1},
    }


def test_a_deal_that_slept_and_woke_further_on_got_further():
    assert counted("lead later talks")["lead"] == {"entered": 1, "deals": 1, "nurture": 1, "further": 1}


def test_a_deal_that_came_back_from_another_playbook_got_further_then():
    found = flows(KINDS, [(["lead", "", "talks"], 1), (["lead", ""], 1), (["", "lead"], 1)])
    assert found["lead"].outcomes == Counter(moved=2)
    assert (found["lead"].entered, found["lead"].now, found["lead"].converted) == (3, 1, 1)
    assert "" not in found


def test_a_stage_that_the_playbook_no_longer_has_comes_before_all_it_has():
    assert counted("gone lead gone talks") == {
        "gone": {"entered": 2, "deals": 1, "advanced": 2, "further": 1},
        "lead": {"entered": 1, "deals": 1, "returned": 1, "further": 1},
        "talks": {"entered": 1, "deals": 1, "now": 1},
    }


def test_a_win_in_a_stage_that_the_playbook_no_longer_has_is_a_win():
    found = flows(KINDS, [(["lead", "signed"], 1), (["lead", "no", "talks"], 1)], {"signed": "won", "no": "lost"})
    assert found["lead"].outcomes == Counter(won=1, lost=1)
    assert (found["lead"].converted, found["no"].converted, found["signed"].now) == (2, 1, 1)


def test_a_won_deal_that_is_taken_up_again_has_left_won():
    assert counted("offer won offer") == {
        "offer": {"entered": 2, "deals": 1, "won": 1, "now": 1, "further": 1},
        "won": {"entered": 1, "deals": 1, "returned": 1},
    }


def test_many_deals_on_the_same_way_count_many_times():
    found = flows(KINDS, [(["lead", "talks"], 40), (["lead"], 10)])
    assert (found["lead"].entered, found["lead"].deals, found["lead"].now) == (50, 50, 10)
    assert found["lead"].conversion == 0.8
    assert flows(KINDS, []) == {}


# --- Any history, against the definitions ------------------------------------------------------------------------


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(deals, max_size=6), st.booleans())
def test_any_history_is_counted_as_the_definitions_say(histories, by_day):
    now = said(NOW, by_day)
    whole = [(stays_of(number, deal), deal[3]) for number, deal in enumerate(histories)]
    real = [stay for stays, drill in whole if not drill for stay in stays]
    with tempfile.TemporaryDirectory() as folder:
        home = made(folder, now, whole)
        told, remarks = report(home)
        by_owner, _ = report(home, ThroughputOptions(by="owner"))
    # Counted stay by stay it is the same as counted from the indexes.
    assert [{**row, "by": None} for row in told["stages"]] == [{**row, "by": None} for row in by_owner["stages"]]
    assert told["past_target"] == by_owner["past_target"]
    gone = {stay.stage for stay in real if stay.playbook == "sales"} - set(ORDER)
    assert [row["stage"] for row in told["stages"]][: len(ORDER)] == ORDER
    assert {row["stage"] for row in told["stages"]} == {*ORDER, *gone}
    assert bool(remarks) == bool(gone)
    for row in told["stages"]:
        wanted = expected(row["stage"], real, now)
        ways = ("advanced", "returned", "won", "lost", "nurture", "moved", "now")
        assert row["entered"] == sum(row[way] for way in ways)
        assert row["kind"] == STAGE_KINDS["sales", row["stage"]]
        for name, value in wanted.items():
            got = row[name]
            assert got == (None if value is None else pytest.approx(float(value), abs=1e-9)), (row["stage"], name)
