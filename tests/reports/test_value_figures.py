"""From signing to first value, worked by hand."""

from datetime import UTC

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.json_record import json_object
from handoffctl.core.moments import Clock
from handoffctl.reports.value.figures import (
    FieldRecord,
    SignedDeal,
    days_from_signing,
    time_to_value,
    value_at,
    values_since,
)

NOW = Clock("2026-03-31", UTC)


def test_the_value_seen_is_the_newest_one_at_signing():
    given = [
        FieldRecord("text", word, RecordedEvent(f"2026-03-0{day}", day)) for day, word in ((1, "a"), (2, "b"), (3, "c"))
    ]
    assert value_at(given, RecordedEvent("2026-03-02", 2), UTC) == "b"
    assert value_at(given, RecordedEvent("2026-03-02", 1), UTC) == "a"  # that day, but by a later command
    assert value_at(given, RecordedEvent("2026-02-28", 9), UTC) is None


def test_the_log_has_what_was_told_since_each_once():
    given = [FieldRecord("text", word, RecordedEvent(f"2026-03-0{day}", n)) for n, (day, word) in
             enumerate([(1, "a"), (2, "b"), (3, "c"), (3, "c"), (4, "c")])]  # fmt: skip
    found = [("2026-03-02", "b"), ("2026-03-03", "c"), ("2026-03-04", "c")]
    assert values_since(given, RecordedEvent("2026-03-01", 0), UTC) == found


def test_days_from_signing_are_never_less_than_none():
    assert days_from_signing("2026-03-01", "2026-03-11", UTC) == 10.0
    assert days_from_signing("2026-03-11", "2026-03-01", UTC) == 0.0
    assert days_from_signing(None, "2026-03-01", UTC) is None
    assert days_from_signing("2026-03-01", None, UTC) is None


def test_the_median_counts_those_that_wait():
    deals = [
        SignedDeal("2026-03-01", True, 10.0),
        SignedDeal("2026-03-01", True, 20.0),
        SignedDeal("2026-03-11", False, None),
    ]
    found = time_to_value(deals, NOW)
    # After ten days 2/3 wait; the third is last seen at twenty, when another comes to it: 1/3.
    assert (found.median, found.deals, found.reached) == (20.0, 3, 2)
    # One of which nobody knows when is not measured.
    assert time_to_value([*deals, SignedDeal(None, False, None), SignedDeal("2026-03-01", True, None)], NOW) == found
    assert json_object(time_to_value([], NOW)) == {"median": None, "low": None, "high": None, "deals": 0, "reached": 0}
