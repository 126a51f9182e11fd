"""What answering took: tables worked by hand, and a week's cost."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.reports.effort.figures import Effort, Timings, efforts, minutes_a_week, weeks


def test_real_runs_and_drills_are_kept_apart():
    found = efforts([("call", 30.0, False), ("offer", 5.0, True), ("call", 10.0, False), ("call", 99.0, True)])
    assert list(found) == ["call", "offer"]
    assert found["call"] == Effort(Timings([10.0, 30.0]), Timings([99.0]))
    assert found["offer"] == Effort(Timings([]), Timings([5.0]))


def test_the_figures_of_four_runs_worked_by_hand():
    taken = efforts([("call", seconds, False) for seconds in (40.0, 10.0, 30.0, 20.0)])["call"].real
    assert (taken.count, taken.total) == (4, 100.0)
    assert taken.percentile(0.5) == 25.0
    assert taken.percentile(0.85) == pytest.approx(35.5)  # 0.85 * 3 = 2.55 places on: 30 + 0.55 * 10


def test_what_was_never_timed_has_no_figures():
    assert efforts([]) == {}
    assert (Timings().count, Timings().total, Timings().percentile(0.5), Timings().percentile(0.85)) == (
        0,
        0.0,
        None,
        None,
    )


def test_tenths_of_seconds_add_up_without_crumbs():
    assert Timings([0.1] * 3).total == 0.3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 1200).map(lambda tenths: tenths / 10), st.booleans())))
def test_any_times_are_counted_once_each(timed):
    found = efforts(timed)
    assert set(found) == {thing for thing, _, _ in timed}
    for thing, effort in found.items():
        for taken, drill in ((effort.real, False), (effort.drills, True)):
            own = [seconds for name, seconds, drilled in timed if (name, drilled) == (thing, drill)]
            assert taken.count == len(own)
            assert taken.total == pytest.approx(sum(own))
            assert taken.percentile(0.5) == (pytest.approx(median(own)) if own else None)


def test_a_week_is_the_least_that_is_counted():
    assert [weeks(days) for days in (0, 0.5, 7, 14, 31.5)] == [1.0, 1.0, 1.0, 2.0, 4.5]


def test_seconds_become_minutes_a_week():
    assert minutes_a_week(0.0, 1.0) == 0.0
    assert minutes_a_week(90.0, 1.0) == 1.5
    assert minutes_a_week(1800.0, 4.0) == 7.5
