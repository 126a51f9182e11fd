"""Engagement: tables worked by hand, the trap that what stays longer is touched more, and laws for any history."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.core.moments import Clock, days_between, is_before
from handoffctl.core.windows import Window
from handoffctl.reports.engagement.figures import StageEngagement, TouchCounts
from handoffctl.reports.engagement.landmark import Landmark, landmark_days
from handoffctl.reports.engagement.touched_stays import (
    STAY_ROW,
    TOUCH_ROW,
    EngagementScope,
    days,
    is_earlier,
    parse_moment,
    touched_stays,
)
from handoffctl.reports.throughput.flows import StageOrder
from handoffctl.stats.stays import Stay
from handoffctl.stats.survival import Survival

ZONE = ZoneInfo("America/New_York")
KINDS = {"lead": "open", "talks": "open", "won": "won", "lost": "lost"}
NOW = "2026-04-01"


def deal(*stays, id=1, account=1, playbook="sales"):
    """Rows of stays from `(stage, entered)`: each ends where the next begins."""
    rows = []
    for number, (stage, entered) in enumerate(stays):
        onward = stays[number + 1] if number + 1 < len(stays) else (None, None)
        kind, ended = KINDS.get(stage, "open"), int(onward[0] is not None)
        stay = Stay(number, id, playbook, stage, kind, "me", entered, onward[1], ended, None, 1)
        rows.append((account, STAY_ROW, *stay))
    return rows


def touch(at, kind="call", direction="out", deal=1, account=1):
    return (account, TOUCH_ROW, deal, kind, direction, at)


def placed(stays, touches, now=NOW, window=None):
    """All stays in the order of their rows, and how many touches were left out."""
    scope = EngagementScope("sales", StageOrder(KINDS), window or Window(Clock(now, UTC)))
    found = list(touched_stays(sorted(stays, key=lambda row: row[0]), sorted(touches, key=lambda row: row[0]), scope))
    return [stay for stays, _ in found for stay in stays], sum(left for _, left in found)


def held(stays, touches, now=NOW):
    """How many touches each stay holds, and how many were left out."""
    found, left_out = placed(stays, touches, now)
    return [len(stay.touches) for stay in found], left_out


def engaged(stays, touches, now=NOW, landmark=7.0, stage="lead"):
    """The figures of one stage."""
    found = StageEngagement(landmark)
    for stay in placed(stays, touches, now)[0]:
        if stay.counted and stay.stage == stage:
            found.add(stay, parse_moment(now, UTC))
    return found


# --- Which stay a touch belongs to -------------------------------------------------------------------------------

STRAIGHT = deal(("lead", "2026-03-01"), ("talks", "2026-03-05"), ("won", "2026-03-09"))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-01", [1, 0, 0]),
        ("2026-03-04T23:59:59Z", [1, 0, 0]),
        ("2026-03-05", [0, 1, 0]),  # where only days are known, that of the move belongs to the stay that begins
        ("2026-03-05T00:00:00Z", [0, 1, 0]),
        ("2026-03-09", [0, 0, 1]),
        ("2026-03-30", [0, 0, 1]),
    ],
)
def test_a_touch_belongs_to_the_stay_in_which_it_fell(at, expected):
    assert held(STRAIGHT, [touch(at)]) == (expected, 0)


def test_to_the_second_a_stay_holds_its_first_moment_and_not_its_last():
    stays = deal(("lead", "2026-03-01T09:00:00Z"), ("talks", "2026-03-05T09:00:00Z"))
    moments = ["2026-03-01T09:00:00Z", "2026-03-05T08:59:59.9Z", "2026-03-05T09:00:00Z", "2026-03-05"]
    assert held(stays, [touch(at) for at in moments]) == ([2, 2], 0)


def test_a_deal_that_came_and_went_on_one_day_gives_the_touches_of_that_day_to_the_last_stay():
    assert held(deal(("lead", "2026-03-05"), ("talks", "2026-03-05")), [touch("2026-03-05")]) == ([0, 1], 0)


def test_a_touch_older_than_its_deal_is_left_out():
    assert held(STRAIGHT, [touch("2026-02-28")]) == ([0, 0, 0], 1)


def test_a_first_stay_of_unknown_beginning_holds_what_came_before_the_next():
    assert held(deal(("lead", None), ("talks", "2026-03-05")), [touch("2026-02-01")]) == ([1, 0], 0)


def test_where_unknown_beginnings_leave_two_stays_a_touch_is_left_out():
    stays = deal(("lead", "2026-03-01"), ("talks", None), ("won", "2026-03-09"))
    assert held(stays, [touch("2026-03-03"), touch("2026-03-10")]) == ([0, 0, 1], 1)


def test_a_touch_of_the_account_belongs_to_the_only_deal_it_had_then():
    second = deal(("lead", "2026-03-20"), id=2)
    first = deal(("lead", "2026-03-01"))
    of_account = [touch(at, deal=None) for at in ("2026-02-20", "2026-03-10", "2026-03-25")]
    assert held(first + second, of_account) == ([1, 0], 2)


def test_beside_closed_deals_a_touch_of_the_account_belongs_to_the_only_open_one():
    stays = [*deal(("lead", "2026-01-01"), ("lost", "2026-02-01")), *deal(("lead", "2026-03-01"), id=2)]
    assert held(stays, [touch("2026-03-10", deal=None), touch("2026-02-10", deal=None)]) == ([0, 1, 1], 0)


def test_a_touch_of_an_account_without_any_deal_is_left_out_and_one_in_another_playbook_is_not_ours():
    elsewhere = deal(("lead", "2026-03-01"), account=3, id=3, playbook="other")
    touches = [touch("2026-03-10", account=2, deal=None), touch("2026-03-10", account=3, deal=3),
               touch("2026-02-10", account=3, deal=3)]  # fmt: skip
    assert held(elsewhere, touches) == ([1], 1)
    assert not placed(elsewhere, touches)[0][0].counted


def test_what_is_later_than_the_report_has_not_happened():
    (stay,), left_out = placed(STRAIGHT, [touch("2026-03-03"), touch("2026-03-04")], now="2026-03-03")
    assert (stay.stage, stay.present, stay.ended, stay.advanced, len(stay.touches), left_out) == (
        "lead", True, None, False, 1, 0,
    )  # fmt: skip
    assert placed(STRAIGHT, [touch("2026-02-03")], now="2026-02-10") == ([], 0)


def test_stays_are_chosen_by_their_beginning_and_touches_that_are_left_out_by_their_own_day():
    window = Window(Clock(NOW, UTC), since="2026-03-05", until="2026-03-08")
    touches = [touch(at) for at in ("2026-03-02", "2026-03-06", "2026-03-10")]
    found, left_out = placed(STRAIGHT, [*touches, touch("2026-02-01")], window=window)
    assert [(stay.stage, len(stay.touches)) for stay in found if stay.counted] == [("talks", 1)]
    assert left_out == 0


def test_an_account_name_is_enough_for_its_only_open_deal():
    stays = [*deal(("lead", "2026-01-01"), ("lost", "2026-02-01")), *deal(("lead", "2026-03-01"), id=2)]
    assert [(stay.deal, stay.alone) for stay in placed(stays, [])[0] if stay.present] == [(1, False), (2, True)]
    both = [*stays, *deal(("talks", "2026-03-02"), id=3)]
    assert not any(stay.alone for stay in placed(both, [])[0])


def test_advanced_is_a_later_open_stage_or_won():
    def advanced(*stages):
        stays = deal(*((stage, f"2026-03-0{day}") for day, stage in enumerate(stages, 1)))
        return placed(stays, [])[0][0].advanced

    assert advanced("lead", "talks")
    assert advanced("lead", "won")
    assert not advanced("lead", "lost")
    assert not advanced("talks", "lead")
    assert not advanced("lead", "gone")
    assert not advanced("lead")


# --- Touches, first response, silence: worked by hand ------------------------------------------------------------

# Answered after 1 and 3 days, one that left after 2 without an answer, one that has waited for 5.
LEADS = [
    *deal(("lead", "2026-03-01"), ("talks", "2026-03-11"), id=1),
    *deal(("lead", "2026-03-01"), ("talks", "2026-03-11"), id=2),
    *deal(("lead", "2026-03-01"), ("lost", "2026-03-03"), id=3),
    *deal(("lead", "2026-03-27"), id=4),
    *deal(("lead", None), ("talks", "2026-03-03"), id=5),
]
TOUCHES = [
    touch("2026-03-02", deal=1), touch("2026-03-02", "email", "in", deal=1), touch("2026-03-08", "meeting", deal=1),
    touch("2026-03-01", "email", "in", deal=2), touch("2026-03-04", "email", deal=2),
    touch("2026-03-02", "note", deal=3),
    touch("2026-03-28", "message", "in", deal=4), touch("2026-03-29", "note", deal=4),
    touch("2026-03-02", deal=5), touch("2026-03-12", deal=1),
]  # fmt: skip


def test_touches_are_counted_by_kind_and_direction_notes_too():
    found = engaged(LEADS, TOUCHES).touches
    assert found.by == {
        ("call", "out"): 2, ("email", "in"): 2, ("email", "out"): 1, ("meeting", "out"): 1, ("message", "in"): 1,
        ("note", "out"): 2,
    }  # fmt: skip
    assert (found.count, found.touched, found.mean) == (5, 5, 9 / 5)
    assert TouchCounts().mean is None


def test_the_first_response_counts_those_without_one_for_as_long_as_they_were_there():
    response = engaged(LEADS, TOUCHES).response
    assert (sorted(response.answered), response.waiting, response.never) == ([1.0, 3.0], [5.0], [2.0])
    assert response.stays == 4  # a stay of unknown beginning has no length
    # S falls from 1 to 3/4 at day 1, and from there by half, of the two who still wait, at day 3.
    assert response.survival().median == 3.0
    assert response.survival().survival_at(4) == pytest.approx(3 / 8)


def test_the_longest_silence_is_between_touches_or_at_an_end_and_notes_do_not_break_it():
    silence = engaged(LEADS, TOUCHES).silence
    # First deal 1, 0, 6, 3 days; second 0, 3, 7; third 2; fourth 1 and 4 until now.
    assert silence.longest == [6.0, 7.0, 2.0, 4.0]
    assert silence.median == 5.0
    assert (silence.now_days, silence.now.deal) == (4.0, 4)


def test_a_stage_without_stays_has_no_figures():
    found = engaged([], [])
    assert (found.touches.count, found.touches.mean, found.silence.median, found.silence.now) == (0, None, None, None)
    assert found.response.survival().median is None
    assert found.landmark.doubt() == "no stay lasted that long"


# --- Touches and the time to advance -----------------------------------------------------------------------------


def test_the_landmark_is_a_week_or_a_shorter_target():
    assert [landmark_days(target) for target in (None, 3.0, 7.0, 14.0)] == [7.0, 3.0, 7.0, 7.0]


def test_only_stays_longer_than_the_landmark_are_grouped_and_only_by_touches_up_to_it():
    stays = [
        *deal(("lead", "2026-03-01"), ("talks", "2026-03-08"), id=1),  # left at the landmark: not looked at
        *deal(("lead", "2026-03-01"), ("talks", "2026-03-09"), id=2),
        *deal(("lead", "2026-03-01"), ("lost", "2026-03-21"), id=3),
        *deal(("lead", "2026-03-01"), ("won", "2026-03-15"), id=4),
        *deal(("lead", "2026-03-20"), id=5),
        *deal(("lead", "2026-03-30"), id=6),  # too young
    ]
    touches = [
        touch("2026-03-02", deal=1),
        *(touch("2026-03-08", deal=2) for _ in range(3)), *(touch("2026-03-20", deal=3) for _ in range(9)),
        *(touch("2026-03-02", "note", deal=4) for _ in range(9)), *(touch("2026-03-27", deal=5) for _ in range(6)),
    ]  # fmt: skip
    groups = engaged(stays, touches).landmark.groups
    assert {name: (group.advanced, group.others) for name, group in groups.items()} == {
        "0": ([7.0], [13.0]), "1-2": ([], []), "3-5": ([1.0], []), "6 or more": ([], [5.0]),
    }  # fmt: skip


def grouped(**groups):
    """A landmark of a week, with so many advances after so many days for each number of touches."""
    found = Landmark(7.0)
    for touches, (number, around) in groups.items():
        for n in range(number):
            found.add(7 + around + n / 100, [1.0] * int(touches[1:]), True)
    return found


def test_it_is_told_only_where_the_intervals_are_apart_in_order_and_enough_advanced():
    assert grouped(_0=(10, 30), _1=(10, 20), _4=(10, 10)).doubt() == ""
    assert grouped(_0=(10, 30), _8=(10, 10)).doubt() == ""
    assert grouped(_0=(10, 30), _1=(9, 20)).doubt() == "9 advanced with 1-2 touches, 10 are needed"
    assert grouped(_0=(10, 30), _1=(10, 20), _4=(1, 10)).doubt() == "1 advanced with 3-5 touches, 10 are needed"
    other = "the intervals overlap or are in another order"
    assert grouped(_0=(10, 10), _1=(10, 20)).doubt() == other
    assert grouped(_0=(10, 20), _1=(10, 30), _4=(10, 10)).doubt() == other
    assert grouped(_0=(10, 20), _1=(10, 20.01)).doubt() == other
    assert grouped(_1=(30, 20)).doubt() == "all stays had 1-2 touches by then"


def random_stays(seed, number, rate, pace):
    """Lengths and touches by chance: `rate` touches a day, and so many days to the advance, by kind of stay."""
    random = Random(seed)
    for n in range(number):
        kind = n % len(rate)
        length = random.expovariate(1 / pace[kind])
        at, touches = random.expovariate(rate[kind]), []
        while at < min(length, 60):
            touches.append(at)
            at += random.expovariate(rate[kind])
        yield min(length, 60), touches, length <= 60


@pytest.mark.parametrize("seed", range(12))
def test_touches_that_have_nothing_to_do_with_progress_are_not_said_to(seed):
    landmark, quiet, busy = Landmark(7.0), [], []
    for length, touches, advanced in random_stays(seed, 400, [0.25], [20]):
        landmark.add(length, touches, advanced)
        if advanced:
            (quiet if len(touches) < 3 else busy).append(length)
    # The trap: by all their touches the stays differ widely, only because the longer ones collect more.
    assert Survival(sorted(quiet)).interval()[1] < Survival(sorted(busy)).interval()[0]
    assert landmark.doubt()


def test_touches_that_go_with_progress_are_told():
    landmark = Landmark(7.0)
    for length, touches, advanced in random_stays(5, 4000, [0.01, 0.2, 0.6, 1.5], [80, 30, 12, 5]):
        landmark.add(length, touches, advanced)
    assert landmark.doubt() == ""


# --- Laws, for any history ---------------------------------------------------------------------------------------

START = datetime(2026, 3, 1, tzinfo=UTC)
hours = st.integers(0, 24 * 20)
moments = st.builds(
    lambda hour, is_date: (
        (START + timedelta(hours=hour)).date().isoformat()
        if is_date
        else (START + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%SZ")
    ),
    hours,
    st.booleans(),
)


def in_time(moment):
    return (moment[:10], moment[10:])


@st.composite
def histories(draw):
    """Stays and touches of some accounts with a deal or two."""
    stays, touches, id = [], [], 0
    for account in range(1, draw(st.integers(1, 3)) + 1):
        ids = []
        for _ in range(draw(st.integers(0, 2))):
            id += 1
            ids.append(id)
            entered = sorted(draw(st.lists(moments, min_size=1, max_size=4)), key=in_time)
            entered = [None if draw(st.integers(0, 9)) == 0 else moment for moment in entered]
            stays += deal(*((draw(st.sampled_from(list(KINDS))), at) for at in entered), id=id, account=account)
        for at in draw(st.lists(moments, max_size=8)):
            whose = draw(st.sampled_from([None, *ids]))
            kind, direction = draw(st.sampled_from(["call", "note"])), draw(st.sampled_from(["in", "out"]))
            touches.append(touch(at, kind, direction, whose, account))
    return stays, touches


@given(moments, moments)
def test_moments_are_reckoned_with_as_everywhere_else(one, other):
    first, second = parse_moment(one, ZONE), parse_moment(other, ZONE)
    assert is_earlier(first, second) == is_before(one, other, ZONE)
    assert days(first, second) == pytest.approx(max(days_between(one, other, ZONE), 0))


@settings(max_examples=150)
@given(histories())
def test_every_touch_is_counted_once_or_left_out(history):
    stays, touches = history
    found, left_out = placed(stays, touches)
    assert sum(len(stay.touches) for stay in found) + left_out == len(touches)


@settings(max_examples=150)
@given(histories())
def test_silence_and_response_are_no_longer_than_the_stay(history):
    now = parse_moment(NOW, UTC)
    for stay in placed(*history)[0]:
        found = StageEngagement(7.0)
        found.add(stay, now)
        if stay.began is None or not (stay.present or stay.ended):
            assert (found.silence.longest, found.response.stays) == ([], 0)
            continue
        length = days(stay.began, now if stay.present else stay.ended)
        assert 0 <= found.silence.longest[0] <= length
        response = found.response
        assert response.answered + response.waiting + response.never <= [length]
        assert response.stays == 1


@settings(max_examples=150)
@given(histories(), st.integers(0, 20))
def test_a_report_as_of_an_earlier_day_knows_nothing_of_what_came_later(history, day):
    stays, touches = history
    now = (date(2026, 3, 1) + timedelta(days=day)).isoformat()
    then = [row for row in touches if row[5][:10] <= now]
    assert placed(stays, touches, now) == placed(stays, then, now)
    for stay in placed(stays, touches, now)[0]:
        assert stay.ended is None or not is_earlier(parse_moment(now, UTC), stay.ended)
