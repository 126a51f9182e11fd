"""Lengths of stays: finished figures apart from those that count who is still there, and the target between them."""

import pytest

from handoffctl.core.json_record import json_object
from handoffctl.reports.throughput.durations import (
    StayDurations,
    against_target,
    by_outcome,
    completed_figures,
    kaplan_meier_summary,
)

HELD = StayDurations({"advanced": [1.0, 2.0, 6.0], "lost": [2.0]}, [3.0, 9.0])


def test_finished_stays_alone():
    told = json_object(completed_figures(HELD.completed))
    assert (told["mean_days_completed"], told["median_days_completed"]) == (2.75, 2.0)
    assert told["p85_days_completed"] == pytest.approx(4.2)
    assert json_object(by_outcome(HELD)["advanced"]) == {
        "count": 3,
        "mean_days": 3.0,
        "median_days": 2.0,
        "p85_days": 4.8,
    }
    assert json_object(completed_figures(())) == dict.fromkeys(
        ("mean_days_completed", "median_days_completed", "p85_days_completed")
    )  # fmt: skip


def test_with_those_still_there():
    told = json_object(kaplan_meier_summary(HELD))
    assert told["quartile_days"] == [2.0, 2.0, 6.0]  # S is 5/6, 1/2, and then 1/4
    assert told["incidence"]["7"] == {"advanced": 1 / 6 + 1 / 6 + 1 / 4, "lost": 1 / 6}
    assert json_object(kaplan_meier_summary(StayDurations())) == {
        "median_days": None, "median_days_low": None, "median_days_high": None, "quartile_days": [None] * 3,
        "incidence": {},
    }  # fmt: skip


def test_a_stay_equal_to_the_target_is_within_it():
    told = json_object(against_target(HELD, 2.0))
    assert told == {"target_days": 2.0, "within_target": 3 / 6, "past_target": 2, "days_over_target": 8.0}
    assert against_target(HELD, 9.0).past_target == 0
    assert against_target(HELD, None).within_target is None
    assert against_target(StayDurations(), 2.0).within_target is None
