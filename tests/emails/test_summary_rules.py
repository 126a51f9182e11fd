"""One summary: its hash, its reference, how old it is, when it is silent, and what changed since it was confirmed."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from handoffctl.core.business_time import parse_work_calendar
from handoffctl.core.moments import Clock
from handoffctl.emails.summary_model import SummaryEmail, age, changed_values, hash_of, reference_of, standing

WEEK = parse_work_calendar(["mon", "tue", "wed", "thu", "fri"], [])
BERLIN = timezone(timedelta(hours=1))
THURSDAY = "2026-03-05"
SENT = SummaryEmail(
    1, 1, "sent", "K7Q2M", "<k@x>", "ada@acme.example", "About it", "Hello", hash_of("About it", "Hello"), False, None,
    "", THURSDAY, None, 1,
)  # fmt: skip


@pytest.mark.parametrize(("today", "days", "state"), [
    ("2026-03-04", 0, "sent"),
    ("2026-03-05", 0, "sent"),
    ("2026-03-06", 1, "sent"),
    ("2026-03-07", 1, "sent"),
    ("2026-03-08", 1, "sent"),
    ("2026-03-09", 2, "sent"),
    ("2026-03-10", 3, "sent"),
    ("2026-03-11", 4, "silent"),
    ("2027-03-11", 265, "silent"),
])  # fmt: skip
def test_it_is_silent_after_three_working_days_without_an_answer(today, days, state):
    assert (age(SENT, Clock(today), WEEK), standing(SENT, Clock(today), WEEK)) == (days, state)


@pytest.mark.parametrize(("workdays", "holidays", "within", "silent"), [
    (("mon", "tue", "wed", "thu", "fri"), ["2026-03-09"], 3, "2026-03-12"),
    (("mon", "tue", "wed", "thu", "fri"), ["2026-03-07", "2026-03-08"], 3, "2026-03-11"),
    (("mon", "tue", "wed", "thu", "fri"), ["2026-03-05"], 3, "2026-03-11"),
    (("mon", "tue", "wed", "thu", "fri", "sat", "sun"), [], 3, "2026-03-09"),
    (("thu",), [], 1, "2026-03-19"),
    (("mon", "tue", "wed", "thu", "fri"), [], 1, "2026-03-09"),
    (("mon", "tue", "wed", "thu", "fri"), [], 5, "2026-03-13"),
])  # fmt: skip
def test_the_first_silent_day_follows_the_week_the_holidays_and_the_playbook(workdays, holidays, within, silent):
    week = parse_work_calendar(workdays, holidays)
    days = [f"2026-03-{day:02}" for day in range(5, 32)]
    assert next(day for day in days if standing(SENT, Clock(day), week, within) == "silent") == silent


@pytest.mark.parametrize("state", ["draft", "confirmed", "corrected"])
def test_only_what_was_sent_can_be_silent(state):
    assert standing(replace(SENT, state=state), Clock("2027-01-01"), WEEK) == state


def test_without_a_day_of_sending_it_has_no_age_and_is_never_silent():
    unsent = replace(SENT, sent_at=None)
    assert age(unsent, Clock("2027-01-01"), WEEK) is None
    assert standing(unsent, Clock("2027-01-01"), WEEK) == "sent"


def test_a_week_without_working_days_is_never_silent():
    assert standing(SENT, Clock("2036-01-01"), parse_work_calendar([], [])) == "sent"


def test_the_day_of_sending_is_that_of_the_users_zone():
    late = replace(SENT, sent_at="2026-03-05T23:30:00Z")  # in Berlin it is Friday already
    assert age(late, Clock("2026-03-06T12:00:00Z", BERLIN), WEEK) == 0
    assert age(late, Clock("2026-03-06T12:00:00Z", timezone.utc), WEEK) == 1  # noqa: UP017


HASHED = {
    ("", ""): "",
    ("a", "b"): "a\n\nb",
    ("ä", "🔥\n\n"): "ä\n\n🔥\n\n",
}


@pytest.mark.parametrize("text", HASHED)
def test_the_hash_is_that_of_the_pasted_text(text):
    from hashlib import sha256

    assert hash_of(*text) == sha256(HASHED[text].encode() or b"\n\n").hexdigest()


def test_the_hash_takes_half_a_character_too():
    assert len(hash_of("\udce4", "")) == 64


@pytest.mark.parametrize(
    "change", [{"subject": "About  it"}, {"body": "hello"}, {"body": "Hello\n"}, {"hash": "0" * 64}]
)
def test_any_change_of_the_text_is_seen(change):
    assert SENT.intact
    assert not replace(SENT, **change).intact


def test_what_has_no_hash_yet_counts_as_intact():
    assert replace(SENT, hash="", body="something else").intact


def test_references_are_five_letters_and_digits_that_look_like_no_other():
    made = [reference_of(deal, number, THURSDAY) for deal in range(60) for number in range(60)]
    assert {len(one) for one in made} == {5}
    assert not set("".join(made)) & set("01OILU")
    assert len(set(made)) > 0.99 * len(made)
    assert reference_of(1, 1, THURSDAY) == reference_of(1, 1, THURSDAY)
    assert reference_of(1, 1, THURSDAY) != reference_of(1, 1, "2026-03-06")


@pytest.mark.parametrize(("confirmed", "now", "found"), [
    ({}, {}, {}),
    ({"a": "1"}, {"a": "1"}, {}),
    ({"a": "1"}, {"a": "2"}, {"a": "1"}),
    ({}, {"a": "2"}, {}),
    ({"a": "1"}, {}, {}),
    ({"a": "1", "b": "1"}, {"a": "2", "b": "1", "c": "3"}, {"a": "1"}),
    ({"a": "yes"}, {"a": "Yes"}, {}),
    ({"a": "by phone"}, {"a": "  By  phone. "}, {}),
    ({"a": "by phone"}, {"a": "by phones"}, {"a": "by phone"}),
    ({"a": "no retyping; one list"}, {"a": "No retyping.; one list."}, {}),
])  # fmt: skip
def test_changed_is_what_was_confirmed_and_is_another_now(confirmed, now, found):
    assert changed_values(confirmed, now) == found
