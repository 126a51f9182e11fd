"""The figures behind `report goals`: pace, receivers, typed numbers, cycles and clients, with worked numbers."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest

from handoffctl.core.business_time import parse_work_calendar
from handoffctl.reports.goals.customers import Change, Client, TypedEnd, terms
from handoffctl.reports.goals.periods import Period, pace_of, parse_month, period_of, usual_a_day, working_days
from handoffctl.reports.goals.receivers import ReceiverQueue
from handoffctl.reports.goals.sentences import receiver_sentence

from .written_deals import Written, touch, write_deals

WEEK = parse_work_calendar(["mon", "tue", "wed", "thu", "fri"], [])
NOW = "2026-03-31"
CALLS = """\
playbook: solo-calls
roles: {seller: Who sells}
fields: {currency: {label: Currency, why: Sums.}}
stages:
  first: {title: First talk}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
goal: {revenue: 9000, per: year}
objectives:
  calls: {role: seller, measure: calls, at_least: 120, per: month, serves: Enough first talks.}
  big: {role: seller, measure: leads, of: {field: deal.amount, at_least: 5000}, at_least: 2, per: month, serves: Size.}
  sign-ups: {role: seller, measure: typed, at_least: 90, per: quarter, serves: Enough to talk to.}
  wins: {role: seller, measure: wins, at_least: 100, per: year, serves: The goal.}
handoffs:
  - {from: first, to: won, trigger: They sign., reason: It is agreed., benefit: They begin.}
"""
CLIENTS = """\
playbook: clients
roles: {seller: Who looks after them}
fields:
  seen: {label: What they expect}
  term_ends: {label: End of the term, type: date}
stages:
  signed: {title: Signed}
  won: {title: Renewed, kind: won}
  lost: {title: Ended, kind: lost}
value: {seen: seen, signed: signed}
objectives:
  renewals: {role: seller, measure: renewal, at_least: 0.9, per: month, serves: Clients who stay.}
  churn: {role: seller, measure: churn, at_most: 0.05, per: year, serves: Clients who stay.}
  kept: {role: seller, measure: retention, at_least: 0.9, per: year, serves: Clients who stay.}
  grown: {role: seller, measure: expansion, at_least: 0.1, per: year, serves: Clients who buy more.}
  length: {role: seller, measure: contract_length, at_least: 300, per: month, serves: Clients who stay.}
handoffs:
  - {from: signed, to: won, trigger: They sign., reason: It is agreed., benefit: They go on.}
