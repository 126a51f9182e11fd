"""The figures of `report goals` by themselves: pace, periods, renewals, churn, revenue kept, receivers' queues."""

from collections import Counter
from datetime import date, timedelta

import pytest

from handoffctl.core.business_time import parse_work_calendar
from handoffctl.reports.goals.closings import CycleEntry, cycle
from handoffctl.reports.goals.customers import Change, Client, TypedEnd, churn, contract_length, renewals, terms
from handoffctl.reports.goals.events import is_conversation
from handoffctl.reports.goals.objectives import ObjectiveLine
from handoffctl.reports.goals.periods import Period, pace_of, parse_month, period_of, usual_a_day, working_days
from handoffctl.reports.goals.quality import beside
from handoffctl.reports.goals.receivers import ReceiverQueue, _dry_on
from handoffctl.reports.goals.sentences import objective_sentence, receiver_sentence

WEEK = parse_work_calendar(["mon", "tue", "wed", "thu", "fri"], [])
MARCH = period_of(date(2026, 3, 5), "month")


def _day(text):
    return date.fromisoformat(text)


def test_the_pace_of_the_worked_example():
    today = _day("2026-03-30")  # Monday; Tuesday is the last day of March
    days = working_days(MARCH, today, WEEK)
    done = [(_day("2026-03-02") + timedelta(days=n), 1.0) for n in range(28)]
    usual = usual_a_day([*done, *((_day("2026-03-27"), 1.0),) * 72], _day("2026-03-02"), today, WEEK)
    pace = pace_of(96, 120, days, usual)
    assert (days.passed, days.left, pace.to_go, pace.a_day) == (20, 2, 24, 12)
    assert pace.usual == 100 / 20
    line = ObjectiveLine("calls", "sales", "", "calls", "", "month", 120, None, "2026-03-01", "2026-03-31", 96, None,
                         None, "40 reached somebody", False, pace.to_go, pace.days_left, pace.a_day, 5.0, pace.due,
                         None, None, None)  # fmt: skip
    assert objective_sentence(line) == (
        "calls (sales): 96 of 120 a month; 24 to go in 2 days: 12 a day (your usual: 5). 40 reached somebody."
    )


def test_the_usual_number_looks_sixty_working_days_back_and_not_at_today():
    today = _day("2026-06-29")
    assert usual_a_day([(today, 50.0)], today, today, WEEK) is None
    assert usual_a_day([(_day("2025-01-02"), 600.0)], _day("2025-01-02"), today, WEEK) == 0
    assert (
        usual_a_day([(_day("2025-01-02"), 1.0), (_day("2026-06-26"), 30.0)], _day("2025-01-02"), today, WEEK) == 30 / 60
    )


def test_periods_are_those_of_the_calendar():
    assert period_of(_day("2026-03-05"), "week") == (_day("2026-03-02"), _day("2026-03-08"))
    assert period_of(_day("2026-03-05"), "quarter") == (_day("2026-01-01"), _day("2026-03-31"))
    assert period_of(_day("2026-03-05"), "year").months() == [f"2026-{month:02}" for month in range(1, 13)]
    assert MARCH.months() == ["2026-03"]
    assert period_of(_day("2026-03-31"), "week").months() == ["2026-03"]
    assert parse_month("2026-13") is None
    assert parse_month("2026-02") == (_day("2026-02-01"), _day("2026-02-28"))


def test_nothing_left_to_do_and_no_day_left_to_do_it():
    over = working_days(MARCH, _day("2026-04-03"), WEEK)
    assert (over.passed, over.left) == (22, 0)
    assert pace_of(10, 20, over, None) == (10, 0, None, None, 20)
    assert pace_of(30, 20, over, None).to_go == 0


def _client(number, signed, ends, *changes):
    """A client whose term was typed at signing; `changes` are the later kinds of stage with their days."""
    stays = [Change(_day(signed), "open"), *(Change(_day(day), kind) for day, kind in changes)]
    return Client(number, "", _day(signed), stays, [TypedEnd(_day(signed), _day(ends))])


