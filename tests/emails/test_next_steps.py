"""What a client reads of what happens next: promises, booked meetings, a missed one, and times to offer."""

import pytest

from handoffctl.deals.lookup_query import Account, Deal
from handoffctl.emails.context import DealSnapshot, EmailContact, TouchNote
from handoffctl.emails.next_steps import last_call, missed_meeting, next_meeting, next_steps, offers, third_person
from handoffctl.emails.phrases_library import load_phrases
from handoffctl.emails.value_writer import ValueWriter
from handoffctl.meetings.model import Meeting, MeetingGuest
from handoffctl.playbook.facts import Facts
from handoffctl.promises.model import Promise
from handoffctl.workspace.home import Home

NOW = "2026-03-05T09:00:00Z"  # a Thursday
ACME = Deal(
    1, "deal", None, Account(1, "acme-corp", "Acme Corp", None, False), "acme-corp", 1, 1, "solo", "lead", "open", "me",
    NOW, None, None, None,
)  # fmt: skip
JANE = EmailContact("Jane Doe", "jane@acme.example")


@pytest.fixture
def writer(home):
    def writer(configuration="", now=NOW):
        home.mkdir(exist_ok=True)
        (home / "config.yaml").write_text(f"me: {{name: Sam Ortiz}}\nzone: UTC\n{configuration}", encoding="utf-8")
        return ValueWriter(Home(home, now=now), load_phrases(home, "en_US"))

    return writer


def deal(contacts=(JANE,), **more):
    return DealSnapshot(ACME, Facts("acme-corp"), contacts, **more)


def promise(number, text, kind="ours", *, due=None, told=True, owner="", **more):
    return Promise(number, number, text, due, NOW, more.pop("kept_at", None), kind, owner, told, **more)


def meeting(at, state="booked", minutes=30, **more):
    return Meeting(1, "uid", at, minutes, "", None, state, NOW, 0, None, **more)


def shown(steps):
    return [(step.whose, step.who, step.text, step.by and str(step.by), step.at and str(step.at)) for step in steps]


def test_ours_come_first_then_theirs_then_meetings_each_by_date_and_undated_last(writer):
    promises = [
        promise(1, "the contract"), promise(2, "a list of users", "theirs", due="2026-03-09"),
        promise(3, "two samples", due="2026-03-12"), promise(4, "a sketch", due="2026-03-10"),
    ]  # fmt: skip
    meetings = [meeting("2026-03-13"), meeting("2026-03-11T15:00:00Z", subject="Your order form")]
    assert shown(next_steps(writer(), deal(promises=promises, meetings=meetings))) == [
        ("ours", None, "a sketch", "Tuesday, March 10", None),
        ("ours", None, "two samples", "Thursday, March 12", None),
        ("ours", None, "the contract", None, None),
        ("theirs", None, "a list of users", "Monday, March 9", None),
        ("meeting", None, "Your order form", None, "Wednesday, March 11, at 3:00 p.m."),
        ("meeting", None, None, None, "Friday, March 13"),
    ]


def test_the_client_never_reads_what_they_were_not_told_nor_what_is_over(writer):
    promises = [
        promise(1, "untold", told=False), promise(2, "kept", kept_at=NOW), promise(3, "dropped", dropped_at=NOW),
        promise(4, "go live", "milestone"), promise(5, "theirs, kept", "theirs", kept_at=NOW),
        promise(6, "theirs without a date", "theirs", told=False),
    ]  # fmt: skip
    assert [step.text for step in next_steps(writer(), deal(promises=promises))] == ["theirs without a date"]
    assert next_steps(writer(), deal()) == []


@pytest.mark.parametrize(("owner", "who"), [
    ("", None), ("Jane Doe", None), ("Jane", None), ("Sam Ortiz", None), ("Tom Lee", "Tom Lee"), ("jane", "jane"),
])  # fmt: skip
def test_only_a_third_person_is_named(writer, owner, who):
    assert third_person(writer(), deal(), owner) == who


