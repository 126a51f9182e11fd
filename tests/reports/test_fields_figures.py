"""What handoffs asked and whether to keep asking it: worked by hand, and laws that hold for any record."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.playbook.report_thresholds import Verdicts
from handoffctl.reports.fields.figures import Completion, FirstAttempt, count_item
from handoffctl.reports.fields.verdict import (
    Evidence,
    HandoffsAfter,
    fewest_lacking,
    field_verdict,
    is_longer,
    rule_text,
    share_text,
)
from handoffctl.stats.intervals import newcombe_interval, wilson_interval
from handoffctl.stats.survival import Survival

LIMITS = Verdicts()
ITEM = "budget"


def completed(without=(), returned=False, days=None, over=True):
    return Completion((ITEM,), without, returned, days, over and days is not None)


def evidence(required=True, *, asked=40, missing=0, known=(0, 0), lacking=(0, 0), **more):
    return Evidence(required, asked, missing, known=HandoffsAfter(*known), lacking=HandoffsAfter(*lacking), **more)


# --- Counting ----------------------------------------------------------------------------------------------------


def test_a_try_counts_as_missing_what_was_filled_on_the_spot_and_what_was_left():
    tries = [
        FirstAttempt((ITEM,), filled=(ITEM,), completion=completed()),
        FirstAttempt((ITEM,), left=(ITEM,), blocked=True),
        FirstAttempt((ITEM,), completion=completed()),
        FirstAttempt(("other",), left=("other",), blocked=True),
    ]
    count = count_item(ITEM, True, tries)
    assert (count.asked, count.missing, count.filled, count.blocked) == (3, 2, 1, 1)
    assert count.missing_share == pytest.approx(2 / 3)
    assert count.missing_though_completed == 0


def test_of_a_required_item_what_followed_is_told_apart_by_what_the_first_try_left_missing():
    tries = [
        FirstAttempt((ITEM,), left=(ITEM,), blocked=True, completion=completed(returned=True, days=1, over=False)),
        FirstAttempt((ITEM,), left=(ITEM,), blocked=True, completion=completed(days=4)),
        FirstAttempt((ITEM,), left=(ITEM,), blocked=True),
        FirstAttempt((ITEM,), filled=(ITEM,), completion=completed(days=2)),
        FirstAttempt((ITEM,), completion=completed(days=8)),
        FirstAttempt((ITEM,), completion=completed(days=3, over=False)),
    ]
    count = count_item(ITEM, True, tries)
    found = count.evidence
    assert (count.missing, found.missing) == (4, 3)
    assert (found.lacking.handoffs, found.lacking.returned, found.lacking.stays.median) == (2, 1, 4)
    # 2 of 3 went on: S falls to 2/3 at 2 days, and to 0 at 8, for the third was last seen after 3.
    assert (found.known.handoffs, found.known.returned, found.known.stays.median) == (3, 0, 8)


def test_of_a_nice_to_have_item_what_followed_is_told_apart_when_completed():
    tries = [
        FirstAttempt((ITEM,), left=(ITEM,), completion=completed(without=(ITEM,))),
        FirstAttempt((ITEM,), left=(ITEM,), blocked=True, completion=completed()),
        FirstAttempt((ITEM,), filled=(ITEM,), completion=completed(returned=True)),
    ]
    count = count_item(ITEM, False, tries)
    assert (count.missing, count.filled, count.blocked, count.missing_though_completed) == (3, 1, 1, 1)
    assert (count.evidence.known.handoffs, count.evidence.known.returned) == (2, 1)
    assert (count.evidence.lacking.handoffs, count.evidence.lacking.returned) == (1, 0)


def test_the_seconds_are_the_median_of_those_who_were_asked():
    tries = [FirstAttempt((ITEM,), seconds={ITEM: took}) for took in (4.0, 10.0)] + [FirstAttempt((ITEM,))]
    assert count_item(ITEM, True, tries).seconds == 7
    assert count_item(ITEM, True, tries[2:]).seconds is None


def test_what_nobody_tried_counts_nothing_and_divides_by_nothing():
    count = count_item(ITEM, True, [])
    assert (count.asked, count.missing, count.missing_share, count.seconds) == (0, 0, None, None)
    assert count.evidence.known.returned_share is None
    assert field_verdict(count.evidence, LIMITS)[0] == "not enough data"


# --- The verdict -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "verdict", "says"),
    [
        (evidence(asked=19, missing=19), "not enough data", "19 first tries so far; it takes 20 to judge."),
        (evidence(asked=1, named=3), "not enough data", "1 first try so far"),
        (evidence(missing=30, lacking=(30, 0), named=1), "keep", "Named in 1 return"),
        (evidence(missing=30, lacking=(30, 12), known=(10, 0)), "keep", "12 of 30 that lacked it were returned"),
        (evidence(missing=30, lacking=(30, 2), known=(10, 0)), "make nice-to-have", "Left missing at 30 of 40 first"),
        (evidence(missing=19, lacking=(19, 0), known=(21, 0)), "keep", "lacking: at 19 of 40 first tries (48%)."),
        (evidence(missing=20, lacking=(9, 0), known=(20, 0)), "keep", "only 9 handoffs that lacked it completed"),
        (evidence(missing=20, lacking=(10, 0), known=(20, 0)), "make nice-to-have", "nothing clearly followed"),
        (evidence(missing=8, placeholders=8, lacking=(4, 0)), "make nice-to-have", "in the stays of 8 of 40 first"),
        (evidence(missing=8, placeholders=7, lacking=(8, 0)), "keep", "Not often lacking: at 8 of 40"),
        (evidence(missing=8, placeholders=9, lacking=(3, 0)), "keep", "too few to see"),
        (evidence(False, missing=40, known=(12, 0), lacking=(11, 0)), "keep", "Not often lacking: at 11 of 23 comp"),
        (evidence(False, missing=40, known=(12, 0), lacking=(13, 0)), "drop", "Missing at 13 of 25 completed handoffs"),
        (evidence(False, missing=40, known=(1, 0), lacking=(9, 0)), "keep", "only 9 handoffs"),
        (evidence(False, missing=40, placeholders=40), "keep", "No completed handoffs yet to tell from."),
    ],
)  # fmt: skip
def test_the_verdict_and_its_reason(found, verdict, says):
    told, because = field_verdict(found, LIMITS)
    assert (told, says in because) == (verdict, True), because
    assert because.endswith(".")


def test_longer_stays_in_the_next_stage_are_harm_when_they_surely_are():
    quick, slow = [float(days) for days in range(1, 21)], [float(days) for days in range(40, 60)]
    known, lacking = HandoffsAfter(20, 0, Survival(quick)), HandoffsAfter(20, 0, Survival(slow))
    found = Evidence(True, 40, 30, known=known, lacking=lacking)
    told, because = field_verdict(found, LIMITS)
    assert told == "keep"
    assert "49.0 days by the median, the others 10.0" in because
    assert field_verdict(Evidence(True, 40, 30, known=lacking, lacking=known), LIMITS)[0] == "make nice-to-have"
    assert not is_longer(Survival(slow[:5]), Survival(quick))
    assert not is_longer(Survival((), slow), Survival(quick))


def test_the_rule_names_the_thresholds_of_the_playbook():
    text = " ".join(rule_text(Verdicts(attempts=7, often=0.3, placeholders=0.1)))
    assert "Fewer than 7 first tries" in text
    assert "left missing at 30% of the first tries or more" in text
    assert "in the stays of 10% of them or more" in text
    assert "once 3 handoffs" in text


def test_the_fewest_that_count_are_a_share_of_the_fewest_tries():
    assert [fewest_lacking(limit, LIMITS) for limit in (0.5, 0.2, 0.33, 0.01, 0.0)] == [10, 4, 7, 1, 1]
    assert fewest_lacking(0.1, Verdicts(attempts=30)) == 3  # 0.1 * 30 is a hair more than 3


def test_the_intervals_are_those_of_the_papers():
    # Newcombe 1998, table II, method 10.
    for counts, low, high in [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ]:
        assert newcombe_interval(*counts) == pytest.approx((low, high), abs=6e-5)
    assert newcombe_interval(1, 0, 1, 2) is None
    # Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
    for count, of, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
                                 (1, 29, 0.0061, 0.1718)]:  # fmt: skip
        assert wilson_interval(count, of) == pytest.approx((low, high), abs=6e-5)


def test_a_share_is_never_all_or_nothing_where_it_is_not():
    assert [share_text(value) for value in (0, 1, 0.5, 0.001, 0.999)] == ["0%", "100%", "50%", "<1%", ">99%"]


# --- Laws --------------------------------------------------------------------------------------------------------

ends = st.builds(
    completed, st.sampled_from([(), (ITEM,)]), st.booleans(), st.none() | st.integers(0, 40).map(float), st.booleans()
)
tries = st.one_of(
    st.builds(FirstAttempt, st.just((ITEM,)), filled=st.just((ITEM,)), completion=st.none() | ends),
    st.builds(
        FirstAttempt, st.just((ITEM,)), left=st.just((ITEM,)), blocked=st.booleans(), completion=st.none() | ends
    ),
    st.builds(FirstAttempt, st.just((ITEM,)), placeholders=st.sampled_from([(), (ITEM,)]), completion=st.none() | ends),
)
records = st.lists(tries, max_size=60)
limits = st.builds(Verdicts, attempts=st.integers(1, 30), often=st.floats(0, 1), placeholders=st.floats(0, 1))


@given(records, records, st.booleans(), st.integers(0, 2), limits)
def test_more_data_never_turns_a_verdict_into_not_enough_data(before, more, required, named, limits):
    first, _ = field_verdict(count_item(ITEM, required, before, named).evidence, limits)
    later, _ = field_verdict(count_item(ITEM, required, before + more, named).evidence, limits)
    assert first == "not enough data" or later != "not enough data"


@given(records, st.booleans(), st.integers(0, 2), limits)
def test_every_verdict_fits_the_level_and_a_named_item_is_kept(record, required, named, limits):
    count = count_item(ITEM, required, record, named)
    told, because = field_verdict(count.evidence, limits)
    assert told in {"keep", "not enough data", "make nice-to-have" if required else "drop"}
    assert (told == "not enough data") == (len(record) < limits.attempts)
    if named and len(record) >= limits.attempts:
        assert told == "keep"
    assert because


@given(records, limits)
def test_a_required_item_that_is_answered_on_the_spot_is_judged_like_one_that_was_known(record, limits):
    known = [replace(one, filled=()) for one in record]
    told, same = (field_verdict(count_item(ITEM, True, these).evidence, limits) for these in (record, known))
    assert told == same


@given(records, records, st.booleans())
def test_two_halves_add_up_to_the_whole(one, other, required):
    halves, whole = [count_item(ITEM, required, half) for half in (one, other)], count_item(ITEM, required, one + other)
    for name in ("asked", "missing", "filled", "blocked", "missing_though_completed"):
        assert sum(getattr(half, name) for half in halves) == getattr(whole, name)
    for side in ("known", "lacking"):
        for name in ("handoffs", "returned"):
            assert sum(getattr(getattr(half.evidence, side), name) for half in halves) == getattr(
                getattr(whole.evidence, side), name
            )


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40))
def test_the_interval_holds_the_difference_and_mirrors_when_the_sides_change(one, of, other, among):
    one, other = min(one, of), min(other, among)
    low, high = newcombe_interval(one, of, other, among)
    assert -1 - 1e-9 <= low <= one / of - other / among + 1e-9
    assert one / of - other / among - 1e-9 <= high <= 1 + 1e-9
    assert newcombe_interval(other, among, one, of) == pytest.approx((-high, -low))


def test_more_returns_among_as_many_handoffs_never_turn_keep_into_drop():
    told = [field_verdict(evidence(False, known=(40, 2), lacking=(40, back)), LIMITS)[0] for back in range(41)]
    assert told[0] == "drop"
    assert told[-1] == "keep"
    assert all(not (one == "keep" and next_ == "drop") for one, next_ in pairwise(told))
