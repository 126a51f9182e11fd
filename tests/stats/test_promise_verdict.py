"""The verdicts on promises between teams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.stats.promise_verdict import PromiseCounts, PromiseWord, judge_promises


@pytest.mark.parametrize(
    ("kept", "due", "promised", "word", "too_many_late"),
    [
        (17, 20, 0.9, PromiseWord.SHORT, 1),
        (18, 20, 0.9, PromiseWord.MET, 0),
        (15, 20, 0.9, PromiseWord.BROKEN, 3),
        (16, 20, 0.9, PromiseWord.SHORT, 2),
        (14, 20, 0.9, PromiseWord.BROKEN, 4),
        (4, 4, 0.9, PromiseWord.NOT_ENOUGH, 0),
        (19, 20, 1.0, PromiseWord.BROKEN, 1),
        (0, 5, 0.5, PromiseWord.BROKEN, 3),
    ],
)
def test_the_word_of_one_promise(kept, due, promised, word, too_many_late):
    verdict = judge_promises([PromiseCounts(kept, due, promised)])[0]
    assert verdict[:2] == (word, too_many_late)


def test_the_worked_probabilities():
    p_values = [judge_promises([PromiseCounts(kept, 20, 0.9)])[0].p for kept in (17, 14)]
    assert p_values == pytest.approx([0.323, 0.011], abs=5e-4)


def test_several_promises_share_the_chance_of_a_false_claim():
    broken_alone = PromiseCounts(15, 20, 0.9)
    verdicts = judge_promises([broken_alone, PromiseCounts(20, 20, 0.9)])
    assert [verdict.word for verdict in verdicts] == [PromiseWord.SHORT, PromiseWord.MET]
    assert verdicts[0].adjusted_p == pytest.approx(2 * verdicts[0].p)
    assert verdicts[0].broken_at_most == 15


def test_void_handoffs_take_the_verdict_and_do_not_count_among_the_tests():
    verdicts = judge_promises([PromiseCounts(0, 8, 0.9, void=3), PromiseCounts(15, 20, 0.9, void=5)])
    assert [verdict.word for verdict in verdicts] == [PromiseWord.MOSTLY_VOID, PromiseWord.BROKEN]
    assert verdicts[0].p is None


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from([0.5, 0.8, 0.9, 0.95, 1.0]))))
def test_a_promise_that_is_met_is_never_broken(drawn):
    promises = [PromiseCounts(min(kept, due), due, promised) for kept, due, promised in drawn]
    for promise, verdict in zip(promises, judge_promises(promises), strict=True):
        assert (verdict.word is PromiseWord.MET) == (promise.due >= 5 and verdict.too_many_late == 0)
        if verdict.word is PromiseWord.BROKEN:
            assert promise.kept <= verdict.broken_at_most