"""


def _report(does, name, *words, now=NOW):
    return does("report", "goals", "--playbook", name, *words, now=now)


def _objectives(does, name, now=NOW):
    return {line["name"]: line for line in _report(does, name, "--json", now=now).json["objectives"]}


def test_the_pace_is_plain_arithmetic(does, playbook, home):
    """96 calls by Monday the 30th, 9 before the month; at work since Friday 27 February, which is 21 working days."""
    playbook(CALLS)
    write_deals(home, "solo-calls", [Written("acme", [("first", "2026-02-27")])])
    days = [date(2026, 3, 2) + timedelta(days=number % 26) for number in range(96)]
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
        for day in [*days, *[date(2026, 2, 27)] * 9]:
            touch(connection, 1, "out", day.isoformat())
    out = _report(does, "solo-calls", now="2026-03-30").out
    assert "calls (seller): 96 of 120 a month; 24 to go in 2 days: 12 a day (your usual: 5). 0 reached somebody." in out
    late = _report(does, "solo-calls", "--month", "2026-02", now="2026-03-30").out
    assert "calls (seller): 9 of 120 a month; 111 short, and no working day left." in late


def test_working_days_and_periods():
    march = period_of(date(2026, 3, 17), "month")
    assert march == Period(date(2026, 3, 1), date(2026, 3, 31)) == parse_month("2026-03")
    assert period_of(date(2026, 3, 17), "week") == (date(2026, 3, 16), date(2026, 3, 22))
    assert period_of(date(2026, 3, 17), "quarter") == (date(2026, 1, 1), date(2026, 3, 31))
    assert period_of(date(2026, 12, 31), "year") == (date(2026, 1, 1), date(2026, 12, 31))
    assert [period_of(date(2026, 3, 17), per).title for per in ("week", "month", "quarter", "year")] == [
        "the week from 16 Mar", "Mar 2026", "quarter 1 of 2026", "2026",
    ]  # fmt: skip
    for text in ("2026-3", "2026-13", "March", "0000-01", "2026-03-01"):
        assert parse_month(text) is None
    assert working_days(march, date(2026, 3, 30), WEEK) == (20, 2)
    assert working_days(march, date(2026, 4, 2), WEEK) == (22, 0)
    assert pace_of(96, 120, working_days(march, date(2026, 3, 30), WEEK), 5.0)[:4] == (24, 2, 12.0, 5.0)
    assert pace_of(130, 120, working_days(march, date(2026, 3, 30), WEEK), None).a_day is None


def test_the_usual_number_a_day_looks_back_sixty_working_days():
    today = date(2026, 6, 1)
    old, recent = (date(2026, 1, 5), 500.0), (date(2026, 5, 29), 120.0)
    assert usual_a_day([old, recent, (today, 99.0)], date(2026, 1, 1), today, WEEK) == 2.0
    assert usual_a_day([recent], date(2026, 5, 25), today, WEEK) == 24.0  # at work for five days
    assert usual_a_day([(today, 9.0)], today, today, WEEK) is None


def test_a_criterion_limits_what_is_counted(does, playbook, home):
    playbook(CALLS)
    deals = [Written(f"deal{n}", [("first", "2026-03-02")], [("deal.amount", amount, "2026-03-02")])
             for n, amount in enumerate(("4999", "5000", "9000"))]  # fmt: skip
    write_deals(home, "solo-calls", [*deals, Written("unknown", [("first", "2026-03-02")])])
    assert _objectives(does, "solo-calls")["big"]["value"] == 2


def test_the_newest_number_typed_for_a_month_counts(does, playbook, home):
    playbook(CALLS)
    write_deals(home, "solo-calls", [])
    typed = [("2026-01", 30, "2026-02-01"), ("2026-01", 40, "2026-02-02"), ("2026-03", 7, "2026-03-20"),
             ("2026-03", 99, "2026-04-01"), ("2025-12", 500, "2026-01-01")]  # fmt: skip
    assert "handoffctl goals set sign-ups NUMBER --month 2026-03" in _report(does, "solo-calls").out
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
        for month, number, at in typed:
            connection.execute(
                "INSERT INTO typed_number (command_id, playbook, objective, month, number, at) "
                "VALUES (1, 'solo-calls', 'sign-ups', ?, ?, ?)", (month, number, at),
            )  # fmt: skip
    assert _objectives(does, "solo-calls")["sign-ups"]["value"] == 47
    assert "sign-ups (seller): 47 of 90 a quarter; 43 to go in 1 day: 43 a day. Typed; not for 2026-02." in _report(
        does, "solo-calls"
    ).out  # fmt: skip


WON, LOST, OPEN = (20, 35, 35, 60), (10, 15, 30, 45, 70), (5, 25, 40, 50, 80)


def _aged(copies):
    """Five of each entry give the worked history of the forecast, with at least five at risk at every time."""
    today = date(2026, 6, 1)
    days = [*((days, "won") for days in WON), *((days, "lost") for days in LOST), *((days, "") for days in OPEN)]
    for number, (length, end) in enumerate(days * copies):
        begin = today - timedelta(days=200 if end else length)
        ended = [(end, (begin + timedelta(days=length)).isoformat())] if end else []
        amount = [("deal.amount", "1000", begin.isoformat())]
        yield Written(f"deal{number}", [("first", begin.isoformat()), *ended], amount)


def _incidence(day):
    """Aalen and Johansen by hand: the share won by a day."""
    left, there, won = 1.0, len(WON) + len(LOST) + len(OPEN), 0.0
    for time in range(1, day + 1):
        won += left * WON.count(time) / there if there else 0.0
        left *= 1 - (WON.count(time) + LOST.count(time)) / there if there else 1.0
        there -= WON.count(time) + LOST.count(time) + OPEN.count(time)
    return won


def test_the_time_to_win_is_an_incidence_and_a_median_of_the_won(does, playbook, home):
    playbook(CALLS)
    write_deals(home, "solo-calls", _aged(5))
    [cycle] = _report(does, "solo-calls", "--json", now="2026-06-01").json["cycles"]
    assert {point["day"]: point["share"] for point in cycle["won_by"]} == {
        30: pytest.approx(_incidence(30)), 60: pytest.approx(0.3846, abs=5e-5), 90: None, 180: None,
    }  # fmt: skip
    assert (cycle["entries"], cycle["ended"], cycle["median_days_of_won"], cycle["won_counted"]) == (70, 45, 35, 20)


def test_wins_stand_beside_what_is_expected_from_open_deals(does, playbook, home):
    """By the end of the year every open deal is past its history: the sum is that of the forecast."""
    playbook(CALLS)
    write_deals(home, "solo-calls", _aged(5))
    forecast = does("report", "forecast", "--playbook", "solo-calls", "--json", now="2026-06-01").json
    figures = _report(does, "solo-calls", "--json", now="2026-06-01").json
    wins = next(line for line in figures["objectives"] if line["name"] == "wins")
    assert (wins["value"], wins["not_weighted"]) == (5, 0)  # those won after 60 days; the others were before January
    assert wins["expected_from_open"] == pytest.approx(sum(deal["probability"] for deal in forecast["deals"]), abs=1e-3)
    assert figures["goal"]["expected_from_open"] == pytest.approx(forecast["expected"], abs=0.01)
    assert "; expected from open deals by then: 6.9" in _report(does, "solo-calls", now="2026-06-01").out


def test_amounts_in_another_currency_are_never_added(does, playbook, home):
    playbook(CALLS)
    stays, amount = [("first", "2026-03-02"), ("won", "2026-03-03")], [("deal.amount", "700", "2026-03-02")]
    deals = [Written(f"deal{n}", stays, amount) for n in range(2)]
    write_deals(home, "solo-calls", deals)
    does("set", "deal1", "currency=USD", now="2026-03-04")
    goal = _report(does, "solo-calls", "--json").json["goal"]
    assert (goal["reached"], goal["wins"], goal["without_amount"]) == (700, 2, 1)


def _client(name, end, *values, signed="2025-03-01"):
    return Written(name, [("signed", signed), *end], values)


def test_overdue_renewals_make_a_range(does, playbook, home):
    """9 of 10 decided and 3 overdue: between 9 of 13 and 12 of 13. One renewed by a new term only."""
    playbook(CLIENTS)
    term = ("term_ends", "2026-03-10", "2025-03-01")
    next_term = ("term_ends", "2027-03-10", "2026-03-05")
    clients = [_client(f"renewed{n}", [("won", "2026-03-05")], term, next_term) for n in range(8)]
    clients += [_client("prolonged", [], term, next_term), _client("ended", [("lost", "2026-03-06")], term)]
    clients += [_client(f"overdue{n}", [], term) for n in range(3)]
    write_deals(home, "clients", clients)
    out = _report(does, "clients").out
    assert "renewals (seller): between 69% and 92%; aim at least 90% a month. 9 of 10 decided, 3 overdue." in out
    assert "Renewals: 9 of 10 decided and 3 overdue: between 69% and 92%." in out
    assert _objectives(does, "clients", "2026-03-04")["renewals"]["beside"] == "no term has ended"


def test_a_later_end_typed_long_before_is_a_correction_and_no_renewal():
    signed = date(2025, 3, 1)
    ends = [TypedEnd(signed, date(2026, 3, 10)), TypedEnd(date(2025, 4, 1), date(2026, 4, 10))]
    client = Client(1, "seller", signed, [Change(signed, "open")], ends)
    assert terms(client) == [(1, date(2026, 4, 10), None)]


def test_the_churn_of_a_year_combines_its_months(does, playbook, home):
    """January: 1 of 10. February: 2 of 12, for 3 signed in January. March: none of 10."""
    playbook(CLIENTS)
    stay = [_client(f"stay{n}", []) for n in range(8)]
    new = [_client(f"new{n}", [], signed="2026-01-20") for n in range(2)]
    gone = [_client("gone0", [("lost", "2026-01-15")]), _client("gone1", [("lost", "2026-02-10")]),
            _client("gone2", [("lost", "2026-02-28")], signed="2026-01-10")]  # fmt: skip
    write_deals(home, "clients", [*stay, *new, *gone])
    churn = _objectives(does, "clients")["churn"]
    assert churn["value"] == pytest.approx(1 - (1 - 1 / 10) * (1 - 2 / 12))
    assert churn["beside"] == "2 of 10 active at the start ended, month by month"


def test_gross_and_net_revenue_and_expansion(does, playbook, home):
    """Before: 1,000 + 2,000 + 3,000. Now: 1,500, 1,000 and none. Kept 1,000 + 1,000 of 6,000; added 500."""
    playbook(CLIENTS)
    amounts = (("up", "1000", []), ("down", "2000", []), ("ended", "3000", [("lost", "2026-02-01")]))
    write_deals(
        home, "clients", [_client(name, end, ("deal.amount", amount, "2025-03-01")) for name, amount, end in amounts]
    )
    does("set", "up", "deal.amount=1500", now="2026-02-01")
    does("set", "down", "deal.amount=1000", now="2026-02-02")
    kept, grown = (_objectives(does, "clients")[name] for name in ("kept", "grown"))
    assert (kept["value"], grown["value"]) == (pytest.approx(2000 / 6000), pytest.approx(500 / 6000))
    assert "net 42%" in kept["beside"]
    assert grown["beside"] == "increases over 6,000"


def test_the_length_of_a_contract_is_the_median(does, playbook, home):
    playbook(CLIENTS)
    lengths = (100, 365, 400)
    ends = [(date(2026, 3, 2) + timedelta(days=days)).isoformat() for days in lengths]
    write_deals(home, "clients", [
        _client(f"c{n}", [], ("term_ends", end, "2026-03-02"), signed="2026-03-02") for n, end in enumerate(ends)
    ])  # fmt: skip
    line = _objectives(does, "clients")["length"]
    assert (line["value"], line["beside"], line["reached"]) == (365, "the median days of 3 contracts", True)


TEAM = """\
playbook: team
roles: {sdr: Who finds them, sales: Who sells}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: sales}
  won: {title: Won, kind: won, owner: sales}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They call., reason: They fit., benefit: They are heard.}
  - {from: talk, to: won, trigger: They sign., reason: It is agreed., benefit: They begin.}