def test_renewals_are_a_range_while_overdue_ones_are_undecided():
    clients = [_client(n, "2025-03-01", "2026-02-28", ("2026-02-20", "won")) for n in range(9)]
    clients.append(_client(9, "2025-03-01", "2026-02-28", ("2026-02-25", "lost")))
    clients += [_client(n, "2025-02-01", "2026-01-31") for n in range(10, 13)]
    clients.append(_client(13, "2025-12-01", "2026-11-30"))
    found = renewals(clients, period_of(_day("2026-03-05"), "year"), _day("2026-03-05"))
    assert (found.renewed, found.decided, found.overdue, found.still_to_come) == (9, 10, 3, 1)
    assert (round(found.low, 3), round(found.high, 3)) == (0.692, 0.923)


def test_the_end_of_a_term_is_as_known_before_it_was_renewed():
    renewed = _client(1, "2025-03-01", "2026-02-28", ("2026-02-20", "won"))
    renewed = renewed._replace(ends=[*renewed.ends, TypedEnd(_day("2026-02-20"), _day("2027-02-28"))])
    assert [(term.ends.isoformat(), term.renewed) for term in terms(renewed)] == [
        ("2026-02-28", True), ("2027-02-28", None),
    ]  # fmt: skip
    assert contract_length([renewed], lambda day: True) == (1, 364.0)


def test_churn_of_a_year_combines_its_months():
    clients = [_client(n, "2025-06-01", "2026-06-01") for n in range(8)]
    clients += [_client(8, "2025-06-01", "2026-06-01", ("2026-01-10", "lost"))]
    clients += [_client(9, "2025-06-01", "2026-06-01", ("2026-02-10", "lost"))]
    year = period_of(_day("2026-03-05"), "year")
    assert churn(clients, period_of(_day("2026-01-31"), "month"), _day("2026-03-05")) == (10, 1, pytest.approx(0.1))
    found = churn(clients, year, _day("2026-03-05"))
    assert (found.active, found.ended) == (10, 2)
    assert found.share == pytest.approx(1 - 0.9 * (8 / 9))
    assert churn([], year, _day("2026-03-05")) == (0, 0, None)


def test_a_receiver_runs_dry_or_has_more_than_enough():
    wednesday = _day("2026-03-04")
    assert _dry_on(1, 4.0, wednesday, WEEK) == _day("2026-03-05")
    alan = ReceiverQueue("Alan", 1, None, 4.0, 32, False, "2026-03-05")
    assert receiver_sentence(alan, wednesday) == "Alan has 1 open, takes 4 a week: dry by Thursday."
    assert receiver_sentence(ReceiverQueue("Bea", 14, 12, 2.0, 16, True, None), wednesday) == "Bea has 14 open of 12."


def test_conversations_are_held_answered_or_replied():
    assert is_conversation("out", "answered")
    assert is_conversation("in", "")
    assert not is_conversation("out", "booked")
    assert not is_conversation("in", "left-message")


def test_a_cycle_says_days_of_the_won_only_from_old_entries():
    ended = [CycleEntry("won", float(days), 100.0) for days in (10, 20, 30, 40)]
    ended += [CycleEntry("lost", 50.0, 100.0)] * 6
    found = cycle("sales", "lead", [*ended, CycleEntry("won", 1.0, 5.0), CycleEntry("open", 90.0, 90.0)])
    assert (found.entries, found.ended, found.old_after_days) == (12, 11, 50.0)
    assert (found.median_days_of_won, found.won_counted) == (25.0, 4)
    assert found.won_by[0].share == pytest.approx(4 / 12, abs=0.01)
    assert found.won_by[3].share is None


def test_quality_stands_beside_each_count():
    counts = Counter(handoffs_old=5, returned=2, no_shows=1, lost=10, nurture=9)
    assert beside("handoffs", counts) == "of 5 at least 14 days old 2 returned"
    assert beside("meetings", counts) == "1 no-show"
    assert beside("wins", counts) == "lost 10, put aside 9"


def test_a_window_of_its_own_is_a_period_too():
    assert Period(_day("2026-03-01"), _day("2026-03-31")).title == "Mar 2026"