def test_without_a_contact_everybody_but_the_seller_is_named(writer):
    assert third_person(writer(), deal(()), "Jane") == "Jane"
    assert third_person(writer(), deal((EmailContact(),)), "Jane") == "Jane"
    assert third_person(writer(), deal(()), "Sam Ortiz") is None


@pytest.mark.parametrize(("at", "ahead"), [
    ("2026-03-05T08:31:00Z", True),  # it lasts half an hour, and goes on
    ("2026-03-05T08:30:00Z", False),
    ("2026-03-05", True),  # without an hour it is ahead until its day has passed
    ("2026-03-04", False),
])  # fmt: skip
def test_a_meeting_is_ahead_until_it_is_over(writer, at, ahead):
    snapshot = deal(meetings=[meeting(at)])
    assert bool(next_meeting(writer(), snapshot)) is ahead
    assert bool(next_steps(writer(), snapshot)) is ahead


def test_the_next_meeting_is_the_first_that_is_booked_with_its_people(writer):
    guests = (
        MeetingGuest("Jane Doe", "jane@acme.example", "client"), MeetingGuest("Alan Reed", None, "ours"),
        MeetingGuest("Tom Lee", None, "client"),
    )  # fmt: skip
    first = meeting("2026-03-09T10:00:00Z", minutes=45, place="https://meet.example/42", guests=guests)
    others = [meeting("2026-03-10"), meeting("2026-03-06", "cancelled"), meeting("2026-03-06", "moved")]
    found = next_meeting(writer(), deal(meetings=[*others, first]))
    assert found is not None
    assert str(found.at) == "Monday, March 9, at 10:00 a.m."
    assert (found.minutes, found.subject, found.place) == (45, None, "https://meet.example/42")
    assert (found.clients, found.colleagues) == (["Jane Doe", "Tom Lee"], ["Alan Reed"])
    assert next_meeting(writer(), deal(meetings=others[1:])) is None


@pytest.mark.parametrize(("meetings", "missed"), [
    ([], None),
    ([("2026-03-03", "no-show")], "Tuesday, March 3"),
    ([("2026-03-02", "no-show"), ("2026-03-03", "no-show")], "Tuesday, March 3"),
    ([("2026-03-03", "no-show"), ("2026-03-04", "held")], None),
    ([("2026-03-03", "no-show"), ("2026-03-02", "held")], "Tuesday, March 3"),
    ([("2026-03-03", "no-show"), ("2026-03-09", "booked")], "Tuesday, March 3"),
])  # fmt: skip
def test_a_meeting_is_missed_until_one_was_held_since(writer, meetings, missed):
    found = missed_meeting(writer(), deal(meetings=[meeting(at, state) for at, state in meetings]))
    assert (str(found.at) if found else None) == missed


@pytest.mark.parametrize(("configuration", "times"), [
    ("", ["Monday at 10:00 a.m.", "Tuesday at 2:00 p.m."]),
    ("holidays: [2026-03-09]", ["Tuesday at 10:00 a.m.", "Wednesday at 2:00 p.m."]),
    ("workdays: [thu]", ["Thursday at 10:00 a.m.", "Thursday at 2:00 p.m."]),
    ("workdays: []", []),
])  # fmt: skip
def test_two_times_are_offered_on_the_second_and_third_working_day_from_now(writer, configuration, times):
    assert offers(writer(configuration)) == times


@pytest.mark.parametrize(("touches", "at"), [
    ([], None),
    ([("call", "answered", "2026-03-01"), ("meeting", "held", "2026-03-02")], "2026-03-02"),
    ([("call", "", "2026-03-01"), ("call", "no-answer", "2026-03-02"), ("email", "", "2026-03-03")], "2026-03-01"),
    ([("meeting", "no-show", "2026-03-02")], None),
])  # fmt: skip
def test_the_last_call_is_the_last_that_took_place(touches, at):
    assert last_call([TouchNote(kind, "out", outcome, "", "", when) for kind, outcome, when in touches]) == at
