"""What a trial says, on worked numbers."""

from typing import Any

from handoffctl.core.moments import Clock
from handoffctl.reports.fields.price import price_of, price_text
from handoffctl.trials.judge import JudgedTrial, judge
from handoffctl.trials.model import PROBATION, RANDOMIZED, WITH, WITHOUT, Trial, TrialDeal

CLOCK = Clock("2026-06-01", None)


def a_trial(mode: str, size: int, margin: float | None = None) -> Trial:
    return Trial(1, "solo", "talk", "process", "item", mode, size, margin, "", "2026-01-01", None, None, "")


def a_deal(arm: str, **more: Any) -> TrialDeal:
    return TrialDeal(1, "bo", "deal", arm, "2026-02-01", **{"missed": None, **more})


def probation(missed: int, asked: int) -> JudgedTrial:
    deals = [a_deal(WITHOUT, missed=number < missed) for number in range(asked)]
    return judge(a_trial(PROBATION, 20), deals, CLOCK)


def randomized(size: int, *counts: int, margin: float = 0.1) -> JudgedTrial:
    without, without_total, with_item, with_total = counts
    deals = [a_deal(WITHOUT, failed=number < without) for number in range(without_total)]
    deals += [a_deal(WITH, failed=number < with_item) for number in range(with_total)]
    return judge(a_trial(RANDOMIZED, size, margin), deals, CLOCK)


def test_a_probation_says_how_often_the_item_may_be_missed_at_most() -> None:
    assert probation(0, 20).says == "keep it out: missed 0 of 20 (at most 14 %, 95 %)"
    assert probation(2, 20).says == "keep it out: missed 2 of 20 (at most 28 %, 95 %)"
    assert probation(3, 8).says == "put it back: missed 3 of 8"
    assert probation(0, 6).says == "missed 0 of 6 (at most 39 %, 95 %); 14 to go"
    assert probation(0, 0).says == "nobody has said yet whether it was missed; 0 of 20"


def test_a_randomized_trial_says_the_difference_with_its_interval() -> None:
    kept = randomized(30, 1, 30, 2, 30)
    assert kept.keep_it_out
    assert kept.says.endswith("1 of 30 without it, 2 of 30 with it: -3 points (-15 to 8, 90 %)")
    back = randomized(24, 9, 24, 1, 24)
    assert back.put_it_back
    assert "+33 points" in back.says


def test_nothing_is_concluded_where_nobody_is_in_the_other_arm() -> None:
    alone = randomized(30, 0, 12, 0, 0)
    assert alone.verdict == "going_on"
    assert alone.difference is None
    assert alone.says.startswith("nobody to compare with yet")


def test_the_price_of_an_item_begins_with_the_break_even() -> None:
    price = price_of(60.0, 10, 90.0)
    assert price is not None
    assert price_text(price, "EUR") == ("pays if it saves one return in 60; 10 minutes, 15.00 EUR went with it so far")
    assert price_of(None, 0, 90.0) is None
