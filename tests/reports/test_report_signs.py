"""`report signs`: its periods, its figures and its plain counts, and what it says of a home with little in it."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.console.test_narrow_terminal import least_width

from handoffctl.core.business_time import parse_work_calendar
from handoffctl.core.moments import Clock
from handoffctl.core.windows import Window
from handoffctl.core.yaml.forms import checked
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.requirements import requirements_of
from handoffctl.reports.context import ReportHead
from handoffctl.reports.signs.counts import (
    answers_behind,
    count_held_at_once,
    count_no_shows,
    count_same_texts,
    count_short_answers,
)
from handoffctl.reports.signs.figures import HandedOff, count_by_day, end_within, is_late, nothing_to_spare
from handoffctl.reports.signs.periods import judged_periods, period_length
from handoffctl.reports.signs.query import BookedMeeting, DatedTouch, GivenAnswer, SentHandoff
from handoffctl.reports.signs.render import render
from handoffctl.reports.signs.report import (
    COUNTS,
    OwnerLine,
    PlainCount,
    SignDeal,
    SignsReport,
    SurgeFigures,
    WorseFigures,
)
from handoffctl.stats.surge_verdict import OwnerDays, judge_signs

NOW = "2026-04-15T12:00:00Z"
WEEK = parse_work_calendar(["mon", "tue", "wed", "thu", "fri"], ["2026-03-31"])
ALL_DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(90)]  # to the last day of March


def window(now=NOW, **ends):
    return Window(Clock(now, None), **ends)


def months(**ends):
    return [period.first.isoformat()[:7] for period in judged_periods(window(**ends), "month", WEEK)]


def test_a_period_is_judged_once_its_last_handoffs_had_two_weeks_to_come_back():
    assert months() == ["2026-01", "2026-02", "2026-03"]
    assert months(now="2026-04-14T23:00:00Z") == ["2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(("ends", "judged"), [
    ({"since": "2026-01-01"}, ["2026-01", "2026-02", "2026-03"]),
    ({"since": "2026-01-01T08:00:00Z"}, ["2026-02", "2026-03"]),
    ({"until": "2026-02-28"}, ["2025-12", "2026-01", "2026-02"]),
    ({"until": "2026-02-28T12:00:00Z"}, ["2025-11", "2025-12", "2026-01"]),
    ({"before": "2026-03-01"}, ["2025-12", "2026-01", "2026-02"]),
    ({"since": "2026-03-02"}, []),
])  # fmt: skip
def test_only_whole_periods_within_the_window_are_judged(ends, judged):
    assert months(**ends) == judged


def test_quarters_are_judged_where_only_an_objective_for_a_quarter_counts_handoffs():
    assert [period.first.month for period in judged_periods(window(), "quarter", WEEK)] == [7, 10, 1]
    for lengths, length in (((), "month"), (("quarter",), "quarter"), (("quarter", "month"), "month")):
        rules = {
            f"o{n}": {"role": "r", "measure": "handoffs", "serves": "s", "at_least": 5, "per": per}
            for n, per in enumerate(lengths)
        }
        book = {"playbook": "p", "roles": {"r": "R"}, "stages": {"a": {}}, "objectives": rules}
        assert period_length(checked(Playbook, book)) == length


def test_the_last_three_working_days_leave_out_weekends_and_holidays():
    march = judged_periods(window(), "month", WEEK)[-1]
    assert [day.day for day in march.days[-3:]] == [26, 27, 30]
    assert march.working_day(date(2026, 3, 29)) == date(2026, 3, 27)  # a Sunday counts on the Friday before it
    assert march.working_day(date(2026, 3, 31)) == date(2026, 3, 30)
    assert march.working_day(date(2026, 3, 1)) == date(2026, 3, 2)  # and on the first working day before any


@given(
    st.lists(
        st.tuples(
            st.sampled_from(ALL_DAYS),
            st.sampled_from(["", "returned", "lost"]),
            st.sampled_from([True, False, None]),
        ),
        min_size=10,
        max_size=40,
    )
)  # fmt: skip
def test_the_figures_are_those_of_counting_handoff_by_handoff(made):
    periods = judged_periods(window(), "month", WEEK)
    handoffs = [HandedOff(number, "Sam", day, end, bare) for number, (day, end, bare) in enumerate(made)]
    counted = count_by_day(handoffs, periods)
    [signs, _] = judge_signs([OwnerDays([count.days for count in counted]), OwnerDays([])])
    late = [one for one in handoffs if by_hand_late(one.day, periods)]
    others = [one for one in handoffs if one not in late]
    assert [is_late(one, periods) for one in handoffs] == [one in late for one in handoffs]
    assert sum(count.late for count in counted) == len(late)
    assert signs.late.counts == (bad(late), len(late), bad(others), len(others))
    bare, spare = ([one for one in handoffs if one.bare is known] for known in (True, False))
    assert signs.bare.counts == (bad(bare), len(bare), bad(spare), len(spare))
    p_values = sorted(share_of_sets(count.days) for count in counted)
    assert signs.surge.p == pytest.approx(p_values[1])


def by_hand_late(day, periods):
    """The last three working days of the month, and the days off between and after them."""
    return any(period.days[-3] <= day <= period.last for period in periods)


def bad(handoffs):
    return sum(one.end != "" for one in handoffs)


def share_of_sets(days):
    numbers = [day.handoffs for day in days]
    sums = [sum(numbers[n] for n in chosen) for chosen in combinations(range(len(numbers)), 3)]
    return sum(each >= sum(numbers[-3:]) for each in sums) / len(sums)


@pytest.mark.parametrize(("returned", "lost", "end"), [
    (None, None, ""), ("2026-03-15T10:00:00Z", None, "returned"), ("2026-03-15T10:00:01Z", None, ""),
    (None, "2026-03-02", "lost"), ("2026-03-20", "2026-03-10", "lost"), (None, "2026-03-16", ""),
])  # fmt: skip
def test_what_ends_within_14_days_counts(returned, lost, end):
    assert end_within("2026-03-01T10:00:00Z", returned, lost, None) == end


BOOK = checked(Playbook, {
    "playbook": "p", "fields": {"need": {}, "budget": {}}, "roles": {"r": "R"},
    "criteria": {"ripe": {"all_of": [{"score": 20}, {"known": "need"}]}},
    "signals": {"asked": {"points": 20, "when": ["need"]}, "rich": {"points": 5, "when": ["budget"]}},
    "stages": {"a": {}, "b": {}, "c": {}},
    "handoffs": [
        {"from": "a", "to": "b", "required": ["ripe"], "nice_to_have": ["budget"], "next_step": "required"},
        {"from": "b", "to": "c", "required": ["need"], "next_step": "required"},
        {"from": "c", "to": "a", "required": ["ripe"], "next_step": "required"},
    ],
})  # fmt: skip


@pytest.mark.parametrize(("handoff", "score", "missing", "not_asked", "bare"), [
    (0, 20, {"budget"}, set(), True), (0, 25, {"budget"}, set(), False), (0, 20, set(), set(), False),
    (0, 20, set(), {"budget"}, True), (0, None, {"budget"}, set(), True),
    (1, None, set(), set(), None),
    (2, 20, set(), set(), True), (2, 25, set(), set(), False),
])  # fmt: skip
def test_nothing_to_spare_means_no_point_and_no_item_more_than_the_gate_asks(handoff, score, missing, not_asked, bare):
    requirements = requirements_of(BOOK, BOOK.handoffs[handoff])
    assert nothing_to_spare(requirements, score, missing, not_asked) is bare


def sent(number, owner="Sam", stay=None, account=None, command=None):
    return SentHandoff(
        number, number, account or number, stay or number, command or 10 * number, "talk", "2026-03-02", owner, 1,
        "lead", "talk", None, None, 0,
    )  # fmt: skip


def answer(stay, value, command, name="need"):
    return GivenAnswer(stay, stay, name, value, command)


def least(handoff, name):
    return {"need": 3, "brief": 1}.get(name, 0)


def test_the_newest_answer_before_each_handoff_counts_for_its_owner():
    handoffs = [sent(1), sent(2, "Bo", stay=1, command=20)]  # within one stay the owner may change
    answers = [answer(1, "a b c", 5), answer(1, "a b c d", 6), answer(1, "e f g", 15), answer(1, "later", 25)]
    behind = answers_behind(handoffs, answers, least)
    assert [(each.handoff.owner, each.value, each.least) for each in behind] == [
        ("Sam", "a b c d", 3),
        ("Bo", "e f g", 3),
    ]
    counts = count_short_answers(behind)
    assert {owner: (len(each.deals), each.total) for owner, each in counts.items()} == {"Sam": (0, 1), "Bo": (1, 1)}


def test_a_least_number_of_one_word_makes_no_answer_short():
    behind = answers_behind([sent(1)], [answer(1, "one", 5, "brief"), answer(1, "any", 5, "free")], least)
    assert count_short_answers(behind) == {}


def test_the_same_text_counts_for_several_accounts_of_one_owner_in_one_field():
    handoffs = [sent(1), sent(2), sent(3, account=1), sent(4, "Bo"), sent(5)]
    same = "They lose  orders"
    answers = [answer(1, same, 5), answer(2, same.upper().replace("  ", " "), 15), answer(4, same, 35),
               answer(5, same, 45, "other"), answer(5, "on paper", 45)]  # fmt: skip
    counts = count_same_texts(answers_behind(handoffs, answers, least))
    assert [deal.deal for deal in counts["Sam"].deals] == [1, 2]
    assert (counts["Sam"].total, counts["Bo"].total, counts["Bo"].deals) == (3, 1, [])
    one_account = [answer(1, same, 5), answer(3, same, 25)]
    assert count_same_texts(answers_behind(handoffs, one_account, least))["Sam"].deals == []


@pytest.mark.parametrize(("marked", "touched", "at_once"), [
    ("2026-03-02T10:05:00Z", None, True), ("2026-03-02T10:05:01Z", None, False),
    ("2026-03-02T10:04:00Z", "2026-03-02T08:00:00Z", False), ("2026-03-02T10:04:00Z", "2026-03-01T08:00:00Z", True),
    ("2026-03-02T10:04:00Z", "2026-03-02T10:10:00Z", True), ("2026-03-02T10:04:00Z", "2026-03-02", False),
    ("2026-03-02", None, False),
])  # fmt: skip
def test_a_meeting_held_at_once_has_no_other_touch_that_day_before(marked, touched, at_once):
    meeting = BookedMeeting(1, "Sam", "held", "2026-03-02T10:00:00Z", marked, 7)
    touches = {1: [DatedTouch(7, marked), *([DatedTouch(8, touched)] if touched else [])]}
    clock = Clock(NOW, None)
    counted = count_held_at_once([meeting], touches, Window(clock))["Sam"]
    assert (counted.total, len(counted.deals)) == (1, at_once)


def test_no_shows_are_those_of_the_meetings_that_somebody_booked():
    states = ("no-show", "held", "no-show")
    meetings = [BookedMeeting(n, "Sam", state, f"2026-03-0{n + 1}", NOW, None) for n, state in enumerate(states)]
    [(owner, counted)] = count_no_shows(meetings, window(since="2026-03-02")).items()
    assert (owner, counted.total, [deal.deal for deal in counted.deals]) == ("Sam", 2, [2])
    assert count_no_shows(meetings, window(now="2026-04-14")) == {}  # not marked yet


def test_a_solo_seller_is_told_that_it_is_off(does):
    assert does("report", "signs").out == "This report is off: it is for a team, and nobody owns a deal here yet.\n"
    for number in range(12):
        does("add", f"Acme {number}", now="2026-03-02")
    said = does("report", "signs").out
    assert said == "This report is off: it is for a team, and one person owns every deal here.\n"
    found = does("report", "signs", "--json").json
    assert (found["off"], found["owners_here"], found["owners"]) == (True, 1, [])


def test_a_role_is_nobody_beside_the_one_person_who_has_it(does):
    does("person", "add", "Ann", "--role", "seller", now="2026-03-02")
    for name in ("Acme", "Birch"):
        does("add", name, now="2026-03-02")
    does("handoff", "acme", "--stay", "--to-person", "Ann", now="2026-03-03")
    assert does("report", "signs", "--json").json["off"]
    does("person", "add", "Bea", "--role", "seller", now="2026-03-04")
    does("handoff", "birch", "--stay", "--to-person", "Bea", now="2026-03-04")
    assert not does("report", "signs", "--json").json["off"]
    assert "Nobody has handed a deal off yet." in does("report", "signs").out
    assert "Ann has handed nothing off yet." in does("report", "signs", "--owner", "Ann").out
    assert does("report", "signs", "--json", now="2026-03-03").json["off"]


def test_it_is_in_all_reports_but_on_no_page_that_is_sent_around(does, tmp_path):
    does("add", "Acme", now="2026-03-02")
    assert "This report is off" in does("report", "all").out
    assert does("report", "all", "--json").json["reports"]["signs"]["off"]
    page = tmp_path / "page.html"
    does("report", "all", "--html", str(page))
    assert "This report is off" not in page.read_text()
    assert "Promises between teams" in page.read_text()


PAIR = """\
playbook: pair
roles: {sdr: Who finds, ae: Who sells}
stages: {lead: {owner: sdr}, talk: {owner: ae}, won: {kind: won}, lost: {kind: lost}}
handoffs:
  - {from: lead, to: talk, trigger: They ask., reason: They fit., benefit: They are heard.}
  - {from: talk, to: won, trigger: They sign., reason: They fit., benefit: They are heard.}
