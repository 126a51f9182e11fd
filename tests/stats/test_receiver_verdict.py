"""The verdicts on receivers, and the shares drawn towards that of all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.stats.beta_binomial import ShrunkShare, probability_better, shrunk_share
from handoffctl.stats.receiver_verdict import ReceiverRecord, ReceiverWord, judge_receivers, receiver_shares

THREE = [ReceiverRecord(3, 4), ReceiverRecord(9, 20), ReceiverRecord(2, 16)]
SHARES = st.builds(ShrunkShare, st.floats(0.3, 60), st.floats(0.3, 60))


def test_the_worked_shares():
    percent = [tuple(round(100 * share) for share in shares) for shares in receiver_shares(THREE)]
    assert percent == [(48, 26, 71), (42, 27, 58), (20, 8, 34)]


def test_the_second_is_better_than_the_third_with_96_percent():
    better = probability_better(shrunk_share(9, 20, 14 / 40), shrunk_share(2, 16, 14 / 40))
    assert better == pytest.approx(0.962, abs=5e-4)


def test_96_percent_are_not_enough_among_three():
    verdict = judge_receivers([ReceiverRecord(0, 0), *THREE[1:]], next_in_line=2)
    assert verdict.word is ReceiverWord.AVAILABILITY
    assert (verdict.best, verdict.needed) == (1, 0.975)
    assert verdict.probability < verdict.needed


def test_among_two_a_clear_record_decides():
    verdict = judge_receivers([ReceiverRecord(28, 40), ReceiverRecord(8, 40)], next_in_line=1)
    assert (verdict.word, verdict.best) == (ReceiverWord.DONE_BETTER, 0)


def test_who_is_not_available_is_not_compared_and_still_counts_for_the_share_of_all():
    among_all = judge_receivers(THREE, next_in_line=2)
    assert (among_all.best, among_all.needed) == (0, 0.975)
    verdict = judge_receivers(THREE, next_in_line=2, available=(1, 2))
    assert (verdict.best, verdict.needed) == (1, 0.95)
    assert verdict.probability == pytest.approx(0.962, abs=5e-4)
    assert verdict.word is ReceiverWord.DONE_BETTER


@pytest.mark.parametrize(
    ("records", "best"),
    [
        ([], None),
        ([ReceiverRecord(0, 0)], None),
        ([ReceiverRecord(0, 0), ReceiverRecord(0, 0)], None),
        ([ReceiverRecord(5, 5)], 0),
        ([ReceiverRecord(5, 9), ReceiverRecord(5, 9)], 0),
        ([ReceiverRecord(7, 7), ReceiverRecord(3, 3)], 0),
        ([ReceiverRecord(0, 7), ReceiverRecord(0, 0)], 0),
    ],
)
def test_where_there_is_nothing_to_compare_availability_decides(records, best):
    verdict = judge_receivers(records, next_in_line=0)
    assert verdict == (ReceiverWord.AVAILABILITY, best, None, None)


@settings(max_examples=50)
@given(SHARES, SHARES)
def test_one_of_two_is_better(one, other):
    assert probability_better(one, other) + probability_better(other, one) == pytest.approx(1, abs=1e-8)
    assert probability_better(one, one) == pytest.approx(0.5, abs=1e-8)


def test_a_certain_share():
    none, all_of_them, half = ShrunkShare(0, 8), ShrunkShare(8, 0), ShrunkShare(4, 4)
    assert probability_better(all_of_them, none) == 1
    assert probability_better(none, none) == 0.5
    assert probability_better(half, none) == 1
    assert probability_better(all_of_them, half) == 1
    assert probability_better(none, half) == 0
    assert none.interval() == (0, 0)
