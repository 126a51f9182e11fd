"""The verdicts on signals of won deals: the worked example of 12 won and 18 lost deals with eight signals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.stats.log_odds import shrunk_log_odds
from handoffctl.stats.signal_verdict import SignalCounts, SignalWord, judge_signals

EIGHT = [
    SignalCounts(9, 12, 4, 18),
    SignalCounts(9, 12, 5, 18),
    SignalCounts(7, 12, 3, 18),
    SignalCounts(8, 12, 9, 18),
    SignalCounts(10, 12, 14, 18),
    *[SignalCounts(6, 12, 9, 18)] * 3,
]


@pytest.mark.parametrize(
    ("number", "points", "p", "q", "word"),
    [
        (0, (53, 16, 74), 0.008, 0.064, SignalWord.WORTH_WATCHING),
        (1, (47, 11, 69), 0.024, 0.094, SignalWord.WORTH_WATCHING),
        (2, (42, 7, 67), 0.045, 0.12, SignalWord.WORTH_WATCHING),
        (3, (17, -18, 45), None, None, SignalWord.NOTHING_CLEAR),
        (4, (6, -26, 31), 1, 1, SignalWord.NEARLY_ALL),
    ],
)
def test_the_worked_signals(number, points, p, q, word):
    verdict = judge_signals(EIGHT)[number]
    assert verdict.word is word
    assert [100 * share for share in verdict[1:4]] == pytest.approx(points, abs=0.51)
    if p is not None:
        assert (verdict.p, verdict.q) == (pytest.approx(p, abs=5e-4), pytest.approx(q, abs=6e-4))


def test_one_signal_alone_stands_out():
    assert judge_signals(EIGHT[:1])[0].word is SignalWord.STANDS_OUT


def test_a_signal_known_for_few_deals_is_not_tested():
    verdicts = judge_signals([EIGHT[0], SignalCounts(4, 4, 0, 20)])
    assert [verdict.word for verdict in verdicts] == [SignalWord.STANDS_OUT, SignalWord.NOT_ENOUGH]
    assert verdicts[1][1:] == (None,) * 6


def test_few_deals_do_not_lead_the_list():
    assert shrunk_log_odds(5, 5, 0, 5) < shrunk_log_odds(45, 50, 5, 50)


@given(st.integers(5, 30), st.integers(5, 30), st.data())
def test_the_other_side_is_the_mirror_image(won, lost, data):
    signal = SignalCounts(data.draw(st.integers(0, won)), won, data.draw(st.integers(0, lost)), lost)
    mirrored = SignalCounts(signal.lost_with, lost, signal.won_with, won)
    one, other = judge_signals([signal, mirrored])
    assert one.log_odds == pytest.approx(-other.log_odds)
    assert one.difference == pytest.approx(-other.difference)
    assert one.p == pytest.approx(other.p)
