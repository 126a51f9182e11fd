"""What came of triggers that were seen, and how long the handoffs took from there: tables worked by hand."""

from datetime import timedelta, timezone

import pytest

from handoffctl.core.moments import Clock
from handoffctl.core.windows import Window
from handoffctl.reports.missed.figures import TriggerEvent, TriggerWait, WaitFigures, trigger_wait, wait_figures

NOW = "2026-03-31T09:00:00Z"
WINDOW = Window(Clock(NOW, timezone(timedelta(hours=2))))
SEEN = "2026-03-01T09:00:00Z"


def test_a_trigger_whose_handoff_was_made_waited_until_then():
    assert trigger_wait(
        TriggerEvent(SEEN, ["2026-03-03T21:00:00Z"], True, "2026-03-03T21:00:00Z"), WINDOW
    ) == TriggerWait("handed off", 2.5)


def test_a_trigger_that_was_not_answered_waits_until_now():
    assert trigger_wait(TriggerEvent(SEEN), WINDOW) == TriggerWait("waiting", 30.0)


def test_where_either_end_is_a_date_a_wait_is_in_whole_local_days():
    assert trigger_wait(TriggerEvent("2026-03-01", ["2026-03-03T22:30:00Z"]), WINDOW) == TriggerWait("handed off", 3.0)
    assert trigger_wait(TriggerEvent("2026-03-30"), WINDOW) == TriggerWait("waiting", 1.0)


def test_a_stay_that_ended_in_another_way_ends_the_wait():
    assert trigger_wait(TriggerEvent(SEEN, (), True, "2026-03-11T09:00:00Z"), WINDOW) == TriggerWait("missed", 10.0)
    assert trigger_wait(TriggerEvent(SEEN, (), True, None), WINDOW) == TriggerWait("missed", None)


def test_what_comes_after_the_moment_of_the_report_has_not_happened():
    later = "2026-04-02T09:00:00Z"
    assert trigger_wait(TriggerEvent(SEEN, [later], True, later), WINDOW) == TriggerWait("waiting", 30.0)
    assert trigger_wait(TriggerEvent(SEEN, (), True, later), WINDOW) == TriggerWait("waiting", 30.0)


def test_a_handoff_made_before_its_trigger_was_told_of_took_no_time():
    assert trigger_wait(TriggerEvent(SEEN, ["2026-02-27T09:00:00Z"]), WINDOW) == TriggerWait("handed off", 0.0)


def test_of_several_handoffs_from_one_stay_the_first_one_ends_the_wait():
    made = ["2026-03-05T09:00:00Z", "2026-03-02T09:00:00Z"]
    assert trigger_wait(TriggerEvent(SEEN, made), WINDOW) == TriggerWait("handed off", 1.0)


def test_the_median_counts_those_who_wait_and_the_percentile_does_not():
    # Six: handed off after 1, 2 and 4 days; one waits for 3 days, one for 10, one ended otherwise after 2.
    # S: 5/6 after 1; at 2 five at risk (the one ended at 2 still among them): 4/6; at 4 two at risk: 1/3.
    found = [
        TriggerWait("handed off", 4.0),
        TriggerWait("waiting", 3.0),
        TriggerWait("handed off", 1.0),
        TriggerWait("missed", 2.0),
        TriggerWait("handed off", 2.0),
        TriggerWait("waiting", 10.0),
    ]
    made = wait_figures(found)
    assert (made.seen, made.handed_off, made.still_waiting, made.median) == (6, 3, 2, 4.0)
    assert made.p85_completed == pytest.approx(3.4)  # 1, 2, 4: at place 1.7
    assert made.low is not None
    assert made.low <= made.median


def test_a_trigger_that_nobody_ever_answered_has_no_median():
    assert wait_figures([TriggerWait("waiting", 3.0), TriggerWait("missed", None)]) == WaitFigures(
        2, 0, 1, None, None, None, None
    )
    assert wait_figures([]) == WaitFigures(0, 0, 0, None, None, None, None)
