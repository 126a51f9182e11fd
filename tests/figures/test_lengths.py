"""Lengths of stays: finished figures apart from those that count who is still there, and the target between them."""

import pytest

from handoffctl.reports.throughput.durations import Held, against_target, by_way, completed, with_those_there

HELD = Held({"advanced": [1.0, 2.0, 6.0], "lost": [2.0]}, [3.0, 9.0])


def test_finished_stays_alone():
    told = completed(HELD.finished)
    assert (told["mean_days_completed"], told["median_days_completed"]) == (2.75, 2.0)
    assert told["p85_days_completed"] == pytest.approx(4.2)
    assert by_way(HELD)["advanced"] == {"count": 3, "mean_days": 3.0, "median_days": 2.0, "p85_days": 4.8}
    assert completed(()) == dict.fromkeys(
        ("mean_days_completed", "median_days_completed", "p85_days_completed")
    )  # fmt: skip


def test_with_those_still_there():
    told = with_those_there(HELD)
    assert told["quartile_days"] == [2.0, 2.0, 6.0]  # S is 5/6, 1/2, and then 1/4
    assert told["incidence"]["7"] == {"advanced": 1 / 6 + 1 / 6 + 1 / 4, "lost": 1 / 6}
    assert with_those_there(Held()) == {
        "median_days": None, "median_days_low": None, "median_days_high": None, "quartile_days": [None] * 3,
        "incidence": {},
    }  # fmt: skip


def test_a_stay_equal_to_the_target_is_within_it():
    told = against_target(HELD, 2.0)
    assert told == {"target_days": 2.0, "within_target": 3 / 6, "past_target": 2, "days_over_target": 8.0}
    assert against_target(HELD, 9.0)["past_target"] == 0
    assert against_target(HELD, None)["within_target"] is None
    assert against_target(Held(), 2.0)["within_target"] is None