"""


def test_the_queue_of_a_receiver_runs_dry_or_over(does, playbook):
    """Alan took over one a day on 4, 5, 6 and 9 March; three of them have ended. Bea has one more than is enough."""
    playbook(TEAM)
    for name, capacity in (("Alan", "5"), ("Bea", "2")):
        does("person", "add", name, "--role", "sales", "--capacity", capacity, now="2026-03-01")
    for number, day in enumerate((4, 5, 6, 9)):
        does("add", f"a{number}", "--playbook", "team", now="2026-03-02")
        does("handoff", f"a{number}", "--to", "talk", "--to-person", "Alan", now=f"2026-03-{day:02}")
        if number:
            does("close", f"a{number}", "--lost", "--because", "no money", now="2026-03-10")
    for number in range(3):
        does("add", f"b{number}", "--playbook", "team", now="2026-03-02")
        does("handoff", f"b{number}", "--to", "talk", "--to-person", "Bea", now="2026-03-03")
    out = _report(does, "team", now="2026-03-11").out  # a Wednesday
    assert "Alan has 1 open of 5, takes 4 a week: dry by Thursday." in out
    assert "Bea has 3 open of 2." in out
    queues = _report(does, "team", "--person", "Alan", "--json", now="2026-03-11").json["receivers"]
    assert [(queue["who"], queue["open"], queue["dry_on"], queue["over"]) for queue in queues] == [
        ("Alan", 1, "2026-03-12", False)
    ]


@pytest.mark.parametrize(("queue", "sentence"), [
    (ReceiverQueue("Alan", 1, None, 4.0, 8, False, "2026-03-12"), "Alan has 1 open, takes 4 a week: dry by Thursday."),
    (ReceiverQueue("Bea", 14, 12, 3.0, 9, True, "2026-04-02"), "Bea has 14 open of 12."),
    (ReceiverQueue("Cy", 9, 12, 1.5, 3, False, "2026-04-16"),
     "Cy has 9 open of 12, takes 1.5 a week: dry by Thu 16 Apr."),
    (ReceiverQueue("Di", 2, 12, 0.0, 0, False, None), "Di has 2 open of 12."),
])  # fmt: skip
def test_a_queue_in_words(queue, sentence):
    assert receiver_sentence(queue, date(2026, 3, 11)) == sentence


AFTER = """\
playbook: after
roles: {service: Who looks after them}
stages:
  begun: {title: Begun, owner: service}
  renewed: {title: Renewed, kind: won}
  ended: {title: Ended, kind: lost}
