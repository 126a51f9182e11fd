"""The verdicts on probation and on randomized trials, and the sizes that trials need."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.stats.binomial import binomial_probabilities
from handoffctl.stats.probation_verdict import ProbationWord, judge_probation
from handoffctl.stats.trial_size import (
    keeps_out,
    margin_it_could_show,
    probability_of_keeping_out,
    probability_of_putting_back,
    puts_back,
    size_by_normal_formula,
    size_per_arm,
)
from handoffctl.stats.trial_verdict import TrialCounts, TrialWord, judge_trial


@pytest.mark.parametrize(
    ("missed", "asked", "word", "at_most"),
    [
        (0, 20, ProbationWord.KEEP_OUT, 0.139),
        (1, 20, ProbationWord.KEEP_OUT, 0.216),
        (2, 20, ProbationWord.KEEP_OUT, 0.283),
        (2, 19, ProbationWord.GOING_ON, 0.296),
        (3, 3, ProbationWord.PUT_BACK, 1.0),
        (3, 20, ProbationWord.PUT_BACK, 0.344),
        (0, 0, ProbationWord.GOING_ON, 1.0),
    ],
)
def test_probation(missed, asked, word, at_most):
    assert judge_probation(missed, asked) == (word, pytest.approx(at_most, abs=5e-4))


@pytest.mark.parametrize(("margin", "normal", "exact"), [(0.10, 112, 117), (0.15, 50, 55), (0.20, 28, 32)])
def test_the_size_of_a_trial_with_a_base_of_ten_percent(margin, normal, exact):
    assert size_by_normal_formula(0.1, margin) == normal
    assert size_per_arm(0.1, margin) == exact


def test_the_margin_that_twenty_per_arm_could_show():
    assert margin_it_could_show(20, 20) == pytest.approx(0.119, abs=5e-4)


def test_a_trial_that_keeps_an_item_out():
    verdict = judge_trial(TrialCounts(1, 30, 2, 30), 0.1, finished=True)
    assert verdict.word is TrialWord.KEEP_OUT
    assert (verdict.low, verdict.high) == pytest.approx((-0.152, 0.079), abs=5e-4)


def test_a_trial_that_puts_an_item_back():
    verdict = judge_trial(TrialCounts(9, 24, 1, 24), 0.1, finished=True)
    assert (verdict.word, verdict.harm) == (TrialWord.PUT_BACK, False)
    assert verdict.difference == pytest.approx(1 / 3)
    assert verdict.p == pytest.approx(0.0102, abs=5e-5)


def test_before_its_end_only_harm_decides():
    assert judge_trial(TrialCounts(0, 300, 0, 300), 0.1, finished=False).word is TrialWord.GOING_ON
    assert judge_trial(TrialCounts(9, 24, 1, 24), 0.1, finished=False).word is TrialWord.GOING_ON
    assert judge_trial(TrialCounts(10, 24, 1, 24), 0.1, finished=False).word is TrialWord.PUT_BACK
    assert judge_trial(TrialCounts(1, 24, 10, 24), 0.1, finished=False).word is TrialWord.GOING_ON
    assert judge_trial(TrialCounts(3, 9, 0, 9), 0.1, finished=False, named_returns=3).word is TrialWord.PUT_BACK


def test_a_trial_that_shows_nothing_says_so():
    assert judge_trial(TrialCounts(4, 20, 3, 20), 0.1, finished=True).word is TrialWord.NOT_SHOWN
    assert judge_trial(TrialCounts(0, 0, 0, 20), 0.1, finished=True) == (
        TrialWord.NOT_SHOWN, None, None, None, None, False
    )  # fmt: skip


@settings(max_examples=25)
@given(st.integers(1, 14), st.floats(0.05, 0.9), st.floats(0.05, 0.9), st.floats(0.05, 0.5))
def test_the_power_is_the_sum_over_all_results(per_arm, without, with_item, margin):
    kept, put_back = 0.0, 0.0
    for failures, probability in enumerate(binomial_probabilities(per_arm, without)):
        for others, other_probability in enumerate(binomial_probabilities(per_arm, with_item)):
            kept += probability * other_probability * keeps_out(failures, per_arm, others, per_arm, margin)
            put_back += probability * other_probability * puts_back(failures, per_arm, others, per_arm)
    assert probability_of_keeping_out(per_arm, without, with_item, margin) == pytest.approx(kept, abs=1e-9)
    assert probability_of_putting_back(per_arm, without, with_item) == pytest.approx(put_back, abs=1e-9)
