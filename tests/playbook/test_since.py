"""Since when criteria hold: found from the events alone, it is what looking at every day finds."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.playbook.small_rules import criterion, playbook

from handoffctl.core.moments import Clock
from handoffctl.playbook.criteria import DealState
from handoffctl.playbook.criteria.since import can_tell_since, holds_since
from handoffctl.playbook.facts import Facts, LearnedValue, Touch

RULES = playbook(criteria={"rich": {"field": "budget", "at_least": "50"}})
LARGE = {"field": "budget", "at_least": "50"}
IN_TOUCH = {"touches": {"direction": "in", "at_least": "2", "within": "10d"}}
CRITERIA = [
    LARGE, "seats", "rich", IN_TOUCH, {"touches": {"at_least": "3"}}, {"not": LARGE},
    {"any_of": [LARGE, IN_TOUCH]}, {"all_of": ["seats", {"not": {"field": "seats", "is": "3"}}]},
]  # fmt: skip
DAYS = 30


def day(number: int) -> str:
    return (date(2026, 1, 1) + timedelta(days=number)).isoformat()


def known_before(number: int, learned: list[LearnedValue], touches: list[Touch]) -> Facts:
    values = [one for one in learned if one.at < day(number)]
    return Facts(
        "acme", {one.name: one.value for one in values}, tuple(touch for touch in touches if touch.at < day(number)),
        learned=tuple(values),
    )  # fmt: skip


LEARNED = st.lists(
    st.builds(
        LearnedValue,
        st.sampled_from(["budget", "seats"]),
        st.sampled_from(["3", "49", "50", "70"]),
        st.integers(0, DAYS).map(day),
    ),
    max_size=6,
).map(lambda learned: sorted(learned, key=lambda one: one.at))
TOUCHES = st.lists(
    st.builds(Touch, st.just("call"), st.sampled_from(["in", "out"]), st.just(""), st.just(""),
              st.integers(0, DAYS).map(day)), max_size=6,
)  # fmt: skip


@given(st.sampled_from(CRITERIA), LEARNED, TOUCHES)
def test_it_is_what_looking_at_every_day_finds(raw, learned, touches):
    wanted = criterion(raw)
    now = Clock(day(DAYS))
    state = DealState(RULES, known_before(DAYS + 1, learned, touches), now)

    def held_before(number):
        return wanted.holds(DealState(RULES, known_before(number, learned, touches), Clock(day(number))))

    expected = None
    if wanted.holds(state):
        expected = next((day(number) for number in range(DAYS, -1, -1) if not held_before(number)), None)
    assert holds_since([wanted], state) == expected


def test_of_what_is_kept_without_its_moment_it_cannot_tell():
    state = DealState(RULES, Facts("acme"), Clock(day(0)))
    for raw in ("contact.email", "next_step", {"field": "start", "before": "+30d"}, {"not": IN_TOUCH}, {"score": "5"}):
        assert not can_tell_since([criterion(raw)], state), raw
    for raw in ("seats", "rich", {"field": "start", "before": "2026-05-01"}, {"not": LARGE}, IN_TOUCH):
        assert can_tell_since([criterion(raw)], state), raw
