"""`report forecast`: open deals by what became of earlier ones, the range of the total, and close dates as typed."""

import time

import pytest

from handoffctl.stats.forecast_draws import Observation, StageToDraw, draw_total

TALKS = """\
playbook: talks
stages:
  first: {title: First talk}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: first, to: won, trigger: They sign., reason: It is agreed., benefit: They begin., required: [deal.amount]}
"""
WON, LOST, OPEN = (20, 35, 35, 60), (10, 15, 30, 45, 70), (5, 25, 40, 50, 80)
DAYS = [*((days, "won") for days in WON), *((days, "other") for days in LOST), *((days, "open") for days in OPEN)]
OBSERVED = [Observation(number, float(days), end) for number, (days, end) in enumerate(DAYS)]


def _day(number):
    month, day = divmod(number, 28)
    return f"2026-{month + 1:02}-{day + 1:02}"


@pytest.fixture
def sold(does, playbook):
    """Ten deals that ended after 10 to 100 days, five of them won, and two open ones, 8 days old on 1 December."""
    playbook(TALKS)
    for number in range(10):
        name = f"deal{number}"
        does("add", name, "--playbook", "talks", now="2026-02-01")
        does("set", name, "deal.amount=1000", now="2026-02-01")
        how = ["--won"] if number % 2 else ["--lost"]
        does("close", name, *how, "--because", "they said so", now=_day(31 + 10 * (number + 1)))
    for name, amount in (("acme", "9000"), ("birch", "1000")):
        does("add", name, "--playbook", "talks", now="2026-11-23")
        does("set", name, f"deal.amount={amount}", "deal.expected_close=2026-12-15", now="2026-11-23")
    does("set", "birch", "deal.expected_close=2027-01-15", now="2026-11-25")
    return does


def test_open_deals_are_weighted_by_those_of_their_age(sold):
    figures = sold("report", "forecast", "--playbook", "talks", "--json", now="2026-12-01").json
    assert (figures["open"], figures["weighted"]) == (2, 2)
    acme, birch = figures["deals"]
    assert (acme["deal"], acme["age_days"], acme["expected"]) == ("acme", 8.0, acme["probability"] * 9000)
    assert 0.2 < acme["probability"] < 0.6
    assert figures["low"] <= figures["expected"] <= figures["high"]
    assert (birch["close_date"], birch["moved"]) == ("2027-01-15", 1)
    typed = {month["month"]: (month["typed"], month["typed_deals"], month["moved"]) for month in figures["months"]}
    assert (typed["2026-12"], typed["2027-01"]) == ((9000, 1, 0), (1000, 1, 1))


def test_it_says_the_range_and_the_deal_that_matters_most(sold):
    text = sold("report", "forecast", "--playbook", "talks", now="2026-12-01").out
    assert "8 times in 10 between" in text
    assert "One deal is 90% of this: handoffctl show acme" in text
    assert "moved once" in text


def test_as_of_an_earlier_moment_it_is_what_it_was(sold):
    before = sold("report", "forecast", "--playbook", "talks", "--json", now="2026-11-24").json
    sold("close", "acme", "--lost", "--because", "no money", now="2026-12-02")
    sold("set", "birch", "deal.amount=5", now="2026-12-02")
    assert sold("report", "forecast", "--playbook", "talks", "--json", now="2026-11-24").json == before
    assert {deal["close_date"] for deal in before["deals"]} == {"2026-12-15"}


def test_below_ten_ended_entries_it_only_counts(does, playbook):
    playbook(TALKS)
    does("add", "acme", "--playbook", "talks", now="2026-03-02")
    result = does("report", "forecast", "--playbook", "talks", now="2026-03-03")
    assert "No forecast yet: none of 1 open deals" in result.out
    assert "not enough yet: 0 of 10" in result.out


def test_the_range_is_the_same_each_time_and_holds_the_expected_total():
    stage = StageToDraw(OBSERVED, 70.0, [(0.0, 10_000.0), (25.0, 20_000.0), (40.0, 30_000.0)])
    drawn = draw_total([stage])
    assert drawn == draw_total([stage])
    expected = 10_000 * 0.3846 + 20_000 * 0.400 + 30_000 * 0.2667
    assert drawn.low <= expected <= drawn.high
    assert draw_total([]) is None


def test_one_sure_amount_has_no_width():
    observed = [Observation(number, 10.0, "won") for number in range(20)]
    assert draw_total([StageToDraw(observed, 10.0, [(0.0, 500.0)])]) == (500.0, 500.0)


def test_ten_thousand_deals_take_little_time():
    observed = [Observation(number, float(days), end) for number in range(500) for days, end in DAYS]
    started = time.process_time()
    draw_total([StageToDraw(observed, 45.0, [(float(age % 40), 1000.0) for age in range(3000)])])
    assert time.process_time() - started < 1
