"""From signing to first value, worked by hand."""

from datetime import UTC

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.json_record import json_object
from handoffctl.core.moments import Clock
from handoffctl.reports.value.figures import (
    FieldRecord,
    SignedDeal,
    days_from_signing,
    signing,
    time_to_value,
    value_at,
    values_since,
)
from handoffctl.stats.stays import Stay

NOW = Clock("2026-03-31", UTC)


def stay(path, kind="open", entered="2026-03-01"):
    playbook, _, stage = path.partition("/")
    return Stay(1, 1, playbook, stage, kind, "me", entered, None, 0, None, 1)


def test_signing_is_the_first_entry_into_a_won_stage_of_whichever_playbook():
    won, again = stay("sales/won", "won"), stay("sales/won", "won", "2026-03-09")
    assert signing([stay("sales/lead"), won, stay("sales/lead"), again], "sales", False) is won
    renewed = stay("care/renewed", "won")
    assert signing([stay("sales/lead"), stay("care/start"), renewed], "sales", True) is renewed
    assert signing([stay("sales/lead"), stay("sales/lost", "lost")], "sales", False) is None
    assert signing([], "sales", True) is None


def test_where_value_comes_in_an_open_stage_a_deal_is_signed_when_it_is_passed_over():
    start = stay("care/start")
    stays = [stay("sales/lead"), start, stay("care/adopted"), stay("care/renewed", "won")]
    assert signing(stays, "care", True) is start
    assert signing(stays, "care", False) is stays[-1]
    # One that began there was not passed over.
    assert signing(stays[1:], "care", True) is stays[-1]


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
