"""Handoffs counted by hand."""

from datetime import UTC

import pytest

from handoffctl.core.event_order import RecordedEvent, earliest
from handoffctl.core.json_record import json_object
from handoffctl.core.moments import Clock
from handoffctl.core.yaml.forms import checked
from handoffctl.playbook.facts import Touch
from handoffctl.playbook.model import Playbook
from handoffctl.reports.handoffs.figures import AttemptOutcome, HandoffPath, Tenure, readiness, summarize
from handoffctl.reports.handoffs.readiness import DealHistory, RecordedValue, still_missing
from handoffctl.stats.durations import TimeToEvent

NOW = Clock("2026-03-12T09:00:00Z", UTC)
WAY = HandoffPath("talk", "lead", "talk")
RULES = checked(
    Playbook,
    {
        "playbook": "small",
        "fields": {"budget": {"type": "money"}, "site": {"of": "account"}},
        "criteria": {
            "big": {"field": "budget", "at_least": "5000"},
            "reachable": {"any_of": ["contact.email", "contact.phone"]},
            "both": {"all_of": ["contact.email", "contact.phone"]},
            "met": {"meeting": "held"},
            "confirmed": {"summary": "confirmed"},
        },
        "stages": {"lead": {}},
    },
)


def at(day, command=1):
    return RecordedEvent(f"2026-03-{day:02d}T09:00:00Z", command)


def done(accept, touch, ready=None, **more):
    return AttemptOutcome(WAY, "hunter", "closer", accept, touch, readiness=ready, **more)


def test_the_tally_of_a_table_worked_by_hand():
    found = json_object(
        summarize(
            [
                done(TimeToEvent(1, True), TimeToEvent(2, True), 0.5),
                done(TimeToEvent(3, True), TimeToEvent(4, True), 1.0),
                done(TimeToEvent(5, False), TimeToEvent(3, False), returned=True),
                done(TimeToEvent(9, False), TimeToEvent(9, False), held=True),
                AttemptOutcome(WAY, "hunter", "closer"),
            ]
        )
    )
    assert {name: found[name] for name in ("attempts", "completed", "blocked", "accepted", "returned")} == {
        "attempts": 5, "completed": 4, "blocked": 1, "accepted": 2, "returned": 1,
    }  # fmt: skip
    assert found["returned_share"] == 0.25
    # Accepting: S is 3/4 after one day and 1/2 after three.
    assert found["days_to_accept"]["median"] == 3
    # Touching: 3/4 after two days; one is lost at three; 3/8 after four.
    assert found["days_to_first_touch"]["median"] == 4
    assert (found["waiting"], found["longest_wait_days"]) == (1, 9)
    assert (found["readiness"], found["readiness_of"]) == (0.75, 2)


def test_nothing_tried_has_no_share_and_no_median():
    found = json_object(summarize([]))
    assert found["attempts"] == found["waiting"] == found["readiness_of"] == 0
    assert found["returned_share"] is found["readiness"] is found["longest_wait_days"] is None
    assert found["days_to_accept"] == found["days_to_first_touch"] == {"median": None, "low": None, "high": None}


def test_who_waits_still_pushes_the_median_up_and_not_down():
    quick = [done(TimeToEvent(1, True), TimeToEvent(1, True))] * 2
    stuck = [done(TimeToEvent(30, False), TimeToEvent(30, False), held=True)] * 3
    assert summarize(quick).days_to_accept.median == 1
    assert summarize(quick + stuck).days_to_accept.median is None


def test_a_wait_ends_with_what_happened_else_with_the_hold_else_with_the_report():
    assert Tenure(at(2), at(6)).time_until(at(5), NOW) == TimeToEvent(3.0, True)
    assert Tenure(at(2), at(6)).time_until(None, NOW) == TimeToEvent(4.0, False)
    assert Tenure(at(2)).time_until(None, NOW) == TimeToEvent(10.0, False)
    assert Tenure(RecordedEvent("2026-03-02", 1)).time_until(at(5), NOW) == TimeToEvent(3.0, True)


def test_the_first_touch_lies_between_the_handoff_and_the_end_of_the_hold():
    hold = Tenure(at(2, 10), at(6, 20))
    assert hold.first([at(5, 12), at(3, 30), at(1, 11)], NOW) == at(3, 30)
    assert hold.first([at(1, 9), at(7, 21)], NOW) is None
    # At the very moment of the handoff or of its end the commands tell the order.
    assert hold.first([at(2, 9)], NOW) is None
    assert hold.first([at(2, 11)], NOW) == at(2, 11)
    assert hold.first([at(6, 19)], NOW) == at(6, 19)
    assert hold.first([at(6, 21)], NOW) is None
    assert hold.first([RecordedEvent("2026-03-02", 9)], NOW) is None


def test_the_earliest_of_several_is_told_by_moment_and_then_by_command():
    assert earliest([at(4), at(2, 7), at(2, 5), at(3)], UTC) == at(2, 5)
    assert earliest([], UTC) is None


def test_readiness_is_the_share_of_what_was_asked():
    assert readiness(4, 1) == 0.75
    assert readiness(0, 0) is None


@pytest.mark.parametrize(
    ("item", "values", "missing"),
    [
        ("budget", [RecordedValue("budget", "100.00", at(3, 5))], 0),
        ("budget", [RecordedValue("budget", "100.00", at(4, 5))], 1),  # the touch was recorded by the third command
        ("budget", [RecordedValue("budget", "100.00", at(5, 5))], 1),
        ("big", [RecordedValue("budget", "100.00", at(3, 5))], 1),
        ("big", [RecordedValue("budget", "9000.00", at(3, 5))], 0),
        ("reachable", [RecordedValue("contact.phone", "+49", at(3, 5), on_contact=True)], 0),
        (
            "reachable",
            [RecordedValue("contact.phone", "+49", at(1, 0), on_contact=True)],
            1,
        ),  # it was not there at the handoff
        (
            "both",
            [
                RecordedValue("contact.email", "a@b.example", at(1, 0), on_contact=True),
                RecordedValue("contact.phone", "+49", at(3)),
            ],
            0,
        ),
    ],
)
def test_an_item_that_was_missing_is_known_at_the_touch_if_it_was_learned_before_it(item, values, missing):
    assert still_missing([item], RULES, DealHistory(values, [], []), at(2, 2), at(4, 3), UTC) == missing


def test_meetings_and_summaries_count_up_to_the_touch():
    held = Touch("call", "out", "held", "", "2026-03-03T09:00:00Z")
    story = DealHistory([], [(held, at(3, 3))], [("2026-03-02T10:00:00Z", "2026-03-05T09:00:00Z")])
    assert still_missing(["met", "confirmed"], RULES, story, at(2, 2), at(4, 4), UTC) == 1
    assert still_missing(["met", "confirmed"], RULES, story, at(2, 2), at(6, 6), UTC) == 0
    # The first call is not known of before it was made.
    assert still_missing(["met"], RULES, story, at(2, 2), at(3, 3), UTC) == 1
