"""Who drove a deal: out of stays and the handoffs within them. Laws over any story a deal can have."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from handoffctl.people.ownership import Passing, driving_since, periods, stays_with
from handoffctl.stats.stays import Stay


def stay(id, owner, entered, left=None, stage="talking"):
    return Stay(id, 1, "team", stage, "open", owner, entered, left, int(left is not None), None, 1)


def told(stays, passings=()):
    return [(one.owner, one.since, one.until) for one in periods(stays, passings)]


def test_a_single_stay_is_one_period_that_goes_on():
    assert told([stay(1, "ae", "2026-03-02")]) == [("ae", "2026-03-02", None)]


def test_each_stay_ends_when_the_next_begins():
    stays = [stay(1, "sdr", "2026-03-02", "2026-03-05"), stay(2, "ae", "2026-03-05")]
    assert told(stays) == [("sdr", "2026-03-02", "2026-03-05"), ("ae", "2026-03-05", None)]


def test_a_change_of_person_within_a_stay_is_reckoned_back_from_the_handoff():
    stays = [stay(1, "Mia", "2026-03-02", "2026-03-09"), stay(2, "Mia", "2026-03-09")]
    passed = [Passing(1, "2026-03-04", "sdr", "Mia")]
    assert told(stays, passed) == [
        ("sdr", "2026-03-02", "2026-03-04"), ("Mia", "2026-03-04", "2026-03-09"), ("Mia", "2026-03-09", None),
    ]  # fmt: skip


def test_a_return_gives_the_rest_of_the_stay_back():
    passed = [Passing(1, "2026-03-04", "sdr", "Mia", "2026-03-05"), Passing(1, "2026-03-06", "sdr", "Ben")]
    assert told([stay(1, "Ben", "2026-03-02")], passed) == [
        ("sdr", "2026-03-02", "2026-03-04"), ("Mia", "2026-03-04", "2026-03-05"),
        ("sdr", "2026-03-05", "2026-03-06"), ("Ben", "2026-03-06", None),
    ]  # fmt: skip


def test_an_unknown_beginning_is_when_the_stay_before_ended_and_else_unknown():
    stays = [stay(1, "sdr", None, "2026-03-05"), stay(2, "ae", None)]
    assert told(stays) == [("sdr", None, "2026-03-05"), ("ae", "2026-03-05", None)]


def test_the_owner_that_a_stay_names_has_the_last_word():
    passed = [Passing(1, "2026-03-04", "sdr", "Mia")]
    assert told([stay(1, "Ben", "2026-03-02")], passed)[-1][0] == "Ben"


def test_somebody_drives_since_their_first_stay_in_a_row():
    stays = [
        stay(1, "Mia", "2026-03-02", "2026-03-03"), stay(2, "Ben", "2026-03-03", "2026-03-05"),
        stay(3, "Mia", "2026-03-05", "2026-03-07"), stay(4, "Mia", "2026-03-07"),
    ]  # fmt: skip
    assert driving_since(periods(stays, ())) == "2026-03-05"


def test_a_deal_stays_with_a_person_only_where_the_role_is_theirs_and_stays_the_same():
    roles = {"Mia": ("ae",), "Sam": ("sdr", "ae")}
    assert stays_with("Mia", "ae", "ae", roles)
    assert not stays_with("Mia", "sdr", "sdr", roles)
    assert not stays_with("Sam", "sdr", "ae", roles)
    assert not stays_with("ae", "ae", "ae", roles)


OWNERS = st.sampled_from(["sdr", "ae", "Mia", "Ben"])


@st.composite
def stories(draw):
    """A deal as the program would have written it down: every change is a day after the one before."""
    days = iter(f"2026-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29))
    owner = draw(OWNERS)
    stays, passed, drove = [], [], []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        entered = next(days)
        if stays:
            stays[-1] = stays[-1]._replace(left_at=entered, ended=1)
            owner = draw(OWNERS)
        drove.append((entered, owner))
        for _ in range(draw(st.integers(0, 3))):
            giver, taker, at = owner, draw(OWNERS.filter(lambda one, now=owner: one != now)), next(days)
            drove.append((at, taker))
            owner, returned = taker, None
            if draw(st.booleans()):
                owner, returned = giver, next(days)
                drove.append((returned, giver))
            passed.append(Passing(number, at, giver, taker, returned))
        stays.append(stay(number, owner, entered, stage=draw(st.sampled_from(["found", "talking"]))))
    return stays, passed, drove


@given(stories())
def test_the_periods_are_gapless_in_order_and_the_last_one_is_open_and_the_present_owners(story):
    stays, passed, drove = story
    known = periods(stays, passed)
    assert [(one.since, one.owner) for one in known] == drove
    for one, following in pairwise(known):
        assert one.until == following.since
        assert one.since < one.until
    assert known[-1].until is None
    assert (known[-1].owner, known[-1].stage) == (stays[-1].owner, stays[-1].stage)
    assert driving_since(known) <= known[-1].since
