"""`report forecast`: open deals by what became of earlier ones, the range of the total, and close dates as typed."""

import time
from datetime import date, timedelta

import pytest

from handoffctl.stats.forecast_draws import Observation, StageToDraw, draw_total

from .written_deals import Written, write_deals

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
    assert "No forecast yet: the open deal does not have an amount." in result.out
    does("set", "acme", "deal.amount=500", now="2026-03-03")
    result = does("report", "forecast", "--playbook", "talks", now="2026-03-03")
    assert "No forecast yet: a stage needs 10 earlier deals that were won or lost." in result.out
    assert "The nearest is first, with 0." in result.out.replace("\n", " ")


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


def _worked(copies):
    """The worked history as deals: so many of each, the open ones with an amount of 1,000, as of 1 June 2026."""
    today = date(2026, 6, 1)
    for number, (days, end) in enumerate(DAYS * copies):
        begin = today - timedelta(days=days if end == "open" else 200)
        stays = [("first", begin.isoformat())]
        if end != "open":
            stays.append(("won" if end == "won" else "lost", (begin + timedelta(days=days)).isoformat()))
        amount = [("deal.amount", "1000", begin.isoformat())] if end == "open" else []
        yield Written(f"deal{number}", stays, amount)


def test_the_worked_history_ends_with_five_at_risk(does, playbook, home):
    playbook(TALKS)
    write_deals(home, "talks", _worked(1))
    figures = does("report", "forecast", "--playbook", "talks", "--json", now="2026-06-01").json
    (stage,) = figures["stages"]
    assert (stage["entries"], stage["ended"], stage["tau_days"]) == (14, 9, None)
    assert "first, with 9." in does("report", "forecast", "--playbook", "talks", now="2026-06-01").out


def test_the_worked_history_gives_the_worked_probabilities(does, playbook, home):
    """Five of each entry give the same curve, with at least five at risk at every time."""
    playbook(TALKS)
    write_deals(home, "talks", _worked(5))
    figures = does("report", "forecast", "--playbook", "talks", "--json", now="2026-06-01").json
    (stage,) = figures["stages"]
    assert (stage["share"], stage["tau_days"]) == (pytest.approx(0.3846, abs=5e-5), 80)
    by_age = {deal["age_days"]: deal["probability"] for deal in figures["deals"]}
    expected = {5: 0.3846, 25: 0.4, 40: 0.2667, 50: 0.3333, 80: 0}
    assert by_age == {age: pytest.approx(share, abs=5e-5) for age, share in expected.items()}
    total = 5 * 1000 * sum(by_age.values())
    assert figures["expected"] == pytest.approx(total, abs=0.01)
    assert sum(month["expected"] for month in figures["months"]) == pytest.approx(total, abs=0.05)
    assert 0 < figures["low"] < total < figures["high"]


def test_beyond_the_last_five_at_risk_there_is_no_history(does, playbook, home):
    playbook(TALKS)
    write_deals(home, "talks", [*_worked(2), Written("old", [("first", "2025-01-01")])])
    figures = does("report", "forecast", "--playbook", "talks", "--json", now="2026-06-01").json
    old = next(deal for deal in figures["deals"] if deal["deal"] == "old")
    assert (old["probability"], old["why_not"]) == (None, "no history")


def test_amounts_in_several_currencies_are_never_added_up(sold, playbook):
    playbook(TALKS.replace("stages:", "fields:\n  currency: {label: Currency, why: Sums.}\nstages:", 1))
    sold("set", "birch", "currency=USD", now="2026-11-26")
    figures = sold("report", "forecast", "--playbook", "talks", "--json", now="2026-12-01").json
    acme, birch = sorted(figures["deals"], key=lambda deal: deal["deal"])
    assert [(total["currency"], total["expected"]) for total in figures["totals"]] == [
        ("", round(acme["expected"], 2)),
        ("USD", round(birch["expected"], 2)),
    ]
    text = sold("report", "forecast", "--playbook", "talks", now="2026-12-01").out
    assert text.count("8 times in 10 between") == 2
    assert "1,000 USD" in text
    before = sold("report", "forecast", "--playbook", "talks", "--json", now="2026-11-25").json
    assert [total["currency"] for total in before["totals"]] == [""]


def test_it_tells_no_more_than_a_home_in_which_only_the_past_was_recorded(sold):
    """What an undo took back never happened; a date that was moved twice is said to be, whatever comes later."""
    sold("set", "birch", "deal.expected_close=2027-02-20", now="2026-11-27")
    then = sold("report", "forecast", "--playbook", "talks", "--json", now="2026-11-30").json
    assert {deal["deal"]: deal["moved"] for deal in then["deals"]} == {"acme": 0, "birch": 2}
    sold("set", "birch", "deal.expected_close=2027-03-20", now="2026-12-03")
    sold("undo", "--yes", now="2026-12-03")
    sold("add", "cedar", "--playbook", "talks", now="2026-12-04")
    sold("handoff", "acme", "--to", "won", now="2026-12-05")
    assert sold("report", "forecast", "--playbook", "talks", "--json", now="2026-11-30").json == then
    late = sold("report", "forecast", "--playbook", "talks", "--json", now="2026-12-06").json
    assert {deal["deal"]: deal["moved"] for deal in late["deals"]} == {"birch": 2, "cedar": 0}


def test_an_empty_home_has_no_open_deal(does, playbook):
    playbook(TALKS)
    does("init", now="2026-03-01")
    assert (
        "No forecast yet: no deal is open." in does("report", "forecast", "--playbook", "talks", now="2026-03-03").out
    )
