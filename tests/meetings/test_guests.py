"""Meetings with several people of both sides: who is invited, what the client reads, and who counts as met."""

import icalendar
import pytest

NOW = "2026-03-03T09:00:00Z"
AT = "2026-03-12T10:00:00Z"

TEAM = """\
playbook: team
roles: {sdr: Finds them, ae: Talks to them}
fields:
  situation: {type: text, summary: current situation}
criteria:
  met: {introduced: ae}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: ae}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, name: secret-step, trigger: They come., reason: They fit., benefit: They are heard.,
     required: [met, situation]}
  - {from: talk, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""


@pytest.fixture
def acme(does, playbook, home):
    playbook(TEAM)
    (home / "config.yaml").write_text("me: {name: Sam Ortiz, email: sam@we.example}\nzone: Europe/Berlin\n")
    does("add", "Acme Corp", "--playbook", "team", "--contact", "Jane Doe <jane@acme.example>")
    does("contact", "add", "acme-corp", "Tom Lee <tom@acme.example>")
    does("person", "add", "Alan Reed <alan@we.example>", "--role", "ae")
    does("person", "add", "Mia Park", "--role", "sdr")


def event_in(path):
    (event,) = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return event


def attendees(event):
    found = event["attendee"]
    return [str(each) for each in (found if isinstance(found, list) else [found])]


def book(does, *words):
    return does("meeting", "book", "acme-corp", "--at", AT, *words)


def test_client_and_colleague_are_both_invited_and_the_colleague_is_the_one_who_was_met(acme, does, tmp_path, rows):
    path = tmp_path / "acme.ics"
    ran = book(
        does, "--with", "Jane Doe", "--with", "Tom Lee", "--with", "Alan Reed", "--for", "secret-step",
        "--where", "https://meet.example/42", "--subject", "Your stock system", "--ics", str(path),
    )  # fmt: skip
    assert "2026-03-12 11:00 with Alan Reed, Jane Doe, Tom Lee, https://meet.example/42." in ran.err
    event = event_in(path)
    assert attendees(event) == ["mailto:jane@acme.example", "mailto:tom@acme.example", "mailto:alan@we.example"]
    assert (event["summary"], event["location"]) == ("Your stock system", "https://meet.example/42")
    assert event["description"] == "Jane Doe, Tom Lee, Alan Reed, Sam Ortiz"
    assert "secret" not in path.read_text()
    assert rows("SELECT met, place, subject FROM meeting") == [
        ("Alan Reed", "https://meet.example/42", "Your stock system")
    ]
    assert rows("SELECT name, email, side FROM meeting_guest ORDER BY id") == [
        ("Jane Doe", "jane@acme.example", "client"), ("Tom Lee", "tom@acme.example", "client"),
        ("Alan Reed", "alan@we.example", "ours"),
    ]  # fmt: skip
    does("meeting", "held", "acme-corp", now="2026-03-12T11:00:00Z")
    missing = does("check", "acme-corp", "--json", now="2026-03-12T11:00:00Z", code=3).json["missing"]
    assert [gap["name"] for gap in missing] == ["situation"]


@pytest.mark.parametrize(
    ("names", "met", "guests"),
    [
        ((), "", ["Jane Doe"]),
        (("ae",), "ae", ["Jane Doe", "Alan Reed"]),
        (("jane doe",), "Jane Doe", ["Jane Doe"]),
        (("tom@acme.example",), "Tom Lee", ["Tom Lee"]),
        (("Mia Park", "Alan Reed"), "Alan Reed", ["Jane Doe", "Mia Park", "Alan Reed"]),
        (("Alan Reed", "ae", "Tom Lee", "Tom Lee"), "Alan Reed", ["Tom Lee", "Alan Reed"]),
    ],
)
def test_who_takes_over_is_the_one_who_is_met_and_the_main_contact_comes_unless_another_does(
    acme, does, names, met, guests
):
    booked = book(does, *(word for name in names for word in ("--with", name)), "--json").json
    assert (booked["with"], [guest["name"] for guest in booked["guests"]]) == (met, guests)


def test_an_unknown_name_among_several_books_nothing(acme, does, dump):
    before = dump()
    does("meeting", "book", "acme-corp", "--at", AT, "--with", "Jane Doe", "--with", "Nobody", code=4)
    assert dump() == before


def test_a_role_that_several_people_have_is_not_told_to_the_client(acme, does, tmp_path):
    does("person", "add", "Ben Lind <ben@we.example>", "--role", "ae")
    path = tmp_path / "acme.ics"
    booked = book(does, "--with", "ae", "--where", "1 Main Street", "--ics", str(path), "--json").json
    assert [guest["name"] for guest in booked["guests"]] == ["Jane Doe"]
    event = event_in(path)
    assert (event["summary"], event["description"]) == ("Meeting with Sam Ortiz", "Jane Doe, Sam Ortiz")


def test_place_subject_and_guests_stay_when_it_is_moved_and_can_be_changed_then(acme, does, tmp_path):
    path = tmp_path / "acme.ics"
    book(does, "--with", "Alan Reed", "--where", "room 4", "--subject", "First call", "--ics", str(path))
    moved = does("meeting", "move", "acme-corp", "--at", "2026-03-13T10:00:00Z", "--ics", str(path), "--json").json
    assert (moved["place"], moved["subject"], len(moved["guests"])) == ("room 4", "First call", 2)
    assert event_in(path)["location"] == "room 4"
    ran = does("meeting", "move", "acme-corp", "--at", "2026-03-13T11:00:00Z", "--where", "room 5")
    assert "instead of 2026-03-13 11:00, room 5." in ran.err
    does("meeting", "no-show", "acme-corp", now="2026-03-13T12:00:00Z")
    again = does("meeting", "move", "acme-corp", "--at", "2026-03-16T10:00:00Z", "--json", now="2026-03-13T12:00:00Z")
    assert (again.json["place"], again.json["subject"], len(again.json["guests"])) == ("room 5", "First call", 2)


def test_the_list_and_show_name_place_subject_and_guests(acme, does):
    book(does, "--with", "Alan Reed", "--where", "room 4", "--subject", "First call")
    assert "First call with Alan Reed, Jane Doe, room 4" in does("show", "acme-corp").out
    heading, row = does("meeting", "list").out.splitlines()[:2]
    assert heading.split()[-2:] == ["about", "where"]
    assert "Alan Reed, Jane Doe" in row
    assert row.endswith("room 4")
    (listed,) = does("meeting", "list", "--json").json["meetings"]
    assert list(listed)[-3:] == ["place", "subject", "guests"]
    (deal,) = does("show", "acme-corp", "--json").json["deals"]
    assert deal["meetings"][0]["guests"][1] == {"name": "Alan Reed", "email": "alan@we.example", "side": "ours"}
    assert "NEXT     Thu 12 Mar 11:00  First call, booked" in does("show", "acme-corp").out


def test_a_long_subject_is_refused(acme, does):
    assert (
        "--subject has 201 characters"
        in does("meeting", "book", "acme-corp", "--at", AT, "--subject", "x" * 201, code=6).err
    )


def test_after_a_booking_with_who_takes_over_it_names_the_introduction(acme, does):
    line = "handoffctl email introduction acme-corp --for 'Alan Reed'"
    assert line in book(does, "--with", "Jane Doe", "--with", "Alan Reed").err
    does("meeting", "cancel", "acme-corp")
    assert "introduction" not in book(does, "--with", "Mia Park").err


def test_a_terminal_asks_whether_to_write_the_introduction(acme, sits, home):
    (home / "templates").mkdir()
    (home / "templates" / "introduction.j2").write_text(
        '{% set reader = "client" %}\nSubject: Meeting {{ receiver.person }}\n\n{{ greeting }}\n'
    )
    screen = sits("meeting", "book", "acme-corp", "--at", AT, "--with", "Alan Reed", now=NOW)
    screen.sees("Write the introduction to Alan Reed now? [Y/n]").types("")
    screen.sees("Subject: Meeting Alan Reed").sees("Jane")
    assert screen.ends() == 0


def test_a_meeting_stays_booked_where_the_introduction_cannot_be_written(acme, sits, home, rows):
    (home / "templates").mkdir()
    (home / "templates" / "introduction.j2").write_text("Subject: x\n\n{{ nonsense }}\n")
    screen = sits("meeting", "book", "acme-corp", "--at", AT, "--with", "Alan Reed", now=NOW)
    screen.sees("Write the introduction to Alan Reed now? [Y/n]").types("")
    screen.sees("No introduction: ").sees("When it was: ")
    assert screen.ends() == 0
    assert rows("SELECT state FROM meeting") == [("booked",)]


def test_after_a_no_show_it_names_the_mail_with_two_other_times(acme, does):
    book(does)
    assert (
        "handoffctl email no-show acme-corp" in does("meeting", "no-show", "acme-corp", now="2026-03-12T12:00:00Z").err
    )


def test_who_has_two_roles_is_met_in_the_one_that_takes_over(acme, does, rows):
    does("person", "add", "Kim Vale", "--role", "sdr", "--role", "ae")
    book(does, "--with", "Jane Doe", "--with", "Kim Vale")
    does("meeting", "held", "acme-corp", now="2026-03-12T11:00:00Z")
    assert rows("SELECT met FROM touch") == [("ae",)]