handoffs:
  - {from: begun, to: renewed, trigger: They sign., reason: It is agreed., benefit: They go on.}
"""


def test_a_deal_handed_on_into_another_playbook_is_won_by_who_had_it(does, playbook):
    playbook(AFTER)
    playbook(TEAM.replace("from: talk, to: won", "from: talk, to: after/begun"))
    does("person", "add", "Alan", "--role", "sales", now="2026-03-01")
    does("add", "Acme", "--playbook", "team", now="2026-03-02")
    does("set", "acme", "deal.amount=700", now="2026-03-02")
    does("handoff", "acme", "--to", "talk", "--to-person", "Alan", now="2026-03-03")
    does("handoff", "acme", "--to", "after/begun", now="2026-03-04")
    does("close", "acme", "--lost", "--because", "they left", now="2026-03-20")  # a client who leaves is no lost sale
    figures = _report(does, "team", "--json").json
    won = {line["who"]: (line["wins"], line["revenue"], line["lost"]) for line in figures["counts"] if line["wins"]}
    assert won == {"sdr": (1, 700, 0), "Alan": (1, 700, 0)}  # each role with who had it there
    [rate] = _report(does, "team", "--person", "Alan", "--json").json["win_rates"][:1]
    assert (rate["role"], rate["won"]) == ("sales", 1)
    [lost] = [line for line in _report(does, "after", "--json").json["counts"] if line["lost"]]
    assert (lost["role"], lost["lost"], lost["wins"]) == ("service", 1, 0)


def test_a_deal_that_is_taken_up_again_counts_with_its_last_end(does, playbook, home):
    playbook(CALLS)
    again = [("first", "2026-02-02"), ("later", "2026-02-20"), ("first", "2026-03-02")]
    write_deals(home, "solo-calls", [Written("won", [*again, ("won", "2026-03-20")]), Written("open", again)])
    rates = {
        rate["by"]: rate for rate in _report(does, "solo-calls", "--since", "2026-02-01", "--json").json["win_rates"]
    }
    ended = {by: (rate["won"], rate["put_aside"], rate["open"]) for by, rate in rates.items()}
    assert ended == {"closed": (1, 1, 0), "entered": (1, 0, 1)}


def _questions(does, monkeypatch, name):
    """The number of questions that the report asks of the database."""
    asked = []

    def connect(*words, **named):
        made = real(*words, **named)
        made.set_trace_callback(asked.append)
        return made

    real = sqlite3.connect
    with monkeypatch.context() as here:
        here.setattr(sqlite3, "connect", connect)
        _report(does, name)
    return len(asked)


def test_the_number_of_questions_does_not_grow_with_the_deals(does, playbook, home, monkeypatch, tmp_path):
    playbook(CALLS)
    write_deals(home, "solo-calls", list(_aged(1)))
    few = _questions(does, monkeypatch, "solo-calls")
    (home / "handoffctl.db").unlink()
    write_deals(home, "solo-calls", list(_aged(20)))
    assert 0 < _questions(does, monkeypatch, "solo-calls") == few
