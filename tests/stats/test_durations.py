"""Times to an event, some of them censored: the estimate and its median, worked by hand."""

from handoffctl.core.json_record import json_object
from handoffctl.stats.durations import MedianEstimate, TimeToEvent, median_estimate, survival_of


def test_those_without_the_event_are_censored():
    times = [TimeToEvent(4.0, True), TimeToEvent(3.0, False), TimeToEvent(1.0, True), TimeToEvent(2.0, True)]
    survival = survival_of(times)
    assert (survival.completed, survival.censored) == ([1.0, 2.0, 4.0], [3.0])
    assert median_estimate(survival).median == 2.0  # S is 3/4 after one day and 1/2 after two


def test_without_events_there_is_no_median():
    nothing = {"median": None, "low": None, "high": None}
    assert median_estimate(survival_of([])) == MedianEstimate(None, None, None)
    assert json_object(median_estimate(survival_of([TimeToEvent(9.0, False)]))) == nothing