"""


def test_a_solo_seller_has_every_role_and_reads_that_it_is_off(does, playbook, home):
    playbook(PAIR)
    (home / "config.yaml").write_text("playbook: pair\nzone: UTC\n")
    does("add", "Acme", now="2026-03-02")
    does("handoff", "acme", now="2026-03-03")
    does("add", "Beta", now="2026-03-03")
    assert {deal["owner"] for deal in does("list", "--json", now="2026-03-04").json["deals"]} == {"sdr", "ae"}
    assert does("report", "signs", "--json", now="2026-03-04").json["off"]
    does("person", "add", "Bo", "--role", "ae", now="2026-03-04")
    does("handoff", "beta", now="2026-03-04")
    assert not does("report", "signs", "--json", now="2026-03-04").json["off"]


def test_what_is_left_out_is_counted_and_meetings_are_counted_for_their_owner(does, playbook, home):
    playbook(PAIR)
    (home / "config.yaml").write_text("playbook: pair\nzone: UTC\n")
    does("person", "add", "Bo", "--role", "ae", now="2026-03-02")
    does("add", "Trial Inc", "--test", now="2026-03-02")
    for name in [f"Deal {number}" for number in range(12)]:
        does("add", name, now="2026-03-02")
        slug = name.casefold().replace(" ", "-")
        if name == "Deal 0":
            does("meeting", "book", slug, "--at", "2026-03-03T15:00:00Z", now="2026-03-03T10:00:00Z")
            does("meeting", "held", slug, now="2026-03-03T10:02:00Z")
        if name == "Deal 1":
            does("meeting", "book", slug, "--at", "2026-03-03T15:00:00Z", now="2026-03-03T10:00:00Z")
            does("meeting", "no-show", slug, now="2026-03-03T15:30:00Z")
        does("handoff", slug, "--to", "talk", now="2026-03-04")
    does("handoff", "trial-inc", "--to", "talk", now="2026-03-04")
    does("close", "deal-11", "--lost", "--because", "no money", now="2026-03-05")
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection:  # as an import may leave it
        connection.execute("UPDATE visit SET entered_at = NULL WHERE kind = 'lost'")
        connection.commit()
    found = does("report", "signs", "--json").json
    [line] = found["owners"]
    assert (line["owner"], line["handoffs_in_all"], found["test"], found["undated"]) == ("sdr", 11, 1, 1)
    counts = {count["sign"]: count for count in line["counts"]}
    assert [(counts[sign]["count"], counts[sign]["of"]) for sign in ("held_at_once", "no_shows")] == [(1, 1), (1, 2)]
    assert counts["no_shows"]["deals"][0]["account"] == "deal-1"
    text = does("report", "signs").out
    assert "Left out: 1 on test accounts, 1 of deals that were lost without a date." in text
    assert "sdr: nothing stands out in 11 handoffs." in text
    # A month counts for those who were there on its first working day: then only what was handed off since.
    assert "sdr: not enough yet: 0 of 10 handoffs" in does("report", "signs", "--since", "2026-03-02").out


def test_the_deals_of_one_owner_fit_eighty_columns_under_long_names():
    name, text = "Consolidated Instruments of the North", "situation: " + "the tool they have breaks every day " * 9
    deal = SignDeal(name, "a deal", "2025-12-30", text, "handoffctl show consolidated-instruments-of-the-north")
    surge = SurgeFigures(12_345, 23_456, 3_210.1, 0.001, 0.002, True, [], [deal])
    worse = WorseFigures(1_234, 12_345, 2_345, 11_111, -0.1, -0.12, -0.08, 0.5, 0.6, True, [deal])
    counts = [PlainCount(sign, 1, 12_345, [deal]) for sign in COUNTS]
    line = OwnerLine("development-representative", 23_456, 23_456, True, surge, worse, worse, counts)
    result = SignsReport(ReportHead("p", NOW), False, 2, "quarter", ["2025-10-01"], [line], 0, 0)
    shown = [part.table for part in render(result, "development-representative", explain=True).parts]
    assert [table.columns[0] for table in shown] == ["owner", "account", "owner"]
    assert [least_width(table) for table in shown if least_width(table) > 80] == []
    [row] = shown[1].rows
    assert row[1:3] == ["Tue 30 Dec 2025", "end, nothing to spare, short, same text, at once, no-shows"]
