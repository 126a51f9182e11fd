"""The incidence of won deals: the worked example, its error and its interval, and the probability from an age on."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.stats.incidence import EndsAt, incidence_curve
from handoffctl.stats.survival import Survival

WON, LOST, OPEN = (20, 35, 35, 60), (10, 15, 30, 45, 70), (5, 25, 40, 50, 80)
DAYS = st.lists(st.integers(0, 20).map(lambda half_days: half_days / 2), max_size=20)


def ends(won, lost, still_open):
    return [
        *(EndsAt(days, 1, 0, 0) for days in won),
        *(EndsAt(days, 0, 1, 0) for days in lost),
        *(EndsAt(days, 0, 0, 1) for days in still_open),
    ]


def test_the_worked_example_to_its_last_event():
    curve = incidence_curve(ends(WON, LOST, OPEN), fewest_at_risk=1)
    last = curve.at(80)
    assert (curve.ended, curve.tau) == (9, 80)
    assert last.incidence == pytest.approx(0.3846, abs=5e-5)
    assert sqrt(last.variance) == pytest.approx(0.1569, abs=5e-5)
    assert curve.interval(80) == pytest.approx((0.11, 0.66), abs=5e-3)
    assert [curve.probability_from(age) for age in (0, 25, 40, 50)] == pytest.approx(
        [0.385, 0.4, 0.267, 0.333], abs=5e-4
    )
    survivals = [curve.at(days).survival for days in (10, 20, 35, 60)]
    assert survivals == pytest.approx([0.9231, 0.7692, 0.5128, 0.2735], abs=5e-5)


def test_five_at_risk_end_the_worked_example_at_day_45():
    curve = incidence_curve(ends(WON, LOST, OPEN))
    assert curve.tau == 45
    assert curve.at(45).incidence == pytest.approx(0.2479, abs=5e-5)
    assert curve.probability_from(46) is None
    assert curve.probability_from(45) == 0
    assert curve.probability_from(0, until=20) == pytest.approx(1 / 13)
    assert curve.probability_from(0, until=400) == curve.probability_from(0)


def test_fewer_than_five_have_no_history():
    curve = incidence_curve(ends((3,), (4,), ()))
    assert curve.tau is None
    assert curve.probability_from(0) is None


def test_an_incidence_of_none_or_all():
    assert incidence_curve(ends((), (3, 4), ())).interval(10) == (0, 1)
    assert incidence_curve(ends((3, 4), (), ())).interval(10) == (1, 1)
    assert incidence_curve([]).at(10).survival == 1


@given(DAYS, DAYS, DAYS, st.randoms())
def test_it_is_that_of_the_survival_and_only_rises(won, lost, still_open, chance):
    rows = ends(won, lost, still_open)
    curve = incidence_curve(chance.sample(rows, len(rows)))
    survival = Survival(sorted([*won, *lost]), sorted(still_open))
    for days in range(12):
        wanted = survival.incidence({"won": sorted(won)}, days)["won"]
        assert curve.at(days).incidence == pytest.approx(wanted, abs=1e-12)
        assert curve.at(days).survival == pytest.approx(survival.survival_at(days), abs=1e-12)
        low, high = curve.interval(days)
        assert low - 1e-9 <= (curve.at(days).incidence or low) <= high + 1e-9
    values = [step.incidence for step in curve.steps]
    assert values == sorted(values)


@given(DAYS, DAYS, DAYS, st.integers(0, 10))
def test_a_probability_is_one(won, lost, still_open, age):
    probability = incidence_curve(ends(won, lost, still_open)).probability_from(age)
    assert probability is None or 0 <= probability <= 1
